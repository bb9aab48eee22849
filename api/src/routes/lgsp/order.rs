//! `OrderPost`
//!
//! No field says which way an order goes; the parties do. The agency is recognised by name: the profile's `agencyNames`, the
//! client's own name and its agency's. When it is the sender the order brings a result back; otherwise it collects a dossier.
//! `Direction` (`collect`, `return`, `both`) says it outright, `IsReceiveResult` makes a collection a round trip.
//!
//! An address nobody understands is no reason to refuse: the order is placed and the dispatcher's list shows it.

use super::dispatch::Refusal;
use super::fields::{Fields, Whole};
use super::reply::Reply;
use crate::App;
use crate::auth::ClientRight;
use crate::once::{canonical, digest};
use crate::words::local_date;
use axum::response::Response;
use domain::item_code::ItemCode;
use domain::mode::Mode;
use domain::phone::Phone;
use domain::place::fold_vietnamese;
use domain::status::vnpost::{ORDER_ACCEPTED, ORDER_DIFFERS};
use entity::repo::intake::{self, Applicant, NewOrder, Placing};
use entity::repo::{catalogue, reference};
use entity::table::procedure;
use serde_json::Value;

/// The texts an order cannot be without; the codes of provinces are asked for below.
const REQUIRED: [&str; 6] = [
    "SenderName",
    "SenderAddress",
    "SenderTel",
    "ReceiverName",
    "ReceiverAddress",
    "ReceiverTel",
];

/// Places an order, once.
pub(super) async fn run(app: &App, right: &ClientRight, fields: &Fields) -> Result<Response, Refusal> {
    let order = order(app, right, fields).await?;
    let placing = match intake::place(&app.store, &app.keys, order).await {
        Err(error) if error.is_duplicate() => return Err(Reply::unreadable("ItemCode đã dùng cho bưu gửi khác").into()),
        other => other?,
    };
    let reply = match placing {
        Placing::New(placed) | Placing::Same(placed) => Reply {
            item_code: Some(placed.item_code.to_string()),
            request_id: Some(placed.order.to_string()),
            ..Reply::new(ORDER_ACCEPTED, "Tiếp nhận đơn hàng thành công")
        },
        Placing::Different => Reply::new(ORDER_DIFFERS, "OrderNumber đã tồn tại với nội dung khác"),
    };
    Ok(reply.to(&right.client))
}

/// The customer code, when it is this client's to use.
pub(super) fn customer_code(right: &ClientRight, fields: &Fields) -> Result<String, Reply> {
    let given = fields
        .any_text("customercode")
        .ok_or_else(|| Reply::unreadable("Thiếu CustomerCode (missing)"))?;
    let also = right.client.profile["customerCodes"].as_array();
    let is_ours = given == right.client.customer_code
        || also.is_some_and(|codes| codes.iter().any(|code| code.as_str() == Some(&given)));
    if is_ours {
        Ok(given)
    } else {
        Err(Reply::new(403, "CustomerCode không thuộc hệ thống này (not yours)"))
    }
}

async fn order(app: &App, right: &ClientRight, fields: &Fields) -> Result<NewOrder, Refusal> {
    let customer_code = customer_code(right, fields)?;
    let order_number = fields
        .any_text("ordernumber")
        .ok_or_else(|| Reply::unreadable("Thiếu OrderNumber (missing)"))?;
    let missing = missing(fields);
    if !missing.is_empty() {
        return Err(Reply::unreadable(format!("Thiếu trường bắt buộc (missing): {}", missing.join(", "))).into());
    }
    let cod_amount = match fields.whole("codamount") {
        Whole::Absent => 0,
        Whole::Is(amount) if amount >= 0 => amount,
        Whole::Is(_) | Whole::Unreadable => {
            return Err(Reply::unreadable("CODAmount phải là số nguyên không âm (whole, not negative)").into());
        }
    };
    let label = match fields.text("itemcode").map(ItemCode::parse).transpose() {
        Ok(label) => label,
        Err(error) => return Err(Reply::unreadable(format!("ItemCode không hợp lệ: {error}")).into()),
    };
    let mode = mode(app, right, fields).await?;
    let procedure = procedure(app, fields).await?;
    let case = procedure.as_ref().map(|row| case(app, fields, row)).transpose()?;
    let citizen = if mode.carries_dossier() { "sender" } else { "receiver" };
    let body = canonical(&fields.to_json());
    Ok(NewOrder {
        client: Some(right.client.id),
        customer_code,
        order_number,
        digest: digest(&body),
        operator: right.client.operator,
        mode,
        agency: right.client.agency,
        desk: None,
        procedure: procedure.map(|row| row.code),
        case: case.flatten(),
        channel: fields
            .any_text("channel")
            .or(fields.any_text("kenhthuchien"))
            .and_then(|text| text.parse().ok()),
        applicant: Applicant {
            name: fields.any_text(&format!("{citizen}name")).unwrap_or_default(),
            phone: phone(&fields.any_text(&format!("{citizen}tel")).unwrap_or_default()),
            address: fields.any_text(&format!("{citizen}address")).unwrap_or_default(),
            commune_code: None,
            place: None,
        },
        paper_count: 0,
        cod_amount,
        body,
        label,
        office: None,
        needs_pickup: true,
    })
}

fn missing(fields: &Fields) -> Vec<&'static str> {
    let absent = |name: &&str| fields.any_text(&name.to_lowercase()).is_none();
    let mut missing: Vec<&str> = REQUIRED.into_iter().filter(absent).collect();
    for name in ["SenderProvince", "ReceiverProvince"] {
        if !matches!(fields.whole(&name.to_lowercase()), Whole::Is(_)) {
            missing.push(name);
        }
    }
    missing
}

/// A number that cannot be read is kept as it came: it is no reason to refuse an order, and a person may read it.
fn phone(text: &str) -> String {
    Phone::parse(text).map_or_else(|_| text.trim().to_owned(), |phone| phone.as_str().to_owned())
}

async fn mode(app: &App, right: &ClientRight, fields: &Fields) -> Result<Mode, Refusal> {
    if let Some(direction) = fields.text("direction") {
        return match direction.to_lowercase().as_str() {
            "collect" => Ok(Mode::Send),
            "return" => Ok(Mode::Return),
            "both" => Ok(Mode::Both),
            _ => Err(Reply::unreadable("Direction phải là collect, return hoặc both").into()),
        };
    }
    let agency = reference::agency(app.store.open(), right.client.agency).await?;
    let named = right.client.profile["agencyNames"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let ours: Vec<String> = named
        .iter()
        .filter_map(Value::as_str)
        .chain([right.client.name.as_str()])
        .chain(agency.as_ref().map(|agency| agency.name.as_str()))
        .map(fold_vietnamese)
        .collect();
    let is_ours = |name: &str| {
        fields
            .text(name)
            .is_some_and(|name| ours.contains(&fold_vietnamese(name)))
    };
    Ok(if is_ours("sendername") && !is_ours("receivername") {
        Mode::Return
    } else if fields.is_true("isreceiveresult") {
        Mode::Both
    } else {
        Mode::Send
    })
}

/// The procedure, when the client names one we know. An unknown one stays in the body.
async fn procedure(app: &App, fields: &Fields) -> Result<Option<procedure::Model>, Refusal> {
    let code = fields
        .text("procedurecode")
        .or(fields.text("matthc"))
        .or(fields.inner_text("procedure", "code"));
    let Some(code) = code else { return Ok(None) };
    Ok(reference::procedure(app.store.open(), code).await?)
}

/// The case of the procedure, when the client names one it has. An unknown one stays in the body.
fn case(app: &App, fields: &Fields, row: &procedure::Model) -> Result<Option<String>, Refusal> {
    let case = fields.any_text("procedurecase").or(fields.any_text("matruonghop"));
    let Some(case) = case else { return Ok(None) };
    let is_known = catalogue::has_case(row, &case, local_date(app.store.now_ms()))?;
    Ok(is_known.then_some(case))
}
