//! What must be there before a result is handed over, and before an item goes back.
//!
//! A phone or a desk asks here first. A delivery that happened anyway stays delivered:
//! its breach is read from the record, see [`breaches`](super::breaches).
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 10; Thông tư 17/2017/TT-BTTTT, điều 5; Luật Bưu chính 49/2010/QH12, điều 17

use time::Date;

use super::{Addressee, AttemptReason, DeliveryPolicy, Invitations, ItemKind, ItemState, ItemStep, SurrenderPaper};
use crate::authorisation::{Authorisation, AuthorisationGap, Scope};
use crate::dossier::WorkingDaysAfter;
use crate::dossier::words::Language;

/// Who stands at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// The person it is meant for.
    Addressee,
    /// Somebody with an authorisation.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5; Bộ luật Dân sự 2015, điều 140
    Agent(Authorisation),
    /// Somebody of the household without one.
    Household,
    /// Anybody else.
    ThirdParty,
}

/// What the carrier knows at the door.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a checklist: each line is ticked on its own"
)]
pub struct HandingOver<'a> {
    /// What is handed over.
    pub kind: ItemKind,
    /// To whom.
    pub receiver: Receiver,
    /// The receiver's own identity paper was compared with the name.
    pub id_checked: bool,
    /// Old papers to give up.
    pub surrender: &'a [SurrenderPaper],
    /// State fee and postage due at delivery are paid, or there are none.
    pub is_paid: bool,
    /// It was opened and counted together.
    pub is_counted: bool,
    /// The receiver signed.
    pub is_signed: bool,
    /// The day.
    pub today: Date,
}

/// What speaks against handing over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeliveryGap {
    /// No identity paper, or another name on it.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 10
    Identity,
    /// No authorisation, or one that does not cover this or has ended.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5; Bộ luật Dân sự 2015, điều 140
    Authorisation,
    /// An old paper is neither taken nor let go by the agency.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    Surrender,
    /// Something is still to be paid.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 11
    Payment,
    /// Not counted together.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 10
    NotCounted,
    /// Not signed.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 10
    NotSigned,
}

impl DeliveryGap {
    /// The reason of the failed attempt if it stays that way; none where the carrier can
    /// mend it on the spot.
    pub const fn attempt_reason(self) -> Option<AttemptReason> {
        match self {
            Self::Identity => Some(AttemptReason::IdMissing),
            Self::Authorisation => Some(AttemptReason::AuthorisationMissing),
            Self::Surrender => Some(AttemptReason::SurrenderMissing),
            Self::Payment => Some(AttemptReason::FeeUnpaid),
            Self::NotCounted | Self::NotSigned => None,
        }
    }

    /// The gap for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Identity => (
                "chưa đối chiếu giấy tờ tùy thân của người nhận",
                "the receiver's identity paper is not checked",
            ),
            Self::Authorisation => ("chưa có giấy ủy quyền còn hiệu lực", "there is no valid authorisation"),
            Self::Surrender => ("chưa thu lại giấy tờ cũ", "old papers are not surrendered"),
            Self::Payment => ("chưa nộp phí, lệ phí hoặc cước", "a fee or the postage is not paid"),
            Self::NotCounted => ("chưa cùng kiểm đếm", "it was not counted together"),
            Self::NotSigned => ("người nhận chưa ký", "the receiver has not signed"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

impl HandingOver<'_> {
    /// Checks that it may be handed over. Identity and signature are asked of everybody;
    /// papers to give up and payment belong to a result.
    ///
    /// # Errors
    /// Every [`DeliveryGap`], in the order in which the carrier can close them.
    pub fn check(&self, policy: &DeliveryPolicy) -> Result<(), Vec<DeliveryGap>> {
        let is_result = match self.kind {
            ItemKind::ResultToApplicant => true,
            ItemKind::DossierToAgency
            | ItemKind::SupplementToAgency
            | ItemKind::SlipToApplicant
            | ItemKind::OriginalsToApplicant
            | ItemKind::SurrenderedToAgency
            | ItemKind::ResultBackToAgency
            | ItemKind::InterAgency => false,
        };
        let owes_papers = self.surrender.iter().any(|paper| !paper.is_settled());
        let gaps: Vec<DeliveryGap> = [
            (!self.id_checked, DeliveryGap::Identity),
            (self.authorise(policy).is_err(), DeliveryGap::Authorisation),
            (
                is_result && policy.fee_before_delivery && !self.is_paid,
                DeliveryGap::Payment,
            ),
            (!self.is_counted, DeliveryGap::NotCounted),
            (is_result && owes_papers, DeliveryGap::Surrender),
            (!self.is_signed, DeliveryGap::NotSigned),
        ]
        .into_iter()
        .filter_map(|(is_missing, gap)| is_missing.then_some(gap))
        .collect();
        if gaps.is_empty() { Ok(()) } else { Err(gaps) }
    }

    /// Whether the receiver may receive at all.
    fn authorise(&self, policy: &DeliveryPolicy) -> Result<(), AuthorisationGap> {
        match self.receiver {
            Receiver::Addressee => Ok(()),
            Receiver::Agent(authorisation) => authorisation.check(Scope::Receive, self.today),
            Receiver::Household if policy.household_may_receive => Ok(()),
            Receiver::Household | Receiver::ThirdParty => Err(AuthorisationGap::Scope),
        }
    }
}

/// Why an item may not go back yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReturnTooEarly {
    /// The addressee was not invited as often as the law asks.
    #[error("an invitation is missing")]
    InvitationMissing {
        /// The first day for it; none when there was no first one.
        next_not_before: Option<Date>,
    },
    /// The last invitation still runs.
    #[error("the last invitation runs until {not_before}")]
    InvitationRuns {
        /// The first day for the return.
        not_before: Date,
    },
}

/// Checks that an item may be sent back to its sender on a day.
///
/// An item that is undeliverable by law for another reason than an empty house, that was
/// refused or withdrawn, or that is meant for an agency, may go back at once.
///
/// # Errors
/// [`ReturnTooEarly`] with the day to wait for.
///
/// Source: Thông tư 17/2017/TT-BTTTT, điều 5; Luật Bưu chính 49/2010/QH12, điều 17
pub fn check_return(
    kind: ItemKind,
    steps: &[ItemStep],
    today: Date,
    policy: &DeliveryPolicy,
    after: WorkingDaysAfter<'_>,
) -> Result<(), ReturnTooEarly> {
    let state = steps.last().map_or(ItemState::Created, |step| step.state);
    let is_given_up = matches!(
        state,
        ItemState::Refused | ItemState::Withdrawn | ItemState::Returning | ItemState::Returned
    );
    let is_undeliverable = steps
        .iter()
        .rev()
        .find_map(|step| step.reason)
        .is_some_and(|reason| reason.is_undeliverable_by_law(0));
    if kind.addressee() == Addressee::Agency || is_given_up || is_undeliverable {
        return Ok(());
    }
    let invitations = Invitations::of(steps, policy, after);
    match invitations.return_not_before {
        None => Err(ReturnTooEarly::InvitationMissing {
            next_not_before: invitations.next_not_before,
        }),
        Some(not_before) if today < not_before => Err(ReturnTooEarly::InvitationRuns { not_before }),
        Some(_) => Ok(()),
    }
}
