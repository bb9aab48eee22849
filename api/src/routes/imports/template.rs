//! `GET /api/v1/imports/template`

use super::columns::COLUMNS;
use crate::App;
use crate::auth::DeskRight;
use crate::extract::Query;
use crate::openapi::StaffRead;
use crate::problem::Problem;
use crate::sheet::{Sheet, SheetFormat, answer};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

/// How it is written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TemplateQuery {
    /// `csv` (default) or `xlsx`.
    #[param(inline)]
    #[serde(default)]
    format: SheetFormat,
}

/// The empty table of orders: captions in Vietnamese, every column text. The spreadsheet has a page that says what goes into
/// each column.
#[utoipa::path(get, path = "/api/v1/imports/template", tag = "import", params(TemplateQuery), security(("staff" = [])),
    responses((status = 200, content((String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    _right: DeskRight,
    Query(query): Query<TemplateQuery>,
) -> Result<Response, Problem> {
    let note = |column: &super::columns::Column| {
        let need = if column.is_required { "Bắt buộc. " } else { "" };
        [
            format!("{} ({})", column.caption, column.name),
            format!("{need}{}", column.note),
        ]
    };
    let sheet = Sheet {
        name: "mau-don-hang",
        headings: COLUMNS.iter().map(|column| column.caption.to_owned()).collect(),
        rows: Vec::new(),
        notes: COLUMNS.iter().map(note).collect(),
    };
    answer(&sheet, query.format, app.store.now_ms())
}
