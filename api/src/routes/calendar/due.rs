//! `GET /api/v1/calendar/due`

use crate::App;
use crate::auth::Public;
use crate::extract::Query;
use crate::openapi::{Always, Judged};
use crate::problem::{Kind, Mistake, Problem};
use crate::routes::dossiers::due::LimitView;
use axum::Json;
use axum::extract::State;
use domain::calendar::{Term, read_date};
use domain::catalogue::{Channel, FindError};
use domain::procedure_code::ProcedureCode;
use domain::wire::due::{DueQuery, DueQueryError, DueQueryRecord, DueRecord};
use domain::wire::limit::LimitRecord;
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
    /// The limit in days, 0 to 3650; or give a procedure.
    #[param(example = "3")]
    pub(in crate::routes) days: Option<String>,
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
    /// The procedure whose limit it is, instead of `days` and `unit`: `1.004082`.
    pub(in crate::routes) procedure: Option<String>,
    /// The case of the procedure by its code; the ordinary one when absent.
    pub(in crate::routes) case: Option<String>,
    /// `in_person`, `online` or `post` (default): how the dossier is lodged.
    pub(in crate::routes) channel: Option<String>,
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
    /// The limit of the procedure, when one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<LimitView>,
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
            limit: None,
            steps: steps.collect(),
        }
    }
}

/// Computes a due date by the official calendar as known now, and explains every day on the way. The limit is so many days, or
/// that of a procedure for a case and a channel on the day the clock starts.
#[utoipa::path(get, path = "/api/v1/calendar/due", tag = "calendar", params(DueParams),
    responses((status = 200, body = DueAnswerView), Judged, Always))]
pub(crate) async fn handler(
    State(app): State<App>,
    _: Public,
    Query(params): Query<DueParams>,
) -> Result<Json<DueAnswerView>, Problem> {
    let params = params.tidied();
    let office = params.office.clone();
    let limit = limit(&app, &params).await?;
    let mut record = params.into_record();
    if let Some(limit) = &limit {
        let (days, unit) = match limit.term() {
            Term::Working(days) => (days, "working"),
            Term::Calendar(days) => (days, "calendar"),
        };
        record.days = days.to_string();
        record.unit = Some(unit.to_owned());
    }
    let query = DueQuery::try_from(&record).map_err(|error| {
        let field = error.field();
        refused(field, error.vietnamese(), format!("{field}: {error}"))
    })?;
    let mut view = DueAnswerView::from(answer(&app, &query, office.as_deref()).await?);
    view.limit = limit.map(LimitView::from);
    Ok(Json(view))
}

fn refuse(field: &str, why: impl std::fmt::Display) -> Problem {
    let english = format!("{field}: {why}");
    refused(field, "Giá trị không chấp nhận được.", english)
}

fn refused(field: &str, vietnamese: &str, english: String) -> Problem {
    Problem::field(
        Kind::InvalidRequest,
        Mistake::invalid(format!("?{field}"), vietnamese, english),
    )
}

/// The limit of the procedure that is named, if one is.
async fn limit(app: &App, params: &DueParams) -> Result<Option<LimitRecord>, Problem> {
    let Some(code) = params.procedure.as_deref() else {
        return match (&params.case, &params.channel) {
            (None, None) => Ok(None),
            (Some(_), _) | (None, Some(_)) => Err(refuse("procedure", "case and channel need a procedure")),
        };
    };
    if params.days.is_some() || params.unit.is_some() {
        return Err(refuse("days", "give days and unit, or a procedure"));
    }
    let code = ProcedureCode::parse(code).map_err(|error| refuse("procedure", error))?;
    let channel = params.channel.as_deref().map(str::parse::<Channel>).transpose();
    let channel = channel
        .map_err(|error| refuse("channel", error))?
        .unwrap_or(Channel::Post);
    let day = read_date(&params.from).ok_or_else(|| refuse(DueQueryError::From.field(), DueQueryError::From))?;
    let province = app.provinces.get(&app.store).await?;
    let chosen = province.catalogue.limit(&code, params.case.as_deref(), channel, day);
    let chosen = chosen.map_err(|error| {
        let field = match error {
            FindError::NoCase(_) => "case",
            FindError::NotOffered(_) => "channel",
            FindError::Unknown(_) | FindError::NotInForce(_) | FindError::Replaced { .. } => "procedure",
        };
        refuse(field, error)
    })?;
    Ok(Some(chosen.into()))
}

impl DueParams {
    /// A form sends what was not filled in as empty; that is as good as absent.
    fn tidied(self) -> Self {
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Self {
            from: self.from,
            days: given(self.days),
            unit: given(self.unit),
            calendar: given(self.calendar),
            mode: given(self.mode),
            received_at: given(self.received_at),
            late_after: given(self.late_after),
            office: given(self.office),
            procedure: given(self.procedure),
            case: given(self.case),
            channel: given(self.channel),
        }
    }

    pub(in crate::routes) fn into_record(self) -> DueQueryRecord {
        DueQueryRecord {
            from: self.from,
            days: self.days.unwrap_or_default(),
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
