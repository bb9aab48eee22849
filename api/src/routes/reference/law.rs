//! `GET /api/v1/procedures` and one procedure, `/tariffs`, `/rules` and `/calendars`: the records as they were loaded, each with where
//! it is from.

use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Path, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use domain::place::Sought;
use entity::StoreError;
use entity::repo::{province_file, reference};
use entity::table::procedure;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Which procedures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProceduresQuery {
    /// Words of the name, with or without accents, or a whole code.
    #[param(max_length = 80)]
    q: Option<String>,
}

/// A procedure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcedureView {
    /// Its code in the national base, for example `1.004082`.
    code: String,
    /// Its name.
    name: String,
    /// Its sector.
    sector: String,
    /// The ordinary time limit.
    limit_days: i64,
    /// `working` or `calendar` days, or `hours`.
    limit_unit: String,
    /// Where it is from.
    source: String,
    /// Every version with its cases, papers, time limits and fees; only when one procedure is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    record: Option<Value>,
}

impl From<procedure::Model> for ProcedureView {
    fn from(row: procedure::Model) -> Self {
        Self {
            code: row.code,
            name: row.name,
            sector: row.sector,
            limit_days: row.limit_days,
            limit_unit: row.limit_unit,
            source: row.source_ref,
            record: None,
        }
    }
}

/// Procedures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProceduresView {
    /// Each of them, by code.
    procedures: Vec<ProcedureView>,
}

/// The procedures the province carries.
#[utoipa::path(get, path = "/api/v1/procedures", tag = "reference", params(ProceduresQuery), security(("staff" = [])),
    responses((status = 200, body = ProceduresView), StaffRead))]
pub(crate) async fn procedures(
    State(app): State<App>,
    _right: StaffRight,
    Query(query): Query<ProceduresQuery>,
) -> Result<Json<ProceduresView>, Problem> {
    let typed = query.q.as_deref().unwrap_or_default();
    if typed.chars().count() > 80 {
        return Err(Problem::with(Kind::InvalidQuery, "q has at most 80 characters"));
    }
    let mut rows = reference::procedures(app.store.open()).await?;
    if let Some((words, loose)) = Sought::new(typed).zip(Sought::new(typed).map(Sought::without_accents)) {
        let is_code = |row: &procedure::Model| row.code == typed.trim();
        let exact = rows.iter().any(|row| words.is_in(&row.name));
        rows.retain(|row| {
            is_code(row)
                || if exact {
                    words.is_in(&row.name)
                } else {
                    loose.is_in(&row.name)
                }
        });
    }
    Ok(Json(ProceduresView {
        procedures: rows.into_iter().map(ProcedureView::from).collect(),
    }))
}

/// One procedure with everything that is known of it.
#[utoipa::path(get, path = "/api/v1/procedures/{code}", tag = "reference", security(("staff" = [])),
    params(("code" = String, Path, description = "Its code")),
    responses((status = 200, body = ProcedureView), StaffRead))]
pub(crate) async fn procedure(
    State(app): State<App>,
    _right: StaffRight,
    Path(code): Path<String>,
) -> Result<Json<ProcedureView>, Problem> {
    // No code has a zero byte, and some databases do not even take one in a question.
    let code = Some(code).filter(|code| !code.contains('\0')).ok_or(Kind::NotFound)?;
    let row = reference::procedure(app.store.open(), &code)
        .await?
        .ok_or(Kind::NotFound)?;
    let record = serde_json::from_str(&row.body).map_err(|error| StoreError::corrupt("procedure", &row.code, error))?;
    Ok(Json(ProcedureView {
        record: Some(record),
        ..row.into()
    }))
}

/// Records of one sort, as they were loaded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordsView {
    /// Null when none were loaded.
    #[schema(value_type = Option<Value>)]
    records: Option<Value>,
}

async fn file(app: &App, name: &str) -> Result<Json<RecordsView>, Problem> {
    Ok(Json(RecordsView {
        records: province_file::find(app.store.open(), name).await?,
    }))
}

/// What carriage costs, by day, weight, zone and exemption, each tariff with its decision.
#[utoipa::path(get, path = "/api/v1/tariffs", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = RecordsView), StaffRead))]
pub(crate) async fn tariffs(State(app): State<App>, _right: StaffRight) -> Result<Json<RecordsView>, Problem> {
    file(&app, "tariff.json").await
}

/// The rules in force by day: deliveries, invitations, complaints, money, each with its article.
#[utoipa::path(get, path = "/api/v1/rules", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = RecordsView), StaffRead))]
pub(crate) async fn rules(State(app): State<App>, _right: StaffRight) -> Result<Json<RecordsView>, Problem> {
    file(&app, "rules.json").await
}

/// The days off of the State and of the post, as they were loaded; notices that came later are at `/api/v1/calendar/notices`.
#[utoipa::path(get, path = "/api/v1/calendars", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = RecordsView), StaffRead))]
pub(crate) async fn calendars(State(app): State<App>, _right: StaffRight) -> Result<Json<RecordsView>, Problem> {
    file(&app, entity::repo::calendar::FILE).await
}
