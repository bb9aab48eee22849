//! A dossier as the sum of its facts.

use std::collections::BTreeSet;

use super::times::once;
use super::{DossierFact, DossierState, IllegalMove, Outcome, ReturnProof, Supplement, Times};
use crate::ids::DossierId;
use crate::mode::Mode;

/// What the facts known so far say about one dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// Which dossier.
    pub id: DossierId,
    /// What the post does for it.
    pub mode: Mode,
    /// Where it stands.
    pub state: DossierState,
    /// The code the agency gave.
    pub code: Option<String>,
    /// How the agency decided.
    pub outcome: Option<Outcome>,
    /// How the result reached the person.
    pub proof: Option<ReturnProof>,
    /// What the agency or the post said last about a refusal, a stop or missing papers.
    pub reason: Option<String>,
    /// The hours of its life.
    pub times: Times,
    /// How many facts were applied.
    pub version: u64,
    /// Facts that do not fit yet, oldest first. Not lost: shown, and tried again.
    pub waiting: Vec<DossierFact>,
}

impl Dossier {
    /// A dossier of which nothing is known yet.
    pub fn new(id: DossierId, mode: Mode) -> Self {
        Self {
            id,
            mode,
            state: DossierState::Draft,
            code: None,
            outcome: None,
            proof: None,
            reason: None,
            times: Times::default(),
            version: 0,
            waiting: Vec::new(),
        }
    }

    /// The dossier after one more fact.
    ///
    /// # Errors
    /// [`IllegalMove`] when the fact does not fit the state.
    pub fn apply(mut self, fact: &DossierFact) -> Result<Self, IllegalMove> {
        let next = self.next(fact)?;
        self.record(fact, next);
        Ok(self)
    }

    /// The dossier that a set of facts adds up to.
    ///
    /// The facts are taken by the hour they happened, so the order in which they arrive
    /// and how often changes nothing. A fact that does not fit yet waits and is tried
    /// again after each one that did; what still waits at the end stays in `waiting`.
    pub fn fold(id: DossierId, mode: Mode, facts: impl IntoIterator<Item = DossierFact>) -> Self {
        let once_each: BTreeSet<DossierFact> = facts.into_iter().collect();
        let mut by_hour: Vec<DossierFact> = once_each.into_iter().collect();
        // stable: facts of one millisecond keep the order of an ordinary life
        by_hour.sort_by_key(DossierFact::at_ms);

        let mut dossier = Self::new(id, mode);
        let mut waiting: Vec<DossierFact> = Vec::new();
        for fact in by_hour {
            match dossier.next(&fact) {
                Ok(next) => {
                    dossier.record(&fact, next);
                    dossier.retry(&mut waiting);
                }
                Err(_) => waiting.push(fact),
            }
        }
        dossier.waiting = waiting;
        dossier
    }

    /// The number in the national list of dossier statuses, or none before the agency
    /// has it. 10 only after the agency's own confirmation.
    pub fn dvcqg(&self) -> Option<u8> {
        match self.state {
            DossierState::Returned if self.times.return_confirmed_at_ms.is_some() => Some(10),
            DossierState::Stopped if self.times.lodged_at_ms.is_none() && self.code.is_none() => None,
            state => state.dvcqg(),
        }
    }

    /// Whether the agency has missed its date: undecided on a day after it.
    pub fn is_overdue(&self, today: time::Date) -> bool {
        !self.state.is_terminal()
            && self.outcome.is_none()
            && self.times.result_in_post_at_ms.is_none()
            && self.times.due_current.is_some_and(|due| today > due)
    }

    fn retry(&mut self, waiting: &mut Vec<DossierFact>) {
        while let Some((at, next)) = waiting
            .iter()
            .enumerate()
            .find_map(|(at, fact)| self.next(fact).ok().map(|next| (at, next)))
        {
            let fact = waiting.remove(at);
            self.record(&fact, next);
        }
    }

    /// Writes down a fact that `next` allowed.
    fn record(&mut self, fact: &DossierFact, next: DossierState) {
        use DossierFact as F;
        let from = self.state;
        let at = fact.at_ms();
        let times = &mut self.times;
        match fact {
            F::Ordered { .. } => once(&mut times.ordered_at_ms, at),
            F::TakenIn { .. } => once(&mut times.accepted_by_post_at_ms, at),
            F::Lodged { .. } => {
                if self.mode.carries_dossier() {
                    once(&mut times.handed_over_at_ms, at);
                }
                once(&mut times.lodged_at_ms, at);
            }
            F::Received { code, due_on, .. } => {
                once(&mut self.code, code.clone());
                once(&mut times.received_at_ms, at);
                if let Some(due_on) = due_on {
                    once(&mut times.due_original, *due_on);
                    times.due_current = Some(*due_on);
                }
            }
            F::SupplementRequested { reason, .. } => {
                self.reason = Some(reason.clone());
                times.supplements.push(Supplement {
                    requested_at_ms: at,
                    completed_at_ms: None,
                    before_reception: from == DossierState::Lodged,
                });
            }
            F::Supplemented { due_on, .. } => {
                self.reason = None;
                if let Some(round) = times.supplements.last_mut() {
                    once(&mut round.completed_at_ms, at);
                }
                if due_on.is_some() {
                    times.due_current = *due_on;
                }
            }
            F::Redated { due_on, .. } => {
                times.extension_count += 1;
                times.due_current = Some(*due_on);
            }
            F::Resolved { outcome, .. } => {
                once(&mut self.outcome, *outcome);
                once(&mut times.resolved_at_ms, at);
            }
            F::ResultInPost { .. } => once(&mut times.result_in_post_at_ms, at),
            F::Returned { proof, .. } => {
                once(&mut self.proof, *proof);
                once(&mut times.returned_at_ms, at);
            }
            F::ReturnConfirmed { .. } => {
                once(&mut times.returned_at_ms, at);
                once(&mut times.return_confirmed_at_ms, at);
            }
            F::Cancelled { reason, .. } => {
                self.reason = Some(reason.clone());
                once(&mut times.cancelled_at_ms, at);
            }
            F::IntakeIncomplete { guidance: reason, .. }
            | F::HandoverRefused { reason, .. }
            | F::NotAccepted { reason, .. }
            | F::Stopped { reason, .. } => self.reason = Some(reason.clone()),
            F::IntakeOpened { .. }
            | F::AtHandover { .. }
            | F::Processing { .. }
            | F::PaymentRequested { .. }
            | F::Paid { .. }
            | F::WithdrawalRequested { .. }
            | F::ResultBack { .. } => {}
        }
        if next.is_terminal() {
            once(&mut self.times.closed_at_ms, at);
        }
        self.state = next;
        self.version += 1;
    }
}
