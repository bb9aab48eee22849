//! `POST /api/v1/dossiers/{id}/acts`

mod request;

use super::due::{self, DueView};
use super::life;
use crate::App;
use crate::auth::{DeskRight, staff::actor};
use crate::extract::{Asked, Json, Path, Seen};
use crate::openapi::{StaffWrite, Versioned};
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::DossierId;
use entity::repo::dossier::{self, DeskAct, Recording};
use entity::repo::due::LIMIT;
use entity::repo::reference;
use request::{ActName, ActRequest};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// What recording the act made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordedView {
    /// The act in the log, in hex.
    event_id: String,
    /// The label of the result, when the act made one.
    #[serde(skip_serializing_if = "Option::is_none")]
    result_item_code: Option<String>,
    /// What speaks against the act, in Vietnamese. It is recorded all the same: what happened has happened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    speaks_against: Vec<&'static str>,
    /// When it is due and why, after `received`.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<DueView>,
}

/// Records what the desk did. An act that does not fit yet is kept and waits for the one that makes room for it: the
/// envelope may have been handed over by a phone that has not synced.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/acts", tag = "dossier", request_body = ActRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer"),
        ("If-Match" = Option<String>, Header, description = "The ETag the dossier was shown with: record nothing when something was told since")),
    responses((status = 201, body = RecordedView), StaffWrite, Versioned))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeskRight,
    Path(id): Path<Uuid>,
    seen: Seen,
    Asked { request, repeat }: Asked<ActRequest>,
) -> Result<(StatusCode, Json<RecordedView>), Problem> {
    let id = DossierId(id);
    let standing = dossier::find(&app.store.see(&right.scope).await?, &right.scope, id)
        .await?
        .ok_or(Kind::NotFound)?;
    let mut data = request.data(&right.person)?;
    if let Some(agency) = request.agency() {
        let known = reference::agency(app.store.open(), agency).await?;
        known.ok_or_else(|| Problem::with(Kind::InvalidRequest, "no such agency_id"))?;
    }
    let due = match request.act {
        ActName::Received if request.due_on.is_none() => due::of(&app, &standing).await?,
        _ => None,
    };
    if let Some(due) = &due {
        data.insert("due_on".to_owned(), json!(due.due_on()));
        // Counting again after a notice takes the limit that was promised, not the one of that day.
        data.insert(LIMIT.to_owned(), json!(due.limit));
    }
    let fact = request.fact(&data)?;
    let known = life::read(&app, &right.scope, id).await?;
    let speaks_against = known.map_or_else(Vec::new, |known| life::speaks_against(&known, &fact));
    let told = DeskAct {
        kind: request.act.kind(),
        actor: actor(&right.person),
        data: Value::Object(data),
        seen: seen.version()?,
    };
    let once = repeat.once(&actor(&right.person));
    let recorded = match record(&app, &right, id, told.clone(), once.clone()).await {
        // The same key at the same moment: the other one won, so now its answer can be found.
        Err(error) if error.is_duplicate() => record(&app, &right, id, told, once).await?,
        other => other?,
    };
    match recorded {
        Recording::Done(recorded) => {
            let result_item_code = recorded.result.map(|code| code.to_string());
            let view = RecordedView {
                event_id: recorded.event.to_string(),
                result_item_code,
                speaks_against,
                due: due.map(DueView::from),
            };
            Ok((StatusCode::CREATED, Json(view)))
        }
        Recording::Unknown => Err(Kind::NotFound.into()),
        Recording::KeyReused => Err(Kind::KeyReused.into()),
        Recording::Changed => Err(Kind::Changed.into()),
    }
}

async fn record(
    app: &App,
    right: &DeskRight,
    id: DossierId,
    told: DeskAct,
    once: Option<entity::repo::idempotency::Once>,
) -> Result<Recording, entity::StoreError> {
    dossier::record(&app.store, &app.keys, right.scope.clone(), id, told, once).await
}
