//! One case of a procedure: its papers, and its terms by channel.
//!
//! Source: Thông tư 01/2018/TT-VPCP, điều 3; Quyết định 45/2016/QĐ-TTg, điều 6

use std::collections::BTreeMap;

use super::channel::Channel;
use super::kind::{CopyKind, LimitUnit};
use crate::money::{Amount, AmountError, StateFee};

/// Whether a paper is always asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Required {
    /// Always.
    Always,
    /// Nếu có: only when the person has it or the situation calls for it.
    IfAny,
}

/// A paper of the published list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its place in the list, from 1.
    pub number: u16,
    /// Its name, as published.
    pub name: String,
    /// The form asked for.
    pub copy: CopyKind,
    /// How many.
    pub quantity: u32,
    /// Whether it is always asked for.
    pub required: Required,
}

/// An old paper that has to be given back before the new one is handed over.
///
/// Source: Thông tư 17/2017/TT-BTTTT, điều 5 khoản 2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurrenderItem {
    /// Its name.
    pub name: String,
    /// What the agency asks for when it is lost, such as a declaration of loss.
    pub if_lost: Option<String>,
}

/// How long the agency has from the lodging.
///
/// Source: Nghị định 61/2018/NĐ-CP, điều 19; Bộ luật Dân sự 2015, điều 147
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeLimit {
    amount: u16,
    unit: LimitUnit,
}

impl TimeLimit {
    /// So many units.
    ///
    /// # Errors
    /// [`CaseError::NoTime`] for none.
    pub const fn new(amount: u16, unit: LimitUnit) -> Result<Self, CaseError> {
        if amount == 0 {
            return Err(CaseError::NoTime);
        }
        Ok(Self { amount, unit })
    }

    /// How many.
    pub const fn amount(self) -> u16 {
        self.amount
    }

    /// Of what.
    pub const fn unit(self) -> LimitUnit {
        self.unit
    }

    /// The words for people: «3 ngày làm việc».
    pub fn vietnamese(self) -> String {
        format!("{} {}", self.amount, self.unit.vietnamese())
    }

    /// The words in English: «3 working days».
    pub fn english(self) -> String {
        format!("{} {}", self.amount, self.unit.english(self.amount))
    }
}

/// The State fee of a case on a channel. A fee that is not published is not a fee of
/// nothing: people are told that it is not published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateFeeRule {
    /// The data say nothing.
    NotPublished,
    /// Miễn.
    Free,
    /// One amount for the dossier.
    Fixed(Amount<StateFee>),
    /// An amount for each of something, such as a copy or a page.
    Each {
        /// For one.
        amount: Amount<StateFee>,
        /// Of what.
        of: String,
    },
}

impl StateFeeRule {
    /// The words for people: «8.000 ₫ mỗi bản sao».
    pub fn vietnamese(&self) -> String {
        match self {
            Self::NotPublished => "chưa công bố".to_owned(),
            Self::Free => "miễn phí".to_owned(),
            Self::Fixed(amount) => amount.dong().to_string(),
            Self::Each { amount, of } => format!("{} mỗi {of}", amount.dong()),
        }
    }

    /// The words in English; what the fee is for one of has the name it is published by.
    pub fn english(&self) -> String {
        match self {
            Self::NotPublished => "not published".to_owned(),
            Self::Free => "free".to_owned(),
            Self::Fixed(amount) => amount.dong().to_string(),
            Self::Each { amount, of } => format!("{} for each «{of}»", amount.dong()),
        }
    }

    /// The fee for so many pieces; none when it is not published.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn fee(&self, pieces: u32) -> Result<Option<Amount<StateFee>>, AmountError> {
        match self {
            Self::NotPublished => Ok(None),
            Self::Free => Ok(Some(Amount::ZERO)),
            Self::Fixed(amount) => Ok(Some(*amount)),
            Self::Each { amount, of: _ } => Amount::new(amount.dong().times(pieces)?).map(Some),
        }
    }
}

/// What a channel takes and costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTerms {
    /// The time limit.
    pub limit: TimeLimit,
    /// The State fee.
    pub fee: StateFeeRule,
}

/// A case (trường hợp) of a procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureCase {
    /// Its code within the procedure; a procedure with one case calls it `1`.
    pub code: String,
    /// When it is the one, in words.
    pub name: String,
    /// How many sets of papers.
    pub sets: u32,
    /// The papers.
    pub components: Vec<Component>,
    /// What has to be given back.
    pub surrender: Vec<SurrenderItem>,
    /// Terms by channel; a channel that is not there is not offered.
    pub channels: BTreeMap<Channel, ChannelTerms>,
}

/// Why a case is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// A time limit of nothing.
    #[error("a time limit is at least one")]
    NoTime,
    /// A code or name is blank.
    #[error("a case needs a code and a name")]
    NoName,
    /// No paper is asked for.
    #[error("a case needs a paper that is always asked for")]
    NoPapers,
    /// A paper has no name or is asked for no times.
    #[error("a paper needs a name and a quantity")]
    Paper,
    /// Papers are not numbered 1, 2, 3 …
    #[error("papers are numbered from 1 without gaps")]
    Numbers,
    /// No channel is offered.
    #[error("a case needs a channel")]
    NoChannel,
}

impl ProcedureCase {
    /// Checks that the case can be worked with.
    ///
    /// # Errors
    /// [`CaseError`], the first that applies.
    pub fn checked(self) -> Result<Self, CaseError> {
        if self.code.trim().is_empty() || self.name.trim().is_empty() {
            return Err(CaseError::NoName);
        }
        if !self.components.iter().any(|paper| paper.required == Required::Always) {
            return Err(CaseError::NoPapers);
        }
        if self
            .components
            .iter()
            .any(|paper| paper.name.trim().is_empty() || paper.quantity == 0)
        {
            return Err(CaseError::Paper);
        }
        if !self
            .components
            .iter()
            .map(|paper| paper.number)
            .eq((1..).take(self.components.len()))
        {
            return Err(CaseError::Numbers);
        }
        if self.channels.is_empty() {
            return Err(CaseError::NoChannel);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Dong;

    #[test]
    fn a_fee_that_is_not_published_is_not_free() {
        assert_eq!(StateFeeRule::NotPublished.fee(1), Ok(None));
        assert_eq!(StateFeeRule::Free.fee(1), Ok(Some(Amount::ZERO)));
        let each = StateFeeRule::Each {
            amount: Amount::new(Dong::new(8_000)).expect("not negative"),
            of: "bản sao".to_owned(),
        };
        let three = each.fee(3).expect("fits").expect("published");
        assert_eq!(three.dong(), Dong::new(24_000));
        assert_eq!(each.vietnamese(), "8.000 ₫ mỗi bản sao");
        assert_eq!(StateFeeRule::NotPublished.vietnamese(), "chưa công bố");
    }

    #[test]
    fn a_limit_is_said_in_words() {
        let limit = |amount, unit| TimeLimit::new(amount, unit).expect("not nothing");
        assert_eq!(limit(3, LimitUnit::WorkingDays).vietnamese(), "3 ngày làm việc");
        assert_eq!(limit(10, LimitUnit::CalendarDays).vietnamese(), "10 ngày");
        assert_eq!(limit(1, LimitUnit::WorkingDays).english(), "1 working day");
        assert_eq!(limit(8, LimitUnit::Hours).english(), "8 working hours");
    }
}
