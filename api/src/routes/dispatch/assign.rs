//! `POST /api/v1/dispatch/assign`

use crate::App;
use crate::auth::SupervisorRight;
use crate::extract::Json;
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::StaffId;
use domain::item_code::ItemCode;
use entity::repo::assignment::{self, Decision};
use entity::repo::{item, staff};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who does what.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct AssignRequest {
    /// The number on the label.
    item_code: String,
    /// Fetch or deliver.
    leg: LegName,
    /// A courier of the dispatcher's office.
    staff_id: Uuid,
}

/// Fetch or deliver.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LegName {
    /// Fetch from the sender.
    Pickup,
    /// Deliver to the addressee.
    Deliver,
}

impl LegName {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pickup => "pickup",
            Self::Deliver => "deliver",
        }
    }
}

/// The decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssignedView {
    /// Its id.
    assignment_id: Uuid,
}

/// Gives one leg of an item to a courier. Saying the same again changes nothing.
#[utoipa::path(post, path = "/api/v1/dispatch/assign", tag = "dispatch", request_body = AssignRequest, security(("staff" = [])),
    responses((status = 201, body = AssignedView), StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: SupervisorRight,
    Json(request): Json<AssignRequest>,
) -> Result<(StatusCode, Json<AssignedView>), Problem> {
    let code = ItemCode::parse(&request.item_code).map_err(|_| Kind::NotFound)?;
    let courier = StaffId(request.staff_id);
    let ours = staff::couriers(app.store.open()).await?;
    if !ours
        .iter()
        .any(|row| row.staff == courier && row.service_point == right.office)
    {
        return Err(Problem::with(
            Kind::InvalidRequest,
            "staff_id is no courier of this office",
        ));
    }
    let (store, keys, leg) = (app.store.clone(), app.keys.clone(), request.leg.as_str());
    let (office, scope) = (right.office, right.scope);
    let assignment_id = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                if !item::is_seen(tx, &scope, &code).await? {
                    return Err(Kind::NotFound.into());
                }
                let task = assignment::task(tx, &code, leg).await?.ok_or(Kind::NotFound)?;
                if !task.is_open {
                    return Err(Problem::with(
                        Kind::InvalidRequest,
                        "this item is delivered, back or cancelled",
                    ));
                }
                // A courier who brought the item back to an office goes once more: what they were told before has ended.
                let standing = assignment::standing(tx, &code, leg).await?;
                if let Some(same) = standing.filter(|standing| standing.staff_id == courier.0) {
                    return Ok(same.id);
                }
                let decision = Decision {
                    leg: leg.to_owned(),
                    courier,
                    service_point: office,
                    why: "chosen by the dispatcher".to_owned(),
                    commune_code: task.commune_code.clone(),
                    // Known places stay as they are: the dispatcher chose a person, not an address.
                    place: None,
                    task,
                };
                Ok(assignment::decide(tx, &store, &keys, &decision).await?.0)
            })
        })
        .await?;
    app.store.deposited().notify_one();
    Ok((StatusCode::CREATED, Json(AssignedView { assignment_id })))
}
