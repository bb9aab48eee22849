//! Empties the projections, folds the whole log again and compares: `traotay doctor --rebuild`.

use crate::StoreError;
use crate::project::Projector;
use crate::sequencer;
use crate::store::Store;
use crate::table::sequencer as sequencer_table;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, Statement};
use sha2::{Digest, Sha256};

/// Every table that is a fold of the log, with the columns that order its rows.
pub const PROJECTIONS: [(&str, &str); 16] = [
    ("device", "device_id"),
    ("custody_event", "event_id"),
    ("item_event", "item_id, event_id"),
    ("event_evidence", "event_id, sha256"),
    ("item_custody", "item_id"),
    ("holding", "item_id, nth"),
    ("dossier_act", "event_id"),
    ("dossier_state", "dossier_id"),
    ("tracking_event", "seq"),
    ("change", "seq"),
    ("quarantine", "event_id"),
    ("parked", "event_id"),
    ("money_line", "event_id"),
    ("fee_receipt", "number"),
    ("matter_act", "event_id"),
    ("ruling", "event_id"),
];

/// One table before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Its name.
    pub table: &'static str,
    /// Rows before.
    pub rows: u64,
    /// SHA-256 over all rows before.
    pub before: String,
    /// SHA-256 over all rows after.
    pub after: String,
}

impl Compared {
    /// Whether folding again gave the same bytes.
    pub fn is_same(&self) -> bool {
        self.before == self.after
    }
}

/// Rebuilds every projection in one transaction and says which tables came out differently. The rebuilt rows stay: they are
/// the right ones by definition. No effect (notice, assignment) is repeated.
///
/// # Errors
/// When the database fails; then everything is as it was.
pub async fn rebuild(store: &Store, projector: &Projector) -> Result<Vec<Compared>, StoreError> {
    let projector = projector.without_effects();
    store
        .write(move |tx| {
            Box::pin(async move {
                let state = sequencer::state(tx).await?;
                let epoch = state.epoch;
                sequencer::hold(tx, epoch).await?;
                let mut before = Vec::new();
                for (table, order) in PROJECTIONS {
                    before.push(digest(tx, table, order).await?);
                }
                for (table, _) in PROJECTIONS {
                    tx.execute_unprepared(&format!("DELETE FROM {table}")).await?;
                }
                let until = state.applied_index;
                reset(tx).await?;
                loop {
                    let state = sequencer::state(tx).await?;
                    let left = u64::try_from(until - state.applied_index).unwrap_or(0);
                    if left == 0 || projector.batch(tx, state, left.min(BATCH), |_| true).await? == 0 {
                        break;
                    }
                }
                let mut compared = Vec::new();
                for ((table, order), (rows, before)) in PROJECTIONS.into_iter().zip(before) {
                    let (_, after) = digest(tx, table, order).await?;
                    compared.push(Compared {
                        table,
                        rows,
                        before,
                        after,
                    });
                }
                Ok(compared)
            })
        })
        .await
}

/// Facts folded between two looks at the counters.
const BATCH: u64 = 1000;

// The statement's text is the projector's own, and PostgreSQL keeps the types it was first prepared with: 64 bits here too.
async fn reset(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    sequencer_table::Entity::update_many()
        .col_expr(sequencer_table::Column::AppliedIndex, Expr::value(0_i64))
        .col_expr(sequencer_table::Column::TrackingSeq, Expr::value(0_i64))
        .col_expr(sequencer_table::Column::ChangeSeq, Expr::value(0_i64))
        .exec(tx)
        .await?;
    Ok(())
}

/// Digests of all projections as they are, for comparing two stores or two moments.
///
/// # Errors
/// When the database fails.
pub async fn digests(db: &impl ConnectionTrait) -> Result<Vec<(&'static str, String)>, StoreError> {
    let mut all = Vec::new();
    for (table, order) in PROJECTIONS {
        all.push((table, digest(db, table, order).await?.1));
    }
    Ok(all)
}

async fn digest(db: &impl ConnectionTrait, table: &str, order: &str) -> Result<(u64, String), StoreError> {
    let sql = format!("SELECT * FROM {table} ORDER BY {order}");
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await?;
    let mut hash = Sha256::new();
    for row in &rows {
        for name in row.column_names() {
            hash.update(name.as_bytes());
            hash.update(cell(row, &name)?);
            hash.update([0xff]);
        }
    }
    Ok((rows.len() as u64, hex::encode(hash.finalize())))
}

/// One value as bytes, whatever of the five column shapes it is.
fn cell(row: &sea_orm::QueryResult, name: &str) -> Result<Vec<u8>, StoreError> {
    if let Ok(value) = row.try_get::<Option<i64>>("", name) {
        return Ok(format!("i{value:?}").into_bytes());
    }
    if let Ok(value) = row.try_get::<Option<String>>("", name) {
        return Ok(format!("t{value:?}").into_bytes());
    }
    if let Ok(value) = row.try_get::<Option<uuid::Uuid>>("", name) {
        return Ok(format!("u{value:?}").into_bytes());
    }
    if let Ok(value) = row.try_get::<Option<bool>>("", name) {
        return Ok(format!("o{value:?}").into_bytes());
    }
    Ok(format!("b{:?}", row.try_get::<Option<Vec<u8>>>("", name)?).into_bytes())
}
