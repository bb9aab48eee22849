//! What depends on how much has happened before: deposit, ingest, page and feed, with a history of so many events.
//!
//! The history is written by the database itself: inbox rows of the foreign lane that are numbered and folded already, the
//! chain of a hundred devices, and for every ten events an order with its dossier, item and feed row. Its rows are of the
//! true size and lie in the true indexes; its envelopes are not signed, because nothing reads them again.

use crate::table::{Goal, Table};
use crate::{deposit, ingest, link, log, name, page};
use e2e::World;
use entity::testing::Backend;
use entity::{Store, StoreError};
use sea_orm::{ConnectionTrait, DbBackend};

/// What one history gave, for comparing with another.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// One batch, in bare inserts of the same bytes, so that a disk that is busier now counts for nothing.
    pub(crate) deposit_cost: Option<f64>,
    /// Milliseconds of one event, verified, numbered and folded.
    pub(crate) ingest_ms: Option<f64>,
    /// One page, in answers from memory, so that a machine that is busier now counts for nothing.
    pub(crate) page_cost: Option<f64>,
    /// One page of the feed, likewise.
    pub(crate) feed_cost: Option<f64>,
}

impl Found {
    /// How the costs grew from `small` to this.
    pub(crate) fn compare(&self, small: &Self, table: &mut Table, backend: Backend) {
        let pairs = [
            ("deposit", small.deposit_cost, self.deposit_cost),
            ("ingest", small.ingest_ms, self.ingest_ms),
            ("citizen page", small.page_cost, self.page_cost),
            ("tracking feed", small.feed_cost, self.feed_cost),
        ];
        for (what, before, after) in pairs {
            if let (Some(before), Some(after)) = (before, after) {
                let what = format!("{}: {what}, cost with the long history to the short", name(backend));
                table.goal(what, after / before, "x", Goal::AtMost(1.3));
            }
        }
    }
}

/// Measures with this history.
pub(crate) fn measure(table: &mut Table, backend: Backend, events: u64, wanted: &dyn Fn(&str) -> bool) -> Found {
    let world = World::on_leash(backend);
    world.run(seed(world.store(), events));
    let about = format!("{} with {} events", name(backend), events);
    let mut found = Found::default();
    let leaf_ms = wanted("log").then(|| log::leaves(table, &world, &about));
    if wanted("deposit") {
        found.deposit_cost = Some(deposit::measure(table, &world, &about, events));
    }
    if wanted("ingest") {
        let event_ms = ingest::measure(table, &world, &about);
        found.ingest_ms = Some(event_ms);
        if let Some(leaf_ms) = leaf_ms {
            let what = format!("{about}: verify, number and fold, of it the leaf");
            table.note(what, leaf_ms / event_ms * 100.0, "%");
        }
    }
    if wanted("log") {
        log::reading(table, &world, &about);
    }
    if wanted("link") {
        link::measure(table, &world, &about);
    }
    if wanted("page") {
        let (page, feed) = page::measure(table, &world, &about);
        (found.page_cost, found.feed_cost) = (Some(page), Some(feed));
    }
    found
}

/// Events written by one statement, well under every time limit.
const CHUNK: u64 = 50_000;

async fn seed(store: &Store, events: u64) {
    let mut from = 0;
    while from < events {
        let to = (from + CHUNK).min(events);
        for sql in statements(store.backend(), from, to) {
            let written = store.write(move |tx| {
                Box::pin(async move {
                    tx.execute_unprepared(&sql).await?;
                    Ok::<_, StoreError>(())
                })
            });
            written.await.expect("the history is written");
        }
        from = to;
    }
    let numbers = format!(
        "UPDATE sequencer SET last_index = {events}, applied_index = {events}, tracking_seq = {}",
        events / 10
    );
    let written = store.write(move |tx| {
        Box::pin(async move {
            tx.execute_unprepared(&numbers).await?;
            Ok::<_, StoreError>(())
        })
    });
    written.await.expect("the numbers are written");
    let analyze = store.write(|tx| {
        Box::pin(async move {
            tx.execute_unprepared("ANALYZE").await?;
            Ok::<_, StoreError>(())
        })
    });
    analyze.await.expect("the planner knows the sizes");
}

/// How each database writes a series, a hash-like value and a UUID.
struct Words {
    series: String,
    id32: &'static str,
    id16: &'static str,
    raw: &'static str,
    uuid: &'static str,
    none: &'static str,
}

fn words(backend: DbBackend, from: u64, to: u64) -> Words {
    if backend == DbBackend::Postgres {
        Words {
            series: format!("generate_series({}::bigint, {to}::bigint) AS s(n)", from + 1),
            id32: "sha256(n::text::bytea)",
            id16: "substring(sha256((n / 10)::text::bytea) from 1 for 16)",
            raw: "sha256(n::text::bytea) || sha256((n + 1)::text::bytea) || sha256((n + 2)::text::bytea) || sha256((n + 3)::text::bytea) \
                  || sha256((n + 4)::text::bytea) || sha256((n + 5)::text::bytea) || sha256((n + 6)::text::bytea) || sha256((n + 7)::text::bytea)",
            uuid: "md5((n / 10)::text)::uuid",
            none: "NULL::bytea",
        }
    } else {
        Words {
            series: format!(
                "(WITH RECURSIVE s(n) AS (SELECT {} UNION ALL SELECT n + 1 FROM s WHERE n < {to}) SELECT n FROM s)",
                from + 1
            ),
            // Spread over the index as a hash is.
            id32: "CAST(printf('%016x%016x', (n * 2654435761) % 4294967296 * 4294967296 + n, n) AS BLOB)",
            id16: "CAST(printf('%08x%08x', (n / 10 * 2654435761) % 4294967296, n / 10) AS BLOB)",
            raw: "randomblob(256)",
            uuid: "CAST(printf('%08x%08x', (n / 10 * 2654435761) % 4294967296, n / 10) AS BLOB)",
            none: "NULL",
        }
    }
}

fn statements(backend: DbBackend, from: u64, to: u64) -> Vec<String> {
    let Words {
        series,
        id32,
        id16,
        raw,
        uuid,
        none,
    } = words(backend, from, to);
    let client = entity::repo::reference::id_of("lgsp_client", "AG30520");
    let agency = entity::repo::reference::id_of("agency", "AG-UB-30520");
    let is = |id: uuid::Uuid| {
        if backend == DbBackend::Postgres {
            format!("'{id}'::uuid")
        } else {
            format!("x'{}'", id.simple())
        }
    };
    let (client, agency) = (is(client), is(agency));
    let no = if backend == DbBackend::Postgres { "FALSE" } else { "0" };
    let device = if backend == DbBackend::Postgres {
        "substring(sha256((n % 100)::text::bytea) from 1 for 16)"
    } else {
        "CAST(printf('%016x', n % 100) AS BLOB)"
    };
    let tenth = "n % 10 = 0";
    vec![
        format!(
            "INSERT INTO inbox (event_id, lane, raw, received_at, source, log_index) \
             SELECT {id32}, 3, {raw}, n, 'device:history', n FROM {series}"
        ),
        format!(
            "INSERT INTO custody_event (event_id, log_index, kind, device_id, seq, prev, about, verdict) \
             SELECT {id32}, n, 12, {device}, n / 100, {id32}, {none}, 'ok' FROM {series}"
        ),
        format!("INSERT INTO item_event (item_id, event_id) SELECT {id16}, {id32} FROM {series}"),
        format!(
            "INSERT INTO dossier (id, mode, agency_id, applicant_name, applicant_phone, applicant_address, paper_count, capability_hash, created_at) \
             SELECT {uuid}, 'BOTH', {agency}, 'Nguyễn Văn A', '+84900000000', 'Khóm Xuân Hòa', 3, {id32}, n FROM {series} WHERE {tenth}"
        ),
        format!(
            "INSERT INTO dossier_state (dossier_id, state, mode, waiting, body, log_index) \
             SELECT {uuid}, 'D0', 'BOTH', 0, '{{}}', n FROM {series} WHERE {tenth}"
        ),
        format!(
            "INSERT INTO dossier_act (event_id, dossier_id, log_index, kind, at_ms, data) \
             SELECT {id32}, {uuid}, n, 'dossier.ordered', n, '{{}}' FROM {series} WHERE {tenth}"
        ),
        format!(
            "INSERT INTO postal_order (id, client_id, customer_code, order_number, body_digest, direction, dossier_id, item_id, cod_amount, body, created_at) \
             SELECT {uuid}, {client}, 'AG30520', 'history-' || n, {id32}, 'collect', {uuid}, {id16}, 0, '{{}}', n FROM {series} WHERE {tenth}"
        ),
        format!(
            "INSERT INTO postal_item (item_id, item_code, kind, dossier_id, order_id, created_at) \
             SELECT {id16}, 'history-' || n, 'DOSSIER_TO_AGENCY', {uuid}, {uuid}, n FROM {series} WHERE {tenth}"
        ),
        format!(
            "INSERT INTO item_custody (item_id, item_code, kind, dossier_id, state, holder, head, since_ms, provisional, disputed, parked, attempts, told, body, log_index) \
             SELECT {id16}, 'history-' || n, 'DOSSIER_TO_AGENCY', {uuid}, 'C8', 'citizen', {id32}, n, {no}, {no}, 0, 0, 1, {id32}, n FROM {series} WHERE {tenth}"
        ),
        format!(
            "INSERT INTO tracking_event (seq, log_index, client_id, customer_code, order_number, item_code, pos_code, status_code, status_message, notes, event_time) \
             SELECT n / 10, n, {client}, 'AG30520', 'history-' || n, 'history-' || n, '', 70, 'Đang vận chuyển', '', n FROM {series} WHERE {tenth}"
        ),
    ]
}
