//! `POST /api/v1/dossiers/{id}/complaints`

use super::{term, text};
use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Problem};
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::complaint::Grievance;
use domain::ids::DossierId;
use domain::item_code::ItemCode;
use entity::repo::complaint::{self, NewComplaint};
use entity::repo::dossier;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a citizen complains of at a counter or by telephone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "about": "late", "text": "Hồ sơ đến chậm ba ngày", "item_code": "EE000000155VN" }))]
pub(crate) struct ComplaintRequest {
    /// `late`, `lost`, `damaged`, `conduct`, `money` or `other`.
    about: String,
    /// What they say; kept beside the log, which has its hash only.
    text: Option<String>,
    /// The item, when it is about one.
    item_code: Option<String>,
}

/// Files a complaint for a citizen. The answer is due within 5 working days, 7 between provinces; a complaint after 6 months from
/// the end of the total time is not heard.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/complaints", tag = "complaint", request_body = ComplaintRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<ComplaintRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let refuse = |why: &str| Problem::with(Kind::InvalidRequest, why);
    let about = Grievance::parse(&request.about);
    let about = about.ok_or_else(|| refuse("about is late, lost, damaged, conduct, money or other"))?;
    let item = request.item_code.as_deref().map(ItemCode::parse).transpose();
    let item = item.map_err(|_| refuse("item_code is not a label"))?;
    let id = DossierId(id);
    let known = dossier::find(&app.store.see(&right.scope).await?, &right.scope, id).await?;
    known.ok_or(Kind::NotFound)?;
    let (answer_by, between_provinces) = term(&app, id).await?;
    let new = NewComplaint {
        about,
        text: text("text", request.text.as_deref())?,
        item,
        between_provinces,
        answer_by,
    };
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    answered(complaint::file(&app.store, &app.keys, right.scope, id, new, actor, once).await?)
}
