//! `POST /api/v1/dispatch/contested/{id}/rulings`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::ChangeWrite;
use crate::problem::{Kind, Mistake, Problem};
use crate::routes::glass::{reason, side};
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::item_code::ItemCode;
use entity::repo::ruling::{self, NewRuling, Wanted};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is to be ruled, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "outcome": "found", "found": "service_point:01890000-0000-7000-8000-000000000000",
    "reason": "Đã kiểm tra tại kho bưu cục, bưu gửi còn nguyên niêm phong" }))]
pub(crate) struct RulingRequest {
    /// Of a dispute `stands` (a branch is so) or `found` (none is: it was found with somebody); of an event `apply`, `attach` (it
    /// belongs to an item's file and moves nothing) or `reject`.
    outcome: String,
    /// With `stands`: the branch, in hex.
    branch: Option<String>,
    /// With `found`: with whom, for example `staff:<uuid>`, `service_point:<uuid>`, `agency:<uuid>` or `citizen`.
    found: Option<String>,
    /// With `attach`: the number on the item's label.
    item_code: Option<String>,
    /// Why, in one line of 10 to 500 characters. Kept; the log has its hash.
    reason: String,
}

impl RulingRequest {
    fn wanted(&self) -> Result<Wanted, Problem> {
        let wrong = |field: &'static str, vietnamese: &'static str, english: &'static str| {
            Problem::field(Kind::InvalidRequest, Mistake::invalid(field, vietnamese, english))
        };
        let no_more = |wanted: Wanted, others: [&Option<String>; 2]| {
            let is_clear = others.iter().all(|other| other.is_none());
            is_clear.then_some(wanted).ok_or_else(|| {
                wrong(
                    "#/outcome",
                    "Chỉ nêu những gì cách giải quyết này cần.",
                    "only what this outcome needs is named",
                )
            })
        };
        match self.outcome.as_str() {
            "stands" => {
                let branch = self.branch.as_deref().and_then(|text| text.parse().ok());
                let branch =
                    branch.ok_or_else(|| wrong("#/branch", "Hãy nêu nhánh đúng.", "which branch stands, in hex"))?;
                no_more(Wanted::Stands(branch), [&self.found, &self.item_code])
            }
            "found" => {
                let party = self.found.as_deref().and_then(|text| text.parse().ok());
                let party = party.ok_or_else(|| wrong("#/found", "Hãy nêu ai đang giữ.", "with whom it was found"))?;
                no_more(Wanted::Found(party), [&self.branch, &self.item_code])
            }
            "attach" => {
                let code = self.item_code.as_deref().and_then(|text| ItemCode::parse(text).ok());
                let code = code.ok_or_else(|| {
                    wrong(
                        "#/item_code",
                        "Hãy nêu số hiệu bưu gửi.",
                        "the number on the label of the item",
                    )
                })?;
                no_more(Wanted::Attach(code), [&self.branch, &self.found])
            }
            "apply" | "reject" if self.item_code.is_none() => {
                let wanted = if self.outcome == "apply" {
                    Wanted::Apply
                } else {
                    Wanted::Reject
                };
                no_more(wanted, [&self.branch, &self.found])
            }
            _ => Err(wrong(
                "#/outcome",
                "Cách giải quyết là stands, found, apply, attach hoặc reject.",
                "stands, found, apply, attach or reject, with what it needs",
            )),
        }
    }
}

/// Proposes how a dispute or an event that is not applied is to be ruled. Somebody else of the same role agrees, of the same operator or
/// agency; then it enters the log as an event of its own, and what it is about stays as it was. Who proposes proves again who they are.
#[utoipa::path(post, path = "/api/v1/dispatch/contested/{id}/rulings", tag = "dispatch", request_body = RulingRequest,
    security(("staff" = [])),
    params(("id" = String, Path, description = "The item in dispute or the event, in hex"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), ChangeWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<String>,
    Asked { request, repeat }: Asked<RulingRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let new = NewRuling {
        by: right.person.id,
        side: side(&right)?,
        scope: right.scope.clone(),
        case: id.parse().map_err(|_| Kind::NotFound)?,
        wanted: request.wanted()?,
        reason: reason(&request.reason)?,
    };
    let once = repeat.once(&actor(&right.person));
    answered(ruling::propose(&app.store, &app.keys, new, once).await?)
}
