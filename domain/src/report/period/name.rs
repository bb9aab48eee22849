//! How a period is written, for people and for machines.
//!
//! Source: Quy ước Trao Tay, tên kỳ báo cáo

use time::Month;

use super::{Convention, PeriodError, ReportPeriod, Span};
use crate::calendar::{read_date, write_date};
use crate::report::day::shown;

impl ReportPeriod {
    /// The name in Vietnamese with both days: `Quý 2/2026 (từ 01/04/2026 đến 30/06/2026)`.
    pub fn vietnamese(&self) -> String {
        let days = format!("từ {} đến {}", shown(self.first), shown(self.last));
        match self.span {
            Span::Month { year, month } => format!("Tháng {}/{year} ({days})", u8::from(month)),
            Span::Quarter { year, quarter } => format!("Quý {quarter}/{year} ({days})"),
            Span::Half { year, half: 1 } => format!("6 tháng đầu năm {year} ({days})"),
            Span::Half { year, .. } => format!("6 tháng cuối năm {year} ({days})"),
            Span::Year { year } => format!("Năm {year} ({days})"),
            Span::Custom => format!("Từ {} đến {}", shown(self.first), shown(self.last)),
        }
    }

    /// The name in English with both days: `Quarter 2 of 2026 (01/04/2026 to 30/06/2026)`.
    pub fn english(&self) -> String {
        let days = format!("{} to {}", shown(self.first), shown(self.last));
        match self.span {
            Span::Month { year, month } => format!("{month} {year} ({days})"),
            Span::Quarter { year, quarter } => format!("Quarter {quarter} of {year} ({days})"),
            Span::Half { year, half: 1 } => format!("First half of {year} ({days})"),
            Span::Half { year, .. } => format!("Second half of {year} ({days})"),
            Span::Year { year } => format!("Year {year} ({days})"),
            Span::Custom => days,
        }
    }

    /// The stable name: `2026`, `2026-H1`, `2026-Q2`, `2026-05`, or both days with `..`.
    pub fn code(&self) -> String {
        match self.span {
            Span::Month { year, month } => format!("{year:04}-{:02}", u8::from(month)),
            Span::Quarter { year, quarter } => format!("{year:04}-Q{quarter}"),
            Span::Half { year, half } => format!("{year:04}-H{half}"),
            Span::Year { year } => format!("{year:04}"),
            Span::Custom => format!("{}..{}", write_date(self.first), write_date(self.last)),
        }
    }

    /// Reads a stable name. The convention bounds a named period; two days bound themselves.
    ///
    /// # Errors
    /// [`PeriodError`] when the text names no period.
    pub fn read(text: &str, convention: Convention) -> Result<Self, PeriodError> {
        if let Some((first, last)) = text.split_once("..") {
            let day = |text| read_date(text).ok_or(PeriodError::Unreadable);
            return Self::custom(day(first)?, day(last)?);
        }
        let (year, rest) = text
            .split_once('-')
            .map_or((text, None), |(year, rest)| (year, Some(rest)));
        let year: i32 = digits(year, 4)?;
        match rest {
            None => Self::year(year, convention),
            Some(rest) => match (rest.strip_prefix('Q'), rest.strip_prefix('H')) {
                (Some(quarter), _) => Self::quarter(year, digits(quarter, 1)?, convention),
                (None, Some(half)) => Self::half(year, digits(half, 1)?, convention),
                (None, None) => {
                    let month = Month::try_from(digits::<u8>(rest, 2)?).map_err(|_| PeriodError::Unreadable)?;
                    Self::month(year, month, convention)
                }
            },
        }
    }
}

fn digits<T: std::str::FromStr>(text: &str, length: usize) -> Result<T, PeriodError> {
    let is_shaped = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let read = if is_shaped { text.parse().ok() } else { None };
    read.ok_or(PeriodError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_the_days() {
        let quarter = ReportPeriod::quarter(2026, 2, Convention::Calendar).expect("a quarter");
        assert_eq!(quarter.vietnamese(), "Quý 2/2026 (từ 01/04/2026 đến 30/06/2026)");
        let year = ReportPeriod::year(2026, Convention::StateCutOff).expect("a year");
        assert_eq!(year.english(), "Year 2026 (15/12/2025 to 14/12/2026)");
    }

    #[test]
    fn a_stable_name_reads_back() {
        for text in ["2026", "2026-H1", "2026-Q4", "2026-05", "2026-05-01..2026-05-31"] {
            let period = ReportPeriod::read(text, Convention::StateCutOff).expect("a period");
            assert_eq!(period.code(), text);
        }
        for text in [
            "",
            "26",
            "2026-Q5",
            "2026-13",
            "2026-5",
            "2026-Q",
            "2026-é1",
            "2026-05-01..x",
        ] {
            assert!(ReportPeriod::read(text, Convention::Calendar).is_err(), "{text}");
        }
    }
}
