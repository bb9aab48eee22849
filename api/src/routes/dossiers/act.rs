//! `POST /api/v1/dossiers/{id}/acts`

use super::due::{self, DueView};
use crate::App;
use crate::auth::{DeskRight, staff::actor};
use crate::extract::{Json, Path, from_value};
use crate::once::IdempotencyKey;
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use domain::calendar::read_date;
use domain::dossier::Outcome;
use domain::ids::DossierId;
use entity::repo::dossier::{self, DeskAct, Recording};
use entity::repo::due::LIMIT;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Longest reason. It goes into the log and stays; it names papers, not people.
const LONGEST: usize = 500;

/// What the desk did.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActRequest {
    /// Which act.
    act: ActName,
    /// The code the agency gives; with `received`.
    code: Option<String>,
    /// When it is due; with `redated`, and with `received` or `supplemented` to override the computed day.
    due_on: Option<String>,
    /// `granted` or `refused`; with `resolved`.
    outcome: Option<String>,
    /// Why; with `not_accepted`, `supplement_requested`, `stopped` and `handover_refused`. Nothing personal.
    reason: Option<String>,
}

/// The acts of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ActName {
    /// Both signed the minutes on paper: the legal lodging without a scan.
    Lodged,
    /// The agency was closed or did not take it.
    HandoverRefused,
    /// The agency gave it a code; its clock runs.
    Received,
    /// The agency does not accept it.
    NotAccepted,
    /// The agency works on it.
    Processing,
    /// Papers are missing.
    SupplementRequested,
    /// Every missing paper is there.
    Supplemented,
    /// A payment is needed.
    PaymentRequested,
    /// The payment is made.
    Paid,
    /// The agency apologised and set a new date.
    Redated,
    /// The applicant wants it back.
    WithdrawalRequested,
    /// The agency stopped.
    Stopped,
    /// The agency decided.
    Resolved,
    /// The agency confirms that the result was returned.
    ReturnConfirmed,
}

/// What recording the act made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordedView {
    /// The act in the log, in hex.
    event_id: String,
    /// The label of the result, when the act made one.
    #[serde(skip_serializing_if = "Option::is_none")]
    result_item_code: Option<String>,
    /// When it is due and why, after `received`.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<DueView>,
}

/// Records what the desk did. An act that does not fit yet is kept and waits for the one that makes room for it: the
/// envelope may have been handed over by a phone that has not synced.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/acts", tag = "dossier", request_body = ActRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = RecordedView), StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeskRight,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<RecordedView>), Problem> {
    let request: ActRequest = from_value(body.clone())?;
    let id = DossierId(id);
    let standing = dossier::find(app.store.read(), &right.scope, id)
        .await?
        .ok_or(Kind::NotFound)?;
    let mut data = data(&request)?;
    let due = match request.act {
        ActName::Received if request.due_on.is_none() => due::of(&app, &standing).await?,
        _ => None,
    };
    if let Some(due) = &due {
        data.insert("due_on".to_owned(), json!(due.due_on()));
        // Counting again after a notice takes the limit that was promised, not the one of that day.
        data.insert(LIMIT.to_owned(), json!(due.limit));
    }
    let told = DeskAct {
        kind: kind(request.act),
        actor: actor(&right.person),
        data: Value::Object(data),
    };
    let once = key.once(
        &format!("POST /api/v1/dossiers/{id}/acts"),
        &actor(&right.person),
        &body,
    );
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
                due: due.map(DueView::from),
            };
            Ok((StatusCode::CREATED, Json(view)))
        }
        Recording::Unknown => Err(Kind::NotFound.into()),
        Recording::KeyReused => Err(Kind::KeyReused.into()),
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

fn kind(act: ActName) -> String {
    let name = serde_json::to_value(act).expect("a name is plain data");
    format!("dossier.{}", name.as_str().unwrap_or_default())
}

fn refuse(why: &str) -> Problem {
    Problem::with(Kind::InvalidRequest, why)
}

/// The act's data with everything it needs and nothing it does not.
fn data(request: &ActRequest) -> Result<Map<String, Value>, Problem> {
    let text = |value: &Option<String>| {
        value
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let (code, reason) = (text(&request.code), text(&request.reason));
    if [&code, &reason]
        .into_iter()
        .flatten()
        .any(|text| text.chars().count() > LONGEST)
    {
        return Err(refuse("code and reason have at most 500 characters"));
    }
    if request.due_on.as_deref().is_some_and(|day| read_date(day).is_none()) {
        return Err(refuse("due_on is a day like 2026-05-04"));
    }
    if request
        .outcome
        .as_deref()
        .is_some_and(|outcome| outcome.parse::<Outcome>().is_err())
    {
        return Err(refuse("outcome is granted or refused"));
    }
    let missing = match request.act {
        ActName::Received if code.is_none() => Some("code"),
        ActName::Resolved if request.outcome.is_none() => Some("outcome"),
        ActName::Redated if request.due_on.is_none() => Some("due_on"),
        ActName::NotAccepted | ActName::SupplementRequested | ActName::Stopped | ActName::HandoverRefused
            if reason.is_none() =>
        {
            Some("reason")
        }
        _ => None,
    };
    if let Some(field) = missing {
        return Err(refuse(&format!("this act needs {field}")));
    }
    let fields = [
        ("code", code),
        ("reason", reason),
        ("due_on", request.due_on.clone()),
        ("outcome", request.outcome.clone()),
    ];
    Ok(fields
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?))))
        .collect())
}
