//! `POST /api/v1/break-glass/{id}/approve`, `…/reject` and `…/end`

use super::side;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path, Repeat};
use crate::openapi::ChangeWrite;
use crate::problem::Problem;
use crate::told::{NothingMore, ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use entity::repo::glass::{self, GlassStep};
use uuid::Uuid;

async fn go_on(
    app: &App,
    right: &StaffRight,
    id: Uuid,
    step: GlassStep,
    repeat: &Repeat,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let (who, once) = ((side(right)?, right.person.id), repeat.once(&actor(&right.person)));
    answered(glass::go_on(&app.store, &app.keys, who, id, step, once).await?)
}

/// Agrees: who asked sees the dossier for half an hour. Somebody else of the same role than who asked does it, and proves again
/// who they are.
#[utoipa::path(post, path = "/api/v1/break-glass/{id}/approve", tag = "dossier", request_body = NothingMore, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The request"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), ChangeWrite))]
pub(crate) async fn approve(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { repeat, .. }: Asked<NothingMore>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, &right, id, GlassStep::Open(app.config.glass_life_ms()), &repeat).await
}

/// Says no.
#[utoipa::path(post, path = "/api/v1/break-glass/{id}/reject", tag = "dossier", request_body = NothingMore, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The request"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), ChangeWrite))]
pub(crate) async fn reject(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { repeat, .. }: Asked<NothingMore>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, &right, id, GlassStep::Refuse, &repeat).await
}

/// Ends it before its time: the one who asked when they have seen enough, or anybody who might have agreed.
#[utoipa::path(post, path = "/api/v1/break-glass/{id}/end", tag = "dossier", request_body = NothingMore, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The request"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), ChangeWrite))]
pub(crate) async fn end(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { repeat, .. }: Asked<NothingMore>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    go_on(&app, &right, id, GlassStep::End, &repeat).await
}
