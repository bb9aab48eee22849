//! `POST /api/v1/rulings/{id}/approve` and `…/reject`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path, Repeat};
use crate::openapi::ChangeWrite;
use crate::problem::Problem;
use crate::routes::glass::side;
use crate::told::{NothingMore, ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::ruling::{self, Decision};
use uuid::Uuid;

async fn decide(
    app: &App,
    right: &StaffRight,
    id: Uuid,
    decision: Decision,
    repeat: &Repeat,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let (who, once) = ((side(right)?, right.person.id), repeat.once(&actor(&right.person)));
    answered(ruling::decide(&app.store, &app.keys, who, id, decision, once).await?)
}

/// Agrees: the ruling enters the log and the item goes on as it says. Somebody else of the same role than who proposed it does it, and
/// proves again who they are. Where another story came meanwhile, nothing is ruled and it has to be proposed again.
#[utoipa::path(post, path = "/api/v1/rulings/{id}/approve", tag = "dispatch", request_body = NothingMore, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The ruling"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), ChangeWrite))]
pub(crate) async fn approve(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { repeat, .. }: Asked<NothingMore>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    decide(&app, &right, id, Decision::Approve, &repeat).await
}

/// Says no; for who proposed it: takes it back.
#[utoipa::path(post, path = "/api/v1/rulings/{id}/reject", tag = "dispatch", request_body = NothingMore, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The ruling"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), ChangeWrite))]
pub(crate) async fn reject(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { repeat, .. }: Asked<NothingMore>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    decide(&app, &right, id, Decision::Reject, &repeat).await
}
