//! `GET /api/v1/imports/status`

use super::report::read_hash;
use crate::App;
use crate::auth::DeskRight;
use crate::extract::Query;
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use crate::sheet::{Sheet, SheetFormat, answer};
use axum::extract::State;
use axum::response::Response;
use domain::item::{ItemKind, ItemState};
use domain::status::tracking;
use entity::repo::order_file::{self, Standing};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::IntoParams;

/// Orders in one answer at most.
const MOST: u64 = 5000;

/// Whose status, and how it is written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StatusQuery {
    /// Only orders of the file with this hash; all of the agency's when absent, the newest 5000.
    file: Option<String>,
    /// `csv` (default) or `xlsx`.
    #[param(inline)]
    #[serde(default)]
    format: SheetFormat,
}

/// Where orders stand, one row for each envelope, under the names of the tracking feed: one program reads both. `EventTime`
/// is in milliseconds UTC, as there.
#[utoipa::path(get, path = "/api/v1/imports/status", tag = "import", params(StatusQuery), security(("staff" = [])),
    responses((status = 200, content(
        (String = "text/csv", example = "OrderNumber,ItemCode,StatusCode,StatusMessage,EventTime,POSID,Notes\r\n\
            H01.30520-261126-0001,EE000000019VN,70,Bưu điện đã nhận và niêm phong,1795660200000,,"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeskRight,
    Query(query): Query<StatusQuery>,
) -> Result<Response, Problem> {
    let db = &app.store.see(&right.scope).await?;
    let wanted = match &query.file {
        Some(hash) => {
            let file = order_file::find(db, &right.scope, &read_hash(hash)?).await?;
            Some(keys(&file.ok_or(Kind::NotFound)?.rows))
        }
        None => None,
    };
    let numbers = wanted
        .as_ref()
        .map(|keys| keys.iter().map(|(_, number)| number.clone()).collect());
    let standing = order_file::standing(db, &right.scope, numbers, MOST).await?;
    let is_wanted = |row: &&Standing| {
        let key = (row.customer_code.clone(), row.order_number.clone());
        wanted.as_ref().is_none_or(|keys| keys.contains(&key))
    };
    let rows: Result<_, Problem> = standing.iter().filter(is_wanted).map(row).collect();
    let headings = [
        "OrderNumber",
        "ItemCode",
        "StatusCode",
        "StatusMessage",
        "EventTime",
        "POSID",
        "Notes",
    ];
    let sheet = Sheet {
        name: "tinh-trang-don-hang",
        headings: headings.map(str::to_owned).to_vec(),
        rows: rows?,
        notes: Vec::new(),
    };
    answer(&sheet, query.format, app.store.now_ms())
}

/// The customer codes and numbers of a file's orders.
fn keys(rows: &Value) -> BTreeSet<(String, String)> {
    let text = |row: &Value, name: &str| row["fields"][name].as_str().unwrap_or_default().to_owned();
    let rows = rows.as_array().into_iter().flatten();
    rows.map(|row| (text(row, "CustomerCode"), text(row, "OrderNumber")))
        .collect()
}

fn row(standing: &Standing) -> Result<Vec<String>, Problem> {
    let bad = |error: &dyn std::fmt::Display| Problem::caused(Kind::Internal, error.to_string());
    let kind: ItemKind = standing.kind.parse().map_err(|error| bad(&error))?;
    let state = match standing.state.as_deref() {
        Some(state) => state.parse().map_err(|error| bad(&error))?,
        None => ItemState::Created,
    };
    let status = tracking::status(kind, state);
    let notes = match standing.attempts {
        0 => String::new(),
        failed => format!("{failed} lần phát không thành công"),
    };
    Ok(vec![
        standing.order_number.clone(),
        standing.item_code.clone(),
        status.code.to_string(),
        status.message.to_owned(),
        standing.since_ms.to_string(),
        standing.pos_code.clone(),
        notes,
    ])
}
