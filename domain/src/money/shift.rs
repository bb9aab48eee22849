//! The end of a shift: what is in the drawer, line by line, is what the books say it is,
//! or the difference is explained.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 11; Quyết định 45/2016/QĐ-TTg, điều 15

use super::amount::LedgerKind;
use super::dong::{Dong, DongError};
use super::three_lines::ThreeLines;
use crate::ids::StaffId;

/// A shift that is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedShift {
    expected: ThreeLines,
    counted: ThreeLines,
    differences: [(LedgerKind, Dong); 3],
    explanation: Option<String>,
}

/// Why a shift does not close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShiftCloseError {
    /// Something is missing or too much, and nobody says why.
    #[error("{ledger:?} differs by {by} and is not explained")]
    Unexplained {
        /// The first line that differs.
        ledger: LedgerKind,
        /// Counted less expected.
        by: Dong,
    },
    /// A difference does not fit.
    #[error(transparent)]
    Dong(#[from] DongError),
}

impl ClosedShift {
    /// What the books say the drawer holds.
    pub const fn expected(&self) -> &ThreeLines {
        &self.expected
    }

    /// What was counted.
    pub const fn counted(&self) -> &ThreeLines {
        &self.counted
    }

    /// Counted less expected for each ledger; a lack in one is not made up by another.
    pub const fn differences(&self) -> [(LedgerKind, Dong); 3] {
        self.differences
    }

    /// Whether every line balances to the đồng.
    pub fn balances(&self) -> bool {
        self.differences.iter().all(|(_, by)| *by == Dong::ZERO)
    }

    /// What was said about a difference; none when there is none.
    pub fn explanation(&self) -> Option<&str> {
        self.explanation.as_deref()
    }
}

/// Closes a shift.
///
/// # Errors
/// [`ShiftCloseError::Unexplained`] when a line differs and there is no explanation.
pub fn close_shift(
    expected: ThreeLines,
    counted: ThreeLines,
    explanation: Option<&str>,
) -> Result<ClosedShift, ShiftCloseError> {
    let [postage, fee, other] = expected.lines();
    let [counted_postage, counted_fee, counted_other] = counted.lines();
    let differ = |(kind, expected): (LedgerKind, Dong), (_, counted): (LedgerKind, Dong)| {
        counted.minus(expected).map(|by| (kind, by))
    };
    let differences = [
        differ(postage, counted_postage)?,
        differ(fee, counted_fee)?,
        differ(other, counted_other)?,
    ];
    let differing = differences.iter().find(|(_, by)| *by != Dong::ZERO);
    let explanation = explanation.map(str::trim).filter(|text| !text.is_empty());
    match (differing, explanation) {
        (Some((ledger, by)), None) => Err(ShiftCloseError::Unexplained {
            ledger: *ledger,
            by: *by,
        }),
        (Some(_), Some(text)) => Ok(ClosedShift {
            expected,
            counted,
            differences,
            explanation: Some(text.to_owned()),
        }),
        (None, _) => Ok(ClosedShift {
            expected,
            counted,
            differences,
            explanation: None,
        }),
    }
}

/// Why the second signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CountersignError {
    /// Whoever kept the drawer does not check themselves.
    #[error("the second signature is another person's")]
    SamePerson,
    /// The second count is another one.
    #[error("{ledger:?} was counted as another sum: count again together")]
    CountsDiffer {
        /// The first line that differs.
        ledger: LedgerKind,
    },
}

/// Puts the second signature under a closing: another person counted the same, line by line.
///
/// # Errors
/// [`CountersignError`].
pub fn countersign(
    first: &ThreeLines,
    keeper: StaffId,
    second: &ThreeLines,
    checker: StaffId,
) -> Result<(), CountersignError> {
    if keeper == checker {
        return Err(CountersignError::SamePerson);
    }
    let differs = first
        .lines()
        .into_iter()
        .zip(second.lines())
        .find(|(one, other)| one.1 != other.1);
    differs.map_or(Ok(()), |((ledger, _), _)| {
        Err(CountersignError::CountsDiffer { ledger })
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::money::Amount;

    fn lines(postage: i64, fee: i64) -> ThreeLines {
        ThreeLines {
            postage: Amount::new(Dong::new(postage)).expect("not negative"),
            state_fee: Amount::new(Dong::new(fee)).expect("not negative"),
            other: Amount::ZERO,
        }
    }

    #[test]
    fn a_shift_that_balances_needs_no_words() {
        let shift = close_shift(lines(52_000, 8_000), lines(52_000, 8_000), None).expect("balances");
        assert!(shift.balances());
    }

    #[test]
    fn a_lack_of_fee_is_not_made_up_by_postage() {
        let (expected, counted) = (lines(52_000, 8_000), lines(53_000, 7_000));
        assert_eq!(expected.total(), counted.total());
        assert_eq!(
            close_shift(expected, counted, Some("  ")),
            Err(ShiftCloseError::Unexplained {
                ledger: LedgerKind::Postage,
                by: Dong::new(1_000)
            })
        );
        let shift = close_shift(expected, counted, Some("trả lại nhầm 1.000 ₫")).expect("explained");
        assert_eq!(shift.differences()[1], (LedgerKind::StateFee, Dong::new(-1_000)));
        assert!(!shift.balances());
    }

    #[test]
    fn another_person_counts_the_same_or_nothing_is_signed() {
        let (keeper, checker) = (StaffId(Uuid::from_u128(1)), StaffId(Uuid::from_u128(2)));
        let count = lines(52_000, 8_000);
        assert_eq!(countersign(&count, keeper, &count, checker), Ok(()));
        assert_eq!(
            countersign(&count, keeper, &count, keeper),
            Err(CountersignError::SamePerson)
        );
        let ledger = LedgerKind::StateFee;
        assert_eq!(
            countersign(&count, keeper, &lines(52_000, 7_000), checker),
            Err(CountersignError::CountsDiffer { ledger })
        );
    }
}
