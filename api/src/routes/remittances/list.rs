//! `GET /api/v1/remittances`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use axum::extract::State;
use domain::wire::money::VND;
use entity::repo::remittance::{self, Remittance};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A remittance.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RemittanceView {
    /// Its name.
    id: Uuid,
    /// The agency it goes to.
    agency_id: Uuid,
    /// `stated`, `confirmed` or `withdrawn`.
    state: &'static str,
    /// The receipts, by number.
    receipts: Vec<String>,
    /// Their sum, in whole đồng.
    total: i64,
    /// `VND`.
    currency: &'static str,
    /// When it was made out, in milliseconds UTC.
    stated_at_ms: i64,
    /// When the agency counted and took it, in milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at_ms: Option<i64>,
}

impl From<Remittance> for RemittanceView {
    fn from(known: Remittance) -> Self {
        let state = match (known.confirmed_at_ms, known.withdrawn_at_ms) {
            (Some(_), _) => "confirmed",
            (None, Some(_)) => "withdrawn",
            (None, None) => "stated",
        };
        Self {
            id: known.id,
            agency_id: known.agency.0,
            state,
            receipts: known.receipts,
            total: known.total,
            currency: VND,
            stated_at_ms: known.stated_at_ms,
            confirmed_at_ms: known.confirmed_at_ms,
        }
    }
}

/// Remittances, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RemittancesView {
    /// Each of them.
    remittances: Vec<RemittanceView>,
}

/// The latest remittances of the caller's office, or to the caller's agency.
#[utoipa::path(get, path = "/api/v1/remittances", tag = "money", security(("staff" = [])),
    responses((status = 200, body = RemittancesView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: StaffRight) -> Result<Json<RemittancesView>, Problem> {
    let known = remittance::list(&app.store.see(&right.scope).await?, &right.scope).await?;
    Ok(Json(RemittancesView {
        remittances: known.into_iter().map(RemittanceView::from).collect(),
    }))
}
