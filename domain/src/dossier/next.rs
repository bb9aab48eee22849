//! What can follow, what the post must carry, and who must act.
//!
//! Screens read it to offer the lawful acts; the model check reads it to prove that
//! every state has a way out. It promises no date and sends nobody.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 4; Quyết định 45/2016/QĐ-TTg, điều 12; Nghị định 61/2018/NĐ-CP, điều 17

use super::{Dossier, DossierFact, DossierState, FormKind, Policy, ReturnProof};
use crate::item::ItemKind;
use crate::mode::Mode;
use crate::party::Party;

/// A fact that fits now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Possible {
    /// A pattern of it: kind, variant and the agency or paper it is about; the rest is blank.
    pub fact: DossierFact,
    /// Whose act it is.
    pub by: Party,
    /// The form it is done with.
    pub form: Option<FormKind>,
    /// Where it leads.
    pub to: DossierState,
}

/// Something the post has to carry now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Carriage {
    /// What.
    pub kind: ItemKind,
    /// Who pays; none where fault is not settled yet.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 12
    pub paid_by: Option<Party>,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Every sort of fact that fits.
    pub possible: Vec<Possible>,
    /// What the post has to carry, or is carrying.
    pub carriages: Vec<Carriage>,
    /// Who must act; nobody once all is done.
    pub must_act: Option<Party>,
}

impl Dossier {
    /// What comes next under a policy.
    pub fn what_next(&self, policy: &Policy) -> Next {
        let possible = self.patterns().into_iter().filter_map(|fact| {
            let to = self.next(&fact, policy).ok()?;
            Some(Possible {
                by: actor(&fact),
                form: FormKind::of(&fact),
                fact,
                to,
            })
        });
        Next {
            possible: possible.collect(),
            carriages: self.carriages(),
            must_act: self.must_act(),
        }
    }

    /// What the post has to carry, or is carrying. Papers at a desk are not the post's to
    /// carry unless its mode says so.
    pub fn carriages(&self) -> Vec<Carriage> {
        use DossierState as S;
        let is_ordered = self.times.cancelled_at_ms.is_none();
        let mut found = Vec::new();
        match self.state {
            S::Draft | S::IntakeCheck if self.mode.carries_dossier() && is_ordered => {
                found.push(self.carriage(ItemKind::DossierToAgency));
            }
            S::InPost | S::AtHandover => found.push(self.carriage(ItemKind::DossierToAgency)),
            S::Supplement if self.mode.carries_dossier() && is_ordered => {
                found.push(self.carriage(ItemKind::SupplementToAgency));
            }
            // a wrong result is made anew before it is carried
            S::Resolved | S::ResultBack
                if self.mode.carries_result() && is_ordered && !self.times.has_open_correction() =>
            {
                found.push(self.carriage(ItemKind::ResultToApplicant));
            }
            S::ResultInPost => found.push(self.carriage(ItemKind::ResultToApplicant)),
            S::NotAccepted | S::Stopped if self.owes_originals() => {
                found.push(self.carriage(ItemKind::OriginalsToApplicant));
            }
            S::Returned if self.owes_surrendered() => found.push(self.carriage(ItemKind::SurrenderedToAgency)),
            S::Draft
            | S::IntakeCheck
            | S::Lodged
            | S::Received
            | S::Processing
            | S::Payment
            | S::WithdrawRequested
            | S::Supplement
            | S::Resolved
            | S::ResultBack
            | S::NotAccepted
            | S::Stopped
            | S::Returned => {}
        }
        let waits_for_slip = self.mode == Mode::Send
            && is_ordered
            && self.times.received_at_ms.is_some()
            && self.times.appointment_told_at_ms.is_none()
            && self.times.resolved_at_ms.is_none()
            && !self.state.is_terminal();
        if waits_for_slip {
            found.push(self.carriage(ItemKind::SlipToApplicant));
        }
        found
    }

    /// Whether originals are still with the agency that will not use them.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 8; Nghị định 61/2018/NĐ-CP, điều 20
    pub fn owes_originals(&self) -> bool {
        let agency_has_them = self.times.lodged_at_ms.is_some() || self.times.received_at_ms.is_some();
        let is_ordered = self.times.cancelled_at_ms.is_none();
        matches!(self.state, DossierState::NotAccepted | DossierState::Stopped)
            && agency_has_them
            && is_ordered
            && self.times.papers_returned_at_ms.is_none()
    }

    /// Whether the post has surrendered papers that the agency waits for.
    fn owes_surrendered(&self) -> bool {
        self.proof == Some(ReturnProof::Post)
            && self.times.surrender_delivered_at_ms.is_none()
            && self.surrender.iter().any(|paper| paper.taken_at_ms.is_some())
    }

    fn carriage(&self, kind: ItemKind) -> Carriage {
        let settled = self.charges.iter().rev().find(|charge| charge.kind == kind);
        let paid_by = match settled {
            Some(charge) => Some(charge.fault_party),
            None => self.payer(kind),
        };
        Carriage { kind, paid_by }
    }

    /// Who pays where nobody has ruled: the order's postage is the applicant's, what has
    /// to be done again is paid by the party at fault.
    fn payer(&self, kind: ItemKind) -> Option<Party> {
        if self.losses.iter().any(|loss| loss.kind == kind) {
            return Some(Party::Post);
        }
        match kind {
            ItemKind::SupplementToAgency => self.times.supplements.last().and_then(|round| round.fault),
            ItemKind::ResultToApplicant if !self.times.corrections.is_empty() => Some(Party::Agency),
            // whose fault a rejection or a stop is, nobody can tell from here
            ItemKind::OriginalsToApplicant => None,
            ItemKind::DossierToAgency
            | ItemKind::SlipToApplicant
            | ItemKind::ResultToApplicant
            | ItemKind::SurrenderedToAgency
            | ItemKind::ResultBackToAgency
            | ItemKind::InterAgency => Some(Party::Applicant),
        }
    }

    /// Who must act; nobody once all is done.
    #[expect(clippy::match_same_arms, reason = "states in the order of a life")]
    pub fn must_act(&self) -> Option<Party> {
        use DossierState as S;
        let by_post = self.mode.carries_result() && self.times.cancelled_at_ms.is_none();
        match self.state {
            S::Draft if self.mode == Mode::Return => Some(Party::Agency),
            S::Draft | S::Supplement | S::Payment => Some(Party::Applicant),
            S::IntakeCheck | S::InPost | S::ResultInPost => Some(Party::Post),
            S::AtHandover | S::Lodged | S::Received | S::Processing | S::WithdrawRequested => Some(Party::Agency),
            S::Resolved | S::ResultBack if self.times.has_open_correction() => Some(Party::Agency),
            S::Resolved if by_post => Some(Party::Post),
            S::Resolved | S::ResultBack => Some(Party::Applicant),
            S::NotAccepted | S::Stopped => self.owes_originals().then_some(Party::Post),
            S::Returned if self.owes_surrendered() => Some(Party::Post),
            S::Returned => {
                let is_done = self.times.return_confirmed_at_ms.is_some() && !self.times.has_open_correction();
                (!is_done).then_some(Party::Agency)
            }
        }
    }
}

/// Whose act a fact is.
const fn actor(fact: &DossierFact) -> Party {
    use DossierFact as F;
    match fact {
        F::Ordered { .. }
        | F::Represented { .. }
        | F::Paid { .. }
        | F::WithdrawalRequested { .. }
        | F::Cancelled { .. } => Party::Applicant,
        F::Assisted { .. }
        | F::IntakeOpened { .. }
        | F::IntakeIncomplete { .. }
        | F::TakenIn { .. }
        | F::AppointmentTold { .. }
        | F::CarriageCharged { .. }
        | F::ResultInPost { .. }
        | F::ItemLost { .. }
        | F::DossierBack { .. }
        | F::ResultBack { .. }
        | F::Surrendered { .. }
        | F::Returned {
            proof: ReturnProof::Post,
            ..
        }
        | F::PapersReturned { .. }
        | F::SurrenderDelivered { .. } => Party::Post,
        F::AtHandover { .. }
        | F::HandoverRefused { .. }
        | F::Lodged { .. }
        | F::Received { .. }
        | F::NotAccepted { .. }
        | F::StepGiven { .. }
        | F::Processing { .. }
        | F::StepTaken { .. }
        | F::StepDone { .. }
        | F::SupplementRequested { .. }
        | F::Supplemented { .. }
        | F::PaymentRequested { .. }
        | F::Redated { .. }
        | F::DueMoved { .. }
        | F::Stopped { .. }
        | F::Resolved { .. }
        | F::ResultReady { .. }
        | F::SurrenderListed { .. }
        | F::ResultFoundWrong { .. }
        | F::ResultCorrected { .. }
        | F::SurrenderExcepted { .. }
        | F::Returned {
            proof: ReturnProof::Desk | ReturnProof::Electronic,
            ..
        }
        | F::ReturnConfirmed { .. } => Party::Agency,
    }
}
