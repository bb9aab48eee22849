//! The question «which report, of which days, as known when», one for the command line and HTTP.
//!
//! Source: Quy ước Trao Tay, câu hỏi về báo cáo

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::report::{Convention, ParseConventionError, ParseReportKindError, PeriodError, ReportKind, ReportPeriod};

/// The question, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportQueryRecord {
    /// `kpi766`, `tt17` or `quality`.
    pub report: String,
    /// `2026`, `2026-H1`, `2026-Q4`, `2026-05`, or two days with `..` between them.
    pub period: String,
    /// `calendar` (the default) or `state_cut_off`.
    pub convention: Option<String>,
    /// The hour whose knowledge counts, as `2026-12-31T17:00:00+07:00`; the present when left out.
    pub as_of: Option<String>,
}

/// The question, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportQuery {
    /// Which report.
    pub kind: ReportKind,
    /// Of which days.
    pub period: ReportPeriod,
    /// Only what was recorded up to here counts (ms UTC); none for the present.
    pub as_of_ms: Option<i64>,
}

/// Why a question is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReportQueryError {
    /// No such report.
    #[error(transparent)]
    Report(#[from] ParseReportKindError),
    /// No such period.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// No such convention.
    #[error(transparent)]
    Convention(#[from] ParseConventionError),
    /// The hour cannot be read.
    #[error("not an hour: expected one like 2026-12-31T17:00:00+07:00")]
    AsOf,
}

impl ReportQueryError {
    /// The field at fault.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Report(_) => "report",
            Self::Period(_) => "period",
            Self::Convention(_) => "convention",
            Self::AsOf => "as_of",
        }
    }
}

impl TryFrom<&ReportQueryRecord> for ReportQuery {
    type Error = ReportQueryError;

    fn try_from(record: &ReportQueryRecord) -> Result<Self, Self::Error> {
        let convention = match &record.convention {
            None => Convention::Calendar,
            Some(text) => text.parse()?,
        };
        Ok(Self {
            kind: record.report.parse()?,
            period: ReportPeriod::read(&record.period, convention)?,
            as_of_ms: record.as_of.as_deref().map(hour).transpose()?,
        })
    }
}

fn hour(text: &str) -> Result<i64, ReportQueryError> {
    // In an address a plus that was not written as %2B is read as a space; nothing else of an hour can be one.
    let text = text.replace(' ', "+");
    let at = OffsetDateTime::parse(&text, &Rfc3339).map_err(|_| ReportQueryError::AsOf)?;
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).map_err(|_| ReportQueryError::AsOf)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(report: &str, period: &str, convention: Option<&str>, as_of: Option<&str>) -> ReportQueryRecord {
        ReportQueryRecord {
            report: report.to_owned(),
            period: period.to_owned(),
            convention: convention.map(str::to_owned),
            as_of: as_of.map(str::to_owned),
        }
    }

    #[test]
    fn an_hour_is_read_with_its_offset_also_when_an_address_lost_the_plus() {
        for text in [
            "2026-12-31T17:00:00+07:00",
            "2026-12-31T17:00:00 07:00",
            "2026-12-31T10:00:00Z",
        ] {
            let query = ReportQuery::try_from(&asked("kpi766", "2026-Q4", None, Some(text))).expect(text);
            assert_eq!(query.as_of_ms, Some(1_798_711_200_000), "{text}");
            assert_eq!(query.period.code(), "2026-Q4");
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_field() {
        for (record, field) in [
            (asked("kpi", "2026-Q4", None, None), "report"),
            (asked("tt17", "2026-Q5", None, None), "period"),
            (asked("tt17", "2026-Q4", Some("lunar"), None), "convention"),
            (asked("tt17", "2026-Q4", None, Some("yesterday")), "as_of"),
        ] {
            let error = ReportQuery::try_from(&record).expect_err(field);
            assert_eq!(error.field(), field);
        }
    }
}
