//! Changes of keys: a device that may be enrolled, and one that is not trusted any more (trust §2.7).

use super::judge::Judged;
use super::kind::ChangeKind;
use super::{ChangeRefusal, Maker, Standstill};
use crate::StoreError;
use crate::repo::device;
use crate::repo::directory::Directory;
use crate::repo::staff_change;
use crate::table::{device as known, staff};
use domain::ids::{OperatorId, StaffId};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

/// Whether a change of this kind is possible: about a person or a device of this operator.
pub(super) async fn judge(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    kind: ChangeKind,
    subject: &str,
) -> Result<Judged, ChangeRefusal> {
    let (owner, was, becomes) = if kind == ChangeKind::DeviceRevoke {
        let device = find(db, subject).await?.ok_or(ChangeRefusal::Unknown)?;
        let owner = staff::Entity::find_by_id(device.staff_id).one(db).await?;
        let state = |trusted: bool| json!({ "staff_id": device.staff_id, "is_trusted": trusted });
        (owner, state(device.revoked_index.is_none()), state(false))
    } else {
        let owner = staff_change::staff_of(db, subject).await?.filter(|row| row.active);
        (owner, json!({ "has_code": false }), json!({ "has_code": true }))
    };
    let places = Directory::load(db).await?;
    let owner = owner.filter(|row| places.operator(row) == operator);
    let owner = owner.ok_or(ChangeRefusal::Unknown)?;
    if was == becomes {
        return Err(Standstill::Already.into());
    }
    Ok(Judged {
        was,
        becomes,
        subject: Some(owner),
    })
}

/// Holds what a change is about until the transaction ends.
pub(super) async fn lock(tx: &DatabaseTransaction, kind: ChangeKind, subject: &str) -> Result<(), StoreError> {
    if kind == ChangeKind::DeviceRevoke {
        let device = known::Entity::find().filter(known::Column::DeviceId.eq(bytes(subject)));
        device.lock_exclusive().one(tx).await?;
    } else {
        let person = staff::Entity::find().filter(staff::Column::Login.eq(subject));
        person.lock_exclusive().one(tx).await?;
    }
    Ok(())
}

/// Makes a change that was judged a moment ago.
pub(super) async fn apply(
    tx: &DatabaseTransaction,
    kind: ChangeKind,
    subject: &str,
    judged: Judged,
    maker: &Maker,
    code: Option<String>,
) -> Result<(), ChangeRefusal> {
    if kind == ChangeKind::DeviceRevoke {
        let id = subject.parse().map_err(|_| ChangeRefusal::Unknown)?;
        device::revoke(tx, &maker.store, &maker.keys, id, maker.by).await?;
        return Ok(());
    }
    let no_code = || StoreError::Refused("a change that makes a code came without one".to_owned());
    let owner = judged.subject.ok_or(ChangeRefusal::Unknown)?;
    let code = code.ok_or_else(no_code)?;
    device::keep_code(tx, StaffId(owner.id), &code, maker.store.now_ms()).await?;
    Ok(())
}

fn bytes(subject: &str) -> Vec<u8> {
    hex::decode(subject).unwrap_or_default()
}

async fn find(db: &impl ConnectionTrait, subject: &str) -> Result<Option<known::Model>, StoreError> {
    Ok(known::Entity::find_by_id(bytes(subject)).one(db).await?)
}
