//! What can happen next in a lawful history, and how likely it is.

use domain::dossier::{DossierFact as F, DossierState as S, Policy, ReturnProof};
use domain::item::ItemKind;

use super::envelope::EnvelopeStep;
use super::{Envelope, History};

/// One thing that can happen.
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// A fact of the agency, the applicant or a counter, from its pattern.
    Act(F),
    /// An envelope is made ready.
    Open(ItemKind),
    /// A step of an envelope.
    Step(usize, EnvelopeStep),
}

/// After so many steps a history hurries to its end.
const PATIENCE: usize = 60;

impl History {
    pub(super) fn choices(&self, step: usize) -> Vec<(u64, Choice)> {
        let hurries = step > PATIENCE;
        let mut found = Vec::new();
        for possible in self.dossier.what_next(&Policy::default()).possible {
            if self.is_for_hands(&possible.fact) {
                let weight = self.weight(&possible.fact, hurries);
                found.push((weight, Choice::Act(possible.fact)));
            }
        }
        for carriage in self.dossier.carriages() {
            let is_under_way = self.of_kind(carriage.kind).any(|envelope| !envelope.is_over());
            if !is_under_way && !self.was_supplement_sent(carriage.kind) {
                found.push((12, Choice::Open(carriage.kind)));
            }
        }
        for (at, envelope) in self.envelopes.iter().enumerate() {
            found.extend(
                self.envelope_steps(envelope, hurries)
                    .into_iter()
                    .map(|(weight, step)| (weight, Choice::Step(at, step))),
            );
        }
        found.retain(|(weight, _)| *weight > 0);
        found
    }

    /// One envelope of papers for each round of asking.
    fn was_supplement_sent(&self, kind: ItemKind) -> bool {
        kind == ItemKind::SupplementToAgency
            && self.of_kind(kind).filter(|envelope| !envelope.standing.is_lost).count()
                >= self.dossier.times.supplements.len()
    }

    /// Whether a fact is written by somebody at a desk. The others follow from envelopes.
    fn is_for_hands(&self, fact: &F) -> bool {
        match fact {
            F::TakenIn { .. }
            | F::AtHandover { .. }
            | F::HandoverRefused { .. }
            | F::AppointmentTold { .. }
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
            | F::SurrenderDelivered { .. } => false,
            // over the counter without the post
            F::Lodged { .. } => !self.dossier.mode.carries_dossier(),
            // the desk hands over what it has, old papers first
            F::Returned { proof, .. } => {
                let is_open = self.dossier.surrender.iter().any(|paper| !paper.is_settled());
                !self.dossier.times.has_open_correction() && (*proof == ReturnProof::Electronic || !is_open)
            }
            F::ReturnConfirmed { .. } => self.dossier.state == S::Returned,
            F::SurrenderListed { .. } => self.dossier.surrender.len() < 2,
            F::StepGiven { .. } => self.dossier.steps.len() < 3,
            F::DueMoved { .. } => self.dossier.times.promises.len() < 4,
            F::Ordered { .. } | F::Assisted { .. } | F::Represented { .. } => !self.dossier.state.is_terminal(),
            F::IntakeOpened { .. }
            | F::IntakeIncomplete { .. }
            | F::Received { .. }
            | F::NotAccepted { .. }
            | F::Processing { .. }
            | F::StepTaken { .. }
            | F::StepDone { .. }
            | F::SupplementRequested { .. }
            | F::CarriageCharged { .. }
            | F::Supplemented { .. }
            | F::PaymentRequested { .. }
            | F::Paid { .. }
            | F::Redated { .. }
            | F::WithdrawalRequested { .. }
            | F::Stopped { .. }
            | F::Resolved { .. }
            | F::ResultReady { .. }
            | F::ResultFoundWrong { .. }
            | F::ResultCorrected { .. }
            | F::SurrenderExcepted { .. }
            | F::Cancelled { .. } => true,
        }
    }

    /// How likely a fact is; a history in a hurry does only what brings it on.
    fn weight(&self, fact: &F, hurries: bool) -> u64 {
        let (with_time, in_a_hurry) = match fact {
            F::Received { .. } | F::Lodged { .. } => (12, 12),
            F::Resolved { .. } => (6, 20),
            F::Processing { .. } if self.dossier.state == S::Received => (10, 1),
            F::Supplemented { .. } | F::Paid { .. } | F::ResultCorrected { .. } | F::ReturnConfirmed { .. } => (10, 10),
            F::StepTaken { .. } | F::StepDone { .. } => (8, 0),
            F::IntakeOpened { .. } => (6, 0),
            F::Stopped { .. } if self.dossier.state == S::WithdrawRequested => (10, 10),
            F::IntakeIncomplete { .. }
            | F::NotAccepted { .. }
            | F::SupplementRequested { .. }
            | F::PaymentRequested { .. }
            | F::StepGiven { .. }
            | F::SurrenderListed { .. }
            | F::ResultReady { .. } => (2, 0),
            F::Returned { .. } => (2, 8),
            F::Redated { .. }
            | F::DueMoved { .. }
            | F::WithdrawalRequested { .. }
            | F::Stopped { .. }
            | F::SurrenderExcepted { .. }
            | F::Assisted { .. }
            | F::Represented { .. }
            | F::Cancelled { .. }
            | F::ResultFoundWrong { .. } => (1, 0),
            F::Ordered { .. }
            | F::Processing { .. }
            | F::TakenIn { .. }
            | F::AtHandover { .. }
            | F::HandoverRefused { .. }
            | F::AppointmentTold { .. }
            | F::CarriageCharged { .. }
            | F::ResultInPost { .. }
            | F::ItemLost { .. }
            | F::DossierBack { .. }
            | F::ResultBack { .. }
            | F::Surrendered { .. }
            | F::PapersReturned { .. }
            | F::SurrenderDelivered { .. } => (0, 0),
        };
        // once closed, only what is still owed happens
        let is_beside =
            self.dossier.state.is_terminal() && !matches!(fact, F::ReturnConfirmed { .. } | F::ResultFoundWrong { .. });
        match (is_beside, hurries) {
            (true, _) => 0,
            (false, true) => in_a_hurry,
            (false, false) => with_time,
        }
    }

    fn envelope_steps(&self, envelope: &Envelope, hurries: bool) -> Vec<(u64, EnvelopeStep)> {
        if envelope.is_over() || !self.can_start(envelope) {
            return Vec::new();
        }
        envelope.steps_ahead(&self.dossier, self.now_ms(), hurries)
    }

    /// An envelope starts only while its dossier needs it.
    fn can_start(&self, envelope: &Envelope) -> bool {
        envelope.was_accepted
            || self
                .dossier
                .carriages()
                .iter()
                .any(|carriage| carriage.kind == envelope.kind)
    }
}
