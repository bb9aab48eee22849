//! `POST /api/v1/imports`

use super::judge::{Codes, judge};
use super::report::ReportView;
use crate::App;
use crate::auth::DeskRight;
use crate::auth::staff::actor;
use crate::extract::{Json, RawBody};
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Problem};
use crate::sheet;
use axum::extract::State;
use domain::ids::AgencyId;
use entity::repo::order_file::{self, NewFile};
use entity::repo::{lgsp, reference};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Reads a table of orders and says row by row what is wrong with it. Nothing is ordered: that is the next step. The same
/// file gets the same answer, whenever it comes again. CSV is UTF-8, with or without a byte order mark, cut by `;` or `,`;
/// headings are the names of the order interface or the captions of the template, in any order.
#[utoipa::path(post, path = "/api/v1/imports", tag = "import", security(("staff" = [])),
    request_body(description = "The file's bytes: CSV or XLSX, at most 500 orders", content(
        (String = "text/csv", example = "Số đơn hàng;Tên người gửi;Địa chỉ người gửi;Điện thoại người gửi;Tên người nhận;\
            Địa chỉ người nhận;Điện thoại người nhận\nH01.30520-261126-0001;Nguyễn Thị Mẫu;phường Tịnh Biên, An Giang;\
            0912345678;UBND phường Tịnh Biên;phường Tịnh Biên, An Giang;02963876543"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, body = ReportView, example = json!({
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "rows": 2, "ready": 1,
        "issues": [{ "row": 3, "column": "SenderTel", "code": "missing", "message": "Thiếu «Điện thoại người gửi».", "is_error": true }],
        "uploaded_at_ms": 1_795_660_200_000_u64, "committed_at_ms": null,
    })), StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeskRight,
    RawBody(bytes): RawBody,
) -> Result<Json<ReportView>, Problem> {
    let sha256: [u8; 32] = Sha256::digest(&bytes).into();
    if let Some(known) = order_file::find(&app.store.see(&right.scope).await?, &right.scope, &sha256).await? {
        return Ok(Json(ReportView::of(&known)?));
    }
    let codes = codes(&app, right.agency).await?;
    // A stranger's file takes its time and memory: it must not hold up the others, and only few are opened at once.
    let place = Arc::clone(&app.report_places).acquire_owned().await;
    let _place = place.map_err(|error| Problem::caused(Kind::Busy, error))?;
    let judged = tokio::task::spawn_blocking(move || judge(sheet::read(&bytes), &codes)).await;
    let judged = judged.map_err(|error| Problem::caused(Kind::Internal, error))?;
    let report = ReportView {
        sha256: hex::encode(sha256),
        rows: judged.rows.len(),
        ready: judged.rows.iter().filter(|row| row.is_ready).count(),
        issues: judged.issues,
        uploaded_at_ms: 0,
        committed_at_ms: None,
    };
    let rows: Vec<Value> = judged.rows.iter().map(super::judge::Row::to_json).collect();
    let new = NewFile {
        sha256,
        rows: Value::Array(rows),
        report: json!(report),
        actor: actor(&right.person),
    };
    let kept = order_file::keep(&app.store, &right.scope, new).await?;
    Ok(Json(ReportView::of(&kept.ok_or(Kind::MissingRight)?)?))
}

/// The customer codes an agency orders under. Without one of the post's, its own code serves, which no system uses.
async fn codes(app: &App, agency: AgencyId) -> Result<Codes, Problem> {
    let db = app.store.open();
    let clients = lgsp::of_agency(db, agency).await?;
    let also = clients.iter().flat_map(|client| {
        let codes = client.profile["customerCodes"].as_array();
        codes.into_iter().flatten().filter_map(Value::as_str)
    });
    let own = clients.iter().map(|client| client.customer_code.as_str()).chain(also);
    let agency = reference::agency(db, agency).await?.ok_or(Kind::MissingRight)?;
    Ok(Codes {
        own: own.map(str::to_owned).collect(),
        usual: format!("desk:{}", agency.code),
    })
}
