//! `GET /api/v1/bags` (túi)

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::routes::items::ItemView;
use axum::extract::State;
use entity::repo::bag::{self, Bag, Step};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A bag with envelopes in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BagView {
    /// What is written on it.
    id: String,
    /// The number on its seal, as signed when it was packed.
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<String>,
    /// Who packed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    packed_by: Option<Uuid>,
    /// That event in the log, in hex.
    event_id: String,
    /// When it came, milliseconds UTC.
    received_ms: i64,
    /// Who holds the bag, and so everything in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    /// What the caller sees of what lies in it.
    items: Vec<ItemView>,
    /// What was signed of the bag, in the order the server heard of it.
    story: Vec<BagStepView>,
}

/// Something signed of a bag.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BagStepView {
    /// The event in the log, in hex.
    event_id: String,
    /// What happened: `aggregate`, `offer`, `accept`, `release`, `disaggregate`, `exception` …
    kind: String,
    /// Who signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    staff: Option<Uuid>,
    /// When it came, milliseconds UTC.
    received_ms: i64,
}

impl From<Step> for BagStepView {
    fn from(step: Step) -> Self {
        Self {
            event_id: step.event,
            kind: step.kind.name().into_owned(),
            staff: step.staff.map(|staff| staff.0),
            received_ms: step.received_ms,
        }
    }
}

impl From<Bag> for BagView {
    fn from(bag: Bag) -> Self {
        Self {
            id: bag.id,
            seal: bag.seal,
            packed_by: bag.packed_by.map(|staff| staff.0),
            event_id: bag.event,
            received_ms: bag.received_ms,
            // An item in dispute may stay with another holder; the bag's is that of an item that went along.
            holder: bag
                .items
                .iter()
                .find(|item| !item.disputed)
                .and_then(|item| item.holder.clone()),
            story: bag.story.into_iter().map(BagStepView::from).collect(),
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

/// Which envelopes lie in which sealed bag, who holds the bag, and what was signed of it. Whoever holds the bag holds what lies in
/// it; packing and opening change nothing of that.
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
