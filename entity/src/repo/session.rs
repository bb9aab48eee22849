//! Sessions of staff: begun by a sign-in, carried on by refresh tokens that are turned over at each use.
//!
//! A refresh token is `<session>.<generation>.<tag>`; the tag is derived from the server's keys, so none is stored and the next
//! one can be made again. One token of each session is the newest. Presenting it turns it over. Presenting the one before it is
//! what a client does whose answer was lost, and it gets the same successor again: at any time when the session is bound to a
//! device that has just proved itself, else once within [`GRACE_MS`]. Anything older was copied from somebody, and the session
//! ends for whoever holds a part of it (RFC 9700 §4.14.2).

use crate::table::staff_session;
use crate::{ServerKeys, StoreError, clock};
use custody::ids::DeviceId;
use domain::ids::StaffId;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoCondition};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long after a refresh its answer may be asked for once more, by a client that is bound to no device.
pub const GRACE_MS: i64 = 60_000;

/// A session that stands.
pub type Session = staff_session::Model;

/// How to begin one.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Whose.
    pub staff: StaffId,
    /// In which role.
    pub role: String,
    /// The device it is bound to.
    pub device: Option<DeviceId>,
    /// When it ends whatever happens, milliseconds UTC.
    pub expires_at: i64,
}

/// Begins a session.
///
/// # Errors
/// When the database fails.
pub async fn begin(tx: &DatabaseTransaction, new: NewSession, now_ms: i64) -> Result<Session, StoreError> {
    let row = Session {
        id: clock::new_id(),
        staff_id: new.staff.0,
        role: new.role,
        device_id: new.device.map(|device| device.0.to_vec()),
        generation: 1,
        turned_at: now_ms,
        replays: 0,
        created_at: now_ms,
        expires_at: new.expires_at,
        proved_at: Some(now_ms),
        ended_at: None,
        ended_why: None,
    };
    row.clone().into_active_model().insert(tx).await?;
    Ok(row)
}

/// The session of this id, if it stands.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &impl ConnectionTrait, id: Uuid, now_ms: i64) -> Result<Option<Session>, StoreError> {
    let row = staff_session::Entity::find_by_id(id).one(db).await?;
    Ok(row.filter(|row| row.ended_at.is_none() && row.expires_at > now_ms))
}

/// The newest refresh token of a session.
pub fn token(keys: &ServerKeys, session: &Session) -> String {
    token_of(keys, session.id, session.generation)
}

fn token_of(keys: &ServerKeys, id: Uuid, generation: i64) -> String {
    let mut subject = [0; 24];
    subject[..16].copy_from_slice(id.as_bytes());
    subject[16..].copy_from_slice(&generation.to_be_bytes());
    let tag = keys.derive("refresh", &subject);
    format!("{}.{generation}.{}", id.simple(), hex::encode(&tag[..24]))
}

/// Which session and generation a refresh token is of; `None` when this server did not make it.
pub fn read_token(keys: &ServerKeys, token: &str) -> Option<(Uuid, i64)> {
    let mut parts = token.split('.');
    let id: Uuid = parts.next()?.parse().ok()?;
    let generation: i64 = parts.next()?.parse().ok()?;
    // Hashes are compared, so that the time says nothing of the tag.
    let same = Sha256::digest(token_of(keys, id, generation)) == Sha256::digest(token);
    same.then_some((id, generation))
}

/// What became of a refresh token.
#[derive(Debug, Clone, PartialEq)]
pub enum Turned {
    /// Here is the session with its newest token.
    Over(Box<Session>),
    /// The session has ended, or never was.
    Ended,
    /// The token was used before, by somebody else or by a thief: the session has just been ended.
    Reused,
}

/// Turns a refresh token over. A session that is bound to no device and was not used for `idle_ms` has ended.
///
/// # Errors
/// When the database fails.
pub async fn turn(
    tx: &DatabaseTransaction,
    (id, generation): (Uuid, i64),
    proven: Option<DeviceId>,
    idle_ms: i64,
    now_ms: i64,
) -> Result<Turned, StoreError> {
    // Each update takes the row's lock and looks again at what it asks for: of two uses at once one comes second.
    let turned = of(id, generation, proven, now_ms)
        .col_expr(staff_session::Column::Generation, Expr::value(generation + 1))
        .col_expr(staff_session::Column::TurnedAt, Expr::value(now_ms))
        .col_expr(staff_session::Column::Replays, Expr::value(0))
        .filter(is_bound_or(staff_session::Column::TurnedAt.gte(now_ms - idle_ms)))
        .exec(tx)
        .await?;
    let soon = Condition::all()
        .add(staff_session::Column::Replays.eq(0))
        .add(staff_session::Column::TurnedAt.gte(now_ms - GRACE_MS));
    let replayed = turned.rows_affected == 0
        && of(id, generation + 1, proven, now_ms)
            .col_expr(
                staff_session::Column::Replays,
                Expr::col(staff_session::Column::Replays).add(1),
            )
            .filter(is_bound_or(soon))
            .exec(tx)
            .await?
            .rows_affected
            == 1;
    let Some(session) = standing(tx, id, now_ms).await? else {
        return Ok(Turned::Ended);
    };
    if turned.rows_affected == 1 || replayed {
        return Ok(Turned::Over(Box::new(session)));
    }
    let wanted = session.device_id.as_deref();
    if wanted.is_some() && wanted != proven.as_ref().map(|device| &device.0[..]) {
        // The right token without the device's proof ends nothing: anybody who saw it could log its owner out.
        return Ok(Turned::Ended);
    }
    let (why, turned) = if generation == session.generation {
        ("idle", Turned::Ended)
    } else {
        ("reused", Turned::Reused)
    };
    end(tx, id, why, now_ms).await?;
    Ok(turned)
}

/// A change of the session that stands, is of this generation, and is bound to this device if to any.
fn of(id: Uuid, generation: i64, proven: Option<DeviceId>, now_ms: i64) -> sea_orm::UpdateMany<staff_session::Entity> {
    staff_session::Entity::update_many()
        .filter(staff_session::Column::Id.eq(id))
        .filter(staff_session::Column::Generation.eq(generation))
        .filter(staff_session::Column::EndedAt.is_null())
        .filter(staff_session::Column::ExpiresAt.gt(now_ms))
        .filter(bound_to(proven))
}

fn bound_to(proven: Option<DeviceId>) -> Condition {
    let unbound = Condition::any().add(staff_session::Column::DeviceId.is_null());
    match proven {
        Some(device) => unbound.add(staff_session::Column::DeviceId.eq(device.0.to_vec())),
        None => unbound,
    }
}

/// What a browser's session must be; one that is bound to a device may rest, since the device proves itself again.
fn is_bound_or(fresh: impl IntoCondition) -> Condition {
    Condition::any()
        .add(staff_session::Column::DeviceId.is_not_null())
        .add(fresh.into_condition())
}

/// Changes the role worn.
///
/// # Errors
/// When the database fails.
pub async fn wear(tx: &DatabaseTransaction, id: Uuid, role: &str) -> Result<(), StoreError> {
    set(tx, id, staff_session::Column::Role, role.into()).await
}

/// Notes that the person has just proved again who they are.
///
/// # Errors
/// When the database fails.
pub async fn proved(tx: &DatabaseTransaction, id: Uuid, now_ms: i64) -> Result<(), StoreError> {
    set(tx, id, staff_session::Column::ProvedAt, now_ms.into()).await
}

async fn set(
    tx: &DatabaseTransaction,
    id: Uuid,
    column: staff_session::Column,
    value: sea_orm::Value,
) -> Result<(), StoreError> {
    staff_session::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(staff_session::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends a session; one that has ended stays ended as it was.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &DatabaseTransaction, id: Uuid, why: &str, now_ms: i64) -> Result<(), StoreError> {
    ending(why, now_ms)
        .filter(staff_session::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends every session of somebody.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tx: &DatabaseTransaction, staff: StaffId, why: &str, now_ms: i64) -> Result<(), StoreError> {
    ending(why, now_ms)
        .filter(staff_session::Column::StaffId.eq(staff.0))
        .exec(tx)
        .await?;
    Ok(())
}

fn ending(why: &str, now_ms: i64) -> sea_orm::UpdateMany<staff_session::Entity> {
    staff_session::Entity::update_many()
        .col_expr(staff_session::Column::EndedAt, Expr::value(now_ms))
        .col_expr(staff_session::Column::EndedWhy, Expr::value(why))
        .filter(staff_session::Column::EndedAt.is_null())
}

/// Forgets sessions that ran out before a time; says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(tx: &DatabaseTransaction, before_ms: i64) -> Result<u64, StoreError> {
    let gone = staff_session::Entity::delete_many()
        .filter(staff_session::Column::ExpiresAt.lt(before_ms))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}
