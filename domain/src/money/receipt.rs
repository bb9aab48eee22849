//! Fee receipts (biên lai): numbered per point and series, none left out, none used twice.
//!
//! A spoiled receipt keeps its number and is void; it is never taken out of the row.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 11

use std::collections::BTreeSet;
use std::fmt;

use super::amount::{Amount, StateFee};
use crate::ids::DossierId;

/// The number of a receipt: point, series and serial.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNumber {
    /// The code of the service point.
    pub point: String,
    /// The series printed on the book, such as `AA/26P`.
    pub series: String,
    /// The number in the series.
    pub serial: u32,
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:07}", self.point, self.series, self.serial)
    }
}

/// A receipt for a State fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeReceipt {
    number: ReceiptNumber,
    dossier: DossierId,
    agency_code: String,
    amount: Amount<StateFee>,
    at: i64,
    void: Option<String>,
}

impl FeeReceipt {
    /// Its number.
    pub const fn number(&self) -> &ReceiptNumber {
        &self.number
    }

    /// The dossier it is for.
    pub const fn dossier(&self) -> DossierId {
        self.dossier
    }

    /// The agency the fee belongs to.
    pub fn agency_code(&self) -> &str {
        &self.agency_code
    }

    /// The fee written on it.
    pub const fn amount(&self) -> Amount<StateFee> {
        self.amount
    }

    /// When it was issued, in milliseconds UTC.
    pub const fn at(&self) -> i64 {
        self.at
    }

    /// Why it is void, when it is.
    pub fn void_reason(&self) -> Option<&str> {
        self.void.as_deref()
    }

    /// Voids a receipt that was spoiled or whose fee was given back before it was remitted.
    /// The number stays used.
    ///
    /// # Errors
    /// [`IssueReceiptError::NoReason`], or [`IssueReceiptError::Void`] when it is void already.
    pub fn void(self, reason: &str) -> Result<Self, IssueReceiptError> {
        if self.void.is_some() {
            return Err(IssueReceiptError::Void);
        }
        if reason.trim().is_empty() {
            return Err(IssueReceiptError::NoReason);
        }
        Ok(Self {
            void: Some(reason.trim().to_owned()),
            ..self
        })
    }
}

/// Why a receipt is not issued or not voided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssueReceiptError {
    /// The series has no point, no name or no numbers.
    #[error("a receipt series needs a point, a name and numbers from 1 upwards")]
    Series,
    /// The last number of the series has been used.
    #[error("the receipt series is used up")]
    UsedUp,
    /// A receipt for nothing.
    #[error("a receipt needs an amount above zero")]
    Nothing,
    /// Voiding needs a reason.
    #[error("voiding a receipt needs a reason")]
    NoReason,
    /// It is void already.
    #[error("the receipt is void already")]
    Void,
}

/// A book of receipt numbers at one point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptSeries {
    point: String,
    series: String,
    next: u32,
    last: u32,
}

impl ReceiptSeries {
    /// A series whose next receipt has the number `next` and whose last one has `last`.
    ///
    /// # Errors
    /// [`IssueReceiptError::Series`].
    pub fn new(point: &str, series: &str, next: u32, last: u32) -> Result<Self, IssueReceiptError> {
        if point.trim().is_empty() || series.trim().is_empty() || next == 0 || last == u32::MAX || next > last {
            return Err(IssueReceiptError::Series);
        }
        Ok(Self {
            point: point.trim().to_owned(),
            series: series.trim().to_owned(),
            next,
            last,
        })
    }

    /// The number the next receipt gets; none when the series is used up.
    pub fn next(&self) -> Option<u32> {
        (self.next <= self.last).then_some(self.next)
    }

    /// Issues the next receipt. The series that comes back is the only one to go on with.
    ///
    /// # Errors
    /// [`IssueReceiptError::UsedUp`] and [`IssueReceiptError::Nothing`].
    pub fn issue(
        self,
        dossier: DossierId,
        agency_code: &str,
        amount: Amount<StateFee>,
        at: i64,
    ) -> Result<(Self, FeeReceipt), IssueReceiptError> {
        let Some(serial) = self.next() else {
            return Err(IssueReceiptError::UsedUp);
        };
        if amount.is_zero() {
            return Err(IssueReceiptError::Nothing);
        }
        let receipt = FeeReceipt {
            number: ReceiptNumber {
                point: self.point.clone(),
                series: self.series.clone(),
                serial,
            },
            dossier,
            agency_code: agency_code.to_owned(),
            amount,
            at,
            void: None,
        };
        let next = Self {
            next: serial + 1,
            ..self
        };
        Ok((next, receipt))
    }
}

/// What is wrong with the receipts of a series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesFault {
    /// A number stands twice.
    #[error("receipt {0} stands twice")]
    Twice(ReceiptNumber),
    /// A number is left out.
    #[error("receipt {0} is missing")]
    Missing(ReceiptNumber),
}

/// Checks that the receipts of each point and series run on from one number to the next.
///
/// # Errors
/// The first number that stands twice or is missing.
pub fn check_series<'a>(numbers: impl IntoIterator<Item = &'a ReceiptNumber>) -> Result<(), SeriesFault> {
    let mut seen: BTreeSet<&ReceiptNumber> = BTreeSet::new();
    for number in numbers {
        if !seen.insert(number) {
            return Err(SeriesFault::Twice(number.clone()));
        }
    }
    let sorted: Vec<&ReceiptNumber> = seen.into_iter().collect();
    for pair in sorted.windows(2) {
        let [one, next] = pair else { continue };
        let is_same_series = one.point == next.point && one.series == next.series;
        if is_same_series && next.serial - one.serial > 1 {
            return Err(SeriesFault::Missing(ReceiptNumber {
                serial: one.serial + 1,
                ..(*one).clone()
            }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::money::Dong;

    fn issue(series: ReceiptSeries) -> Result<(ReceiptSeries, FeeReceipt), IssueReceiptError> {
        let amount = Amount::new(Dong::new(8_000)).expect("not negative");
        series.issue(DossierId(Uuid::from_u128(1)), "AG-UB-30520", amount, 0)
    }

    #[test]
    fn numbers_run_on_and_end() {
        let series = ReceiptSeries::new("AG-TB", "AA/26P", 7, 8).expect("a series");
        let (series, seven) = issue(series).expect("a receipt");
        let (series, eight) = issue(series).expect("a receipt");
        assert_eq!(seven.number().to_string(), "AG-TB AA/26P 0000007");
        assert_eq!(check_series([seven.number(), eight.number()]), Ok(()));
        assert_eq!(issue(series).expect_err("used up"), IssueReceiptError::UsedUp);
    }

    #[test]
    fn a_void_receipt_keeps_its_number() {
        let (_, receipt) = issue(ReceiptSeries::new("AG-TB", "AA/26P", 1, 9).expect("a series")).expect("a receipt");
        let number = receipt.number().clone();
        assert_eq!(receipt.clone().void(" "), Err(IssueReceiptError::NoReason));
        let void = receipt.void("ghi sai số tiền").expect("not void yet");
        assert_eq!((void.number(), void.void_reason()), (&number, Some("ghi sai số tiền")));
        assert_eq!(void.void("lần nữa"), Err(IssueReceiptError::Void));
    }

    #[test]
    fn finds_the_number_left_out_and_the_number_used_twice() {
        let number = |serial| ReceiptNumber {
            point: "AG-TB".to_owned(),
            series: "AA/26P".to_owned(),
            serial,
        };
        assert_eq!(
            check_series(&[number(1), number(2), number(4)]),
            Err(SeriesFault::Missing(number(3)))
        );
        assert_eq!(
            check_series(&[number(2), number(1), number(2)]),
            Err(SeriesFault::Twice(number(2)))
        );
    }
}
