//! Reports as JSON: values as text with two decimals, so that no reader rounds them again.
//!
//! Every figure carries both its sides and the names of what it counted.
//!
//! Source: Quy ước Trao Tay, báo cáo dạng JSON

mod query;

use serde::Serialize;

pub use query::{ReportQuery, ReportQueryError, ReportQueryRecord};

use crate::calendar::write_date;
use crate::report::kpi766::Kpi766;
use crate::report::post::{PostQuality, Tt17Report, Volume};
use crate::report::{Convention, Figure, Report, ReportPeriod, Subject, Table};

/// The days a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodRecord {
    /// The stable name, as `2026-Q2`.
    pub code: String,
    /// The name in Vietnamese.
    pub name_vi: String,
    /// The name in English.
    pub name_en: String,
    /// `calendar`, `state_cut_off`, or nothing for any days.
    pub convention: Option<&'static str>,
    /// The first day, `2026-04-01`.
    pub first: String,
    /// The last day.
    pub last: String,
    /// The day before which the post must report.
    pub report_before: Option<String>,
}

impl From<&ReportPeriod> for PeriodRecord {
    fn from(period: &ReportPeriod) -> Self {
        Self {
            code: period.code(),
            name_vi: period.vietnamese(),
            name_en: period.english(),
            convention: period.convention().map(Convention::as_str),
            first: write_date(period.first()),
            last: write_date(period.last()),
            report_before: period.report_before().map(write_date),
        }
    }
}

/// Something that stands on neither side of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOutRecord {
    /// What.
    pub id: String,
    /// Why, as a stable name.
    pub why: &'static str,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureRecord {
    /// The number in the source, or our own name.
    pub index: &'static str,
    /// The name in Vietnamese.
    pub name_vi: &'static str,
    /// The name in English.
    pub name_en: &'static str,
    /// The stable name of the group, when it is given for several.
    pub part: Option<&'static str>,
    /// The group in Vietnamese.
    pub part_vi: Option<&'static str>,
    /// The group in English.
    pub part_en: Option<&'static str>,
    /// The unit, as a stable name.
    pub unit: &'static str,
    /// The upper side.
    pub numerator: i64,
    /// The lower side.
    pub denominator: i64,
    /// `46.37`, or `N/A`.
    pub value: String,
    /// From where on full marks are given.
    pub full_marks_from: Option<String>,
    /// Whether they are reached.
    pub has_full_marks: Option<bool>,
    /// What the upper side counted.
    pub counted: Vec<String>,
    /// What the lower side counted.
    pub base: Vec<String>,
    /// What stands on neither side.
    pub left_out: Vec<LeftOutRecord>,
    /// The instrument it follows.
    pub source: &'static str,
}

impl From<&Figure> for FigureRecord {
    fn from(figure: &Figure) -> Self {
        Self {
            index: figure.measure.code,
            name_vi: figure.measure.vietnamese,
            name_en: figure.measure.english,
            part: figure.part.map(|part| part.code),
            part_vi: figure.part.map(|part| part.vietnamese),
            part_en: figure.part.map(|part| part.english),
            unit: figure.measure.unit.as_str(),
            numerator: figure.numerator,
            denominator: figure.denominator,
            value: figure.value.to_string(),
            full_marks_from: figure.full_marks.map(|mark| mark.to_string()),
            has_full_marks: figure.has_full_marks(),
            counted: names(&figure.counted),
            base: names(&figure.base),
            left_out: figure
                .left_out
                .iter()
                .map(|left| LeftOutRecord {
                    id: left.subject.to_string(),
                    why: left.why.as_str(),
                })
                .collect(),
            source: figure.measure.source,
        }
    }
}

/// A report that is a list of figures: the national index, or the quality of carriage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FiguresRecord {
    /// The period.
    pub period: PeriodRecord,
    /// Only what was recorded up to here was used (ms UTC).
    pub as_of_ms: i64,
    /// The figures.
    pub figures: Vec<FigureRecord>,
}

impl From<&Kpi766> for FiguresRecord {
    fn from(report: &Kpi766) -> Self {
        Self::new(&report.period, report.as_of_ms, &report.figures)
    }
}

impl From<&PostQuality> for FiguresRecord {
    fn from(report: &PostQuality) -> Self {
        Self::new(&report.period, report.as_of_ms, &report.figures)
    }
}

impl FiguresRecord {
    fn new(period: &ReportPeriod, as_of_ms: i64, figures: &[Figure]) -> Self {
        Self {
            period: period.into(),
            as_of_ms,
            figures: figures.iter().map(FigureRecord::from).collect(),
        }
    }
}

/// A report, whichever it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ReportRecord {
    /// The national index or the quality of carriage.
    Figures(FiguresRecord),
    /// The periodic report of the post.
    Tt17(Box<Tt17Record>),
}

impl From<&Report> for ReportRecord {
    fn from(report: &Report) -> Self {
        match report {
            Report::Kpi766(report) => Self::Figures(report.into()),
            Report::Tt17(report) => Self::Tt17(Box::new(report.as_ref().into())),
            Report::Quality(report) => Self::Figures(report.into()),
        }
    }
}

/// How many items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VolumeRecord {
    /// The procedure, where the line is of one and it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// Dossiers on their way to an agency.
    pub dossiers: u64,
    /// Results on their way to a person.
    pub results: u64,
    /// Other items.
    pub others: u64,
}

impl VolumeRecord {
    fn new(procedure: Option<String>, volume: Volume) -> Self {
        Self {
            procedure,
            dossiers: volume.dossiers,
            results: volume.results,
            others: volume.others,
        }
    }
}

/// The periodic report of the post. Money in whole đồng; its three lines are never added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tt17Record {
    /// The period.
    pub period: PeriodRecord,
    /// Only what was recorded up to here was used (ms UTC).
    pub as_of_ms: i64,
    /// The procedures served.
    pub procedures: Vec<VolumeRecord>,
    /// Items accepted.
    pub volume: VolumeRecord,
    /// Postage.
    pub postage_vnd: u64,
    /// Fees and charges held for agencies.
    pub state_fee_vnd: u64,
    /// Other money held for agencies.
    pub other_vnd: u64,
    /// Complaints received.
    pub complaints: u64,
    /// Of them upheld.
    pub complaints_upheld: u64,
    /// Of them upheld in part.
    pub complaints_partly_upheld: u64,
    /// Of them dismissed.
    pub complaints_dismissed: u64,
    /// Of them withdrawn.
    pub complaints_withdrawn: u64,
    /// Of them not answered yet.
    pub complaints_unanswered: u64,
    /// Items lost.
    pub lost: Vec<String>,
    /// Items misplaced.
    pub misplaced: Vec<String>,
    /// Items damaged.
    pub damaged: Vec<String>,
    /// Cases compensated.
    pub compensated: Vec<String>,
    /// What was paid for them.
    pub compensation_vnd: u64,
    /// Items kept safe.
    pub safety: FigureRecord,
}

impl From<&Tt17Report> for Tt17Record {
    fn from(report: &Tt17Report) -> Self {
        let procedure_line = |line: &crate::report::post::ProcedureLine| {
            VolumeRecord::new(line.procedure.as_ref().map(ToString::to_string), line.volume)
        };
        Self {
            period: (&report.period).into(),
            as_of_ms: report.as_of_ms,
            procedures: report.procedures.iter().map(procedure_line).collect(),
            volume: VolumeRecord::new(None, report.volume),
            postage_vnd: report.revenue.postage_vnd,
            state_fee_vnd: report.revenue.state_fee_vnd,
            other_vnd: report.revenue.other_vnd,
            complaints: report.complaints.received,
            complaints_upheld: report.complaints.upheld,
            complaints_partly_upheld: report.complaints.partly_upheld,
            complaints_dismissed: report.complaints.dismissed,
            complaints_withdrawn: report.complaints.withdrawn,
            complaints_unanswered: report.complaints.unanswered,
            lost: names(&report.lost),
            misplaced: names(&report.misplaced),
            damaged: names(&report.damaged),
            compensated: names(&report.compensated),
            compensation_vnd: report.compensation_vnd,
            safety: (&report.safety).into(),
        }
    }
}

/// A table as rows of text, both headings first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableRecord {
    /// Headings in Vietnamese.
    pub headings_vi: Vec<&'static str>,
    /// Headings in English.
    pub headings_en: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl From<&Table> for TableRecord {
    fn from(table: &Table) -> Self {
        let [headings_vi, headings_en] = table.headings();
        Self {
            headings_vi,
            headings_en,
            rows: table.rows().to_vec(),
        }
    }
}

fn names(subjects: &[Subject]) -> Vec<String> {
    subjects.iter().map(ToString::to_string).collect()
}
