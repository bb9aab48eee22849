//! How long a serial must rest before it may stand on another item.
//!
//! The union asks for twelve months at least. Trao Tay itself never uses an item code twice, because signed
//! events name the item by it; the rule is for blocks that the post hands out again, and for checking them.
//!
//! Source: UPU S10, không dùng lại số trong 12 tháng

use time::{Date, Month};

/// The rest a serial needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReuseRule {
    /// Months between two uses, at least.
    pub months: u8,
}

/// A serial that was used too recently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a serial used on {last_used} may not be used again before {allowed_from}")]
pub struct ReuseTooEarly {
    /// The day of its last use.
    pub last_used: Date,
    /// The first day on which it may be used.
    pub allowed_from: Date,
}

impl Default for ReuseRule {
    /// Twelve months.
    fn default() -> Self {
        Self { months: 12 }
    }
}

impl ReuseRule {
    /// The first day on which a serial last used on a day may be used again.
    ///
    /// Where the month has no such day (29 February), the first of the next month, never earlier.
    pub fn allowed_from(self, last_used: Date) -> Date {
        let months = i32::from(u8::from(last_used.month())) - 1 + i32::from(self.months);
        let year = last_used.year() + months / 12;
        let month = (0..months % 12).fold(Month::January, |month, _| month.next());
        Date::from_calendar_date(year, month, last_used.day())
            .or_else(|_| Date::from_calendar_date(year, month.next(), 1))
            .unwrap_or(Date::MAX)
    }

    /// Whether a serial last used on one day may be used on another.
    pub fn check(self, last_used: Date, on: Date) -> Result<(), ReuseTooEarly> {
        let allowed_from = self.allowed_from(last_used);
        if on < allowed_from {
            return Err(ReuseTooEarly {
                last_used,
                allowed_from,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_serial_rests_twelve_months() {
        let rule = ReuseRule::default();
        let error = rule
            .check(date!(2025 - 12 - 31), date!(2026 - 12 - 30))
            .expect_err("one day short");
        assert_eq!(error.allowed_from, date!(2026 - 12 - 31));
        assert_eq!(rule.check(date!(2025 - 12 - 31), date!(2026 - 12 - 31)), Ok(()));
    }

    #[test]
    fn a_leap_day_rests_to_the_first_of_march() {
        assert_eq!(
            ReuseRule::default().allowed_from(date!(2024 - 02 - 29)),
            date!(2025 - 03 - 01)
        );
        assert_eq!(
            ReuseRule { months: 14 }.allowed_from(date!(2024 - 12 - 31)),
            date!(2026 - 03 - 01)
        );
        assert_eq!(
            ReuseRule { months: 0 }.allowed_from(date!(2024 - 12 - 31)),
            date!(2024 - 12 - 31)
        );
    }
}
