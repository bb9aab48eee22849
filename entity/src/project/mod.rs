//! Folds numbered facts into what people look at: who holds what, where a dossier stands, what changed for whom.
//!
//! Facts are folded one by one in log order and nothing but the log, the immutable order tables and the row's own receiving
//! time is read, so emptying the projections and folding again gives the same bytes ([`crate::rebuild`]). What does not fit
//! is parked or quarantined with its reason and never stops the facts behind it.
//!
//! Start at [`Projector::step`]; [`custody`](self) events pass through `event`, then `chain`, `link` and `item`.

mod act;
mod ahead;
mod chain;
mod dossier;
mod event;
mod feed;
mod holding;
mod item;
mod leg;
mod link;
mod memory;
mod money;
mod ruling;
mod settle;
mod unfit;

pub(crate) use dossier::{fact_of, moves_of, told_by};
pub(crate) use event::{CHAIN_BROKEN, DEVICE_FORKED, LATE_FROM_REVOKED, NOT_GENUINE, OK};
pub(crate) use item::{Enrolled, fold_events};
pub(crate) use money::{Issued, stated, voided};
pub(crate) use ruling::{APPROVED, BRACKETED, Ruled, about_item, ruled, rulings_of, trusted};

use crate::sequencer;
use crate::store::Store;
use crate::table::{inbox, sequencer as sequencer_table};
use crate::{ServerKeys, StoreError};
use custody::event::Event;
use ed25519_dalek::VerifyingKey;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::sync::Arc;
use std::time::Instant;

/// Folds facts. Knows which server keys may sign acts.
#[derive(Debug, Clone)]
pub struct Projector {
    keys: Arc<ServerKeys>,
    act_keys: Arc<Vec<VerifyingKey>>,
    effects: bool,
}

/// One fact being folded, and the counters that are written back at the end of the transaction.
pub(crate) struct Cx<'tx> {
    pub(crate) tx: &'tx DatabaseTransaction,
    pub(crate) log_index: i64,
    pub(crate) received_at: i64,
    pub(crate) tracking_seq: i64,
    pub(crate) change_seq: i64,
    /// Off during a rebuild: the effects of these facts happened long ago.
    pub(crate) effects: bool,
    keys: Arc<ServerKeys>,
    memory: memory::Memory,
}

impl Cx<'_> {
    /// An event as it is believed: without a server time that this server did not tell its device.
    pub(crate) fn believed(&self, event: Event) -> Event {
        let beacon = event.beacon.filter(|_| self.keys.believes(&event));
        Event { beacon, ..event }
    }
}

impl Projector {
    /// A projector that accepts acts signed by this server, now or with a key that was lost since.
    pub fn new(keys: &ServerKeys) -> Self {
        Self {
            keys: Arc::new(keys.clone()),
            act_keys: Arc::new(keys.act_keys()),
            effects: true,
        }
    }

    pub(crate) fn without_effects(&self) -> Self {
        Self {
            effects: false,
            ..self.clone()
        }
    }

    /// Folds one batch of numbered facts in one transaction; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when `epoch` no longer leads, or whatever the database says. Nothing is half folded.
    pub async fn step(&self, store: &Store, epoch: i64) -> Result<u64, StoreError> {
        let (projector, limit, budget) = (self.clone(), store.settings().batch, store.settings().batch_time);
        let (applied, from) = store
            .write(move |tx| {
                Box::pin(async move {
                    let row = sequencer::hold(tx, epoch).await?;
                    let (started, from) = (Instant::now(), row.applied_index);
                    let count = projector.batch(tx, row, limit, |_| started.elapsed() < budget).await?;
                    Ok::<_, StoreError>((count, from))
                })
            })
            .await?;
        if applied > 0 {
            store.folded_to(from.saturating_add_unsigned(applied));
            store.jobs().notify_one();
        }
        Ok(applied)
    }

    /// Folds up to `limit` facts after the applied index while `go_on` says so.
    pub(crate) async fn batch(
        &self,
        tx: &DatabaseTransaction,
        state: sequencer_table::Model,
        limit: u64,
        go_on: impl Fn(u64) -> bool + Send,
    ) -> Result<u64, StoreError> {
        let rows = inbox::Entity::find()
            .filter(inbox::Column::LogIndex.gt(state.applied_index))
            .order_by_asc(inbox::Column::LogIndex)
            .limit(limit)
            .all(tx)
            .await?;
        let mut cx = Cx {
            tx,
            log_index: state.applied_index,
            received_at: 0,
            tracking_seq: state.tracking_seq,
            change_seq: state.change_seq,
            effects: self.effects,
            keys: Arc::clone(&self.keys),
            memory: memory::Memory::default(),
        };
        ahead::look(&mut cx, &rows).await?;
        let mut applied = 0;
        for row in rows {
            cx.log_index = row
                .log_index
                .ok_or_else(|| StoreError::corrupt("inbox", "row", "has no number"))?;
            cx.received_at = row.received_at;
            self.apply(&mut cx, &row).await?;
            applied += 1;
            if !go_on(applied) {
                break;
            }
        }
        cx.flush().await?;
        if applied > 0 {
            sequencer_table::Entity::update_many()
                .col_expr(sequencer_table::Column::AppliedIndex, Expr::value(cx.log_index))
                .col_expr(sequencer_table::Column::TrackingSeq, Expr::value(cx.tracking_seq))
                .col_expr(sequencer_table::Column::ChangeSeq, Expr::value(cx.change_seq))
                .exec(tx)
                .await?;
        }
        Ok(applied)
    }

    async fn apply(&self, cx: &mut Cx<'_>, row: &inbox::Model) -> Result<(), StoreError> {
        match row.lane {
            1 => event::apply(cx, row).await,
            2 => act::apply(cx, row, &self.act_keys).await,
            4 => event::apply_copy(cx, row).await,
            _ => unfit::quarantine(cx, &row.event_id, "not_an_envelope", &row.source).await,
        }
    }
}
