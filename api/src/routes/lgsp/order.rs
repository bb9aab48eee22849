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
use domain::catalogue::Channel;
use domain::ids::{AgencyId, ClientId, OperatorId};
use domain::item_code::ItemCode;
use domain::mode::Mode;
use domain::phone::Phone;
use domain::place::fold_vietnamese;
use domain::status::vnpost::{ORDER_ACCEPTED, ORDER_DIFFERS};
use entity::repo::intake::{self, Applicant, NewOrder, Placing};
use entity::repo::{catalogue, reference};
use serde_json::Value;

/// The texts an order cannot be without; the codes of provinces are asked for below.
pub(in crate::routes) const REQUIRED: [&str; 6] = [
    "SenderName",
    "SenderAddress",
    "SenderTel",
    "ReceiverName",
    "ReceiverAddress",
    "ReceiverTel",
];

/// Places an order, once.
pub(super) async fn run(app: &App, right: &ClientRight, fields: &Fields) -> Result<Response, Refusal> {
    let customer_code = customer_code(right, fields)?;
    let order = understand(app, &Orderer::of(right), customer_code, fields).await?;
    place(app, right, order).await
}

/// Places an order that was understood.
pub(super) async fn place(app: &App, right: &ClientRight, order: NewOrder) -> Result<Response, Refusal> {
    let placing = match intake::place(&app.store, &app.keys, order).await {
        Err(error) if error.is_duplicate() => return Err(Reply::unreadable(LABEL_TAKEN).into()),
        other => other?,
    };
    let reply = match placing {
        Placing::New(placed) | Placing::Same(placed) => Reply {
            item_code: Some(placed.item_code.to_string()),
            request_id: Some(placed.order.to_string()),
            ..Reply::new(ORDER_ACCEPTED, "Tiếp nhận đơn hàng thành công")
        },
        Placing::Different => Reply::new(ORDER_DIFFERS, OTHER_CONTENT),
    };
    Ok(reply.to(&right.client))
}

/// Why an order with a printed label is refused.
pub(in crate::routes) const LABEL_TAKEN: &str = "ItemCode đã dùng cho bưu gửi khác";
/// Why an order is refused whose number has other content.
pub(in crate::routes) const OTHER_CONTENT: &str = "OrderNumber đã tồn tại với nội dung khác";

/// Who orders, as far as understanding an order needs to know.
#[derive(Debug)]
pub(in crate::routes) struct Orderer {
    /// The one-stop system; none when a person sent a file.
    pub(in crate::routes) client: Option<ClientId>,
    /// The operator that carries.
    pub(in crate::routes) operator: OperatorId,
    /// The agency that decides.
    pub(in crate::routes) agency: AgencyId,
    /// Names it goes by, besides its own.
    pub(in crate::routes) names: Vec<String>,
}

impl Orderer {
    pub(super) fn of(right: &ClientRight) -> Self {
        let named = right.client.profile["agencyNames"].as_array();
        let named = named.into_iter().flatten().filter_map(Value::as_str);
        Self {
            client: Some(right.client.id),
            operator: right.client.operator,
            agency: right.client.agency,
            names: named.chain([right.client.name.as_str()]).map(str::to_owned).collect(),
        }
    }
}

/// The client's number of an order.
pub(super) fn number(fields: &Fields) -> Result<String, Reply> {
    fields
        .any_text("ordernumber")
        .ok_or_else(|| Reply::unreadable("Thiếu OrderNumber (missing)"))
}

/// The amount to collect, in đồng.
pub(super) fn cod_amount(fields: &Fields) -> Result<i64, Reply> {
    match fields.whole("codamount") {
        Whole::Absent => Ok(0),
        Whole::Is(amount) if amount >= 0 => Ok(amount),
        Whole::Is(_) | Whole::Unreadable => Err(Reply::unreadable(
            "CODAmount phải là số nguyên không âm (whole, not negative)",
        )),
    }
}

/// The label that is on the envelope already.
pub(super) fn label(fields: &Fields) -> Result<Option<ItemCode>, Reply> {
    let label = fields.text("itemcode").map(ItemCode::parse).transpose();
    label.map_err(|error| Reply::unreadable(format!("ItemCode không hợp lệ: {error}")))
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

/// Understands an order, or says why it cannot be placed.
pub(in crate::routes) async fn understand(
    app: &App,
    from: &Orderer,
    customer_code: String,
    fields: &Fields,
) -> Result<NewOrder, Refusal> {
    let order_number = number(fields)?;
    let missing = missing(fields, from.client.is_some());
    if !missing.is_empty() {
        return Err(Reply::unreadable(format!("Thiếu trường bắt buộc (missing): {}", missing.join(", "))).into());
    }
    let (cod_amount, label) = (cod_amount(fields)?, label(fields)?);
    let mode = mode(app, from, fields).await?;
    let (procedure, case) = procedure(app, fields).await?;
    let citizen = if mode.carries_dossier() { "sender" } else { "receiver" };
    let body = canonical(&fields.to_json());
    Ok(NewOrder {
        client: from.client,
        customer_code,
        order_number,
        digest: digest(&body),
        operator: from.operator,
        mode,
        agency: from.agency,
        desk: None,
        procedure,
        case,
        channel: channel(fields),
        applicant: Applicant {
            name: fields.any_text(&format!("{citizen}name")).unwrap_or_default(),
            phone: phone(&fields.any_text(&format!("{citizen}tel")).unwrap_or_default()),
            address: fields.any_text(&format!("{citizen}address")).unwrap_or_default(),
            commune_code: None,
            place: None,
        },
        paper_count: 0,
        weight_g: None,
        cod_amount,
        body,
        label,
        office: None,
        needs_pickup: true,
        receiver: None,
    })
}

/// How the dossier is lodged, where told.
pub(super) fn channel(fields: &Fields) -> Option<Channel> {
    let told = fields.any_text("channel").or(fields.any_text("kenhthuchien"));
    told.and_then(|text| text.parse().ok())
}

/// What an order lacks. The codes of provinces are asked of systems, which know them, and not of people who fill in a table.
fn missing(fields: &Fields, is_system: bool) -> Vec<&'static str> {
    let absent = |name: &&str| fields.any_text(&name.to_lowercase()).is_none();
    let mut missing: Vec<&str> = REQUIRED.into_iter().filter(absent).collect();
    for name in ["SenderProvince", "ReceiverProvince"] {
        if is_system && !matches!(fields.whole(&name.to_lowercase()), Whole::Is(_)) {
            missing.push(name);
        }
    }
    missing
}

/// A number that cannot be read is kept as it came: it is no reason to refuse an order, and a person may read it.
pub(super) fn phone(text: &str) -> String {
    Phone::parse(text).map_or_else(|_| text.trim().to_owned(), |phone| phone.as_str().to_owned())
}

async fn mode(app: &App, from: &Orderer, fields: &Fields) -> Result<Mode, Refusal> {
    if let Some(direction) = fields.text("direction") {
        return match direction.to_lowercase().as_str() {
            "collect" => Ok(Mode::Send),
            "return" => Ok(Mode::Return),
            "both" => Ok(Mode::Both),
            _ => Err(Reply::unreadable("Direction phải là collect, return hoặc both").into()),
        };
    }
    let agency = reference::agency(app.store.open(), from.agency).await?;
    let agency = agency.as_ref().map(|agency| agency.name.as_str());
    let ours: Vec<String> = from
        .names
        .iter()
        .map(String::as_str)
        .chain(agency)
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

/// The procedure and its case, when the client names ones we know. Unknown ones stay in the body.
pub(super) async fn procedure(app: &App, fields: &Fields) -> Result<(Option<String>, Option<String>), Refusal> {
    let code = fields
        .text("procedurecode")
        .or(fields.text("matthc"))
        .or(fields.inner_text("procedure", "code"));
    let Some(code) = code else { return Ok((None, None)) };
    let Some(row) = reference::procedure(app.store.open(), code).await? else {
        return Ok((None, None));
    };
    let case = fields.any_text("procedurecase").or(fields.any_text("matruonghop"));
    let case = match case {
        Some(case) if catalogue::has_case(&row, &case, local_date(app.store.now_ms()))? => Some(case),
        Some(_) | None => None,
    };
    Ok((Some(row.code), case))
}
