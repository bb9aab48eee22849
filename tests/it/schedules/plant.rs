//! Faults that are planted to see whether the judge finds them. Each is put where the program's own parts meet: around a
//! request, around the working side, into the rows somebody else would have written. The program itself has no switch for any.

use super::server::Server;
use super::wire::{self, sequence};
use axum::http::StatusCode;
use custody::envelope::Envelope;
use domain::wire::v1::{DepositResult, DepositView, Deposited};
use entity::inbox::{self, Fact};
use entity::table::{assignment, change, custody_event, inbox as inbox_table, outbox};
use mobile_ffi::core::Reply;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::{Value, json};

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Plant {
    /// The server says `stored` and writes later.
    AnswerBeforeCommit,
    /// The server says `stored` of an event it left out.
    AnswerForDropped,
    /// The server keeps each delivery of an event as an event of its own.
    DeliveriesCounted,
    /// The other signature of the same content is an event of its own.
    TwinIsNew,
    /// Signatures are not looked at.
    SignatureUnchecked,
    /// The feed's cursor runs ahead of rows that become visible later.
    CursorRunsAhead,
    /// The feed tells everybody everything.
    ScopeForgotten,
    /// A fact is folded twice.
    FoldedTwice,
    /// Of two moves of one head the first to come is right, and nobody is told.
    FirstStoryWins,
    /// The phone's wall clock decides who had an item last.
    LatestClockWins,
    /// Folding again takes facts in the order of their identifiers.
    RebuildInOtherOrder,
    /// A job's effect is written twice.
    JobTwice,
    /// A job is taken off the list before it ran.
    JobForgotten,
    /// A restored server says nothing of it.
    EpochKept,
    /// Somebody changes a byte of the past.
    PastEdited,
    /// A phone takes "sent" for "stored".
    SentIsStored,
    /// Papers change hands before the giver's phone is green.
    PapersBeforeGreen,
    /// A phone's challenges are always the same, so an old offer answers a new one.
    SameNonce,
}

/// What this server answers, with its fault.
pub(crate) fn answer(
    server: &mut Server,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Reply {
    let is_deposit = path == wire::EVENTS;
    match server.plant {
        Some(Plant::AnswerBeforeCommit) if is_deposit => {
            // Whoever may not deposit is told so by the server itself.
            let asked = server.answer(method, path, headers, &[]);
            if asked.status != 200 {
                return asked;
            }
            server.unwritten.push(body.to_vec());
            all_stored(&asked, body)
        }
        Some(Plant::AnswerForDropped) if is_deposit => {
            let mut kept = sequence(body);
            if kept.len() > 2 {
                kept.remove(kept.len() / 2);
            }
            let answered = server.answer(method, path, headers, &kept.concat());
            if answered.status == 200 {
                all_stored(&answered, body)
            } else {
                answered
            }
        }
        Some(Plant::DeliveriesCounted) if is_deposit => {
            let answered = server.answer(method, path, headers, body);
            for (known, result) in sequence(body).iter().zip(wire::results(&answered)) {
                if result.1 == DepositResult::Duplicate {
                    insert_again(server, known);
                }
            }
            answered
        }
        Some(Plant::TwinIsNew) if is_deposit => {
            let answered = server.answer(method, path, headers, body);
            if answered.status == 200 {
                for raw in sequence(body).iter().filter(|raw| wire::is_high(raw)) {
                    insert_again(server, raw);
                }
            }
            answered
        }
        Some(Plant::CursorRunsAhead) if path.starts_with(wire::CHANGES) => {
            with_changes(server.answer(method, path, headers, body), |changes| {
                changes.pop();
            })
        }
        Some(Plant::ScopeForgotten) if path.starts_with(wire::CHANGES) => {
            let all = server.run(change::Entity::find().all(server.store().read()));
            let all = all.expect("readable");
            let bodies = all
                .iter()
                .map(|row| serde_json::from_str::<Value>(&row.body).expect("JSON"));
            let others: Vec<Value> = bodies.filter(|body| body["type"] == json!("item")).collect();
            with_changes(server.answer(method, path, headers, body), |changes| {
                changes.extend(others);
            })
        }
        _ => server.answer(method, path, headers, body),
    }
}

fn all_stored(like: &Reply, body: &[u8]) -> Reply {
    let results = sequence(body).into_iter().map(|raw| Deposited {
        event_id: Fact::from_bytes(raw).id.to_string(),
        result: DepositResult::Stored,
        reason: None,
    });
    let view = DepositView {
        results: results.collect(),
    };
    Reply {
        status: StatusCode::OK.as_u16(),
        headers: like.headers.clone(),
        body: serde_json::to_vec(&view).expect("JSON"),
    }
}

fn with_changes(reply: Reply, change: impl FnOnce(&mut Vec<Value>)) -> Reply {
    let Ok(mut page) = serde_json::from_slice::<Value>(&reply.body) else {
        return reply;
    };
    if let Some(changes) = page["changes"].as_array_mut() {
        change(changes);
    }
    Reply {
        body: page.to_string().into_bytes(),
        ..reply
    }
}

/// Puts an envelope into the inbox under an identifier of its own.
fn insert_again(server: &Server, raw: &[u8]) {
    let id = entity::clock::random::<32>();
    let now = server.store().now_ms();
    server.meddle(vec![format!(
        "INSERT INTO inbox (event_id, lane, raw, received_at, place, source) VALUES ({}, 1, {}, {now}, 0, 'again')",
        wire::literal(server, &id),
        wire::literal(server, raw)
    )]);
}

/// Writes what a server that answers first had only promised.
pub(crate) fn write_what_was_promised(server: &mut Server) {
    let facts: Vec<Fact> = std::mem::take(&mut server.unwritten)
        .iter()
        .flat_map(|body| sequence(body))
        .map(Fact::from_bytes)
        .collect();
    let stored = server.run(inbox::deposit(server.store(), "late".to_owned(), facts));
    stored.expect("stored");
}

/// What goes wrong before the working side works.
pub(crate) fn before_settling(server: &mut Server) {
    write_what_was_promised(server);
    if server.plant == Some(Plant::JobForgotten) {
        let folded = server.begin_to_settle();
        folded.expect("folded");
        let waiting = outbox::Entity::find().filter(outbox::Column::State.eq("ready"));
        let waiting = server.run(waiting.all(server.store().read())).expect("readable");
        let taken = waiting.iter().filter(|job| job.kind == "assign").map(|job| {
            let key = job.dedup_key.replace('\'', "");
            format!("UPDATE outbox SET state = 'done', finished_at = 1 WHERE dedup_key = '{key}'")
        });
        server.meddle(taken.collect());
    }
}

/// What is wrong after the working side has worked.
pub(crate) fn after_settling(server: &mut Server) {
    match server.plant {
        Some(Plant::FoldedTwice) => fold_last_again(server),
        Some(Plant::FirstStoryWins) => {
            let no = wire::no(server);
            let yes = wire::yes(server);
            server.meddle(vec![format!(
                "UPDATE item_custody SET disputed = {no} WHERE disputed = {yes}"
            )]);
        }
        Some(Plant::LatestClockWins) => believe_clocks(server),
        Some(Plant::JobTwice) => give_out_again(server),
        _ => {}
    }
}

/// Writes the last decision of the assignment job again, as a second runner that did not see the first would: its own ends the
/// other one. (Two that stand are refused by the database.)
fn give_out_again(server: &mut Server) {
    let all = server.run(assignment::Entity::find().all(server.store().read()));
    let standing = all.expect("readable").into_iter().filter(|row| row.ended_at.is_none());
    let Some(row) = standing.max_by_key(|row| row.decided_at) else {
        return;
    };
    let again = assignment::Model {
        id: entity::clock::new_id(),
        ..row.clone()
    };
    let written = server.store().write(move |tx| {
        Box::pin(async move {
            let ended = assignment::ActiveModel {
                ended_at: Set(Some(row.decided_at)),
                ..row.into_active_model()
            };
            assignment::Entity::update(ended).exec_without_returning(tx).await?;
            assignment::Entity::insert(again.into_active_model())
                .exec_without_returning(tx)
                .await?;
            Ok::<_, entity::StoreError>(())
        })
    });
    server.run(written).expect("written");
}

/// Folds the last fact again, as if its counter had not been written with it.
fn fold_last_again(server: &mut Server) {
    let last = server.run(
        custody_event::Entity::find()
            .order_by_desc(custody_event::Column::LogIndex)
            .one(server.store().read()),
    );
    let applied = server.run(e2e::read::number(server.store(), "SELECT applied_index FROM sequencer"));
    let Some(last) = last.expect("readable").filter(|last| last.log_index == applied) else {
        return;
    };
    let id = wire::literal(server, &last.event_id);
    let none = wire::literal(server, &[]);
    server.meddle(vec![
        format!("UPDATE item_custody SET body = {none}, told = 0 WHERE item_id IN (SELECT item_id FROM item_event WHERE event_id = {id})"),
        format!("DELETE FROM custody_event WHERE log_index >= {}", last.log_index),
        format!("UPDATE sequencer SET applied_index = {}", last.log_index - 1),
    ]);
    let done = server.begin_to_settle();
    done.expect("folded");
}

/// Gives each item to whoever moved it last by their own wall clock.
fn believe_clocks(server: &mut Server) {
    let rows = server.run(inbox_table::Entity::find().all(server.store().read()));
    let events: Vec<_> = rows
        .expect("readable")
        .iter()
        .filter_map(|row| Envelope::parse(&row.raw).ok())
        .collect();
    for (n, parcel) in server.template.parcels.iter().enumerate() {
        let item = custody::ids::ItemId::of(&parcel.code);
        let takes = |envelope: &&Envelope| {
            let event = envelope.event();
            let offer = event
                .about_event()
                .and_then(|id| events.iter().find(|offer| offer.id() == id));
            let named = event.item(item).is_some() || offer.is_some_and(|offer| offer.event().item(item).is_some());
            named && matches!(event.kind, custody::kind::Kind::TakeIn | custody::kind::Kind::Accept)
        };
        let last = events.iter().filter(takes).max_by_key(|event| event.event().wall_ms);
        let holder = last.and_then(|last| wire::party(server.template, last.event().device));
        if let Some(holder) = holder {
            let code = &server.template.parcels[n].code;
            server.meddle(vec![format!(
                "UPDATE item_custody SET holder = '{holder}' WHERE item_code = '{code}' AND holder IS NOT NULL AND holder <> 'citizen'"
            )]);
        }
    }
}

/// The database itself keeps the program from changing what was received; only who owns it can take that away.
const UNGUARD: &str = "DROP TRIGGER inbox_is_immutable";

/// What goes wrong before everything is folded again.
pub(crate) fn before_rebuilding(server: &Server) {
    match server.plant {
        Some(Plant::RebuildInOtherOrder) => {
            let rows = inbox_table::Entity::find().order_by_asc(inbox_table::Column::EventId);
            let rows = server.run(rows.all(server.store().read())).expect("readable");
            let far = rows.iter().enumerate().map(|(n, row)| {
                let id = wire::literal(server, &row.event_id);
                format!("UPDATE inbox SET log_index = {} WHERE event_id = {id}", 1_000_000 + n)
            });
            let back = "UPDATE inbox SET log_index = log_index - 999999".to_owned();
            server.meddle([UNGUARD.to_owned()].into_iter().chain(far).chain([back]).collect());
        }
        Some(Plant::PastEdited) => {
            let rows = inbox_table::Entity::find()
                .filter(inbox_table::Column::Lane.eq(1))
                .order_by_asc(inbox_table::Column::EventId);
            let rows = server.run(rows.all(server.store().read())).expect("readable");
            if let Some(row) = rows.last() {
                let mut raw = row.raw.clone();
                let at = raw.len() / 2;
                raw[at] ^= 1;
                let (raw, id) = (wire::literal(server, &raw), wire::literal(server, &row.event_id));
                server.meddle(vec![
                    UNGUARD.to_owned(),
                    format!("UPDATE inbox SET raw = {raw} WHERE event_id = {id}"),
                ]);
            }
        }
        _ => {}
    }
}
