//! What the post owes when an envelope is lost, damaged, swapped or late.
//!
//! The law names a floor; an agreement above it is somebody's decision and not computed
//! here. Indirect damage is not compensated, so there is no place for it. Whether a
//! fault was the post's is found by people and comes in as a fact.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 14; Luật Bưu chính 49/2010/QH12, điều 40; Luật Bưu chính 49/2010/QH12, điều 41; Nghị định 47/2011/NĐ-CP, điều 24; Nghị định 47/2011/NĐ-CP, điều 25; Nghị định 47/2011/NĐ-CP, điều 26

mod case;

pub use case::{Case, CaseError, Decision};

use std::fmt;

use time::{Date, Duration};

use crate::dossier::words::Language;
use crate::item_code::ItemCode;
use crate::money::{Dong, DongError};
use crate::party::Party;

/// The rates of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompensationPolicy {
    /// How many times the postage a lost, wholly damaged or swapped item is worth at least;
    /// the refund of the postage is in it. 4.
    ///
    /// Source: Nghị định 47/2011/NĐ-CP, điều 25
    pub loss_multiple: u32,
    /// Days from the record of liability to the payment. 30.
    ///
    /// Source: Nghị định 47/2011/NĐ-CP, điều 26
    pub pay_within_days: u16,
}

impl Default for CompensationPolicy {
    fn default() -> Self {
        Self {
            loss_multiple: 4,
            pay_within_days: 30,
        }
    }
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Harm {
    /// Lost.
    Lost,
    /// Wholly damaged.
    Damaged,
    /// The whole content was swapped.
    Swapped,
    /// Delivered beyond the published total time.
    Late,
}

impl Harm {
    /// Every sort.
    pub const ALL: [Self; 4] = [Self::Lost, Self::Damaged, Self::Swapped, Self::Late];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Damaged => "damaged",
            Self::Swapped => "swapped",
            Self::Late => "late",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|harm| harm.as_str() == text)
    }
}

/// A claim, as far as the amount depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// What went wrong.
    pub harm: Harm,
    /// The postage of this item.
    pub postage: Dong,
    /// What it costs to have the papers issued again, with proof.
    pub reissue_costs: Dong,
    /// Whose fault it is.
    pub fault: Party,
    /// The acceptance document is there; it can be printed again from the record.
    pub has_acceptance_document: bool,
    /// It was an event nobody could prevent.
    pub is_force_majeure: bool,
    /// The receiver took it without objecting to its state.
    pub is_taken_without_objection: bool,
}

/// Why nothing is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum NothingOwed {
    /// No acceptance document.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 40
    #[error("there is no acceptance document")]
    NoAcceptanceDocument,
    /// Force majeure.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 41
    #[error("it was force majeure")]
    ForceMajeure,
    /// The receiver did not object at receipt.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 41
    #[error("it was taken without objection")]
    TakenWithoutObjection,
    /// Another party is at fault and makes good under its own rules.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 21
    #[error("the fault is not the post's")]
    NotThePost,
    /// The claim names no real sums.
    ///
    /// Source: Quy ước Trao Tay, tiền tính bằng đồng nguyên
    #[error("the sums of the claim are not real")]
    NoRealSum,
}

impl NothingOwed {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::NoAcceptanceDocument => ("không có chứng từ chấp nhận bưu gửi", "there is no acceptance document"),
            Self::ForceMajeure => ("sự kiện bất khả kháng", "it was force majeure"),
            Self::TakenWithoutObjection => (
                "người nhận không có ý kiến khi nhận bưu gửi",
                "the receiver did not object at receipt",
            ),
            Self::NotThePost => ("không phải lỗi của bưu chính", "the fault is not the post's"),
            Self::NoRealSum => (
                "số tiền trong yêu cầu không hợp lệ",
                "the sums of the claim are not real",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// What is owed at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compensation {
    /// To the sender, unless the sender assigned it to the recipient. It contains the
    /// refund of the postage.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 40
    pub to_sender: Dong,
    /// What the post bears for issuing the papers again.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 14
    pub reissue_costs: Dong,
}

impl Compensation {
    /// Both together.
    ///
    /// # Errors
    /// [`DongError::Overflow`].
    pub fn total(self) -> Result<Dong, DongError> {
        self.to_sender.plus(self.reissue_costs)
    }
}

/// What the post owes at least for a claim.
///
/// # Errors
/// [`NothingOwed`] with the reason.
///
/// Source: Nghị định 47/2011/NĐ-CP, điều 24; Nghị định 47/2011/NĐ-CP, điều 25; Quyết định 45/2016/QĐ-TTg, điều 14
pub fn owed(claim: &Claim, policy: &CompensationPolicy) -> Result<Compensation, NothingOwed> {
    if !claim.has_acceptance_document {
        return Err(NothingOwed::NoAcceptanceDocument);
    }
    if claim.fault != Party::Post {
        return Err(NothingOwed::NotThePost);
    }
    if claim.is_force_majeure {
        return Err(NothingOwed::ForceMajeure);
    }
    if claim.postage < Dong::ZERO || claim.reissue_costs < Dong::ZERO {
        return Err(NothingOwed::NoRealSum);
    }
    match claim.harm {
        // nobody takes a lost item, and a late one is late whether or not it is objected to
        Harm::Damaged | Harm::Swapped if claim.is_taken_without_objection => Err(NothingOwed::TakenWithoutObjection),
        Harm::Lost | Harm::Damaged | Harm::Swapped => Ok(Compensation {
            to_sender: claim
                .postage
                .times(policy.loss_multiple)
                .map_err(|_| NothingOwed::NoRealSum)?,
            reissue_costs: claim.reissue_costs,
        }),
        Harm::Late => Ok(Compensation {
            to_sender: claim.postage,
            reissue_costs: Dong::ZERO,
        }),
    }
}

/// The record that says who is liable for what.
///
/// Its text form names no person: the parties are on the acceptance document.
///
/// Source: Nghị định 47/2011/NĐ-CP, điều 26
#[derive(Clone, PartialEq, Eq)]
pub struct LiabilityRecord {
    /// The item.
    pub item: ItemCode,
    /// The sender, as on the acceptance document.
    pub sender: String,
    /// The recipient, as on the acceptance document.
    pub recipient: String,
    /// When the post accepted it, milliseconds UTC.
    pub accepted_at_ms: i64,
    /// Where the post accepted it.
    pub accepted_place: String,
    /// What went wrong.
    pub harm: Harm,
    /// Why it went wrong.
    pub reason: String,
    /// Who is liable.
    pub liable: Party,
    /// How much is to be paid.
    pub amount: Dong,
    /// The day of the record.
    pub recorded_on: Date,
}

impl fmt::Debug for LiabilityRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiabilityRecord")
            .field("item", &self.item)
            .field("harm", &self.harm)
            .field("liable", &self.liable)
            .field("amount", &self.amount)
            .field("recorded_on", &self.recorded_on)
            .finish_non_exhaustive()
    }
}

/// What a record of liability lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record of liability lacks the {0}")]
pub struct IncompleteRecord(pub &'static str);

impl LiabilityRecord {
    /// Checks that the record states everything it must.
    ///
    /// # Errors
    /// [`IncompleteRecord`] naming the first member that is empty.
    ///
    /// Source: Nghị định 47/2011/NĐ-CP, điều 26
    pub fn check(&self) -> Result<(), IncompleteRecord> {
        let members = [
            ("sender", &self.sender),
            ("recipient", &self.recipient),
            ("place of acceptance", &self.accepted_place),
            ("reason", &self.reason),
        ];
        members
            .into_iter()
            .find(|(_, text)| text.trim().is_empty())
            .map_or(Ok(()), |(name, _)| Err(IncompleteRecord(name)))
    }

    /// The last day of payment: so many calendar days after the record.
    ///
    /// Source: Nghị định 47/2011/NĐ-CP, điều 26
    pub fn pay_by(&self, policy: &CompensationPolicy) -> Date {
        let days = Duration::days(i64::from(policy.pay_within_days));
        self.recorded_on.checked_add(days).unwrap_or(Date::MAX)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn claim(harm: Harm) -> Claim {
        Claim {
            harm,
            postage: Dong::new(26_000),
            reissue_costs: Dong::new(8_000),
            fault: Party::Post,
            has_acceptance_document: true,
            is_force_majeure: false,
            is_taken_without_objection: false,
        }
    }

    fn owed_for(claim: Claim) -> Result<Dong, NothingOwed> {
        owed(&claim, &CompensationPolicy::default()).map(|owed| owed.total().expect("small sums"))
    }

    #[test]
    fn a_lost_item_is_worth_four_times_its_postage_and_the_new_papers() {
        let owed = owed(&claim(Harm::Lost), &CompensationPolicy::default()).expect("the post's fault");
        assert_eq!(owed.to_sender, Dong::new(104_000));
        assert_eq!(owed.total(), Ok(Dong::new(112_000)));
    }

    #[test]
    fn a_late_item_gets_its_postage_back_and_no_more() {
        assert_eq!(owed_for(claim(Harm::Late)), Ok(Dong::new(26_000)));
    }

    #[test]
    fn without_the_acceptance_document_nothing_is_owed() {
        let bare = Claim {
            has_acceptance_document: false,
            ..claim(Harm::Lost)
        };
        assert_eq!(owed_for(bare), Err(NothingOwed::NoAcceptanceDocument));
    }

    #[test]
    fn force_majeure_others_faults_and_silence_at_receipt_exclude_it() {
        let storm = Claim {
            is_force_majeure: true,
            ..claim(Harm::Late)
        };
        assert_eq!(owed_for(storm), Err(NothingOwed::ForceMajeure));
        let agency = Claim {
            fault: Party::Agency,
            ..claim(Harm::Lost)
        };
        assert_eq!(owed_for(agency), Err(NothingOwed::NotThePost));
        let silent = Claim {
            is_taken_without_objection: true,
            ..claim(Harm::Damaged)
        };
        assert_eq!(owed_for(silent), Err(NothingOwed::TakenWithoutObjection));
        let late = Claim {
            is_taken_without_objection: true,
            ..claim(Harm::Late)
        };
        assert_eq!(owed_for(late), Ok(Dong::new(26_000)));
    }

    #[test]
    fn sums_below_nothing_or_beyond_counting_are_no_claim() {
        let negative = Claim {
            postage: Dong::new(-1),
            ..claim(Harm::Late)
        };
        assert_eq!(owed_for(negative), Err(NothingOwed::NoRealSum));
        let endless = Claim {
            postage: Dong::new(i64::MAX),
            ..claim(Harm::Lost)
        };
        assert_eq!(owed_for(endless), Err(NothingOwed::NoRealSum));
    }

    #[test]
    fn the_record_states_everything_and_is_paid_within_thirty_days() {
        let mut record = LiabilityRecord {
            item: ItemCode::parse("EE000000155VN").expect("a valid code"),
            sender: "Nguyễn Văn A".to_owned(),
            recipient: "UBND xã An Cư".to_owned(),
            accepted_at_ms: 1_777_000_000_000,
            accepted_place: "Bưu cục Nhà Bàng".to_owned(),
            harm: Harm::Lost,
            reason: "mất trên đường vận chuyển".to_owned(),
            liable: Party::Post,
            amount: Dong::new(112_000),
            recorded_on: date!(2026 - 05 - 05),
        };
        assert_eq!(record.check(), Ok(()));
        assert_eq!(record.pay_by(&CompensationPolicy::default()), date!(2026 - 06 - 04));
        assert!(!format!("{record:?}").contains("Nguyễn"));
        record.reason.clear();
        assert_eq!(record.check(), Err(IncompleteRecord("reason")));
    }

    #[test]
    fn amounts_are_written_the_vietnamese_way() {
        assert_eq!(Dong::new(1_234_567).to_string(), "1.234.567 ₫");
        assert_eq!(Dong::new(104_000).to_string(), "104.000 ₫");
        assert_eq!(Dong::new(0).to_string(), "0 ₫");
    }
}
