//! `POST /api/v1/dossiers/{id}/compensations`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Problem};
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::compensation::Harm;
use domain::ids::DossierId;
use domain::item_code::ItemCode;
use domain::money::Dong;
use domain::party::Party;
use entity::repo::compensation::{self, NewClaim};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A claim.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "item_code": "EE000000155VN", "harm": "lost", "fault": "post", "postage": 26000, "reissue_costs": 8000 }))]
pub(crate) struct ClaimRequest {
    /// The label of the item.
    item_code: String,
    /// `lost`, `damaged`, `swapped` or `late`.
    harm: String,
    /// Whose fault it is, as people found: `post`, `agency` or `applicant`.
    fault: String,
    /// The postage of this item, in whole đồng; what was paid for the dossier when left out.
    postage: Option<i64>,
    /// What it costs to have the papers issued again, with proof.
    #[serde(default)]
    reissue_costs: i64,
    /// Nobody could prevent it.
    #[serde(default)]
    force_majeure: bool,
    /// The receiver took it without objecting.
    #[serde(default)]
    taken_without_objection: bool,
    /// The complaint it follows from.
    complaint_id: Option<Uuid>,
    /// The signed event that told of the damage or loss, in hex.
    incident_event_id: Option<String>,
}

/// Assesses a claim by the law's floor: four times the postage for what was lost, damaged or swapped, the postage for what came
/// late, and the costs of new papers where the post is at fault. What the law owes nothing for is refused with the reason.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/compensations", tag = "compensation", request_body = ClaimRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<ClaimRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let refuse = |why: &str| Problem::with(Kind::InvalidRequest, why);
    let item = ItemCode::parse(&request.item_code).map_err(|_| refuse("item_code is not a label"))?;
    let harm = Harm::parse(&request.harm).ok_or_else(|| refuse("harm is lost, damaged, swapped or late"))?;
    let fault: Party = request
        .fault
        .parse()
        .map_err(|_| refuse("fault is post, agency or applicant"))?;
    let new = NewClaim {
        item,
        harm,
        fault,
        postage: request.postage.map(Dong::new),
        reissue_costs: Dong::new(request.reissue_costs),
        is_force_majeure: request.force_majeure,
        is_taken_without_objection: request.taken_without_objection,
        complaint: request.complaint_id,
        incident: request.incident_event_id.map(|event| event.trim().to_lowercase()),
    };
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    answered(compensation::assess(&app.store, &app.keys, right.scope, DossierId(id), new, actor, once).await?)
}
