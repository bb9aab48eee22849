//! What every screen and slip that shows money shows: three lines.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 11; Thông tư 17/2017/TT-BTTTT, điều 9

use super::amount::{Amount, AmountError, LedgerKind, OtherObligation, Postage, StateFee};
use super::dong::{Dong, DongError};

/// Postage, State fee and other, side by side and apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreeLines {
    /// The post's price.
    pub postage: Amount<Postage>,
    /// What is held for the agency.
    pub state_fee: Amount<StateFee>,
    /// What the agency instructed to take besides.
    pub other: Amount<OtherObligation>,
}

impl ThreeLines {
    /// Three times nothing.
    pub const ZERO: Self = Self {
        postage: Amount::ZERO,
        state_fee: Amount::ZERO,
        other: Amount::ZERO,
    };

    /// The lines in the order they are shown; always three, also when one is nothing.
    pub const fn lines(&self) -> [(LedgerKind, Dong); 3] {
        [
            (LedgerKind::Postage, self.postage.dong()),
            (LedgerKind::StateFee, self.state_fee.dong()),
            (LedgerKind::Other, self.other.dong()),
        ]
    }

    /// What a person pays in all. It is a figure to show, not an amount of any ledger.
    ///
    /// # Errors
    /// [`DongError::Overflow`].
    pub fn total(&self) -> Result<Dong, DongError> {
        Dong::sum(self.lines().into_iter().map(|(_, dong)| dong))
    }

    /// Adds line by line.
    ///
    /// # Errors
    /// [`AmountError::Dong`] when a line does not fit.
    pub fn plus(&self, other: &Self) -> Result<Self, AmountError> {
        Ok(Self {
            postage: self.postage.plus(other.postage)?,
            state_fee: self.state_fee.plus(other.state_fee)?,
            other: self.other.plus(other.other)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_three_lines_even_when_one_is_nothing() {
        let lines = ThreeLines {
            postage: Amount::new(Dong::new(52_000)).expect("not negative"),
            state_fee: Amount::new(Dong::new(8_000)).expect("not negative"),
            other: Amount::ZERO,
        };
        let shown: Vec<String> = lines
            .lines()
            .iter()
            .map(|(kind, dong)| format!("{}: {dong}", kind.vietnamese()))
            .collect();
        assert_eq!(shown, ["Giá cước: 52.000 ₫", "Phí, lệ phí: 8.000 ₫", "Khoản khác: 0 ₫"]);
        assert_eq!(lines.total(), Ok(Dong::new(60_000)));
    }
}
