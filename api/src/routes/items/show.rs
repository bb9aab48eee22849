//! `GET /api/v1/items/{item_code}`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use domain::ids::DossierId;
use domain::item_code::ItemCode;
use entity::repo::item;
use entity::table::item_custody;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An item and who has it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemView {
    /// The number on the label.
    item_code: String,
    /// What it carries.
    kind: String,
    /// Whose it is.
    dossier_id: Uuid,
    /// Its state, `C0` to `C13`.
    state: String,
    /// Who has it, for example `staff:<uuid>`.
    holder: Option<String>,
    /// The newest event of its chain, in hex.
    head: Option<String>,
    /// Since when, in milliseconds UTC.
    since_ms: i64,
    /// The giver's confirmation is still missing, and the acceptance came less than a day ago.
    provisional: bool,
    /// Two stories contradict each other; a person has to decide.
    disputed: bool,
    /// Events that wait for another one.
    parked: i64,
    /// Failed attempts to deliver.
    attempts: i64,
}

impl From<item_custody::Model> for ItemView {
    fn from(row: item_custody::Model) -> Self {
        Self {
            item_code: row.item_code,
            kind: row.kind,
            dossier_id: row.dossier_id,
            state: row.state,
            holder: row.holder,
            head: row.head.map(hex::encode),
            since_ms: row.since_ms,
            provisional: row.provisional,
            disputed: row.disputed,
            parked: row.parked,
            attempts: row.attempts,
        }
    }
}

/// An item by its label.
#[utoipa::path(get, path = "/api/v1/items/{item_code}", tag = "item", security(("staff" = [])),
    params(("item_code" = String, Path, description = "The number on the label, with or without spaces"), AccessPurpose),
    responses((status = 200, body = ItemView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(item_code): Path<String>,
) -> Result<Json<ItemView>, Problem> {
    let code = ItemCode::parse(&item_code).map_err(|_| Kind::NotFound)?;
    let db = &app.store.see(&right.scope).await?;
    let mut found = item::by_code(db, &right.scope, &code).await?.ok_or(Kind::NotFound)?;
    found.provisional = item::is_provisional(db, &found, app.store.now_ms()).await?;
    right.looked(&app, "item", Some(DossierId(found.dossier_id)), 1).await?;
    Ok(Json(found.into()))
}
