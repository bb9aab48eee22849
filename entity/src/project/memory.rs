//! What one transaction of the projector remembers: a batch asks for a device, an item or a dossier once instead of once for
//! each fact, and writes what it tells others in a few statements at its end.
//!
//! It changes no result. Rows are told in the order the facts gave, and the memory ends with its transaction; whoever reads one
//! of the tables written here late asks for [`Cx::flush`] first.

mod dossiers;
mod items;
mod rare;

pub(super) use items::Story;
pub(super) use rare::packing;

use super::Cx;
use crate::StoreError;
use crate::outbox::{self, NewJob};
use crate::repo::device::Device;
use crate::table::{change, device, ruling, tracking_event};
use custody::ids::{DeviceId, EventId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one insert, well under every database's limit of parameters.
const CHUNK: usize = 200;

/// What a batch remembers.
#[derive(Default)]
pub(super) struct Memory {
    devices: BTreeMap<DeviceId, Device>,
    changed: BTreeSet<DeviceId>,
    /// The newest event of a device, when there is exactly one with its number.
    newest: BTreeMap<DeviceId, (i64, EventId)>,
    items: items::Items,
    dossiers: dossiers::Dossiers,
    rare: rare::Rare,
    is_anything_ruled: Option<bool>,
    told: Vec<change::ActiveModel>,
    tracked: Vec<tracking_event::ActiveModel>,
    jobs: Vec<(i64, NewJob)>,
}

impl Cx<'_> {
    /// The device of this id, with what this batch has changed about it.
    pub(super) async fn device(&mut self, id: DeviceId) -> Result<Option<Device>, StoreError> {
        self.learn_devices(&BTreeSet::from([id])).await?;
        Ok(self.memory.devices.get(&id).cloned())
    }

    /// Those of `ids` that are enrolled.
    pub(super) async fn devices(&mut self, ids: &BTreeSet<DeviceId>) -> Result<BTreeMap<DeviceId, Device>, StoreError> {
        self.learn_devices(ids).await?;
        let known = ids.iter().filter_map(|id| self.memory.devices.get(id));
        Ok(known.map(|device| (device.id, device.clone())).collect())
    }

    async fn learn_devices(&mut self, ids: &BTreeSet<DeviceId>) -> Result<(), StoreError> {
        let unknown: Vec<Vec<u8>> = ids
            .iter()
            .filter(|id| !self.memory.devices.contains_key(*id))
            .map(|id| id.0.to_vec())
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let rows = device::Entity::find()
            .filter(device::Column::DeviceId.is_in(unknown))
            .all(self.tx)
            .await?;
        for row in rows {
            let device = Device::from_row(&row)?;
            self.memory.devices.insert(device.id, device);
        }
        Ok(())
    }

    /// Remembers a changed device; written by [`Cx::flush`].
    pub(super) fn change_device(&mut self, device: Device) {
        self.memory.changed.insert(device.id);
        self.memory.devices.insert(device.id, device);
    }

    /// Forgets a device whose row is written by somebody else next.
    pub(super) fn forget_device(&mut self, id: DeviceId) {
        self.memory.devices.remove(&id);
        self.memory.newest.remove(&id);
    }

    /// The only event of a device with this number, if this batch saw it come.
    pub(super) fn newest(&self, device: DeviceId, seq: i64) -> Option<EventId> {
        let newest = self.memory.newest.get(&device);
        newest.filter(|(at, _)| *at == seq).map(|(_, id)| *id)
    }

    /// Remembers the newest event of a device, or that it is not known any more.
    pub(super) fn set_newest(&mut self, device: DeviceId, newest: Option<(i64, EventId)>) {
        match newest {
            Some(newest) => self.memory.newest.insert(device, newest),
            None => self.memory.newest.remove(&device),
        };
    }

    /// Whether anybody ever ruled on anything: if not, nobody has to look for it.
    pub(super) async fn is_anything_ruled(&mut self) -> Result<bool, StoreError> {
        if let Some(known) = self.memory.is_anything_ruled {
            return Ok(known);
        }
        let one: Option<Vec<u8>> = ruling::Entity::find()
            .select_only()
            .column(ruling::Column::EventId)
            .limit(1)
            .into_tuple()
            .one(self.tx)
            .await?;
        self.memory.is_anything_ruled = Some(one.is_some());
        Ok(one.is_some())
    }

    /// Remembers that somebody ruled.
    pub(super) fn something_is_ruled(&mut self) {
        self.memory.is_anything_ruled = Some(true);
    }

    /// Writes a row of the change feed, at the end of the batch.
    pub(super) fn tell(&mut self, row: change::ActiveModel) {
        self.memory.told.push(row);
    }

    /// Writes a row of the tracking feed, at the end of the batch.
    pub(super) fn track(&mut self, row: tracking_event::ActiveModel) {
        self.memory.tracked.push(row);
    }

    /// Writes a job, at the end of the batch.
    pub(super) fn push_job(&mut self, job: NewJob) {
        self.memory.jobs.push((self.received_at, job));
    }

    /// Writes everything that waits for the end of the batch.
    pub(super) async fn flush(&mut self) -> Result<(), StoreError> {
        for id in std::mem::take(&mut self.memory.changed) {
            let Some(device) = self.memory.devices.get(&id) else {
                continue;
            };
            device::Entity::update_many()
                .col_expr(device::Column::Contiguous, Expr::value(device.contiguous))
                .col_expr(device::Column::SeqMax, Expr::value(device.seq_max))
                .col_expr(device::Column::ForkAt, Expr::value(device.fork_at))
                .col_expr(device::Column::BrokenAt, Expr::value(device.broken_at))
                .col_expr(device::Column::RevokedIndex, Expr::value(device.revoked_index))
                .filter(device::Column::DeviceId.eq(id.0.to_vec()))
                .exec(self.tx)
                .await?;
        }
        insert(self, |memory| std::mem::take(&mut memory.told)).await?;
        insert(self, |memory| std::mem::take(&mut memory.tracked)).await?;
        outbox::push_all(self.tx, std::mem::take(&mut self.memory.jobs)).await
    }
}

async fn insert<A>(cx: &mut Cx<'_>, take: impl Fn(&mut Memory) -> Vec<A>) -> Result<(), StoreError>
where
    A: ActiveModelTrait + Send,
{
    let mut rows = take(&mut cx.memory).into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<A> = rows.by_ref().take(CHUNK).collect();
        A::Entity::insert_many(chunk).exec_without_returning(cx.tx).await?;
    }
    Ok(())
}
