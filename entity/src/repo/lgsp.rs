//! One-stop systems that come through the province's bus, and their opaque tokens.

use crate::StoreError;
use crate::table::{client_assertion, lgsp_client, lgsp_token};
use domain::ids::{AgencyId, ClientId, OperatorId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};
use sha2::{Digest, Sha256};

/// A one-stop client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// The customer code it orders under.
    pub customer_code: String,
    /// Its name.
    pub name: String,
    /// The agency it speaks for.
    pub agency: AgencyId,
    /// The postal operator it orders from.
    pub operator: OperatorId,
    /// The argon2id string of its secret.
    pub secret_hash: String,
    /// The key it signs assertions with, as a JWK.
    pub public_key: Option<serde_json::Value>,
    /// How it speaks: dispatch, token mode, error mode, code system (JSON).
    pub profile: serde_json::Value,
}

fn client(row: lgsp_client::Model) -> Result<Client, StoreError> {
    let key = row.public_key.as_deref().map(serde_json::from_str).transpose();
    Ok(Client {
        public_key: key.map_err(|error| StoreError::corrupt("lgsp_client", row.id, error))?,
        profile: serde_json::from_str(&row.profile)
            .map_err(|error| StoreError::corrupt("lgsp_client", row.id, error))?,
        id: ClientId(row.id),
        customer_code: row.customer_code,
        name: row.name,
        agency: AgencyId(row.agency_id),
        operator: OperatorId(row.operator_id),
        secret_hash: row.secret_hash,
    })
}

/// The client of this key.
///
/// # Errors
/// When the database fails.
pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Client>, StoreError> {
    let row = lgsp_client::Entity::find()
        .filter(lgsp_client::Column::ClientKey.eq(key))
        .filter(lgsp_client::Column::Active.eq(true))
        .one(db)
        .await?;
    row.map(client).transpose()
}

/// A client as whoever looks after it reads it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The client.
    pub client: Client,
    /// The key it signs in with.
    pub client_key: String,
    /// Whether it may order.
    pub is_active: bool,
}

/// The clients that order from an operator, by customer code.
///
/// # Errors
/// When the database fails.
pub async fn of_operator(db: &impl ConnectionTrait, operator: OperatorId) -> Result<Vec<Entry>, StoreError> {
    let rows = lgsp_client::Entity::find()
        .filter(lgsp_client::Column::OperatorId.eq(operator.0))
        .order_by_asc(lgsp_client::Column::CustomerCode)
        .all(db)
        .await?;
    let entry = |row: lgsp_client::Model| {
        Ok(Entry {
            client_key: row.client_key.clone(),
            is_active: row.active,
            client: client(row)?,
        })
    };
    rows.into_iter().map(entry).collect()
}

/// Uses an assertion of a client up; whether it was new. Those that ended are forgotten: an ended one is refused anyway.
///
/// # Errors
/// When the database fails.
pub async fn use_assertion(
    tx: &DatabaseTransaction,
    client: ClientId,
    jti: &str,
    expires_at: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    client_assertion::Entity::delete_many()
        .filter(client_assertion::Column::ExpiresAt.lt(now_ms))
        .exec(tx)
        .await?;
    let mut hash = Sha256::new();
    hash.update(client.0.as_bytes());
    hash.update(jti);
    let row = client_assertion::ActiveModel {
        hash: Set(hash.finalize().to_vec()),
        expires_at: Set(expires_at),
    };
    let kept = client_assertion::Entity::insert(row)
        .on_conflict(
            OnConflict::column(client_assertion::Column::Hash)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(kept > 0)
}

/// The clients that speak for an agency.
///
/// # Errors
/// When the database fails.
pub async fn of_agency(db: &impl ConnectionTrait, agency: AgencyId) -> Result<Vec<Client>, StoreError> {
    let rows = lgsp_client::Entity::find()
        .filter(lgsp_client::Column::AgencyId.eq(agency.0))
        .all(db)
        .await?;
    rows.into_iter().map(client).collect()
}

/// How long a token that has ended is still known, so that its client can be told in its own words: a day, in milliseconds.
const REMEMBERED_MS: i64 = 24 * 3_600_000;

/// The client a token belongs to or belonged to until lately, and when it ends or ended, in milliseconds UTC.
///
/// # Errors
/// When the database fails.
pub async fn by_token(db: &impl ConnectionTrait, token_hash: [u8; 32]) -> Result<Option<(Client, i64)>, StoreError> {
    let Some(token) = lgsp_token::Entity::find_by_id(token_hash.to_vec()).one(db).await? else {
        return Ok(None);
    };
    let row = lgsp_client::Entity::find_by_id(token.client_id)
        .filter(lgsp_client::Column::Active.eq(true))
        .one(db)
        .await?;
    Ok(row.map(client).transpose()?.map(|client| (client, token.expires_at)))
}

/// Stores the hash of a token; those that ended more than a day ago go.
///
/// # Errors
/// When the database fails.
pub async fn keep_token(
    tx: &DatabaseTransaction,
    client: ClientId,
    token: &str,
    expires_at: i64,
    now_ms: i64,
) -> Result<(), StoreError> {
    lgsp_token::Entity::delete_many()
        .filter(lgsp_token::Column::ExpiresAt.lt(now_ms.saturating_sub(REMEMBERED_MS)))
        .exec(tx)
        .await?;
    let row = lgsp_token::ActiveModel {
        token_hash: Set(Sha256::digest(token.as_bytes()).to_vec()),
        client_id: Set(client.0),
        expires_at: Set(expires_at),
    };
    row.insert(tx).await.map(drop).map_err(StoreError::from)
}
