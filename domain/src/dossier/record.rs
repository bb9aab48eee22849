//! Writes a fact down: which hours and lists it fills.
//!
//! Only called with a state that [the table](super::moves) allowed; it refuses nothing.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Nghị định 61/2018/NĐ-CP, điều 19

use super::times::{end, once};
use super::{
    AgencyStep, Charge, Dossier, DossierFact, DossierState, Loss, Promise, PromiseCause, RefusedHandover, Supplement,
    Wait,
};
use crate::ids::AgencyId;
use crate::item::SurrenderPaper;
use time::Date;

impl Dossier {
    /// Writes down a fact that leads to `next`.
    pub(super) fn record(&mut self, fact: &DossierFact, next: DossierState) {
        self.record_hours(fact);
        self.record_lists(fact);
        self.record_words(fact);
        if next.is_terminal() {
            once(&mut self.times.closed_at_ms, fact.at_ms());
        }
        self.state = next;
        self.version += 1;
    }

    /// The hours, dates and rounds.
    fn record_hours(&mut self, fact: &DossierFact) {
        use DossierFact as F;
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
            F::Received { due_on, .. } => {
                once(&mut times.received_at_ms, at);
                self.promise(at, *due_on, PromiseCause::Reception);
            }
            F::AppointmentTold { .. } => once(&mut times.appointment_told_at_ms, at),
            F::StepGiven { .. } | F::Processing { .. } => once(&mut times.processing_at_ms, at),
            F::SupplementRequested { fault, .. } => times.supplements.push(Supplement {
                requested_at_ms: at,
                completed_at_ms: None,
                before_reception: self.state == DossierState::Lodged,
                fault: *fault,
            }),
            F::Supplemented { due_on, .. } => {
                if let Some(round) = times.supplements.last_mut() {
                    once(&mut round.completed_at_ms, at);
                }
                self.promise(at, *due_on, PromiseCause::Supplement);
            }
            F::PaymentRequested { .. } => times.payments.push(asked(at)),
            F::Paid { .. } => end(&mut times.payments, at),
            F::Redated { due_on, .. } => {
                times.extension_count += 1;
                self.promise(at, Some(*due_on), PromiseCause::Extension);
            }
            F::DueMoved { due_on, notice, .. } => {
                self.promise(at, Some(*due_on), PromiseCause::CalendarNotice(notice.clone()));
            }
            F::Resolved { .. } => once(&mut times.resolved_at_ms, at),
            F::ResultReady { .. } => once(&mut times.result_ready_at_ms, at),
            F::ResultInPost { .. } => once(&mut times.result_in_post_at_ms, at),
            F::ResultFoundWrong { .. } => times.corrections.push(asked(at)),
            F::ResultCorrected { .. } => end(&mut times.corrections, at),
            F::Returned { .. } => once(&mut times.returned_at_ms, at),
            F::ReturnConfirmed { .. } => {
                once(&mut times.returned_at_ms, at);
                once(&mut times.return_confirmed_at_ms, at);
            }
            F::PapersReturned { .. } => once(&mut times.papers_returned_at_ms, at),
            // from then on nothing of it is on the road
            F::DossierBack { .. } if self.state == DossierState::Stopped => once(&mut times.papers_returned_at_ms, at),
            F::SurrenderDelivered { .. } => once(&mut times.surrender_delivered_at_ms, at),
            F::Cancelled { .. } => once(&mut times.cancelled_at_ms, at),
            F::Assisted { .. }
            | F::Represented { .. }
            | F::IntakeOpened { .. }
            | F::IntakeIncomplete { .. }
            | F::AtHandover { .. }
            | F::HandoverRefused { .. }
            | F::NotAccepted { .. }
            | F::StepTaken { .. }
            | F::StepDone { .. }
            | F::CarriageCharged { .. }
            | F::WithdrawalRequested { .. }
            | F::Stopped { .. }
            | F::SurrenderListed { .. }
            | F::ItemLost { .. }
            | F::DossierBack { .. }
            | F::ResultBack { .. }
            | F::Surrendered { .. }
            | F::SurrenderExcepted { .. } => {}
        }
    }

    /// The lists of people, agencies, carriages and papers.
    fn record_lists(&mut self, fact: &DossierFact) {
        use DossierFact as F;
        let at_ms = fact.at_ms();
        match fact {
            F::Assisted { staff, .. } => {
                self.assisted_by.insert(*staff);
            }
            F::Represented { authorisation, .. } => {
                self.authorisations.insert(*authorisation);
            }
            F::TakenIn { slip, .. } => self.slip.clone_from(slip),
            F::HandoverRefused { reason, .. } => self.refused_handovers.push(RefusedHandover {
                at_ms,
                reason: reason.clone(),
            }),
            F::StepGiven { agency, due_on, .. } => self.steps.push(AgencyStep {
                agency: *agency,
                given_at_ms: at_ms,
                taken_at_ms: None,
                done_at_ms: None,
                due_on: *due_on,
            }),
            F::StepTaken { agency, .. } => {
                if let Some(at) = self.step_to_take(*agency) {
                    self.steps[at].taken_at_ms = Some(at_ms);
                }
            }
            F::StepDone { agency, .. } => {
                if let Some(at) = self.step_to_end(*agency) {
                    self.steps[at].done_at_ms = Some(at_ms);
                }
            }
            F::CarriageCharged { kind, fault_party, .. } => self.charges.push(Charge {
                at_ms,
                kind: *kind,
                fault_party: *fault_party,
            }),
            F::ItemLost { kind, .. } => self.losses.push(Loss { at_ms, kind: *kind }),
            F::SurrenderListed { paper, .. } => self.surrender.push(SurrenderPaper::listed(paper.clone())),
            F::Surrendered { paper, .. } => {
                if let Some(known) = self.open_paper(paper) {
                    known.taken_at_ms = Some(at_ms);
                }
            }
            F::SurrenderExcepted { paper, code, .. } => {
                if let Some(known) = self.open_paper(paper) {
                    known.excepted = Some((at_ms, code.clone()));
                }
            }
            _ => {}
        }
    }

    /// The code, the outcome and the last reason.
    fn record_words(&mut self, fact: &DossierFact) {
        use DossierFact as F;
        match fact {
            F::Received { code, .. } => once(&mut self.code, code.clone()),
            F::Resolved { outcome, .. } => once(&mut self.outcome, *outcome),
            F::Returned { proof, .. } => once(&mut self.proof, *proof),
            F::Supplemented { .. } | F::ResultCorrected { .. } => self.reason = None,
            F::IntakeIncomplete { guidance: reason, .. }
            | F::HandoverRefused { reason, .. }
            | F::NotAccepted { reason, .. }
            | F::SupplementRequested { reason, .. }
            | F::ResultFoundWrong { reason, .. }
            | F::Stopped { reason, .. }
            | F::Cancelled { reason, .. } => self.reason = Some(reason.clone()),
            F::Redated { reason, .. } if !reason.is_empty() => self.reason = Some(reason.clone()),
            _ => {}
        }
    }

    fn promise(&mut self, at_ms: i64, due_on: Option<Date>, cause: PromiseCause) {
        if let Some(due_on) = due_on {
            self.times.promise(Promise { at_ms, due_on, cause });
        }
    }

    fn open_paper(&mut self, name: &str) -> Option<&mut SurrenderPaper> {
        self.surrender
            .iter_mut()
            .find(|known| known.name == name && !known.is_settled())
    }

    /// The oldest step of an agency that it has not taken.
    pub(super) fn step_to_take(&self, agency: AgencyId) -> Option<usize> {
        self.steps
            .iter()
            .position(|step| step.agency == agency && step.taken_at_ms.is_none() && step.done_at_ms.is_none())
    }

    /// The oldest step of an agency that it has taken and not done.
    pub(super) fn step_to_end(&self, agency: AgencyId) -> Option<usize> {
        self.steps
            .iter()
            .position(|step| step.agency == agency && step.taken_at_ms.is_some() && step.done_at_ms.is_none())
    }
}

const fn asked(at_ms: i64) -> Wait {
    Wait {
        asked_at_ms: at_ms,
        done_at_ms: None,
    }
}
