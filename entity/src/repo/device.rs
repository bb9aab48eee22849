//! Devices: one-time codes, enrolment as a logged act, and how complete a device's chain is.

use crate::inbox::append_act;
use crate::repo::staff::Person;
use crate::store::Store;
use crate::table::{device, enrolment_code};
use crate::{ServerKeys, StoreError, clock};
use custody::act::Act;
use custody::envelope::PublicKey;
use custody::ids::DeviceId;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::ids::StaffId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The class of a key that a browser keeps.
const BROWSER: &str = "browser";

/// How long a code can be used.
pub const CODE_LIFE_MS: i64 = 15 * 60 * 1000;

/// An enrolled device.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Its key.
    pub key: PublicKey,
    /// Whose it is.
    pub staff: StaffId,
    /// Which party each hat signs for.
    pub hats: Vec<(Hat, Holder)>,
    /// Log index of its enrolment.
    pub enrolled_index: i64,
    /// Log index of its revocation.
    pub revoked_index: Option<i64>,
    /// Every sequence number up to this one has arrived.
    pub contiguous: i64,
    /// The highest sequence number that has arrived.
    pub seq_max: i64,
    /// First sequence number that was used twice.
    pub fork_at: Option<i64>,
    /// First sequence number whose predecessor does not fit.
    pub broken_at: Option<i64>,
    /// A browser keeps its key: no hardware does, and any script of the page could use it (trust §2.7, class C).
    pub in_browser: bool,
}

impl Device {
    /// The party this device signs for under a hat.
    pub fn holder(&self, hat: Hat) -> Option<Holder> {
        self.hats
            .iter()
            .find(|(known, _)| *known == hat)
            .map(|(_, holder)| *holder)
    }

    pub(crate) fn from_row(row: &device::Model) -> Result<Self, StoreError> {
        let bad = |why: &str| StoreError::corrupt("device", hex::encode(&row.device_id), why);
        let hats: Vec<(u64, String)> = serde_json::from_str(&row.hats).map_err(|_| bad("hats"))?;
        Ok(Self {
            id: DeviceId(row.device_id.clone().try_into().map_err(|_| bad("device_id"))?),
            key: PublicKey(row.public_key.clone().try_into().map_err(|_| bad("public_key"))?),
            staff: StaffId(row.staff_id),
            hats: hats
                .iter()
                .map(|(code, holder)| {
                    Ok((
                        Hat::from_code(*code).ok_or_else(|| bad("hat"))?,
                        holder.parse().map_err(|_| bad("holder"))?,
                    ))
                })
                .collect::<Result<_, StoreError>>()?,
            enrolled_index: row.enrolled_index,
            revoked_index: row.revoked_index,
            contiguous: row.contiguous,
            seq_max: row.seq_max,
            fork_at: row.fork_at,
            broken_at: row.broken_at,
            in_browser: row.key_class.as_deref() == Some(BROWSER),
        })
    }
}

/// The device of this id.
///
/// # Errors
/// When the database fails or the row cannot be read.
pub async fn by_id(db: &impl ConnectionTrait, id: DeviceId) -> Result<Option<Device>, StoreError> {
    device::Entity::find_by_id(id.0.to_vec())
        .one(db)
        .await?
        .as_ref()
        .map(Device::from_row)
        .transpose()
}

/// Every device.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Device>, StoreError> {
    device::Entity::find()
        .all(db)
        .await?
        .iter()
        .map(Device::from_row)
        .collect()
}

/// Makes a one-time code for a person's next device and returns it; only its hash is kept.
///
/// # Errors
/// When the database fails.
pub async fn new_code(tx: &DatabaseTransaction, staff: StaffId, now_ms: i64) -> Result<String, StoreError> {
    let code = make_code();
    keep_code(tx, staff, &code, now_ms).await?;
    Ok(code)
}

/// A one-time code that nobody has yet: 128 bits, in hex.
pub fn make_code() -> String {
    hex::encode(clock::random::<16>())
}

/// Keeps a code for a person's next device, by its hash.
///
/// # Errors
/// When the database fails.
pub async fn keep_code(tx: &DatabaseTransaction, staff: StaffId, code: &str, now_ms: i64) -> Result<(), StoreError> {
    let row = enrolment_code::ActiveModel {
        code_hash: Set(Sha256::digest(code.as_bytes()).to_vec()),
        staff_id: Set(staff.0),
        created_at: Set(now_ms),
        expires_at: Set(now_ms + CODE_LIFE_MS),
        used_at: Set(None),
    };
    row.insert(tx).await?;
    Ok(())
}

/// Uses a code up; `None` when it is unknown, used or too old. The same answer for all three.
///
/// # Errors
/// When the database fails.
pub async fn use_code(tx: &DatabaseTransaction, code: &str, now_ms: i64) -> Result<Option<StaffId>, StoreError> {
    let hash = Sha256::digest(code.as_bytes()).to_vec();
    let used = enrolment_code::Entity::update_many()
        .col_expr(enrolment_code::Column::UsedAt, Expr::value(now_ms))
        .filter(enrolment_code::Column::CodeHash.eq(hash.clone()))
        .filter(enrolment_code::Column::UsedAt.is_null())
        .filter(enrolment_code::Column::ExpiresAt.gt(now_ms))
        .exec(tx)
        .await?;
    if used.rows_affected == 0 {
        return Ok(None);
    }
    Ok(enrolment_code::Entity::find_by_id(hash)
        .one(tx)
        .await?
        .map(|row| StaffId(row.staff_id)))
}

/// The act that enrols a key for a person; the projector makes the device from it, so a rebuild does too.
///
/// # Errors
/// When the database fails.
pub async fn enrol(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    person: &Person,
    (key, in_browser): (PublicKey, bool),
) -> Result<DeviceId, StoreError> {
    let id = key.device_id();
    let hats: Vec<(u64, String)> = person
        .hats()
        .iter()
        .map(|(hat, holder)| (hat.code(), holder.to_string()))
        .collect();
    let mut data = json!({ "public_key": hex::encode(key.0), "staff": person.id.to_string(), "hats": hats });
    if in_browser {
        data["key_class"] = json!(BROWSER);
    }
    append_act(tx, store, keys, &about(id, "device.enrolled", store.now_ms(), &data)).await?;
    Ok(id)
}

/// The act that revokes a device.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    id: DeviceId,
    by: StaffId,
) -> Result<(), StoreError> {
    let data = json!({ "by": by.to_string() });
    append_act(tx, store, keys, &about(id, "device.revoked", store.now_ms(), &data))
        .await
        .map(drop)
}

fn about(device: DeviceId, kind: &str, at_ms: i64, data: &serde_json::Value) -> Act {
    Act {
        kind: kind.to_owned(),
        subject: device.0,
        actor: "server".to_owned(),
        at_ms,
        data: data.to_string(),
        nonce: custody::ids::Nonce(clock::random()),
    }
}

/// Genuine events of a device with a larger sequence number, in the order of its chain: number and id.
///
/// # Errors
/// When the database fails.
pub async fn events_after(
    db: &impl ConnectionTrait,
    device: DeviceId,
    after: i64,
    limit: u64,
) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    use crate::table::custody_event;
    use sea_orm::{QueryOrder, QuerySelect};
    Ok(custody_event::Entity::find()
        .select_only()
        .columns([custody_event::Column::Seq, custody_event::Column::EventId])
        .filter(custody_event::Column::DeviceId.eq(device.0.to_vec()))
        .filter(custody_event::Column::Seq.gt(after))
        .filter(custody_event::Column::Verdict.is_not_in(crate::project::NOT_GENUINE))
        .order_by_asc(custody_event::Column::Seq)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?)
}

/// Sequence numbers of a device that have not arrived although a later one has.
///
/// # Errors
/// When the database fails.
pub async fn missing(db: &impl ConnectionTrait, device: &Device, limit: usize) -> Result<Vec<(i64, i64)>, StoreError> {
    use crate::table::custody_event;
    use sea_orm::{QueryOrder, QuerySelect};
    let seen: Vec<i64> = custody_event::Entity::find()
        .select_only()
        .column(custody_event::Column::Seq)
        .distinct()
        .filter(custody_event::Column::DeviceId.eq(device.id.0.to_vec()))
        .filter(custody_event::Column::Seq.gt(device.contiguous))
        // What a stranger sent under this device's name neither hides a gap nor opens one.
        .filter(custody_event::Column::Verdict.is_not_in(crate::project::NOT_GENUINE))
        .order_by_asc(custody_event::Column::Seq)
        .into_tuple()
        .all(db)
        .await?;
    let (mut next, mut ranges) = (device.contiguous + 1, Vec::new());
    for seq in seen {
        if seq > next && ranges.len() < limit {
            ranges.push((next, seq - 1));
        }
        next = next.max(seq + 1);
    }
    Ok(ranges)
}

/// Devices revoked after a number of the log, oldest first, at most `limit`; and up to which number that tells.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn revoked_after(
    db: &impl ConnectionTrait,
    log_index: u64,
    limit: u64,
) -> Result<(Vec<DeviceId>, u64), StoreError> {
    use sea_orm::{QueryOrder, QuerySelect};
    let rows: Vec<(Vec<u8>, i64)> = device::Entity::find()
        .select_only()
        .columns([device::Column::DeviceId, device::Column::RevokedIndex])
        .filter(device::Column::RevokedIndex.gt(i64::try_from(log_index).unwrap_or(i64::MAX)))
        .order_by_asc(device::Column::RevokedIndex)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let through = rows
        .last()
        .and_then(|(_, index)| u64::try_from(*index).ok())
        .unwrap_or(log_index);
    let bad = |id: Vec<u8>| StoreError::corrupt("device", hex::encode(id), "device_id");
    let ids = rows.into_iter().map(|(id, _)| id.try_into().map(DeviceId).map_err(bad));
    Ok((ids.collect::<Result<_, _>>()?, through))
}
