//! Places, offices, people and procedures: loaded by import, read by everything else.

use crate::StoreError;
use crate::table::{agency, commune, courier, desk, lgsp_client, postal_operator, procedure, service_point, staff};
use domain::ids::{AgencyId, DeskId, OperatorId, ServicePointId};
use domain::place::Commune;
use domain::wire::calendar::CalendarsRecord;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IdenStatic, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The identifier of a thing that an operator names by code: the same code gives the same identifier, so an import can be
/// repeated and files can refer to each other.
pub fn id_of(kind: &str, code: &str) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"traotay/reference/v1/");
    hash.update(kind.as_bytes());
    hash.update(b"/");
    hash.update(code.as_bytes());
    let bytes: [u8; 32] = hash.finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(&bytes[..16]);
    uuid::Builder::from_custom_bytes(id).into_uuid()
}

/// The operator whose everything is that names none: the only one where there is one.
pub const FIRST_OPERATOR: OperatorId = OperatorId(Uuid::from_u128(0x5cf9_7f88_40b9_8bf7_b6ff_5781_2b7e_3b49));

/// The id of an operator by its code; the first one's when nothing is named.
pub fn operator_of(code: Option<&str>) -> OperatorId {
    code.map_or(FIRST_OPERATOR, |code| OperatorId(id_of("operator", code)))
}

/// Everything a province's folder holds.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    /// Postal operators, besides the first.
    pub operators: Vec<postal_operator::Model>,
    /// Communes.
    pub communes: Vec<commune::Model>,
    /// Agencies.
    pub agencies: Vec<agency::Model>,
    /// Service points.
    pub service_points: Vec<service_point::Model>,
    /// Desks.
    pub desks: Vec<desk::Model>,
    /// Staff.
    pub staff: Vec<staff::Model>,
    /// Couriers.
    pub couriers: Vec<courier::Model>,
    /// Procedures.
    pub procedures: Vec<procedure::Model>,
    /// `calendar.json`.
    pub calendar: CalendarsRecord,
    /// Other files that are kept whole, by name.
    pub files: Vec<(&'static str, serde_json::Value)>,
    /// One-stop clients.
    pub lgsp_clients: Vec<lgsp_client::Model>,
}

/// Loads a province; loading it again changes nothing but what the files changed. Passwords and secrets that exist are kept.
///
/// # Errors
/// When the database fails.
pub async fn load(tx: &DatabaseTransaction, reference: Reference) -> Result<(), StoreError> {
    upsert::<commune::Entity>(tx, reference.communes, &[commune::Column::Code], &[]).await?;
    upsert::<postal_operator::Entity>(tx, reference.operators, &[postal_operator::Column::Id], &[]).await?;
    upsert::<agency::Entity>(tx, reference.agencies, &[agency::Column::Id], &[]).await?;
    upsert::<service_point::Entity>(tx, reference.service_points, &[service_point::Column::Id], &[]).await?;
    upsert::<desk::Entity>(tx, reference.desks, &[desk::Column::Id], &[]).await?;
    upsert::<staff::Entity>(
        tx,
        reference.staff,
        &[staff::Column::Id],
        &[staff::Column::PasswordHash],
    )
    .await?;
    upsert::<courier::Entity>(tx, reference.couriers, &[courier::Column::StaffId], &[]).await?;
    upsert::<procedure::Entity>(tx, reference.procedures, &[procedure::Column::Code], &[]).await?;
    super::province_file::put(tx, super::calendar::FILE, &serde_json::json!(reference.calendar)).await?;
    for (name, records) in &reference.files {
        super::province_file::put(tx, name, records).await?;
    }
    // What people changed since stays: secret, key, whether it may order at all.
    let kept = [
        lgsp_client::Column::SecretHash,
        lgsp_client::Column::ClientKey,
        lgsp_client::Column::PublicKey,
        lgsp_client::Column::Active,
    ];
    upsert::<lgsp_client::Entity>(tx, reference.lgsp_clients, &[lgsp_client::Column::Id], &kept).await
}

/// Rows of one insert; well under every database's limit of parameters.
const CHUNK: usize = 200;

async fn upsert<E>(
    tx: &DatabaseTransaction,
    rows: Vec<E::Model>,
    key: &[E::Column],
    kept: &[E::Column],
) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let named = |columns: &[E::Column], one: &E::Column| columns.iter().any(|column| column.as_str() == one.as_str());
    let updated: Vec<E::Column> = E::Column::iter()
        .filter(|column| !named(key, column) && !named(kept, column))
        .collect();
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<E::ActiveModel> = rows.by_ref().take(CHUNK).collect();
        E::insert_many(chunk)
            .on_conflict(
                OnConflict::columns(key.iter().copied())
                    .update_columns(updated.clone())
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Every commune.
///
/// # Errors
/// When the database fails.
pub async fn communes(db: &impl ConnectionTrait) -> Result<Vec<commune::Model>, StoreError> {
    Ok(commune::Entity::find().all(db).await?)
}

/// Whether there is a commune of this code.
///
/// # Errors
/// When the database fails.
pub async fn has_commune(db: &impl ConnectionTrait, code: &str) -> Result<bool, StoreError> {
    Ok(commune::Entity::find_by_id(code).one(db).await?.is_some())
}

/// Every commune as it is told to people: its kind, what it was made of, the former districts it lies in.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn places(db: &impl ConnectionTrait) -> Result<Vec<Commune>, StoreError> {
    let place = |row: commune::Model| {
        Commune::from_fields(&row.code, &row.name, &row.kind, &row.old_names, row.lat, row.lon)
            .map_err(|why| StoreError::corrupt("commune", &row.code, why))
    };
    communes(db).await?.into_iter().map(place).collect()
}

/// Every service point.
///
/// # Errors
/// When the database fails.
pub async fn service_points(db: &impl ConnectionTrait) -> Result<Vec<service_point::Model>, StoreError> {
    Ok(service_point::Entity::find().all(db).await?)
}

/// A service point.
///
/// # Errors
/// When the database fails.
pub async fn service_point(
    db: &impl ConnectionTrait,
    id: ServicePointId,
) -> Result<Option<service_point::Model>, StoreError> {
    Ok(service_point::Entity::find_by_id(id.0).one(db).await?)
}

/// Every postal operator, by code.
///
/// # Errors
/// When the database fails.
pub async fn operators(db: &impl ConnectionTrait) -> Result<Vec<postal_operator::Model>, StoreError> {
    let query = postal_operator::Entity::find().order_by_asc(postal_operator::Column::Code);
    Ok(query.all(db).await?)
}

/// An agency.
///
/// # Errors
/// When the database fails.
pub async fn agency(db: &impl ConnectionTrait, id: AgencyId) -> Result<Option<agency::Model>, StoreError> {
    Ok(agency::Entity::find_by_id(id.0).one(db).await?)
}

/// Every agency.
///
/// # Errors
/// When the database fails.
pub async fn agencies(db: &impl ConnectionTrait) -> Result<Vec<agency::Model>, StoreError> {
    Ok(agency::Entity::find().all(db).await?)
}

/// Every desk.
///
/// # Errors
/// When the database fails.
pub async fn all_desks(db: &impl ConnectionTrait) -> Result<Vec<desk::Model>, StoreError> {
    Ok(desk::Entity::find().all(db).await?)
}

/// The desks of an agency.
///
/// # Errors
/// When the database fails.
pub async fn desks(db: &impl ConnectionTrait, agency: AgencyId) -> Result<Vec<desk::Model>, StoreError> {
    Ok(desk::Entity::find()
        .filter(desk::Column::AgencyId.eq(agency.0))
        .all(db)
        .await?)
}

/// A desk.
///
/// # Errors
/// When the database fails.
pub async fn desk(db: &impl ConnectionTrait, id: DeskId) -> Result<Option<desk::Model>, StoreError> {
    Ok(desk::Entity::find_by_id(id.0).one(db).await?)
}

/// Every procedure, by code.
///
/// # Errors
/// When the database fails.
pub async fn procedures(db: &impl ConnectionTrait) -> Result<Vec<procedure::Model>, StoreError> {
    let query = procedure::Entity::find().order_by_asc(procedure::Column::Code);
    Ok(query.all(db).await?)
}

/// A procedure.
///
/// # Errors
/// When the database fails.
pub async fn procedure(db: &impl ConnectionTrait, code: &str) -> Result<Option<procedure::Model>, StoreError> {
    Ok(procedure::Entity::find_by_id(code).one(db).await?)
}
