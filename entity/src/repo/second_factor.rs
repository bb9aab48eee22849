//! Second factors of staff: time-based codes (RFC 6238) whose secret is derived from the server's keys and a salt, so that the
//! database alone gives no code. A code is good once: the step it was made for is remembered.

use crate::table::second_factor;
use crate::{ServerKeys, StoreError, clock};
use domain::ids::StaffId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

/// Somebody's second factor.
pub type Factor = second_factor::Model;

/// The secret of a factor: 20 bytes, as RFC 4226 recommends for SHA-1.
pub fn secret(keys: &ServerKeys, factor: &Factor) -> [u8; 20] {
    let mut subject = [0; 32];
    subject[..16].copy_from_slice(factor.staff_id.as_bytes());
    let length = factor.salt.len().min(16);
    subject[16..16 + length].copy_from_slice(&factor.salt[..length]);
    let long = keys.derive("second-factor", &subject);
    let mut secret = [0; 20];
    secret.copy_from_slice(&long[..20]);
    secret
}

/// The factor of somebody, confirmed or not.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, staff: StaffId) -> Result<Option<Factor>, StoreError> {
    Ok(second_factor::Entity::find_by_id(staff.0).one(db).await?)
}

/// Gives somebody a new factor that does not count until it is confirmed.
///
/// # Errors
/// When the database fails.
pub async fn begin(tx: &DatabaseTransaction, staff: StaffId, now_ms: i64) -> Result<Factor, StoreError> {
    let factor = Factor {
        staff_id: staff.0,
        salt: clock::random::<16>().to_vec(),
        created_at: now_ms,
        confirmed_at: None,
        last_step: 0,
    };
    let row = second_factor::ActiveModel {
        staff_id: Set(factor.staff_id),
        salt: Set(factor.salt.clone()),
        created_at: Set(now_ms),
        confirmed_at: Set(None),
        last_step: Set(0),
    };
    second_factor::Entity::insert(row)
        .on_conflict(
            OnConflict::column(second_factor::Column::StaffId)
                .update_columns([
                    second_factor::Column::Salt,
                    second_factor::Column::CreatedAt,
                    second_factor::Column::ConfirmedAt,
                    second_factor::Column::LastStep,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(factor)
}

/// Uses the code of one step up, and confirms the factor if it was not. False when that step or a later one was used before.
///
/// # Errors
/// When the database fails.
pub async fn use_step(tx: &DatabaseTransaction, factor: &Factor, step: i64, now_ms: i64) -> Result<bool, StoreError> {
    let since = factor.confirmed_at.unwrap_or(now_ms);
    let used = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .col_expr(second_factor::Column::ConfirmedAt, Expr::value(since))
        .filter(second_factor::Column::StaffId.eq(factor.staff_id))
        .filter(second_factor::Column::Salt.eq(factor.salt.clone()))
        .filter(second_factor::Column::LastStep.lt(step))
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Takes somebody's factor away, when their telephone is lost; an administrator does it.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &DatabaseTransaction, staff: StaffId) -> Result<(), StoreError> {
    second_factor::Entity::delete_by_id(staff.0).exec(tx).await?;
    Ok(())
}
