//! `GET /api/v1/calendar/due`

use crate::App;
use crate::auth::Public;
use crate::extract::Query;
use crate::openapi::Always;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::State;
use domain::wire::due::{DueQuery, DueQueryRecord, DueRecord};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The question.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct DueParams {
    /// The day the clock starts, which is not counted: `2026-04-24`.
    #[param(example = "2026-04-24")]
    pub(in crate::routes) from: String,
    /// The limit in days, 0 to 3650.
    #[param(example = "3")]
    pub(in crate::routes) days: String,
    /// `working` (default) or `calendar`.
    pub(in crate::routes) unit: Option<String>,
    /// `state` (default) or `post`.
    pub(in crate::routes) calendar: Option<String>,
    /// `day` (default) or `hour8`.
    pub(in crate::routes) mode: Option<String>,
    /// The local time of reception, `09:10`; `hour8` needs it.
    pub(in crate::routes) received_at: Option<String>,
    /// What arrives after this local time counts as taken on the next working day: `15:00`, or `off` (default).
    pub(in crate::routes) late_after: Option<String>,
    /// The office whose own hours and Saturdays apply, by its code.
    pub(in crate::routes) office: Option<String>,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DueAnswerView {
    /// The last day, `2026-05-04`.
    due: String,
    /// The local time on it, where hours are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_time: Option<String>,
    /// A day on the way is not known for certain.
    provisional: bool,
    /// `state` or `post`.
    calendar: String,
    /// Every day passed, in order.
    steps: Vec<DueAnswerStepView>,
}

/// One day on the way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DueAnswerStepView {
    /// The day.
    date: String,
    /// Whether it counts.
    counted: bool,
    /// Why, in Vietnamese.
    why: String,
    /// Why, in English.
    why_en: String,
}

impl From<DueRecord> for DueAnswerView {
    fn from(record: DueRecord) -> Self {
        let DueRecord {
            due,
            due_time,
            provisional,
            calendar,
            steps,
        } = record;
        let steps = steps.into_iter().map(|step| DueAnswerStepView {
            date: step.date,
            counted: step.counted,
            why: step.why,
            why_en: step.why_en,
        });
        Self {
            due,
            due_time,
            provisional,
            calendar,
            steps: steps.collect(),
        }
    }
}

/// Computes a due date by the official calendar as known now, and explains every day on the way.
#[utoipa::path(get, path = "/api/v1/calendar/due", tag = "calendar", params(DueParams),
    responses((status = 200, body = DueAnswerView), Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Query(params): Query<DueParams>,
) -> Result<Json<DueAnswerView>, Problem> {
    let office = params.office.clone();
    let query = DueQuery::try_from(&params.into_record())
        .map_err(|error| Problem::with(Kind::InvalidQuery, format!("{}: {error}", error.field())))?;
    Ok(Json(answer(&app, &query, office.as_deref()).await?.into()))
}

impl DueParams {
    pub(in crate::routes) fn into_record(self) -> DueQueryRecord {
        DueQueryRecord {
            from: self.from,
            days: self.days,
            unit: self.unit,
            calendar: self.calendar,
            mode: self.mode,
            received_at: self.received_at,
            late_after: self.late_after,
        }
    }
}

/// The answer by the calendar as known now.
pub(in crate::routes) async fn answer(app: &App, query: &DueQuery, office: Option<&str>) -> Result<DueRecord, Problem> {
    let book = app.calendars.book(&app.store).await?;
    let calendar = book.calendar(query.calendar, office, app.store.now_ms());
    Ok(query.answer(&calendar))
}
