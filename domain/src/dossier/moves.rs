//! Which fact fits which state: the one table of the dossier.

use super::{Dossier, DossierFact, DossierState, ReturnProof};
use crate::mode::Mode;

/// A fact that the dossier's state does not allow, at least not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a dossier in {from} cannot take the fact {fact}")]
pub struct IllegalMove {
    /// The state before.
    pub from: DossierState,
    /// The sort of fact that does not fit.
    pub fact: &'static str,
}

impl Dossier {
    /// The state after a fact, without recording anything.
    pub(super) fn next(&self, fact: &DossierFact) -> Result<DossierState, IllegalMove> {
        self.after_postal(fact)
            .or_else(|| self.after_agency(fact))
            .or_else(|| self.after_result(fact))
            .ok_or(IllegalMove {
                from: self.state,
                fact: fact.kind(),
            })
    }

    /// Facts of the way to the agency, and of the order to the post.
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
    fn after_agency(&self, fact: &DossierFact) -> Option<DossierState> {
        use DossierFact as F;
        use DossierState as S;
        let first_heard = self.mode == Mode::Return && self.state == S::Draft;
        match (fact, self.state) {
            (F::Received { .. }, S::Lodged) => Some(S::Received),
            (F::Received { .. }, _) if first_heard => Some(S::Received),
            (F::NotAccepted { .. }, S::Lodged) => Some(S::NotAccepted),
            (F::Processing { .. }, S::Received | S::Processing) => Some(S::Processing),
            (F::SupplementRequested { .. }, S::Lodged | S::Processing) => Some(S::Supplement),
            (F::Supplemented { .. }, S::Supplement) => Some(self.state_before_supplement()),
            (F::PaymentRequested { .. }, S::Processing) => Some(S::Payment),
            (F::Paid { .. }, S::Payment) => Some(S::Processing),
            (F::Redated { .. }, S::Received | S::Processing | S::Supplement | S::Payment)
                if self.times.extension_count == 0 =>
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
        let first_heard = self.mode == Mode::Return && self.state == S::Draft;
        match (fact, self.state) {
            (F::ResultInPost { .. }, S::Resolved | S::ResultBack) if self.mode.carries_result() => {
                Some(S::ResultInPost)
            }
            // an agency that hands out a result has decided, whether or not it said so
            (F::ResultInPost { .. }, _) if first_heard => Some(S::ResultInPost),
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
            _ => None,
        }
    }

    /// Where the dossier waits from: an early supplement leads back to the lodging.
    fn state_before_supplement(&self) -> DossierState {
        match self.times.supplements.last() {
            Some(round) if round.before_reception => DossierState::Lodged,
            Some(_) | None => DossierState::Processing,
        }
    }
}
