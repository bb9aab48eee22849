//! Whole đồng.
//!
//! There is no smaller unit in use and no fraction: arithmetic is exact or refused.
//!
//! Source: Quy ước Trao Tay, tiền tính bằng đồng nguyên

use std::fmt;

/// A sum of money in whole đồng; negative only for differences and balances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dong(i64);

/// Why a sum cannot be computed or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DongError {
    /// It does not fit 64 bits.
    #[error("the sum is too large")]
    Overflow,
    /// A text that is no sum of whole đồng.
    #[error("not a sum of whole đồng, for example 1.234.567")]
    NotASum,
}

impl Dong {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many đồng.
    pub const fn new(dong: i64) -> Self {
        Self(dong)
    }

    /// The number of đồng.
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`DongError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, DongError> {
        self.0.checked_add(other.0).map(Self).ok_or(DongError::Overflow)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`DongError::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, DongError> {
        self.0.checked_sub(other.0).map(Self).ok_or(DongError::Overflow)
    }

    /// The product with a number of pieces.
    ///
    /// # Errors
    /// [`DongError::Overflow`].
    pub fn times(self, factor: u32) -> Result<Self, DongError> {
        self.0
            .checked_mul(i64::from(factor))
            .map(Self)
            .ok_or(DongError::Overflow)
    }

    /// The sum of many.
    ///
    /// # Errors
    /// [`DongError::Overflow`].
    pub fn sum(sums: impl IntoIterator<Item = Self>) -> Result<Self, DongError> {
        sums.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// Reads `1.234.567`, `1234567`, either with `₫`, `đ` or `đồng` after it.
    ///
    /// # Errors
    /// [`DongError::NotASum`] when dots do not part threes or something else is there.
    pub fn parse(text: &str) -> Result<Self, DongError> {
        let text = text.trim();
        let digits = ["đồng", "₫", "đ"]
            .iter()
            .find_map(|unit| text.strip_suffix(unit))
            .unwrap_or(text)
            .trim_end();
        let (sign, digits) = digits.strip_prefix('-').map_or((1, digits), |rest| (-1, rest));
        let groups: Vec<&str> = digits.split('.').collect();
        let is_grouped = groups.len() == 1
            || groups.iter().enumerate().all(|(at, group)| {
                if at == 0 {
                    (1..=3).contains(&group.len())
                } else {
                    group.len() == 3
                }
            });
        let joined = groups.concat();
        if !is_grouped || joined.is_empty() || !joined.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DongError::NotASum);
        }
        let value: i64 = joined.parse().map_err(|_| DongError::Overflow)?;
        Ok(Self(sign * value))
    }
}

impl fmt::Display for Dong {
    /// `1.234.567 ₫`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        f.write_str(" ₫")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shows_threes_with_dots_and_the_sign_of_the_currency() {
        for (dong, text) in [
            (0, "0 ₫"),
            (999, "999 ₫"),
            (1000, "1.000 ₫"),
            (1_234_567, "1.234.567 ₫"),
            (-52_000, "-52.000 ₫"),
        ] {
            assert_eq!(Dong::new(dong).to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_no_sum() {
        for text in [
            "", "₫", "1.23", "1.2345", "12.000,5", "1,000", "8k", "--1", ".000", "1..000",
        ] {
            assert_eq!(Dong::parse(text), Err(DongError::NotASum), "{text}");
        }
        assert_eq!(Dong::parse("99999999999999999999"), Err(DongError::Overflow));
    }

    #[test]
    fn never_wraps_around() {
        assert_eq!(Dong::new(i64::MAX).plus(Dong::new(1)), Err(DongError::Overflow));
        assert_eq!(Dong::new(i64::MIN).minus(Dong::new(1)), Err(DongError::Overflow));
        assert_eq!(Dong::new(i64::MAX).times(2), Err(DongError::Overflow));
    }

    proptest! {
        #[test]
        fn reads_back_what_it_shows(dong in -i64::MAX..=i64::MAX) {
            prop_assert_eq!(Dong::parse(&Dong::new(dong).to_string()), Ok(Dong::new(dong)));
        }
    }
}
