//! Hints for the two lunar holidays: Tết (1/1) and the Hùng Kings (10/3).
//!
//! The moon is computed for UTC+7, as Viet Nam reckons; the Chinese calendar (UTC+8) differs
//! in some years. A hint turns no day off: only an official notice does.
//! Source: Bộ luật Lao động 2019, điều 112; Quy ước Trao Tay, âm lịch theo UTC+7 chỉ để gợi ý

use calendrical_calculations::chinese_based::{
    ChineseBased, YearBounds, days_until_month, get_leap_month_from_new_year,
};
use calendrical_calculations::gregorian::{fixed_from_gregorian, gregorian_from_fixed};
use calendrical_calculations::rata_die::RataDie;
use time::{Date, Duration, Month};

/// The years for which hints are given: since 1976 the whole country reckons by UTC+7, and far ahead the turn of the Earth is
/// too uncertain for a new moon near midnight.
pub const YEARS: std::ops::RangeInclusive<i32> = 1976..=2100;

struct Vietnamese;

impl ChineseBased for Vietnamese {
    fn utc_offset(_fixed: RataDie) -> f64 {
        7.0 / 24.0
    }

    const EPOCH: RataDie = fixed_from_gregorian(-2636, 2, 15);
    const DEBUG_NAME: &'static str = "vietnamese";
}

/// The day Tết falls on in a year (lunar 1/1), a hint; `None` outside [`YEARS`].
pub fn lunar_new_year(year: i32) -> Option<Date> {
    date(bounds(year)?.new_year)
}

/// The day of the Hùng Kings in a year (lunar 10/3), a hint; `None` outside [`YEARS`].
pub fn hung_kings_day(year: i32) -> Option<Date> {
    let bounds = bounds(year)?;
    // The third month is the fourth from Tết when the second or the third from Tết is a leap month.
    let is_leap_year = bounds.count_days() > 366;
    let is_late = is_leap_year && matches!(get_leap_month_from_new_year::<Vietnamese>(bounds.new_year), 2 | 3);
    let days = days_until_month::<Vietnamese>(bounds.new_year, if is_late { 4 } else { 3 });
    date(bounds.new_year)?.checked_add(Duration::days(i64::from(days) + 9))
}

fn bounds(year: i32) -> Option<YearBounds> {
    // By the first of July Tết is past and the next one has not come.
    let midsummer = YEARS.contains(&year).then(|| fixed_from_gregorian(year, 7, 1))?;
    Some(YearBounds::compute::<Vietnamese>(midsummer))
}

fn date(fixed: RataDie) -> Option<Date> {
    let (year, month, day) = gregorian_from_fixed(fixed).ok()?;
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn tet_falls_on_its_verified_days() {
        for expected in [
            date!(2023 - 01 - 22),
            date!(2024 - 02 - 10),
            date!(2025 - 01 - 29),
            date!(2026 - 02 - 17),
            date!(2027 - 02 - 06),
            date!(2028 - 01 - 26),
        ] {
            assert_eq!(lunar_new_year(expected.year()), Some(expected));
        }
    }

    #[test]
    fn the_day_of_the_hung_kings_falls_on_its_verified_days() {
        for expected in [
            date!(2023 - 04 - 29),
            date!(2024 - 04 - 18),
            date!(2025 - 04 - 07),
            date!(2026 - 04 - 26),
            date!(2027 - 04 - 16),
            date!(2028 - 04 - 04),
        ] {
            assert_eq!(hung_kings_day(expected.year()), Some(expected));
        }
    }

    #[test]
    fn the_moon_is_seen_from_viet_nam_and_not_from_china() {
        // China kept 20 February 1985 and 18 February 2007.
        assert_eq!(lunar_new_year(1985), Some(date!(1985 - 01 - 21)));
        assert_eq!(lunar_new_year(2007), Some(date!(2007 - 02 - 17)));
    }

    #[test]
    fn years_too_far_away_get_no_hint() {
        for year in [i32::MIN, 1975, 2101, i32::MAX] {
            assert_eq!(lunar_new_year(year), None);
            assert_eq!(hung_kings_day(year), None);
        }
    }
}
