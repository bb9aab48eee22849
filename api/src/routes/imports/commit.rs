//! `POST /api/v1/imports/{sha256}/commit`

use super::report::read_hash;
use crate::App;
use crate::auth::DeskRight;
use crate::extract::{Json, Path};
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Problem};
use crate::routes::lgsp::dispatch::Refusal;
use crate::routes::lgsp::fields::Fields;
use crate::routes::lgsp::order::{LABEL_TAKEN, OTHER_CONTENT, Orderer, understand};
use axum::extract::State;
use entity::repo::intake::{self, Placing};
use entity::repo::reference::FIRST_OPERATOR;
use entity::repo::{lgsp, order_file};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What became of a row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderedRowView {
    /// Its number in the file, the headings being 1.
    row: usize,
    /// The office's number.
    order_number: String,
    /// `placed` now, `known` with the same content from before, or `refused`.
    result: &'static str,
    /// The label.
    #[serde(skip_serializing_if = "Option::is_none")]
    item_code: Option<String>,
    /// Why it was refused, in Vietnamese.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderedView {
    /// SHA-256 of the file, in hex.
    sha256: String,
    /// Orders placed now.
    placed: usize,
    /// Orders placed before with the same content.
    known: usize,
    /// Rows that were not ordered.
    refused: usize,
    /// Row by row.
    rows: Vec<OrderedRowView>,
}

/// A row as it is kept.
#[derive(Deserialize)]
struct Kept {
    row: usize,
    is_ready: bool,
    fields: Map<String, Value>,
}

/// Places the orders of a file the agency sent: of every row that is in order. It may be repeated: an order whose number is
/// known with the same content is the same order.
#[utoipa::path(post, path = "/api/v1/imports/{sha256}/commit", tag = "import", security(("staff" = [])),
    params(("sha256" = String, Path, description = "The file's hash, in hex")),
    responses((status = 200, body = OrderedView, example = json!({
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "placed": 1, "known": 0, "refused": 1,
        "rows": [
            { "row": 2, "order_number": "H01.30520-261126-0001", "result": "placed", "item_code": "EE000000019VN" },
            { "row": 3, "order_number": "H01.30520-261126-0002", "result": "refused",
              "message": "Dòng này còn lỗi trong báo cáo của tệp." },
        ],
    })), StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeskRight,
    Path(sha256): Path<String>,
) -> Result<Json<OrderedView>, Problem> {
    let hash = read_hash(&sha256)?;
    let file = order_file::find(&app.store.see(&right.scope).await?, &right.scope, &hash).await?;
    let file = file.ok_or(Kind::NotFound)?;
    let kept: Vec<Kept> = serde_json::from_value(file.rows).map_err(|error| Problem::caused(Kind::Internal, error))?;
    let from = orderer(&app, &right).await?;
    let mut rows = Vec::with_capacity(kept.len());
    for row in kept {
        rows.push(place(&app, &from, row).await?);
    }
    order_file::committed(&app.store, &right.scope, hash).await?;
    let count = |result| rows.iter().filter(|row| row.result == result).count();
    Ok(Json(OrderedView {
        sha256: hex::encode(hash),
        placed: count("placed"),
        known: count("known"),
        refused: count("refused"),
        rows,
    }))
}

/// The agency under every name its systems know it by.
async fn orderer(app: &App, right: &DeskRight) -> Result<Orderer, Problem> {
    let clients = lgsp::of_agency(app.store.open(), right.agency).await?;
    let names = clients.iter().flat_map(|client| {
        let named = client.profile["agencyNames"].as_array();
        named.into_iter().flatten().filter_map(Value::as_str)
    });
    // Whoever carries for the agency's systems carries for its desk.
    let operator = clients.first().map_or(FIRST_OPERATOR, |client| client.operator);
    Ok(Orderer {
        client: None,
        operator,
        agency: right.agency,
        names: names.map(str::to_owned).collect(),
    })
}

async fn place(app: &App, from: &Orderer, kept: Kept) -> Result<OrderedRowView, Problem> {
    let text = |name: &str| {
        kept.fields
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (row, order_number, customer_code) = (kept.row, text("OrderNumber"), text("CustomerCode"));
    let view = |result, item_code, message| OrderedRowView {
        row,
        order_number: order_number.clone(),
        result,
        item_code,
        message,
    };
    let refused = |message: &str| view("refused", None, Some(message.to_owned()));
    if !kept.is_ready {
        return Ok(refused("Dòng này còn lỗi trong báo cáo của tệp."));
    }
    let fields = match Fields::of_json(Value::Object(kept.fields).to_string().as_bytes()) {
        Ok(fields) => fields,
        Err(reply) => return Ok(refused(&reply.message)),
    };
    let order = match understand(app, from, customer_code, &fields).await {
        Ok(order) => order,
        Err(Refusal::Business(reply)) => return Ok(refused(&reply.message)),
        Err(Refusal::NotStored(problem) | Refusal::Problem(problem)) => return Err(problem),
    };
    match intake::place(&app.store, &app.keys, order).await {
        Ok(Placing::New(placed)) => Ok(view("placed", Some(placed.item_code.to_string()), None)),
        Ok(Placing::Same(placed)) => Ok(view("known", Some(placed.item_code.to_string()), None)),
        Ok(Placing::Different) => Ok(refused(OTHER_CONTENT)),
        Err(error) if error.is_duplicate() => Ok(refused(LABEL_TAKEN)),
        Err(error) => Err(error.into()),
    }
}
