//! The days a report is about.
//!
//! State reports cut off on day 14, the post's reports follow the calendar: a period
//! always says its first and last day, and both conventions stand side by side. Does not
//! know today's date, so not which period is due.
//!
//! Source: Nghị định 09/2019/NĐ-CP, điều 12; Thông tư 17/2017/TT-BTTTT, điều 13

mod name;

use std::str::FromStr;

use time::{Date, Month};

use super::day::start_ms;

/// How a named period is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Convention {
    /// From the first to the last day of the months: the post's reports.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 13
    Calendar,
    /// From day 15 of the month before to day 14 of the last month: reports of the State.
    ///
    /// Source: Nghị định 09/2019/NĐ-CP, điều 12
    StateCutOff,
}

impl Convention {
    /// Both, the post's first.
    pub const ALL: [Self; 2] = [Self::Calendar, Self::StateCutOff];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::StateCutOff => "state_cut_off",
        }
    }
}

/// A text that names no convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a convention: expected calendar or state_cut_off")]
pub struct ParseConventionError;

impl FromStr for Convention {
    type Err = ParseConventionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|convention| convention.as_str() == text);
        named.ok_or(ParseConventionError)
    }
}

/// What a period is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// One month.
    Month {
        /// The year.
        year: i32,
        /// The month.
        month: Month,
    },
    /// Three months.
    Quarter {
        /// The year.
        year: i32,
        /// 1 to 4.
        quarter: u8,
    },
    /// Six months.
    Half {
        /// The year.
        year: i32,
        /// 1 or 2.
        half: u8,
    },
    /// Twelve months.
    Year {
        /// The year.
        year: i32,
    },
    /// Any days.
    Custom,
}

/// The first and the last day of a report, and what they are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportPeriod {
    span: Span,
    convention: Option<Convention>,
    first: Date,
    last: Date,
}

/// Why days make no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// A quarter is 1 to 4.
    #[error("a year has quarters 1 to 4")]
    NoSuchQuarter,
    /// A half is 1 or 2.
    #[error("a year has halves 1 and 2")]
    NoSuchHalf,
    /// The calendar does not reach so far.
    #[error("the year is out of range")]
    NoSuchYear,
    /// The last day lies before the first.
    #[error("the period ends before it begins")]
    Backwards,
    /// The text names no period.
    #[error("not a period: expected 2026, 2026-H1, 2026-Q2, 2026-05 or 2026-05-01..2026-05-31")]
    Unreadable,
}

impl ReportPeriod {
    /// One month.
    ///
    /// # Errors
    /// [`PeriodError::NoSuchYear`].
    pub fn month(year: i32, month: Month, convention: Convention) -> Result<Self, PeriodError> {
        let number = u8::from(month);
        Self::named(Span::Month { year, month }, convention, year, number, number)
    }

    /// A quarter, 1 to 4.
    ///
    /// # Errors
    /// [`PeriodError::NoSuchQuarter`] or [`PeriodError::NoSuchYear`].
    pub fn quarter(year: i32, quarter: u8, convention: Convention) -> Result<Self, PeriodError> {
        if !(1..=4).contains(&quarter) {
            return Err(PeriodError::NoSuchQuarter);
        }
        let last = quarter * 3;
        Self::named(Span::Quarter { year, quarter }, convention, year, last - 2, last)
    }

    /// A half-year, 1 or 2.
    ///
    /// # Errors
    /// [`PeriodError::NoSuchHalf`] or [`PeriodError::NoSuchYear`].
    pub fn half(year: i32, half: u8, convention: Convention) -> Result<Self, PeriodError> {
        if !(1..=2).contains(&half) {
            return Err(PeriodError::NoSuchHalf);
        }
        let last = half * 6;
        Self::named(Span::Half { year, half }, convention, year, last - 5, last)
    }

    /// A year.
    ///
    /// # Errors
    /// [`PeriodError::NoSuchYear`].
    pub fn year(year: i32, convention: Convention) -> Result<Self, PeriodError> {
        Self::named(Span::Year { year }, convention, year, 1, 12)
    }

    /// Any days, both included.
    ///
    /// # Errors
    /// [`PeriodError::Backwards`] when the last lies before the first.
    pub fn custom(first: Date, last: Date) -> Result<Self, PeriodError> {
        if last < first {
            return Err(PeriodError::Backwards);
        }
        Ok(Self {
            span: Span::Custom,
            convention: None,
            first,
            last,
        })
    }

    fn named(span: Span, convention: Convention, year: i32, from: u8, to: u8) -> Result<Self, PeriodError> {
        let month = |number: u8| Month::try_from(number).map_err(|_| PeriodError::NoSuchYear);
        let day = |year, month, day| Date::from_calendar_date(year, month, day).map_err(|_| PeriodError::NoSuchYear);
        let (from, to) = (month(from)?, month(to)?);
        let (first, last) = match convention {
            Convention::Calendar => (day(year, from, 1)?, day(year, to, to.length(year))?),
            Convention::StateCutOff => {
                let before = if from == Month::January { year - 1 } else { year };
                (day(before, from.previous(), 15)?, day(year, to, 14)?)
            }
        };
        Ok(Self {
            span,
            convention: Some(convention),
            first,
            last,
        })
    }

    /// What it is of.
    pub const fn span(&self) -> Span {
        self.span
    }

    /// How it is bounded; `None` for any days.
    pub const fn convention(&self) -> Option<Convention> {
        self.convention
    }

    /// The first day.
    pub const fn first(&self) -> Date {
        self.first
    }

    /// The last day.
    pub const fn last(&self) -> Date {
        self.last
    }

    /// The first instant, in milliseconds UTC.
    pub fn start_ms(&self) -> i64 {
        start_ms(self.first)
    }

    /// The first instant after it, in milliseconds UTC.
    pub fn until_ms(&self) -> i64 {
        start_ms(self.last) + super::day::DAY_MS
    }

    /// Whether an instant lies in it.
    pub fn contains(&self, at_ms: i64) -> bool {
        (self.start_ms()..self.until_ms()).contains(&at_ms)
    }

    /// The day before which the post must have reported; none for months, second halves
    /// and other days.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 13
    pub fn report_before(&self) -> Option<Date> {
        let (year, month) = match self.span {
            Span::Quarter { year, quarter: 1 } => (year, Month::April),
            Span::Quarter { year, quarter: 2 } | Span::Half { year, half: 1 } => (year, Month::July),
            Span::Quarter { year, quarter: 3 } => (year, Month::October),
            Span::Quarter { year, .. } | Span::Year { year } => (year.checked_add(1)?, Month::January),
            Span::Half { .. } | Span::Month { .. } | Span::Custom => return None,
        };
        Date::from_calendar_date(year, month, 10).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    fn days(period: Result<ReportPeriod, PeriodError>) -> (Date, Date) {
        let period = period.expect("a period");
        (period.first(), period.last())
    }

    #[test]
    fn calendar_periods_end_with_the_month() {
        use Convention::Calendar;
        let (first, last) = (date!(2026 - 01 - 01), date!(2026 - 12 - 31));
        assert_eq!(days(ReportPeriod::year(2026, Calendar)), (first, last));
        let april_to_june = (date!(2026 - 04 - 01), date!(2026 - 06 - 30));
        assert_eq!(days(ReportPeriod::quarter(2026, 2, Calendar)), april_to_june);
        let february = (date!(2028 - 02 - 01), date!(2028 - 02 - 29));
        assert_eq!(days(ReportPeriod::month(2028, Month::February, Calendar)), february);
    }

    #[test]
    fn reports_of_the_state_cut_off_on_day_fourteen() {
        use Convention::StateCutOff;
        let before = date!(2025 - 12 - 15);
        assert_eq!(
            days(ReportPeriod::month(2026, Month::January, StateCutOff)),
            (before, date!(2026 - 01 - 14))
        );
        assert_eq!(
            days(ReportPeriod::quarter(2026, 1, StateCutOff)),
            (before, date!(2026 - 03 - 14))
        );
        assert_eq!(
            days(ReportPeriod::half(2026, 1, StateCutOff)),
            (before, date!(2026 - 06 - 14))
        );
        assert_eq!(
            days(ReportPeriod::year(2026, StateCutOff)),
            (before, date!(2026 - 12 - 14))
        );
        assert_eq!(
            days(ReportPeriod::half(2026, 2, StateCutOff)),
            (date!(2026 - 06 - 15), date!(2026 - 12 - 14))
        );
    }

    #[test]
    fn the_post_reports_before_day_ten() {
        let before = |period: Result<ReportPeriod, PeriodError>| period.expect("a period").report_before();
        let calendar = Convention::Calendar;
        assert_eq!(
            before(ReportPeriod::quarter(2026, 1, calendar)),
            Some(date!(2026 - 04 - 10))
        );
        assert_eq!(
            before(ReportPeriod::quarter(2026, 4, calendar)),
            Some(date!(2027 - 01 - 10))
        );
        assert_eq!(
            before(ReportPeriod::half(2026, 1, calendar)),
            Some(date!(2026 - 07 - 10))
        );
        assert_eq!(before(ReportPeriod::year(2026, calendar)), Some(date!(2027 - 01 - 10)));
        assert_eq!(before(ReportPeriod::month(2026, Month::May, calendar)), None);
    }

    #[test]
    fn refuses_what_is_no_period() {
        let calendar = Convention::Calendar;
        assert_eq!(
            ReportPeriod::quarter(2026, 5, calendar),
            Err(PeriodError::NoSuchQuarter)
        );
        assert_eq!(ReportPeriod::half(2026, 0, calendar), Err(PeriodError::NoSuchHalf));
        assert_eq!(ReportPeriod::year(123_456, calendar), Err(PeriodError::NoSuchYear));
        let backwards = ReportPeriod::custom(date!(2026 - 05 - 02), date!(2026 - 05 - 01));
        assert_eq!(backwards, Err(PeriodError::Backwards));
    }

    proptest! {
        #[test]
        fn quarters_join_without_gap_or_overlap_and_fill_the_year(
            year in 2000..2100_i32,
            convention in prop::sample::select(vec![Convention::Calendar, Convention::StateCutOff]),
        ) {
            let whole = ReportPeriod::year(year, convention).expect("a year");
            let quarters: Vec<ReportPeriod> =
                (1..=4).map(|quarter| ReportPeriod::quarter(year, quarter, convention).expect("a quarter")).collect();
            prop_assert_eq!(quarters[0].first(), whole.first());
            prop_assert_eq!(quarters[3].last(), whole.last());
            for pair in quarters.windows(2) {
                prop_assert_eq!(pair[0].until_ms(), pair[1].start_ms());
            }
        }
    }
}
