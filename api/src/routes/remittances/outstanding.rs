//! `GET /api/v1/remittances/outstanding`

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::routes::money::ReceiptView;
use axum::extract::State;
use domain::wire::money::VND;
use entity::repo::remittance;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What one agency is still to get.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OutstandingOf {
    /// The agency.
    agency_id: Uuid,
    /// The sum of the receipts, in whole đồng.
    total: i64,
    /// `VND`.
    currency: &'static str,
    /// The receipts.
    receipts: Vec<ReceiptView>,
}

/// What agencies are still to get.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutstandingView {
    /// One for each agency.
    agencies: Vec<OutstandingOf>,
}

/// State fees that were taken and are not with the agency: for an office the receipts that stand in no statement, for an agency
/// all whose money it has not confirmed.
#[utoipa::path(get, path = "/api/v1/remittances/outstanding", tag = "money", security(("staff" = [])),
    responses((status = 200, body = OutstandingView), StaffRead))]
pub(crate) async fn handler(State(app): State<App>, right: StaffRight) -> Result<Json<OutstandingView>, Problem> {
    let mut agencies: BTreeMap<Uuid, OutstandingOf> = BTreeMap::new();
    for row in remittance::outstanding(&app.store.see(&right.scope).await?, &right.scope).await? {
        let of = agencies.entry(row.agency_id).or_insert_with(|| OutstandingOf {
            agency_id: row.agency_id,
            total: 0,
            currency: VND,
            receipts: Vec::new(),
        });
        of.total = of.total.saturating_add(row.amount);
        of.receipts.push(row.into());
    }
    Ok(Json(OutstandingView {
        agencies: agencies.into_values().collect(),
    }))
}
