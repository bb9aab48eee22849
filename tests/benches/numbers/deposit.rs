//! Durable deposit of signed events in batches of 200, in turn with a bare multi-row insert of the same bytes into a table
//! of the same columns and as many rows, by the same driver with the same durability.

use crate::table::{Goal, Table, rate};
use domain::hat::Hat;
use domain::item_code::ItemCode;
use e2e::{Device, World};
use entity::inbox::{Fact, deposit};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Value};
use std::time::{Duration, Instant};

const BATCH: usize = 200;
const BATCHES: usize = 60;

/// Measures; what one batch costs in bare inserts of the same bytes.
pub(crate) fn measure(table: &mut Table, world: &World, about: &str, events: u64) -> f64 {
    let mut device = Device::new(Hat::Carrier);
    // Each of an item of its own: what is measured next folds these first, and one item with all of them would be folded
    // again for each.
    let labels = (0..BATCHES * BATCH).map(|n| {
        let serial = u32::try_from(n).expect("a few thousand");
        ItemCode::from_serial("RR", serial, "VN").expect("a label")
    });
    let envelopes: Vec<Vec<u8>> = labels.map(|label| device.take_in(label.as_str(), 0).bytes).collect();
    let batches: Vec<&[Vec<u8>]> = envelopes.chunks(BATCH).collect();
    let (ours, bare) = world.run(async {
        let rival = Rival::open(world, events).await;
        let (mut ours, mut bare) = (Duration::ZERO, Duration::ZERO);
        for batch in &batches {
            let began = Instant::now();
            rival.insert(batch).await;
            bare += began.elapsed();
            let began = Instant::now();
            let facts = batch.iter().map(|bytes| Fact::from_bytes(bytes.clone())).collect();
            let stored = deposit(world.store(), "device:bench".to_owned(), facts)
                .await
                .expect("stored");
            ours += began.elapsed();
            assert_eq!(stored.len(), BATCH);
        }
        rival.close().await;
        (ours, bare)
    });
    let count = BATCH * BATCHES;
    table.note(
        format!("{about}: deposit, batches of {BATCH}"),
        rate(count, ours),
        "events/s",
    );
    table.note(
        format!("{about}: bare insert of the same bytes"),
        rate(count, bare),
        "events/s",
    );
    let ratio = bare.as_secs_f64() / ours.as_secs_f64();
    table.goal(
        format!("{about}: deposit to bare insert"),
        ratio,
        "x",
        Goal::AtLeast(0.5),
    );
    ratio.recip()
}

/// The plainest table that could hold the same.
struct Rival {
    db: DatabaseConnection,
    ids: std::sync::atomic::AtomicU64,
}

impl Rival {
    async fn open(world: &World, events: u64) -> Self {
        let store = world.store();
        let db = if store.backend() == DbBackend::Postgres {
            Database::connect(world.db.owner_url.clone()).await.expect("connects")
        } else {
            let db = Database::connect(format!("{}?mode=rwc", world.db.url))
                .await
                .expect("connects");
            db.execute_unprepared("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
                .await
                .expect("as durable");
            db
        };
        prepare(&db).await;
        // As many rows as the inbox has, so that both indexes are as deep.
        for from in (0..events).step_by(100_000) {
            let sql = format!(
                "INSERT INTO bare SELECT event_id, lane, raw, received_at, source FROM inbox WHERE log_index > {from} AND log_index <= {}",
                from + 100_000
            );
            db.execute_unprepared(&sql).await.expect("copied");
        }
        Self {
            db,
            ids: std::sync::atomic::AtomicU64::new(0),
        }
    }

    /// One statement, which is its own transaction.
    async fn insert(&self, batch: &[Vec<u8>]) {
        let mut sql = "INSERT INTO bare (event_id, lane, raw, received_at, source) VALUES ".to_owned();
        let mut values: Vec<Value> = Vec::with_capacity(batch.len() * 5);
        for (n, raw) in batch.iter().enumerate() {
            let at = n * 5;
            let row = format!("(${}, ${}, ${}, ${}, ${})", at + 1, at + 2, at + 3, at + 4, at + 5);
            sql.push_str(if n == 0 { "" } else { ", " });
            sql.push_str(&row);
            values.extend([
                self.id().into(),
                1_i64.into(),
                raw.clone().into(),
                0_i64.into(),
                "device:bench".into(),
            ]);
        }
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, values);
        self.db.execute_raw(statement).await.expect("stored");
    }

    /// As spread as a hash, made for next to nothing.
    fn id(&self) -> Vec<u8> {
        let n = self.ids.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let spread = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        [spread, spread, spread, n.to_be_bytes()].concat()
    }

    async fn close(self) {
        self.db.close().await.expect("closes");
    }
}

/// As the owner of the tables, since the program itself may make none.
async fn prepare(db: &DatabaseConnection) {
    let blob = if db.get_database_backend() == DbBackend::Postgres {
        "BYTEA"
    } else {
        "BLOB"
    };
    let sql = format!(
        "CREATE TABLE bare (event_id {blob} PRIMARY KEY NOT NULL, lane BIGINT NOT NULL, raw {blob} NOT NULL, \
         received_at BIGINT NOT NULL, source TEXT NOT NULL)"
    );
    db.execute_unprepared(&sql).await.expect("a table");
}
