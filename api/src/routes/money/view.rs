//! Money as it is shown: sums by ledger that are never added up, and each line in plain words.

use domain::dossier::words::Language;
use domain::holder::Holder;
use domain::money::{Dong, LedgerKind, LineError, Tender};
use domain::wire::money::{PaperRecord, ReceiptRecord, VND};
use entity::repo::money::{Entered, Money};
use entity::table::fee_receipt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A paper that allows something.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperView {
    /// The code of the agency that issued it; the dossier's agency when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "AG-UB-30520")]
    pub(crate) issuer: Option<String>,
    /// Its number.
    #[schema(example = "12/QĐ-UBND")]
    pub(crate) number: String,
    /// Its date.
    #[schema(example = "2026-05-04")]
    pub(crate) date: String,
}

impl From<PaperRecord> for PaperView {
    fn from(record: PaperRecord) -> Self {
        Self {
            issuer: Some(record.issuer).filter(|issuer| !issuer.is_empty()),
            number: record.number,
            date: record.date,
        }
    }
}

/// One ledger of a dossier, in whole đồng.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LedgerView {
    /// `postage`, `state_fee` or `other`.
    ledger: &'static str,
    /// Its name in Vietnamese.
    name_vi: &'static str,
    /// Its name in English.
    name_en: &'static str,
    /// Became due.
    charged: i64,
    /// Not asked for.
    exempted: i64,
    /// Paid.
    collected: i64,
    /// Given back.
    refunded: i64,
    /// Still to be paid.
    owed: i64,
    /// Taken by the post, and neither given back nor with the agency.
    held: i64,
    /// `VND`.
    currency: &'static str,
    /// What stands open, in Vietnamese.
    words_vi: String,
    /// The same in English.
    words_en: String,
}

/// One line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineView {
    /// The act or device event, in hex.
    event_id: String,
    /// `charged`, `exempted`, `collected` or `refunded`.
    what: String,
    /// `postage`, `state_fee` or `other`.
    ledger: String,
    /// Whole đồng.
    amount: i64,
    /// `VND`.
    currency: String,
    /// `cash`, `qr`, `national_portal` or `own_gateway`.
    #[serde(skip_serializing_if = "Option::is_none")]
    tender: Option<String>,
    /// Whose hands it came into or went out of: `counter`, `courier` or `desk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    /// The number of its receipt, when it was issued with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
    /// The tariff or fee schedule it is from; not for couriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    tariff: Option<String>,
    /// The paper that allows it; not for couriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    paper: Option<PaperView>,
    /// The class of people that is spared; not for couriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    /// The collection that was given back, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    /// When, in milliseconds UTC.
    at_ms: i64,
    /// Whether the books count it. A device may have recorded what does not fit; that is kept and shown.
    counts: bool,
    /// The line in Vietnamese, with the reason when it does not count.
    words_vi: String,
    /// The same in English.
    words_en: String,
}

impl LineView {
    /// Whether this was done by it.
    pub(super) fn is(&self, what: &str) -> bool {
        self.what == what
    }
}

/// A receipt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceiptView {
    /// Point, series and serial as printed.
    pub(crate) number: String,
    /// Whole đồng.
    amount: i64,
    /// `VND`.
    currency: &'static str,
    /// The agency whose fee it is.
    pub(crate) agency_id: Uuid,
    /// The collection it is for, in hex.
    of: String,
    /// When it was issued, in milliseconds UTC.
    issued_at_ms: i64,
    /// Why it is void, when it is. A void receipt keeps its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    void_reason: Option<String>,
    /// The statement for the agency it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    remittance_id: Option<Uuid>,
}

impl From<fee_receipt::Model> for ReceiptView {
    fn from(row: fee_receipt::Model) -> Self {
        Self {
            number: row.number,
            amount: row.amount,
            currency: VND,
            agency_id: row.agency_id,
            of: hex::encode(row.line_id),
            issued_at_ms: row.issued_at,
            void_reason: row.void_reason,
            remittance_id: row.remittance_id,
        }
    }
}

/// The money of a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MoneyView {
    /// Three ledgers, in the order they are shown on every slip. They are never added up into one.
    ledgers: Vec<LedgerView>,
    /// The lines, in log order.
    pub(super) lines: Vec<LineView>,
    /// The receipts, void ones as well.
    receipts: Vec<ReceiptView>,
}

/// The money of a dossier for somebody who may or may not know what is in the envelope.
pub(super) fn view(money: Money, sees_papers: bool) -> MoneyView {
    let ledgers = LedgerKind::ALL.map(|ledger| {
        let totals = money.sheet.totals(ledger);
        let open = |language| match language {
            Language::Vietnamese if totals.owed == Dong::ZERO => "không còn phải nộp".to_owned(),
            Language::Vietnamese => format!("còn phải nộp {}", totals.owed),
            Language::English if totals.owed == Dong::ZERO => "nothing is owed".to_owned(),
            Language::English => format!("{} still to be paid", totals.owed),
        };
        LedgerView {
            ledger: ledger.as_str(),
            name_vi: ledger.vietnamese(),
            name_en: ledger.english(),
            charged: totals.charged.as_i64(),
            exempted: totals.exempted.as_i64(),
            collected: totals.collected.as_i64(),
            refunded: totals.refunded.as_i64(),
            owed: totals.owed.as_i64(),
            held: totals.held.as_i64(),
            currency: VND,
            words_vi: format!("{}: {}", ledger.vietnamese(), open(Language::Vietnamese)),
            words_en: format!("{}: {}", ledger.english(), open(Language::English)),
        }
    });
    MoneyView {
        ledgers: ledgers.into(),
        lines: money
            .lines
            .into_iter()
            .map(|line| line_view(line, sees_papers))
            .collect(),
        receipts: money.receipts.into_iter().map(ReceiptView::from).collect(),
    }
}

fn line_view(line: Entered, sees_papers: bool) -> LineView {
    let what = line.kind.strip_prefix("money.").unwrap_or(&line.kind).to_owned();
    let by = match line.record.taken_by.as_deref().and_then(|text| text.parse().ok()) {
        Some(Holder::ServicePoint(_)) => Some("counter"),
        Some(Holder::Staff(_)) => Some("courier"),
        Some(Holder::Agency(_)) => Some("desk"),
        Some(Holder::Citizen | Holder::Bag(_)) | None => None,
    };
    let (words_vi, words_en) = (
        words(&line, &what, Language::Vietnamese),
        words(&line, &what, Language::English),
    );
    let number = |record: ReceiptRecord| domain::money::ReceiptNumber::from(record).to_string();
    LineView {
        event_id: line.event,
        what,
        ledger: line.record.ledger,
        amount: line.record.amount,
        currency: line.record.currency,
        tender: line.record.tender,
        by,
        receipt: line.record.receipt.map(number),
        tariff: line.record.tariff.filter(|_| sees_papers),
        paper: line.record.paper.filter(|_| sees_papers).map(PaperView::from),
        class: line.record.class.filter(|_| sees_papers),
        of: line.record.of,
        at_ms: line.at_ms,
        counts: line.unfit.is_none(),
        words_vi,
        words_en,
    }
}

/// «Phí, lệ phí: đã thu 8.000 ₫ (tiền mặt)».
fn words(line: &Entered, what: &str, language: Language) -> String {
    let ledger = LedgerKind::parse(&line.record.ledger).map_or("", |ledger| match language {
        Language::Vietnamese => ledger.vietnamese(),
        Language::English => ledger.english(),
    });
    let done = match (what, language) {
        ("charged", Language::Vietnamese) => "phải nộp",
        ("charged", Language::English) => "due",
        ("exempted", Language::Vietnamese) => "được miễn, giảm",
        ("exempted", Language::English) => "not asked for",
        ("collected", Language::Vietnamese) => "đã thu",
        ("collected", Language::English) => "paid",
        (_, Language::Vietnamese) => "đã hoàn trả",
        (_, Language::English) => "given back",
    };
    let tender = line.record.tender.as_deref().and_then(Tender::parse);
    let tender = tender.map_or_else(String::new, |tender| format!(" ({})", tender.words(language)));
    let unfit = line.unfit.map(|why: LineError| why.words(language));
    let unfit = match (unfit, language) {
        (Some(why), Language::Vietnamese) => format!("; chưa tính vào sổ: {why}"),
        (Some(why), Language::English) => format!("; not counted: {why}"),
        (None, _) => String::new(),
    };
    format!("{ledger}: {done} {}{tender}{unfit}", Dong::new(line.record.amount))
}
