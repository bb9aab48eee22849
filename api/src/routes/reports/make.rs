//! `GET /api/v1/reports/{report}`

use super::schema::ReportView;
use crate::App;
use crate::auth::ReportRight;
use crate::extract::{Path, Query};
use crate::openapi::{Judged, StaffRead};
use crate::problem::{Kind, Mistake, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::report::{Report, ReportKind};
use domain::wire::report::{ReportQuery, ReportQueryRecord, ReportRecord};
use serde::Deserialize;
use std::sync::Arc;
use time::OffsetDateTime;
use time::macros::format_description;
use utoipa::{IntoParams, ToSchema};

/// The question.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportParams {
    /// `2026`, `2026-H1`, `2026-Q4`, `2026-05`, or two days: `2026-05-01..2026-05-31`.
    #[param(example = "2026-Q4")]
    period: String,
    /// `calendar` (default: whole months, as the post reports) or `state_cut_off` (from day 15 to day 14, as the State does).
    convention: Option<String>,
    /// The hour whose knowledge counts: what was recorded later does not. The present by default.
    #[param(example = "2026-12-31T17:00:00+07:00")]
    as_of: Option<String>,
    /// `json` (default) or `csv`.
    #[param(inline)]
    #[serde(default)]
    format: ReportFormat,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ReportFormat {
    /// Every figure with both its sides and what it counted.
    #[default]
    Json,
    /// A table for a spreadsheet, with headings in Vietnamese.
    Csv,
}

/// Makes a report of what the caller sees: an agency its own dossiers, a post office those it has or was given. It is of the
/// hour it names in `as_of_ms`; asked again for that hour, it comes out the same, whatever was recorded since.
#[utoipa::path(get, path = "/api/v1/reports/{report}", tag = "report", security(("staff" = [])),
    params(("report" = String, Path, description = "`kpi766`, `tt17` or `quality`"), ReportParams),
    responses((status = 200, content((ReportView = "application/json"), (String = "text/csv"))), Judged, StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: ReportRight,
    Path(report): Path<String>,
    Query(params): Query<ReportParams>,
) -> Result<Response, Problem> {
    let _kind: ReportKind = report.parse().map_err(|_| Kind::NotFound)?;
    let asked = ReportQueryRecord {
        report,
        period: params.period,
        convention: params.convention,
        as_of: params.as_of,
    };
    let query = ReportQuery::try_from(&asked).map_err(|error| {
        let (field, english) = (error.field(), format!("{}: {error}", error.field()));
        let mistake = Mistake::invalid(format!("?{field}"), "Giá trị không chấp nhận được.", english);
        Problem::field(Kind::InvalidRequest, mistake)
    })?;
    let place = Arc::clone(&app.report_places).acquire_owned().await;
    let _place = place.map_err(|error| Problem::caused(Kind::Busy, error))?;
    let made = entity::repo::report::make(&app.store, &right.scope, query).await?;
    Ok(match params.format {
        ReportFormat::Json => Json(ReportRecord::from(&made)).into_response(),
        ReportFormat::Csv => {
            let file = format!(r#"attachment; filename="{}""#, file_name(query.kind, &made));
            let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, &file)];
            (headers, crate::table::csv(&made.table())).into_response()
        }
    })
}

/// What, of which days, as known when: `kpi766_2026-Q4_20261231T100000Z.csv`.
fn file_name(kind: ReportKind, made: &Report) -> String {
    let shape = format_description!("[year][month][day]T[hour][minute][second]Z");
    let at = OffsetDateTime::from_unix_timestamp(made.as_of_ms().div_euclid(1000));
    let at = at.ok().and_then(|at| at.format(shape).ok()).unwrap_or_default();
    format!("{kind}_{}_{at}.csv", made.period().code())
}
