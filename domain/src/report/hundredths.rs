//! Numbers with two decimals, by whole-number arithmetic.
//!
//! Source: Quyết định 766/QĐ-TTg, cách làm tròn hai chữ số thập phân

use std::fmt;

/// A number in hundredths: `4637` is 46.37. Of a percentage, hundredths of a percent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hundredths(pub i64);

impl fmt::Display for Hundredths {
    /// With a point and always two decimals, `46.37`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let all = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", all / 100, all % 100)
    }
}

impl Hundredths {
    /// With a comma, as Vietnamese writes it: `46,37`.
    pub fn vietnamese(self) -> String {
        self.to_string().replace('.', ",")
    }
}

/// `numerator × scale / (denominator × divisor)` in hundredths, the half rounded away from
/// zero; `None` when there is nothing to divide by.
pub(super) fn ratio(numerator: i64, denominator: i64, scale: i64, divisor: i64) -> Option<Hundredths> {
    let below = i128::from(denominator) * i128::from(divisor);
    if below <= 0 {
        return None;
    }
    // cannot overflow: three factors below 2^63, 10^4 and 10^2
    let above = i128::from(numerator) * i128::from(scale) * 100;
    let half = if above < 0 { -below } else { below };
    let rounded = (2 * above + half) / (2 * below);
    Some(Hundredths(i64::try_from(rounded).unwrap_or(i64::MAX)))
}

/// A share in hundredths of a percent, the half rounded up; `None` when the whole is 0.
///
/// Source: Quyết định 766/QĐ-TTg, cách làm tròn hai chữ số thập phân
pub fn percent(part: u64, whole: u64) -> Option<Hundredths> {
    let capped = |count| i64::try_from(count).unwrap_or(i64::MAX);
    ratio(capped(part), capped(whole), 100, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_shares_of_tinh_bien_come_out_and_one_misprint_shows() {
        let shown = |part, whole| percent(part, whole).map(|share| share.to_string());
        assert_eq!(shown(1_776, 3_830).as_deref(), Some("46.37"));
        // printed as 68.80
        assert_eq!(shown(2_118, 3_124).as_deref(), Some("67.80"));
        assert_eq!(shown(1_776 + 2_118, 3_830 + 3_124).as_deref(), Some("56.00"));
    }

    #[test]
    fn a_half_is_rounded_away_from_zero() {
        assert_eq!(percent(1, 20_000), Some(Hundredths(1)));
        assert_eq!(percent(1, 20_001), Some(Hundredths(0)));
        assert_eq!(ratio(-1, 20_000, 100, 1), Some(Hundredths(-1)));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn two_decimals_are_always_shown() {
        assert_eq!(Hundredths(5).to_string(), "0.05");
        assert_eq!(Hundredths(-205).to_string(), "-2.05");
        assert_eq!(Hundredths(4_637).vietnamese(), "46,37");
    }

    #[test]
    fn the_largest_counts_do_not_overflow() {
        assert_eq!(ratio(i64::MAX, i64::MAX, 10_000, 86_400_000), Some(Hundredths(0)));
        assert_eq!(percent(u64::MAX, u64::MAX), Some(Hundredths(10_000)));
    }
}
