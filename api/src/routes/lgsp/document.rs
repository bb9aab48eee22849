//! `Document` (`postDocument` in its clients' code): an order that says outright who sends papers and who receives the result.
//!
//! `IsSendDocument` and `IsReceiveResult` say what is carried; when neither is there, the parties that are named do. Somebody
//! else than the sender may receive the result, at another address: the courier of the way back is sent there.

use super::dispatch::Refusal;
use super::fields::Fields;
use super::order;
use super::reply::Reply;
use crate::App;
use crate::auth::ClientRight;
use crate::once::{canonical, digest};
use axum::response::Response;
use domain::mode::Mode;
use entity::repo::intake::{Applicant, NewOrder};

/// Places the order of a document, once.
pub(super) async fn run(app: &App, right: &ClientRight, fields: &Fields) -> Result<Response, Refusal> {
    let order = understand(app, right, fields).await?;
    order::place(app, right, order).await
}

async fn understand(app: &App, right: &ClientRight, fields: &Fields) -> Result<NewOrder, Refusal> {
    let customer_code = order::customer_code(right, fields)?;
    let order_number = order::number(fields)?;
    let (sender, receiver) = (fields.inner("documentsender"), fields.inner("resultreceiver"));
    let mode = mode(fields, &sender, &receiver)?;
    let (applicant, receiver) = match mode {
        Mode::Send => (party("DocumentSender", &sender)?, None),
        Mode::Return => (party("ResultReceiver", &receiver)?, None),
        Mode::Both => {
            let sender = party("DocumentSender", &sender)?;
            let receiver = if is_named(&receiver) {
                Some(party("ResultReceiver", &receiver)?).filter(|receiver| !is_same(&sender, receiver))
            } else {
                None
            };
            (sender, receiver)
        }
    };
    let (procedure, case) = order::procedure(app, fields).await?;
    let body = canonical(&fields.to_json());
    Ok(NewOrder {
        client: Some(right.client.id),
        operator: right.client.operator,
        customer_code,
        order_number,
        digest: digest(&body),
        mode,
        agency: right.client.agency,
        desk: None,
        procedure,
        case,
        channel: order::channel(fields),
        applicant,
        paper_count: 0,
        weight_g: None,
        cod_amount: order::cod_amount(fields)?,
        body,
        label: order::label(fields)?,
        office: None,
        needs_pickup: true,
        receiver,
    })
}

fn mode(fields: &Fields, sender: &Fields, receiver: &Fields) -> Result<Mode, Reply> {
    let told = (fields.says("issenddocument"), fields.says("isreceiveresult"));
    let ways = match told {
        (None, None) => (is_named(sender), is_named(receiver)),
        (to_agency, to_citizen) => (to_agency == Some(true), to_citizen == Some(true)),
    };
    match ways {
        (true, true) => Ok(Mode::Both),
        (true, false) => Ok(Mode::Send),
        (false, true) => Ok(Mode::Return),
        (false, false) => Err(Reply::unreadable(
            "Cần IsSendDocument hoặc IsReceiveResult (nothing to carry)",
        )),
    }
}

/// Whether anybody is there.
fn is_named(party: &Fields) -> bool {
    ["name", "phone", "address"]
        .iter()
        .any(|name| party.any_text(name).is_some())
}

fn party(which: &str, fields: &Fields) -> Result<Applicant, Reply> {
    let absent = |name: &&str| fields.any_text(&name.to_lowercase()).is_none();
    let missing: Vec<String> = ["Name", "Phone", "Address"]
        .into_iter()
        .filter(absent)
        .map(|name| format!("{which}.{name}"))
        .collect();
    if !missing.is_empty() {
        return Err(Reply::unreadable(format!(
            "Thiếu trường bắt buộc (missing): {}",
            missing.join(", ")
        )));
    }
    let text = |name| fields.any_text(name).unwrap_or_default();
    Ok(Applicant {
        name: text("name"),
        phone: order::phone(&text("phone")),
        address: text("address"),
        commune_code: None,
        place: None,
    })
}

fn is_same(one: &Applicant, other: &Applicant) -> bool {
    (&one.name, &one.phone, &one.address) == (&other.name, &other.phone, &other.address)
}
