//! Which fact fits which state: the one table of the dossier.
//!
//! A fact that breaks a rule of the law but did happen fits: what it broke is a
//! [`Breach`](super::Breach). Refused is only what cannot have happened in this state.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 9; Quyết định 45/2016/QĐ-TTg, điều 10; Nghị định 61/2018/NĐ-CP, điều 19; DVCQG danh mục trạng thái, 1 đến 10

use super::{Dossier, DossierFact, DossierState, IllegalMove, Policy, ReturnProof};
use crate::item::ItemKind;
use crate::mode::Mode;

impl Dossier {
    /// The state after a fact, without recording anything.
    pub(super) fn next(&self, fact: &DossierFact, policy: &Policy) -> Result<DossierState, IllegalMove> {
        self.after_postal(fact)
            .or_else(|| self.after_agency(fact, policy))
            .or_else(|| self.after_result(fact))
            .or_else(|| self.after_remark(fact))
            .ok_or_else(|| IllegalMove {
                from: self.state,
                fact: fact.kind(),
                why: self.why_not(fact),
            })
    }

    /// Facts of the way to the agency, and of the order to the post.
    #[expect(clippy::match_same_arms, reason = "one arm for each row of the table")]
    fn after_postal(&self, fact: &DossierFact) -> Option<DossierState> {
        use DossierFact as F;
        use DossierState as S;
        let sends = self.mode.carries_dossier();
        match (fact, self.state) {
            (F::Ordered { .. }, state) if !state.is_terminal() => Some(state),
            (F::IntakeOpened { .. }, S::Draft) if sends => Some(S::IntakeCheck),
            (F::IntakeIncomplete { .. }, S::IntakeCheck) => Some(S::Draft),
            (F::TakenIn { .. }, S::Draft | S::IntakeCheck) if sends => Some(S::InPost),
            (F::AtHandover { .. }, S::InPost) => Some(S::AtHandover),
            (F::HandoverRefused { .. }, S::InPost | S::AtHandover) => Some(S::InPost),
            (F::Lodged { .. }, S::InPost | S::AtHandover) => Some(S::Lodged),
            // the person lodged it at the desk; the post only brings the result
            (F::Lodged { .. }, S::Draft) if self.mode == Mode::Return => Some(S::Lodged),
            // undelivered or withdrawn on the road: the person has the papers again
            (F::DossierBack { .. }, S::InPost | S::AtHandover) => Some(S::Draft),
            // cancelled on the road: it comes back after the order has ended
            (F::DossierBack { .. }, S::Stopped) if self.is_stopped_on_the_road() => Some(S::Stopped),
            (F::Cancelled { .. }, S::Draft | S::IntakeCheck | S::InPost) => Some(S::Stopped),
            // once lodged, only the order to the post ends, not the dossier
            (F::Cancelled { .. }, state)
                if !state.is_terminal() && !matches!(state, S::AtHandover | S::ResultInPost) =>
            {
                Some(state)
            }
            _ => None,
        }
    }

    /// Facts of the agency's work.
    #[expect(clippy::match_same_arms, reason = "one arm for each row of the table")]
    fn after_agency(&self, fact: &DossierFact, policy: &Policy) -> Option<DossierState> {
        use DossierFact as F;
        use DossierState as S;
        let first_heard = self.is_first_heard();
        match (fact, self.state) {
            (F::Received { .. }, S::Lodged) => Some(S::Received),
            (F::Received { .. }, _) if first_heard => Some(S::Received),
            (F::NotAccepted { .. }, S::Lodged) => Some(S::NotAccepted),
            (F::Processing { .. }, S::Received | S::Processing) => Some(S::Processing),
            (F::StepGiven { .. }, S::Received | S::Processing) => Some(S::Processing),
            (F::StepTaken { agency, .. }, S::Processing | S::Supplement | S::Payment)
                if self.step_to_take(*agency).is_some() =>
            {
                Some(self.state)
            }
            (F::StepDone { agency, .. }, S::Processing | S::Supplement | S::Payment)
                if self.step_to_end(*agency).is_some() =>
            {
                Some(self.state)
            }
            (F::SupplementRequested { .. }, S::Lodged | S::Processing) => Some(S::Supplement),
            (F::Supplemented { .. }, S::Supplement) => Some(self.state_before_supplement()),
            (F::PaymentRequested { .. }, S::Processing) => Some(S::Payment),
            (F::Paid { .. }, S::Payment) => Some(S::Processing),
            (F::Redated { .. }, S::Received | S::Processing | S::Supplement | S::Payment)
                if self.times.extension_count < policy.max_extensions =>
            {
                Some(self.state)
            }
            (F::DueMoved { .. }, S::Received | S::Processing | S::Supplement | S::Payment | S::WithdrawRequested)
                if self.times.due_current.is_some() =>
            {
                Some(self.state)
            }
            (F::WithdrawalRequested { .. }, S::Received | S::Processing | S::Supplement | S::Payment) => {
                Some(S::WithdrawRequested)
            }
            // an agency that took the request itself reports only that it stopped
            (F::Stopped { .. }, S::Received | S::Processing | S::Supplement | S::Payment | S::WithdrawRequested) => {
                Some(S::Stopped)
            }
            (F::Resolved { .. }, S::Received | S::Processing) => Some(S::Resolved),
            (F::Resolved { .. }, _) if first_heard => Some(S::Resolved),
            _ => None,
        }
    }

    /// Facts of the way back to the person.
    #[expect(clippy::match_same_arms, reason = "one arm for each row of the table")]
    fn after_result(&self, fact: &DossierFact) -> Option<DossierState> {
        use DossierFact as F;
        use DossierState as S;
        match (fact, self.state) {
            (F::ResultReady { .. }, S::Resolved) if self.times.result_ready_at_ms.is_none() => Some(S::Resolved),
            (F::ResultInPost { .. }, S::Resolved | S::ResultBack) if self.mode.carries_result() => {
                Some(S::ResultInPost)
            }
            // an agency that hands out a result has decided, whether or not it said so
            (F::ResultInPost { .. }, _) if self.is_first_heard() => Some(S::ResultInPost),
            (F::ResultBack { .. }, S::ResultInPost) => Some(S::ResultBack),
            (
                F::Returned {
                    proof: ReturnProof::Post,
                    ..
                },
                S::ResultInPost,
            ) => Some(S::Returned),
            (
                F::Returned {
                    proof: ReturnProof::Desk | ReturnProof::Electronic,
                    ..
                },
                S::Resolved | S::ResultBack,
            ) => Some(S::Returned),
            (F::ReturnConfirmed { .. }, S::Resolved | S::ResultBack) => Some(S::Returned),
            (F::ReturnConfirmed { .. }, S::Returned) if self.times.return_confirmed_at_ms.is_none() => {
                Some(S::Returned)
            }
            (F::ResultFoundWrong { .. }, S::Resolved | S::ResultInPost | S::ResultBack | S::Returned)
                if !self.times.has_open_correction() =>
            {
                Some(self.state)
            }
            (F::ResultCorrected { .. }, S::Resolved | S::ResultBack) if self.times.has_open_correction() => {
                Some(self.state)
            }
            (F::ItemLost { kind, .. }, state) => self.after_loss(*kind, state),
            _ => None,
        }
    }

    /// A lost envelope takes the dossier back to where its papers can be made again.
    const fn after_loss(&self, kind: ItemKind, state: DossierState) -> Option<DossierState> {
        use DossierState as S;
        match kind {
            ItemKind::DossierToAgency => match state {
                S::InPost | S::AtHandover => Some(S::Draft),
                S::Stopped if self.is_stopped_on_the_road() => Some(S::Stopped),
                _ => None,
            },
            ItemKind::ResultToApplicant | ItemKind::ResultBackToAgency => match state {
                S::ResultInPost => Some(S::Resolved),
                _ => None,
            },
            ItemKind::SupplementToAgency
            | ItemKind::SlipToApplicant
            | ItemKind::OriginalsToApplicant
            | ItemKind::SurrenderedToAgency
            | ItemKind::InterAgency => Some(state),
        }
    }

    /// Facts that lead nowhere and are written down.
    fn after_remark(&self, fact: &DossierFact) -> Option<DossierState> {
        use DossierFact as F;
        use DossierState as S;
        let state = self.state;
        let fits = match fact {
            F::Assisted { .. } | F::Represented { .. } => !state.is_terminal(),
            // a slip on the road reaches the person even when the dossier is closed by then
            F::AppointmentTold { .. } => {
                self.times.received_at_ms.is_some() && self.times.appointment_told_at_ms.is_none()
            }
            F::CarriageCharged { .. } => true,
            F::SurrenderListed { paper, .. } => {
                !state.is_terminal() && !self.surrender.iter().any(|known| known.name == *paper)
            }
            F::Surrendered { paper, .. } | F::SurrenderExcepted { paper, .. } => {
                self.is_decided()
                    && self
                        .surrender
                        .iter()
                        .any(|known| known.name == *paper && !known.is_settled())
            }
            F::SurrenderDelivered { .. } => {
                self.times.surrender_delivered_at_ms.is_none()
                    && self.surrender.iter().any(|known| known.taken_at_ms.is_some())
            }
            F::PapersReturned { .. } => {
                self.times.papers_returned_at_ms.is_none()
                    && (self.is_decided() || matches!(state, S::NotAccepted | S::Stopped))
            }
            _ => false,
        };
        fits.then_some(state)
    }

    /// Whether the order was cancelled while the post had the dossier, and it has not come
    /// back yet.
    const fn is_stopped_on_the_road(&self) -> bool {
        self.times.accepted_by_post_at_ms.is_some()
            && self.times.lodged_at_ms.is_none()
            && self.times.papers_returned_at_ms.is_none()
    }

    /// Whether the result exists.
    const fn is_decided(&self) -> bool {
        matches!(
            self.state,
            DossierState::Resolved | DossierState::ResultInPost | DossierState::ResultBack | DossierState::Returned
        )
    }

    /// Whether the post hears for the first time of a dossier lodged without it.
    fn is_first_heard(&self) -> bool {
        self.mode == Mode::Return && self.state == DossierState::Draft
    }

    /// Where the dossier waits from: an early supplement leads back to the lodging.
    fn state_before_supplement(&self) -> DossierState {
        match self.times.supplements.last() {
            Some(round) if round.before_reception => DossierState::Lodged,
            Some(_) | None => DossierState::Processing,
        }
    }
}
