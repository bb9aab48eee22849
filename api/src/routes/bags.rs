//! `GET /api/v1/bags` (túi)

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::routes::items::ItemView;
use axum::extract::State;
use entity::repo::bag::{self, Bag};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A bag with envelopes in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BagView {
    /// What is written on it.
    id: String,
    /// The number on its seal, as signed when something was put in last.
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<String>,
    /// Who put something in last.
    #[serde(skip_serializing_if = "Option::is_none")]
    packed_by: Option<Uuid>,
    /// That event in the log, in hex.
    event_id: String,
    /// When it came, milliseconds UTC.
    received_ms: i64,
    /// What the caller sees of what lies in it.
    items: Vec<ItemView>,
}

impl From<Bag> for BagView {
    fn from(bag: Bag) -> Self {
        Self {
            id: bag.id,
            seal: bag.seal,
            packed_by: bag.packed_by.map(|staff| staff.0),
            event_id: bag.event,
            received_ms: bag.received_ms,
            items: bag.items.into_iter().map(ItemView::from).collect(),
        }
    }
}

/// Bags.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BagsView {
    /// Each of them, the one packed last first.
    bags: Vec<BagView>,
}

/// Which envelopes lie in which bag, as the devices that packed and unpacked signed it last. Who holds an envelope is said by the
/// envelope: packing changes nothing of it.
#[utoipa::path(get, path = "/api/v1/bags", tag = "item", params(AccessPurpose), security(("staff" = [])),
    responses((status = 200, body = BagsView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: StaffRight) -> Result<Json<BagsView>, Problem> {
    let bags = bag::list(&app.store.see(&right.scope).await?, &right.scope).await?;
    let rows = bags.iter().map(|bag| bag.items.len()).sum();
    right.looked(&app, "bags", None, rows).await?;
    Ok(Json(BagsView {
        bags: bags.into_iter().map(BagView::from).collect(),
    }))
}
