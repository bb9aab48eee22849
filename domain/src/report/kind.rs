//! The three reports behind one door, for whoever asks for one by its name.
//!
//! Source: Quyết định 766/QĐ-TTg, phụ lục; Thông tư 17/2017/TT-BTTTT, điều 13; Thông tư 17/2017/TT-BTTTT, điều 7

use std::fmt;
use std::str::FromStr;

use super::kpi766::{self, Feedback, Kpi766, ProcedureOffer};
use super::post::{
    self, Compensation, ComplaintHistory, ItemHistory, PostQuality, ReceiptHistory, Tt17Report, quality, tt17,
};
use super::{DossierHistory, Recorded, ReportError, ReportPeriod, Table};
use crate::calendar::Calendar;

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportKind {
    /// The national index of service quality.
    Kpi766,
    /// The periodic report the post owes.
    Tt17,
    /// The quality of carriage and the post's share.
    Quality,
}

impl ReportKind {
    /// Every report.
    pub const ALL: [Self; 3] = [Self::Kpi766, Self::Tt17, Self::Quality];

    /// The stable name, in addresses and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kpi766 => "kpi766",
            Self::Tt17 => "tt17",
            Self::Quality => "quality",
        }
    }
}

impl fmt::Display for ReportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a report: expected kpi766, tt17 or quality")]
pub struct ParseReportKindError;

impl FromStr for ReportKind {
    type Err = ParseReportKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        named.ok_or(ParseReportKindError)
    }
}

/// Everything a store knows that the reports are worked out from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histories {
    /// One for each dossier of the agencies served.
    pub dossiers: Vec<DossierHistory>,
    /// One for each postal item.
    pub items: Vec<ItemHistory>,
    /// One for each payment to the post.
    pub receipts: Vec<ReceiptHistory>,
    /// One for each complaint about the post.
    pub complaints: Vec<ComplaintHistory>,
    /// Compensation that was paid.
    pub compensation: Vec<Recorded<Compensation>>,
    /// Citizens' feedback on the agencies.
    pub feedback: Vec<Feedback>,
    /// How procedures are offered.
    pub procedures: Vec<Recorded<ProcedureOffer>>,
    /// The calendar of the State's offices, as it stood at the hour of the report.
    pub state: Calendar,
    /// The calendar of the post, as it stood then.
    pub post: Calendar,
}

impl Histories {
    /// Works out a report with the policies we follow unless a province says otherwise.
    ///
    /// # Errors
    /// [`ReportError::Twice`] when two histories are of the same thing.
    pub fn report(&self, kind: ReportKind, period: &ReportPeriod, as_of_ms: i64) -> Result<Report, ReportError> {
        match kind {
            ReportKind::Kpi766 => {
                let input = kpi766::Input {
                    dossiers: &self.dossiers,
                    procedures: &self.procedures,
                    feedback: &self.feedback,
                    calendar: &self.state,
                };
                kpi766::report(input, period, as_of_ms, &kpi766::Policy::default()).map(Report::Kpi766)
            }
            ReportKind::Tt17 => {
                let report = tt17(self.of_the_post(), period, as_of_ms, &post::Policy::default())?;
                Ok(Report::Tt17(Box::new(report)))
            }
            ReportKind::Quality => {
                quality(self.of_the_post(), period, as_of_ms, &post::Policy::default()).map(Report::Quality)
            }
        }
    }

    fn of_the_post(&self) -> post::Input<'_> {
        post::Input {
            items: &self.items,
            receipts: &self.receipts,
            complaints: &self.complaints,
            compensation: &self.compensation,
            dossiers: &self.dossiers,
            calendar: &self.post,
        }
    }
}

/// A report, whichever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The national index.
    Kpi766(Kpi766),
    /// The post's periodic report.
    Tt17(Box<Tt17Report>),
    /// The quality of carriage.
    Quality(PostQuality),
}

impl Report {
    /// The period.
    pub fn period(&self) -> &ReportPeriod {
        match self {
            Self::Kpi766(report) => &report.period,
            Self::Tt17(report) => &report.period,
            Self::Quality(report) => &report.period,
        }
    }

    /// Only what was recorded up to here was used (ms UTC).
    pub fn as_of_ms(&self) -> i64 {
        match self {
            Self::Kpi766(report) => report.as_of_ms,
            Self::Tt17(report) => report.as_of_ms,
            Self::Quality(report) => report.as_of_ms,
        }
    }

    /// The report as rows for a table file.
    pub fn table(&self) -> Table {
        match self {
            Self::Kpi766(report) => report.table(),
            Self::Tt17(report) => report.table(),
            Self::Quality(report) => report.table(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Convention;

    #[test]
    fn a_report_is_found_by_its_name() {
        for kind in ReportKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("kpi".parse::<ReportKind>(), Err(ParseReportKindError));
    }

    #[test]
    fn a_store_that_knows_nothing_still_makes_every_report() {
        let period = ReportPeriod::quarter(2026, 4, Convention::Calendar).expect("a quarter");
        for kind in ReportKind::ALL {
            let report = Histories::default().report(kind, &period, 0).expect("a report");
            assert!(!report.table().rows().is_empty(), "{kind}");
        }
    }
}
