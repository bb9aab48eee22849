//! `GET /api/v1/manifests/outbound` and `/inbound` (bảng kê)

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::policy::Relation;
use crate::problem::{Kind, Problem};
use crate::routes::papers::{Days, Names};
use crate::sheet::{Sheet, SheetFormat, answer};
use crate::words::{hour, local_date};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::calendar::write_date;
use domain::dossier::words::Language;
use domain::holder::Holder;
use domain::item::{Addressee, ItemKind};
use entity::repo::manifest::{self, Entry, Way};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use time::Date;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Items on one list at most: what an office handles in a day is a tenth of it.
const MOST: u64 = 5000;

/// Which day, and how it is written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ManifestQuery {
    /// The day, `2026-04-24`; today when absent.
    #[param(format = Date)]
    day: Option<String>,
    /// `json` (default), `csv` or `xlsx`.
    #[param(inline)]
    #[serde(default)]
    format: ManifestFormat,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ManifestFormat {
    /// For programs.
    #[default]
    Json,
    /// A table for a spreadsheet, with headings in Vietnamese.
    Csv,
    /// A spreadsheet whose columns are all text.
    Xlsx,
}

/// One item of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryView {
    /// The number on the label.
    item_code: String,
    /// What it carries.
    kind: String,
    /// Its state today, `C0` to `C13`.
    state: String,
    /// Whose it is.
    dossier_id: Uuid,
    /// The number of the slip.
    #[serde(skip_serializing_if = "Option::is_none")]
    slip_number: Option<String>,
    /// The code the agency gave the dossier.
    #[serde(skip_serializing_if = "Option::is_none")]
    dossier_code: Option<String>,
    /// The procedure; not for couriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    procedure_code: Option<String>,
    /// Papers counted.
    paper_count: i64,
    /// What it weighed at the counter, grams; absent when it was not weighed.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight_g: Option<i64>,
    /// The number on the result it carries; not for couriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    result_number: Option<String>,
    /// The day on that result, `2026-05-04`.
    #[serde(skip_serializing_if = "Option::is_none")]
    result_date: Option<String>,
    /// The agency that decides.
    agency_name: String,
    /// Who applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    applicant_name: Option<String>,
    /// Whom it goes to: the agency, or whoever receives the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_name: Option<String>,
    /// Their telephone, when it is a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_phone: Option<String>,
    /// Their address, when it is a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_address: Option<String>,
    /// From whom it came, or to whom it went; absent while it lies here.
    #[serde(skip_serializing_if = "Option::is_none")]
    other_party: Option<String>,
    /// When the dossier is due, `2026-05-04`.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_on: Option<String>,
    /// Receipts of the State fees that were taken for it.
    receipts: Vec<String>,
    /// The sum of those receipts, đồng.
    fee_collected: i64,
    /// To be collected at the door, đồng.
    fee_to_collect: i64,
    /// Whether somebody else is authorised to lodge or to receive.
    is_represented: bool,
    /// How many old papers are to be given up against the result.
    surrender_count: usize,
    /// Which they are; not for couriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    surrender: Option<Vec<String>>,
    /// Since when it lies or lay here, milliseconds UTC.
    since_ms: i64,
    /// When it went on, milliseconds UTC; absent while it lies here.
    #[serde(skip_serializing_if = "Option::is_none")]
    until_ms: Option<i64>,
}

/// A list of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManifestView {
    /// The number of the list: the same for every print of one party's list of one day and one way, and of no other.
    batch: String,
    /// Whose: `service_point:<uuid>`, `agency:<uuid>` or `staff:<uuid>`.
    party: String,
    /// The same by name.
    party_name: String,
    /// The day.
    day: String,
    /// The items, what came first first.
    items: Vec<EntryView>,
    /// Whether there are more than one list holds.
    is_cut: bool,
}

/// What lies with the caller's office, agency or bag on a day to go out, and to whom; what went out that day, too.
#[utoipa::path(get, path = "/api/v1/manifests/outbound", tag = "item", params(ManifestQuery, AccessPurpose),
    security(("staff" = [])),
    responses((status = 200, content((ManifestView = "application/json"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), StaffRead))]
pub(crate) async fn outbound(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<ManifestQuery>,
) -> Result<Response, Problem> {
    list(&app, &right, query, Way::Outbound).await
}

/// What came in to the caller's office, agency or bag on a day, and from whom.
#[utoipa::path(get, path = "/api/v1/manifests/inbound", tag = "item", params(ManifestQuery, AccessPurpose),
    security(("staff" = [])),
    responses((status = 200, content((ManifestView = "application/json"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), StaffRead))]
pub(crate) async fn inbound(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<ManifestQuery>,
) -> Result<Response, Problem> {
    list(&app, &right, query, Way::Inbound).await
}

/// As whom the caller holds items.
fn party(right: &StaffRight) -> Result<Holder, Problem> {
    let person = &right.person;
    let party = if right.stands(Relation::Office) {
        person.service_point.map(Holder::ServicePoint)
    } else if right.stands(Relation::Agency) {
        person.agency.map(Holder::Agency)
    } else {
        Some(Holder::Staff(person.id))
    };
    party.ok_or_else(|| Kind::MissingRight.into())
}

async fn list(app: &App, right: &StaffRight, query: ManifestQuery, way: Way) -> Result<Response, Problem> {
    let now = app.store.now_ms();
    let today = write_date(local_date(now));
    let (day, from, until) = Days::one(query.day.as_deref().unwrap_or(&today))?;
    let holder = party(right)?;
    let db = app.store.see(&right.scope).await?;
    let rows = manifest::of(&db, &right.scope, (holder, way), (from, until), MOST).await?;
    right.looked(app, "manifest", None, rows.len()).await?;
    let others = rows.iter().filter_map(other);
    let people = others.chain([holder]).filter_map(|holder| match holder {
        Holder::Staff(id) => Some(id.0),
        _ => None,
    });
    let names = Names::of(app, people.collect::<BTreeSet<_>>()).await?;
    let view = ManifestView {
        batch: batch(&holder, way, day),
        party: holder.to_string(),
        party_name: names.party(Some(&holder)),
        day: write_date(day),
        is_cut: u64::try_from(rows.len()).is_ok_and(|count| count >= MOST),
        items: rows.iter().map(|row| entry(row, right, &names)).collect(),
    };
    let format = match query.format {
        ManifestFormat::Json => return Ok(Json(view).into_response()),
        ManifestFormat::Csv => SheetFormat::Csv,
        ManifestFormat::Xlsx => SheetFormat::Xlsx,
    };
    let name = match way {
        Way::Inbound => format!("bang-ke-den_{}", view.day),
        Way::Outbound => format!("bang-ke-di_{}", view.day),
    };
    answer(&table(&view, &name, way), format, now)
}

/// The number of a list. Nothing is kept for it: whoever has the list's party, way and day computes the same one.
fn batch(holder: &Holder, way: Way, day: Date) -> String {
    let sign = match way {
        Way::Inbound => "DEN",
        Way::Outbound => "DI",
    };
    let day = write_date(day).replace('-', "");
    let hash = Sha256::digest(format!("traotay/manifest/v1|{holder}|{sign}|{day}"));
    let [a, b, c, d, ..] = <[u8; 32]>::from(hash);
    format!("BK-{sign}-{day}-{}", hex::encode_upper([a, b, c, d]))
}

fn other(row: &Entry) -> Option<Holder> {
    row.other.as_deref().and_then(|text| text.parse().ok())
}

fn entry(row: &Entry, right: &StaffRight, names: &Names) -> EntryView {
    let (dossier, state) = (&row.carried.standing.dossier, row.carried.standing.state.as_ref());
    let kind: Option<ItemKind> = row.item.kind.parse().ok();
    let is_result = kind == Some(ItemKind::ResultToApplicant);
    let to_person = kind.is_some_and(|kind| kind.addressee() == Addressee::Citizen);
    let receiver = row.carried.receiver.as_ref().filter(|_| is_result);
    let of_person = |of_receiver: Option<&String>, own: &String| {
        (to_person && right.sees_names()).then(|| of_receiver.unwrap_or(own).clone())
    };
    let agency = names.place(dossier.agency_id);
    let of_result = |text: &Option<String>| text.clone().filter(|_| is_result && right.sees_papers());
    let surrender = if is_result {
        row.carried.surrender.as_slice()
    } else {
        &[]
    };
    EntryView {
        item_code: row.item.item_code.clone(),
        kind: row.item.kind.clone(),
        state: row.item.state.clone(),
        dossier_id: dossier.id,
        slip_number: row.carried.slip.clone(),
        dossier_code: state.and_then(|state| state.code.clone()),
        procedure_code: dossier.procedure_code.clone().filter(|_| right.sees_papers()),
        paper_count: dossier.paper_count,
        weight_g: row.weight_g,
        result_number: of_result(&row.carried.result_number),
        result_date: of_result(&row.carried.result_date),
        agency_name: agency.to_owned(),
        applicant_name: right.sees_names().then(|| dossier.applicant_name.clone()),
        recipient_name: if to_person {
            of_person(receiver.map(|to| &to.name), &dossier.applicant_name)
        } else {
            Some(agency.to_owned())
        },
        recipient_phone: of_person(receiver.map(|to| &to.phone), &dossier.applicant_phone),
        recipient_address: of_person(receiver.map(|to| &to.address), &dossier.applicant_address),
        other_party: other(row).map(|holder| names.party(Some(&holder))),
        due_on: state.and_then(|state| state.due_on.clone()),
        receipts: row.carried.receipts.iter().map(|(number, _)| number.clone()).collect(),
        fee_collected: row.carried.receipts.iter().map(|(_, amount)| *amount).sum(),
        fee_to_collect: if to_person { row.carried.cod_amount } else { 0 },
        is_represented: row.carried.is_represented,
        surrender_count: surrender.len(),
        surrender: right.sees_papers().then(|| surrender.to_vec()),
        since_ms: row.since_ms,
        until_ms: row.until_ms,
    }
}

fn table<'a>(view: &ManifestView, name: &'a str, way: Way) -> Sheet<'a> {
    let other = match way {
        Way::Inbound => "Nhận từ",
        Way::Outbound => "Đã giao cho",
    };
    let headings = [
        "STT",
        "Số bảng kê",
        "Mã bưu gửi",
        "Nội dung",
        "Số phiếu gửi",
        "Mã hồ sơ",
        "Mã thủ tục",
        "Chủ hồ sơ",
        "Số giấy tờ",
        "Khối lượng (g)",
        "Số kết quả",
        "Ngày kết quả",
        "Cơ quan giải quyết",
        "Người nhận",
        "Điện thoại",
        "Địa chỉ",
        "Ngày hẹn trả",
        "Biên lai",
        "Phí, lệ phí đã thu",
        "Thu khi phát",
        "Có ủy quyền",
        "Giấy tờ phải nộp lại",
        other,
        "Từ lúc",
        "Đến lúc",
    ];
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let rows = view.items.iter().enumerate().map(|(at, row)| {
        let kind = row.kind.parse::<ItemKind>();
        vec![
            (at + 1).to_string(),
            view.batch.clone(),
            row.item_code.clone(),
            kind.map_or("", |kind| kind.words(Language::Vietnamese)).to_owned(),
            text(&row.slip_number),
            text(&row.dossier_code),
            text(&row.procedure_code),
            text(&row.applicant_name),
            row.paper_count.to_string(),
            row.weight_g.map_or_else(String::new, |grams| grams.to_string()),
            text(&row.result_number),
            text(&row.result_date),
            row.agency_name.clone(),
            text(&row.recipient_name),
            text(&row.recipient_phone),
            text(&row.recipient_address),
            text(&row.due_on),
            row.receipts.join(", "),
            row.fee_collected.to_string(),
            row.fee_to_collect.to_string(),
            if row.is_represented { "có" } else { "" }.to_owned(),
            row.surrender
                .as_ref()
                .map_or_else(|| row.surrender_count.to_string(), |papers| papers.join("; ")),
            text(&row.other_party),
            hour(row.since_ms),
            row.until_ms.map_or_else(String::new, hour),
        ]
    });
    Sheet {
        name,
        headings: headings.map(str::to_owned).to_vec(),
        rows: rows.collect(),
        notes: Vec::new(),
    }
}
