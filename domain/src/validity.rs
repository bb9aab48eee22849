//! From when to when a rule, a price or a name holds.
//!
//! Law, tariffs and lists change while dossiers are under way, so nothing here is simply
//! true: it is true on a day. This module does not know which day it is.
//!
//! Source: Quy ước Trao Tay, hiệu lực theo ngày

use time::Date;

/// A period of whole days, the first and the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Validity {
    from: Date,
    to: Option<Date>,
}

/// Why two days make no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValidityError {
    /// The last day is before the first.
    #[error("the last day is before the first")]
    Backwards,
}

impl Validity {
    /// A period that has begun and has no known end.
    pub const fn since(from: Date) -> Self {
        Self { from, to: None }
    }

    /// A period from a day to a day, both included.
    ///
    /// # Errors
    /// [`ValidityError::Backwards`] when it would end before it begins.
    pub fn new(from: Date, to: Option<Date>) -> Result<Self, ValidityError> {
        if to.is_some_and(|to| to < from) {
            return Err(ValidityError::Backwards);
        }
        Ok(Self { from, to })
    }

    /// The first day.
    pub const fn from(&self) -> Date {
        self.from
    }

    /// The last day, when one is known.
    pub const fn to(&self) -> Option<Date> {
        self.to
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Whether two periods share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }
}

/// The first pair of periods that share a day, by their places in the list.
pub fn first_overlap(periods: &[Validity]) -> Option<(usize, usize)> {
    periods.iter().enumerate().find_map(|(at, one)| {
        periods
            .iter()
            .enumerate()
            .skip(at + 1)
            .find(|(_, other)| one.overlaps(other))
            .map(|(other, _)| (at, other))
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn both_ends_belong_to_the_period() {
        let may = Validity::new(date!(2026 - 05 - 01), Some(date!(2026 - 05 - 31))).expect("a period");
        assert!(may.holds_on(date!(2026 - 05 - 01)) && may.holds_on(date!(2026 - 05 - 31)));
        assert!(!may.holds_on(date!(2026 - 04 - 30)) && !may.holds_on(date!(2026 - 06 - 01)));
    }

    #[test]
    fn refuses_to_run_backwards() {
        assert_eq!(
            Validity::new(date!(2026 - 05 - 02), Some(date!(2026 - 05 - 01))),
            Err(ValidityError::Backwards)
        );
    }

    #[test]
    fn periods_that_touch_do_not_overlap_and_those_that_share_a_day_do() {
        let until = |to| Validity::new(date!(2026 - 01 - 01), Some(to)).expect("a period");
        let after = Validity::since(date!(2026 - 06 - 01));
        assert_eq!(first_overlap(&[until(date!(2026 - 05 - 31)), after]), None);
        assert_eq!(first_overlap(&[until(date!(2026 - 06 - 01)), after]), Some((0, 1)));
    }
}
