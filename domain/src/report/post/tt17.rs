//! The periodic report the post owes: quarter, half-year and year have the same content.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 13

use std::collections::BTreeMap;

use super::item::ItemRecord;
use super::quality::safety;
use super::{ComplaintOutcome, Input, MoneyLine, Policy};
use crate::item::{Incident, ItemKind};
use crate::procedure_code::ProcedureCode;
use crate::report::table::{column, joined};
use crate::report::{Figure, ReportError, ReportPeriod, Subject, Table};

/// The incidents that make an item unsafe: lost, missing, damaged.
pub(super) const UNSAFE: [Incident; 3] = [Incident::Lost, Incident::Missing, Incident::Damaged];

/// How many items were accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Volume {
    /// Dossiers on their way to an agency.
    pub dossiers: u64,
    /// Results on their way to a person.
    pub results: u64,
    /// Supplements, slips, originals, surrendered papers and what goes back.
    pub others: u64,
}

impl Volume {
    fn count(&mut self, kind: ItemKind) {
        let line = match kind {
            ItemKind::DossierToAgency => &mut self.dossiers,
            ItemKind::ResultToApplicant => &mut self.results,
            ItemKind::SupplementToAgency
            | ItemKind::SlipToApplicant
            | ItemKind::OriginalsToApplicant
            | ItemKind::SurrenderedToAgency
            | ItemKind::ResultBackToAgency
            | ItemKind::InterAgency => &mut self.others,
        };
        *line += 1;
    }

    /// All items.
    pub const fn total(self) -> u64 {
        self.dossiers + self.results + self.others
    }
}

/// One procedure that was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureLine {
    /// Which; `None` for items of which it is not known.
    pub procedure: Option<ProcedureCode>,
    /// How much.
    pub volume: Volume,
}

/// Money taken in the period, in whole đồng: three lines that are never added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revenue {
    /// Postage: the post's revenue.
    pub postage_vnd: u64,
    /// Fees and charges of the State, held for the agencies.
    pub state_fee_vnd: u64,
    /// Other money taken for the agencies.
    pub other_vnd: u64,
}

/// Complaints received in the period and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ComplaintCount {
    /// Received.
    pub received: u64,
    /// The citizen was right.
    pub upheld: u64,
    /// Right in part.
    pub partly_upheld: u64,
    /// Not right.
    pub dismissed: u64,
    /// Taken back.
    pub withdrawn: u64,
    /// Not answered yet.
    pub unanswered: u64,
}

/// The periodic report, as known at an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tt17Report {
    /// The period.
    pub period: ReportPeriod,
    /// Only what was recorded up to here was used (ms UTC).
    pub as_of_ms: i64,
    /// The procedures served, by code.
    pub procedures: Vec<ProcedureLine>,
    /// Items accepted.
    pub volume: Volume,
    /// Money taken.
    pub revenue: Revenue,
    /// Complaints and outcomes.
    pub complaints: ComplaintCount,
    /// Items declared lost in the period.
    pub lost: Vec<Subject>,
    /// Items that went missing in the period.
    pub misplaced: Vec<Subject>,
    /// Items found damaged in the period.
    pub damaged: Vec<Subject>,
    /// Cases compensated in the period.
    pub compensated: Vec<Subject>,
    /// What was paid for them, in whole đồng.
    pub compensation_vnd: u64,
    /// Items kept safe.
    pub safety: Figure,
}

/// Works out the periodic report.
///
/// # Errors
/// [`ReportError::Twice`] when two histories are of the same thing.
pub fn tt17(
    input: Input<'_>,
    period: &ReportPeriod,
    as_of_ms: i64,
    policy: &Policy,
) -> Result<Tt17Report, ReportError> {
    input.check()?;
    let items: Vec<ItemRecord<'_>> = input.items.iter().filter_map(|item| item.record(as_of_ms)).collect();
    let accepted = || items.iter().filter(|item| period.contains(item.accepted_at_ms));
    let mut volume = Volume::default();
    let mut by_procedure: BTreeMap<Option<&ProcedureCode>, Volume> = BTreeMap::new();
    for item in accepted() {
        volume.count(item.history.kind);
        by_procedure
            .entry(item.history.procedure.as_ref())
            .or_default()
            .count(item.history.kind);
    }
    let mut paid: Vec<_> = input
        .compensation
        .iter()
        .filter_map(|paid| paid.known(as_of_ms))
        .filter(|paid| period.contains(paid.paid_at_ms))
        .collect();
    paid.sort_unstable();
    let with = |sort| with_incident(&items, period, sort);
    Ok(Tt17Report {
        period: *period,
        as_of_ms,
        procedures: by_procedure
            .into_iter()
            .map(|(procedure, volume)| ProcedureLine {
                procedure: procedure.cloned(),
                volume,
            })
            .collect(),
        volume,
        revenue: revenue(input, period, as_of_ms),
        complaints: complaints(input, period, as_of_ms),
        lost: with(Incident::Lost),
        misplaced: with(Incident::Missing),
        damaged: with(Incident::Damaged),
        compensated: paid.iter().map(|paid| Subject::Compensation(paid.id)).collect(),
        compensation_vnd: paid.iter().fold(0, |sum, paid| sum.saturating_add(paid.amount_vnd)),
        safety: safety(accepted(), &policy.marking),
    })
}

fn revenue(input: Input<'_>, period: &ReportPeriod, as_of_ms: i64) -> Revenue {
    let mut revenue = Revenue::default();
    for receipt in input.receipts {
        let known = receipt.record(as_of_ms);
        let Some(known) = known.filter(|known| period.contains(known.collected_at_ms)) else {
            continue;
        };
        let line = match receipt.line {
            MoneyLine::Postage => &mut revenue.postage_vnd,
            MoneyLine::StateFee => &mut revenue.state_fee_vnd,
            MoneyLine::Other => &mut revenue.other_vnd,
        };
        *line = line.saturating_add(known.amount_vnd);
    }
    revenue
}

fn complaints(input: Input<'_>, period: &ReportPeriod, as_of_ms: i64) -> ComplaintCount {
    let mut count = ComplaintCount::default();
    let known = input
        .complaints
        .iter()
        .filter_map(|complaint| complaint.record(as_of_ms));
    for complaint in known.filter(|complaint| period.contains(complaint.received_at_ms)) {
        count.received += 1;
        let line = match complaint.answer.map(|(_, outcome)| outcome) {
            Some(ComplaintOutcome::Upheld) => &mut count.upheld,
            Some(ComplaintOutcome::PartlyUpheld) => &mut count.partly_upheld,
            Some(ComplaintOutcome::Dismissed) => &mut count.dismissed,
            Some(ComplaintOutcome::Withdrawn) => &mut count.withdrawn,
            None => &mut count.unanswered,
        };
        *line += 1;
    }
    count
}

/// Items whose first incident of a sort lies in the period.
fn with_incident(items: &[ItemRecord<'_>], period: &ReportPeriod, sort: Incident) -> Vec<Subject> {
    let mut found: Vec<Subject> = items
        .iter()
        .filter(|item| item.incidents.get(&sort).is_some_and(|at_ms| period.contains(*at_ms)))
        .map(ItemRecord::subject)
        .collect();
    found.sort();
    found
}

impl Tt17Report {
    /// The report as rows for a table file.
    pub fn table(&self) -> Table {
        let columns = [
            column("Nội dung", "Content"),
            column("Nội dung tiếng Anh", "Content (English)"),
            column("Giá trị", "Value"),
            column("Đơn vị", "Unit"),
            column("Chi tiết", "Detail"),
        ];
        Table::new(columns, self.rows().into_iter().chain(self.procedure_rows()))
    }

    fn rows(&self) -> Vec<[String; 5]> {
        let row = |vietnamese: &str, english: &str, value: String, unit: &str, of: &[Subject]| {
            let detail = joined(of.iter().map(ToString::to_string));
            [
                vietnamese.to_owned(),
                english.to_owned(),
                value,
                unit.to_owned(),
                detail,
            ]
        };
        let items = |vietnamese, english, count: u64| row(vietnamese, english, count.to_string(), "bưu gửi", &[]);
        let money = |vietnamese, english, amount: u64| row(vietnamese, english, amount.to_string(), "đồng", &[]);
        let cases = |vietnamese, english, count: u64| row(vietnamese, english, count.to_string(), "vụ", &[]);
        let named =
            |vietnamese, english, of: &[Subject], unit| row(vietnamese, english, of.len().to_string(), unit, of);
        let count = self.complaints;
        vec![
            items(
                "Hồ sơ chuyển đến cơ quan",
                "Dossiers carried to agencies",
                self.volume.dossiers,
            ),
            items(
                "Kết quả chuyển đến người dân",
                "Results carried to citizens",
                self.volume.results,
            ),
            items("Bưu gửi khác", "Other items", self.volume.others),
            money("Giá cước", "Postage", self.revenue.postage_vnd),
            money("Phí, lệ phí thu hộ", "State fees held", self.revenue.state_fee_vnd),
            money("Khoản thu hộ khác", "Other money held", self.revenue.other_vnd),
            cases("Khiếu nại tiếp nhận", "Complaints received", count.received),
            cases("Khiếu nại đúng", "Complaints upheld", count.upheld),
            cases(
                "Khiếu nại đúng một phần",
                "Complaints upheld in part",
                count.partly_upheld,
            ),
            cases("Khiếu nại không đúng", "Complaints dismissed", count.dismissed),
            cases("Khiếu nại đã rút", "Complaints withdrawn", count.withdrawn),
            cases(
                "Khiếu nại chưa trả lời",
                "Complaints not answered yet",
                count.unanswered,
            ),
            named("Bưu gửi mất", "Items lost", &self.lost, "bưu gửi"),
            named("Bưu gửi thất lạc", "Items misplaced", &self.misplaced, "bưu gửi"),
            named("Bưu gửi hư hỏng", "Items damaged", &self.damaged, "bưu gửi"),
            named("Số vụ bồi thường", "Cases compensated", &self.compensated, "vụ"),
            money("Số tiền bồi thường", "Compensation paid", self.compensation_vnd),
            row(
                "Tỷ lệ an toàn",
                "Items kept safe",
                self.safety.value.to_string(),
                "%",
                &[],
            ),
        ]
    }

    fn procedure_rows(&self) -> impl Iterator<Item = [String; 5]> {
        self.procedures.iter().map(|line| {
            let code = line.procedure.as_ref().map_or("–", ProcedureCode::as_str);
            [
                format!("Thủ tục {code}"),
                format!("Procedure {code}"),
                line.volume.total().to_string(),
                "bưu gửi".to_owned(),
                format!(
                    "hồ sơ {}; kết quả {}; khác {}",
                    line.volume.dossiers, line.volume.results, line.volume.others
                ),
            ]
        })
    }
}
