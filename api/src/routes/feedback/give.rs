//! `POST /api/v1/dossiers/{id}/feedback`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Problem};
use crate::routes::complaints::text;
use crate::told::{ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::feedback::Rating;
use domain::ids::DossierId;
use entity::repo::feedback;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A mark, a text, or both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "rating": 5, "text": "Cán bộ hướng dẫn rõ ràng" }))]
pub(crate) struct FeedbackRequest {
    /// From 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<u8>,
    /// What they say; kept beside the log, which has its hash only.
    text: Option<String>,
}

/// Records a citizen's feedback on the agency that was given at a counter or desk. A text is for the agency to answer within 15
/// working days.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/feedback", tag = "feedback", request_body = FeedbackRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<FeedbackRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let rating = match request.rating.map(Rating::new) {
        Some(None) => return Err(Problem::with(Kind::InvalidRequest, "rating is from 1 to 5")),
        Some(rating) => rating,
        None => None,
    };
    let text = text("text", request.text.as_deref())?;
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    answered(
        feedback::give(
            &app.store,
            &app.keys,
            right.scope,
            DossierId(id),
            (rating, text),
            actor,
            once,
        )
        .await?,
    )
}
