//! What a slip says.

use crate::App;
use crate::problem::{Kind, Problem};
use crate::routes::dossiers::checklist;
use domain::calendar::write_date;
use domain::ids::{AgencyId, DeskId, DossierId};
use domain::item::ItemKind;
use domain::mode::Mode;
use domain::money::LedgerKind;
use entity::Scope;
use entity::repo::order::Placed;
use entity::repo::{complaint, dossier, life, money, receiver, reference};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One side of the contract.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonView {
    /// Name of a person, an agency or its desk.
    pub(super) name: String,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
}

/// A receipt for a State fee.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SlipReceiptView {
    /// Its number.
    pub(super) number: String,
    /// Whole đồng.
    pub(super) amount: i64,
}

/// A consignment slip.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SlipView {
    /// Its number.
    pub(super) number: String,
    /// The label of the envelope.
    pub(super) item_code: String,
    /// What the envelope carries.
    pub(super) carries: &'static str,
    /// Whose it is.
    pub(super) dossier_id: Uuid,
    /// The code the agency gave the dossier, once it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dossier_code: Option<String>,
    /// Who sends.
    pub(super) sender: PersonView,
    /// Who receives.
    pub(super) receiver: PersonView,
    /// What the post was asked for, in Vietnamese.
    pub(super) service: &'static str,
    /// When the post accepted it, milliseconds UTC; absent until it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accepted_ms: Option<i64>,
    /// Where it was taken in, when at a counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accepted_at: Option<String>,
    /// The last day of the total time, once it is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deliver_by: Option<String>,
    /// The number on the seal, as signed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seal: Option<String>,
    /// The procedure, when it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) procedure: Option<String>,
    /// The papers the procedure asks for.
    pub(super) papers: Vec<String>,
    /// Papers counted.
    pub(super) paper_count: i64,
    /// Postage charged, whole đồng.
    pub(super) postage: i64,
    /// Postage paid, whole đồng.
    pub(super) postage_paid: i64,
    /// State fees charged, whole đồng.
    pub(super) state_fee: i64,
    /// State fees paid, whole đồng.
    pub(super) state_fee_paid: i64,
    /// To be collected at the door, whole đồng.
    pub(super) cod_amount: i64,
    /// Receipts of State fees that are not void.
    pub(super) receipts: Vec<SlipReceiptView>,
}

/// Reads what the slip of an order says.
pub(super) async fn read(app: &App, placed: &Placed) -> Result<SlipView, Problem> {
    let id = DossierId(placed.order.dossier_id);
    let (scope, now) = (Scope::dossier(id), app.store.now_ms());
    let db = &app.store.see(&scope).await?;
    let standing = dossier::find(db, &scope, id).await?.ok_or(Kind::NotFound)?;
    let row = &standing.dossier;
    let item_id = placed.order.item_id.clone().unwrap_or_default();
    let folded = life::custody_of(db, &scope, now).await?;
    let custody = folded.iter().find(|one| one.item.0.as_slice() == item_id.as_slice());
    let kind = placed.item.as_ref().and_then(|item| item.kind.parse::<ItemKind>().ok());
    let accepted_ms = custody.and_then(life::accepted_at_ms);
    let money = money::of(db, &scope, id).await?.ok_or(Kind::NotFound)?;
    let (postage, fee) = (
        money.sheet.totals(LedgerKind::Postage),
        money.sheet.totals(LedgerKind::StateFee),
    );
    let person = PersonView {
        name: row.applicant_name.clone(),
        phone: Some(row.applicant_phone.clone()),
        address: Some(row.applicant_address.clone()),
    };
    let to = receiver::of(db, &scope, id).await?;
    let recipient = to.map_or(person_of(&person), |to| PersonView {
        name: to.name,
        phone: Some(to.phone),
        address: Some(to.address),
    });
    let agency = agency(app, AgencyId(row.agency_id), row.desk_id.map(DeskId)).await?;
    let (sender, receiver) = if placed.order.direction == "collect" {
        (person, agency)
    } else {
        (agency, recipient)
    };
    let counter = match row.counter_id {
        Some(point) => reference::service_point(app.store.open(), point.into()).await?,
        None => None,
    };
    let deliver_by = match accepted_ms {
        Some(_) => complaint::total_time(&app.store, id).await?.0.map(write_date),
        None => None,
    };
    let list = checklist::of(app, row).await?;
    Ok(SlipView {
        number: placed.order.order_number.clone(),
        item_code: placed
            .item
            .as_ref()
            .map_or_else(String::new, |item| item.item_code.clone()),
        carries: kind.map_or("", |kind| kind.words(domain::dossier::words::Language::Vietnamese)),
        dossier_id: id.0,
        dossier_code: standing.state.as_ref().and_then(|state| state.code.clone()),
        sender,
        receiver,
        service: service(&row.mode),
        accepted_ms,
        accepted_at: counter.map(|point| point.name),
        deliver_by,
        seal: custody
            .and_then(|custody| custody.seal.clone())
            .filter(|seal| !seal.is_empty()),
        procedure: list.procedure,
        papers: list.papers.into_iter().map(|paper| paper.name).collect(),
        paper_count: row.paper_count,
        postage: postage.charged.as_i64(),
        postage_paid: postage.collected.as_i64(),
        state_fee: fee.charged.as_i64(),
        state_fee_paid: fee.collected.as_i64(),
        cod_amount: placed.order.cod_amount,
        receipts: money
            .receipts
            .into_iter()
            .filter(|receipt| receipt.voided_at.is_none())
            .map(|receipt| SlipReceiptView {
                number: receipt.number,
                amount: receipt.amount,
            })
            .collect(),
    })
}

fn person_of(person: &PersonView) -> PersonView {
    PersonView {
        name: person.name.clone(),
        phone: person.phone.clone(),
        address: person.address.clone(),
    }
}

async fn agency(app: &App, id: AgencyId, desk: Option<DeskId>) -> Result<PersonView, Problem> {
    let db = app.store.open();
    let agency = reference::agency(db, id).await?.map(|agency| agency.name);
    let desk = match desk {
        Some(desk) => reference::desk(db, desk).await?.map(|desk| desk.name),
        None => None,
    };
    Ok(PersonView {
        name: agency.unwrap_or_default(),
        phone: None,
        address: desk,
    })
}

fn service(mode: &str) -> &'static str {
    match mode.parse::<Mode>() {
        Ok(mode) if mode.carries_dossier() && mode.carries_result() => {
            "Gửi hồ sơ và nhận kết quả qua dịch vụ bưu chính công ích"
        }
        Ok(mode) if mode.carries_dossier() => "Gửi hồ sơ qua dịch vụ bưu chính công ích",
        _ => "Nhận kết quả qua dịch vụ bưu chính công ích",
    }
}
