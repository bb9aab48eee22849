//! `GET /api/v1/clients`: one-stop systems that order over the bus.

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::repo::lgsp::{self, Entry};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A one-stop system.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientView {
    /// Its id.
    id: Uuid,
    /// The key it signs in with.
    client_key: String,
    /// The customer code it orders under.
    customer_code: String,
    /// Its name.
    name: String,
    /// The agency it speaks for.
    agency_id: Uuid,
    /// How it proves who it is: `any`, or one of the ways old software has, or `private_key_jwt`.
    token_mode: String,
    /// Whether it has a secret.
    has_secret: bool,
    /// The public key it signs assertions with, as a JWK, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    public_key: Option<serde_json::Value>,
    /// Whether it may order now.
    active: bool,
}

impl From<Entry> for ClientView {
    fn from(entry: Entry) -> Self {
        let Entry {
            client,
            client_key,
            is_active,
        } = entry;
        Self {
            id: client.id.0,
            client_key,
            token_mode: client.profile["tokenMode"].as_str().unwrap_or("any").to_owned(),
            has_secret: !client.secret_hash.is_empty(),
            customer_code: client.customer_code,
            name: client.name,
            agency_id: client.agency.0,
            public_key: client.public_key,
            active: is_active,
        }
    }
}

/// One-stop systems.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientsView {
    /// Each of them, by customer code.
    clients: Vec<ClientView>,
}

/// The one-stop systems that order from the caller's operator. A new secret or key takes two people: `/api/v1/changes`.
#[utoipa::path(get, path = "/api/v1/clients", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = ClientsView), StaffRead))]
pub(crate) async fn clients(State(app): State<App>, right: StaffRight) -> Result<Json<ClientsView>, Problem> {
    let operator = right.person.operator.ok_or(Kind::MissingRight)?;
    let found = lgsp::of_operator(app.store.open(), operator).await?;
    Ok(Json(ClientsView {
        clients: found.into_iter().map(ClientView::from).collect(),
    }))
}
