//! An amount that belongs to one ledger.
//!
//! The ledger is a type parameter; there is no conversion from one to another.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 11

use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;

use time::Date;

use super::dong::{Dong, DongError};

/// The three ledgers as a value, for records and screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerKind {
    /// Giá cước: the post's revenue, taxable.
    Postage,
    /// Phí, lệ phí: held for the agency, never netted.
    StateFee,
    /// Nghĩa vụ khác: tax, land-use fee; only when the agency instructs.
    Other,
}

impl LedgerKind {
    /// All three, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Postage, Self::StateFee, Self::Other];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postage => "postage",
            Self::StateFee => "state_fee",
            Self::Other => "other",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The word on a slip and a screen.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Postage => "Giá cước",
            Self::StateFee => "Phí, lệ phí",
            Self::Other => "Khoản khác",
        }
    }

    /// The word in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Postage => "Postage",
            Self::StateFee => "State fee",
            Self::Other => "Other",
        }
    }
}

mod sealed {
    /// Keeps the list of ledgers closed.
    pub trait Sealed {}
}

/// One of the three ledgers, as a type.
pub trait Ledger:
    sealed::Sealed + fmt::Debug + Clone + Copy + PartialEq + Eq + PartialOrd + Ord + std::hash::Hash
{
    /// Which one.
    const KIND: LedgerKind;
    /// What has to be shown before money of this ledger may be taken.
    type Charge: fmt::Debug + Clone + PartialEq + Eq;
    /// Whose decision a refund needs.
    type Refund: fmt::Debug + Clone + PartialEq + Eq;
}

/// The ledger of the post's own price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postage;

/// The ledger of what is held for agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateFee;

/// The ledger of everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OtherObligation;

impl sealed::Sealed for Postage {}
impl sealed::Sealed for StateFee {}
impl sealed::Sealed for OtherObligation {}

impl Ledger for Postage {
    const KIND: LedgerKind = LedgerKind::Postage;
    type Charge = ();
    type Refund = PostageDecision;
}

impl Ledger for StateFee {
    const KIND: LedgerKind = LedgerKind::StateFee;
    type Charge = ();
    type Refund = AgencyDecision;
}

impl Ledger for OtherObligation {
    const KIND: LedgerKind = LedgerKind::Other;
    type Charge = AgencyInstruction;
    type Refund = AgencyDecision;
}

/// An agency's instruction to take an obligation other than fee and postage; without one
/// it is refused.
///
/// Source: Quyết định 45/2016/QĐ-TTg, điều 11
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyInstruction {
    agency_code: String,
    number: String,
    date: Date,
}

/// An agency's decision to give a fee back; the post has no such power.
///
/// Source: Quyết định 45/2016/QĐ-TTg, điều 11
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyDecision {
    agency_code: String,
    number: String,
    date: Date,
}

/// The post's own decision to give postage back, as for an item past its total time.
///
/// Source: Nghị định 47/2011/NĐ-CP, điều 25; Luật Bưu chính 49/2010/QH12, điều 40
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostageDecision {
    record_number: String,
    date: Date,
}

macro_rules! papers {
    ($($name:ident)*) => {$(
        impl $name {
            /// Names the paper by the agency's code, its number and its date.
            ///
            /// # Errors
            /// [`AmountError::NoPaper`] when the code or the number is blank.
            pub fn new(agency_code: &str, number: &str, date: Date) -> Result<Self, AmountError> {
                let (agency_code, number) = (agency_code.trim(), number.trim());
                if agency_code.is_empty() || number.is_empty() {
                    return Err(AmountError::NoPaper);
                }
                Ok(Self { agency_code: agency_code.to_owned(), number: number.to_owned(), date })
            }

            /// The agency's code.
            pub fn agency_code(&self) -> &str {
                &self.agency_code
            }

            /// The paper's number.
            pub fn number(&self) -> &str {
                &self.number
            }

            /// The paper's date.
            pub const fn date(&self) -> Date {
                self.date
            }
        }
    )*};
}

papers!(AgencyInstruction AgencyDecision);

impl PostageDecision {
    /// Names the liability record by its number and date.
    ///
    /// # Errors
    /// [`AmountError::NoPaper`] when the number is blank.
    pub fn new(record_number: &str, date: Date) -> Result<Self, AmountError> {
        let record_number = record_number.trim();
        if record_number.is_empty() {
            return Err(AmountError::NoPaper);
        }
        Ok(Self {
            record_number: record_number.to_owned(),
            date,
        })
    }

    /// The record's number.
    pub fn record_number(&self) -> &str {
        &self.record_number
    }

    /// The record's date.
    pub const fn date(&self) -> Date {
        self.date
    }
}

/// Why an amount or the paper behind it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// An amount is below zero.
    #[error("an amount is not below zero")]
    Negative,
    /// The paper that allows it is not named.
    #[error("the instruction or decision needs the issuer and a number")]
    NoPaper,
    /// The sum does not fit.
    #[error(transparent)]
    Dong(#[from] DongError),
}

/// A sum, not negative, of one ledger.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Amount<L: Ledger> {
    dong: Dong,
    ledger: PhantomData<L>,
}

impl<L: Ledger> Amount<L> {
    /// Nothing.
    pub const ZERO: Self = Self {
        dong: Dong::ZERO,
        ledger: PhantomData,
    };

    /// An amount of this ledger.
    ///
    /// # Errors
    /// [`AmountError::Negative`].
    pub fn new(dong: Dong) -> Result<Self, AmountError> {
        if dong.is_negative() {
            return Err(AmountError::Negative);
        }
        Ok(Self {
            dong,
            ledger: PhantomData,
        })
    }

    /// The sum without its ledger, for showing and storing.
    pub const fn dong(self) -> Dong {
        self.dong
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.dong == Dong::ZERO
    }

    /// The sum of two amounts of one ledger.
    ///
    /// ```
    /// use domain::money::{Amount, Postage};
    /// assert!(Amount::<Postage>::ZERO.plus(Amount::<Postage>::ZERO).is_ok());
    /// ```
    ///
    /// Two ledgers do not add:
    ///
    /// ```compile_fail,E0308
    /// use domain::money::{Amount, Postage, StateFee};
    /// assert!(Amount::<Postage>::ZERO.plus(Amount::<StateFee>::ZERO).is_ok());
    /// ```
    ///
    /// # Errors
    /// [`AmountError::Dong`] when it does not fit.
    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        Self::new(self.dong.plus(other.dong)?)
    }

    /// What is left after taking an amount of the same ledger away.
    ///
    /// # Errors
    /// [`AmountError::Negative`] when more would be taken than is there.
    pub fn minus(self, other: Self) -> Result<Self, AmountError> {
        Self::new(self.dong.minus(other.dong)?)
    }

    /// The sum of many amounts of one ledger.
    ///
    /// # Errors
    /// [`AmountError::Dong`] when it does not fit.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, AmountError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }
}

impl<L: Ledger> fmt::Debug for Amount<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", L::KIND, self.dong)
    }
}

impl<L: Ledger> fmt::Display for Amount<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.dong.fmt(f)
    }
}

impl<L: Ledger> PartialOrd for Amount<L> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<L: Ledger> Ord for Amount<L> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.dong.cmp(&other.dong)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn refuses_an_amount_below_zero() {
        assert_eq!(Amount::<Postage>::new(Dong::new(-1)), Err(AmountError::Negative));
        let one = Amount::<StateFee>::new(Dong::new(1)).expect("not negative");
        assert_eq!(Amount::ZERO.minus(one), Err(AmountError::Negative));
    }

    #[test]
    fn refuses_a_paper_without_a_number() {
        let day = date!(2026 - 04 - 24);
        assert_eq!(
            AgencyInstruction::new("AG-UB-30520", " ", day),
            Err(AmountError::NoPaper)
        );
        assert_eq!(AgencyDecision::new("", "12/QĐ", day), Err(AmountError::NoPaper));
        assert_eq!(PostageDecision::new("", day), Err(AmountError::NoPaper));
    }
}
