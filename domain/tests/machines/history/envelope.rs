//! One envelope of a history: its steps, who holds it, and what its dossier hears.

use domain::dossier::{Dossier, DossierFact as F, DossierState as S, ItemMoved, Slip, facts_of_step, is_acceptance};
use domain::holder::HolderClass;
use domain::item::{
    Addressee, AttemptReason, DeliveryPolicy, Incident, ItemKind, ItemState, ItemStep, MoveKind, Standing,
    StandingStep, check_return,
};

use super::{Dice, History};
use crate::days::{after, day_of};

/// One envelope.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    /// What it carries.
    pub(crate) kind: ItemKind,
    /// Its custody moves, the oldest first.
    pub(crate) steps: Vec<ItemStep>,
    /// Where it stands, incidents included.
    pub(crate) standing: Standing,
    /// Who has it after each step; nobody before the post first took it.
    pub(crate) holders: Vec<Option<HolderClass>>,
    /// Whether the post took it from its sender.
    pub(crate) was_accepted: bool,
    /// Its order was called off before the post had it.
    pub(crate) is_called_off: bool,
}

/// A step of an envelope with its reason.
pub(crate) type EnvelopeStep = (StandingStep, Option<AttemptReason>);

impl Envelope {
    pub(super) const fn new(kind: ItemKind) -> Self {
        Self {
            kind,
            steps: Vec::new(),
            standing: Standing::NEW,
            holders: Vec::new(),
            was_accepted: false,
            is_called_off: false,
        }
    }

    /// Who has it.
    pub(crate) fn holder(&self) -> Option<HolderClass> {
        self.holders.last().copied().flatten()
    }

    /// Whether nothing more can happen to it.
    pub(crate) fn is_over(&self) -> bool {
        self.is_called_off || self.standing.is_terminal()
    }

    /// Every lawful step from here, with how likely it is.
    pub(super) fn steps_ahead(&self, dossier: &Dossier, now_ms: i64, hurries: bool) -> Vec<(u64, EnvelopeStep)> {
        StandingStep::all()
            .filter(|step| self.standing.after(*step, self.kind).is_ok())
            .flat_map(|step| reasons(step, self.kind).into_iter().map(move |reason| (step, reason)))
            .map(|step| (self.weight(step, dossier, now_ms, hurries), step))
            .filter(|(weight, _)| *weight > 0)
            .collect()
    }

    #[expect(clippy::match_same_arms, reason = "moves in the order of a life")]
    fn weight(&self, (step, reason): EnvelopeStep, dossier: &Dossier, now_ms: i64, hurries: bool) -> u64 {
        let patient = |weight| if hurries { 0 } else { weight };
        let state = self.standing.state;
        let by_citizen = self.kind.sender() == Addressee::Citizen;
        match step {
            StandingStep::Move(kind) => match kind {
                MoveKind::AssignPickup if state == ItemState::Created => 4,
                MoveKind::AssignPickup => 0,
                MoveKind::TakeIn => u64::from(by_citizen) * 12,
                MoveKind::Accept {
                    by: HolderClass::Citizen,
                } => 0,
                // the agency gives its envelope to somebody of the post, and it to the agency
                MoveKind::Accept { by: HolderClass::Bag } => u64::from(self.was_accepted) * patient(2),
                MoveKind::Accept {
                    by: HolderClass::Staff | HolderClass::ServicePoint,
                } if !self.was_accepted => u64::from(!by_citizen) * 8,
                MoveKind::Accept {
                    by: HolderClass::Agency,
                } if state.is_with_post() => {
                    // nobody takes a dossier whose order was cancelled
                    let is_wanted = self.kind != ItemKind::DossierToAgency || dossier.state == S::InPost;
                    u64::from(is_wanted) * self.for_agency()
                }
                MoveKind::Accept { .. } => patient(6),
                MoveKind::Deliver if self.is_ready(dossier) => 20,
                MoveKind::Deliver => 0,
                MoveKind::AttemptFailed if !self.was_accepted => patient(u64::from(reason.is_none())),
                MoveKind::AttemptFailed => patient(u64::from(reason.is_some())),
                MoveKind::Hold => patient(u64::from(self.kind.addressee() == Addressee::Citizen) * 2),
                MoveKind::Refused => patient(1),
                MoveKind::Return => {
                    let today = day_of(now_ms);
                    let may = check_return(self.kind, &self.steps, today, &DeliveryPolicy::default(), &after).is_ok();
                    let helps = self.kind.addressee() == Addressee::Citizen || state == ItemState::Withdrawn;
                    u64::from(may && helps) * patient(8)
                }
                MoveKind::Redirect => patient(1),
                MoveKind::Withdraw => patient(u64::from(self.kind == ItemKind::DossierToAgency && self.was_accepted)),
            },
            StandingStep::Report(_) if !self.was_accepted => 0,
            StandingStep::Report(Incident::Missing) if self.standing.is_missing => 0,
            StandingStep::Report(Incident::Damaged | Incident::SealMismatch | Incident::Missing | Incident::Lost) => {
                patient(1)
            }
            StandingStep::Rewrapped | StandingStep::SealSettled => 20,
            StandingStep::Found => 6,
        }
    }

    /// How likely the agency takes it now: what is meant for it, or comes back to it.
    fn for_agency(&self) -> u64 {
        let goes_back = matches!(self.standing.state, ItemState::Refused | ItemState::Returning);
        match (self.kind.addressee(), goes_back) {
            (Addressee::Agency, _) => 20,
            (Addressee::Citizen, true) => 12,
            // an agency may take its result back from a carrier at its door
            (Addressee::Citizen, false) => 1,
        }
    }

    /// Whether it may be handed over: a result that is not known to be wrong, or
    /// anything that goes back to its sender.
    fn is_ready(&self, dossier: &Dossier) -> bool {
        self.kind != ItemKind::ResultToApplicant || !dossier.times.has_open_correction()
    }
}

/// With which reasons a step is tried.
fn reasons(step: StandingStep, kind: ItemKind) -> Vec<Option<AttemptReason>> {
    match step {
        StandingStep::Move(MoveKind::AttemptFailed) => {
            let given: &[AttemptReason] = match kind.addressee() {
                Addressee::Agency => &[AttemptReason::Closed],
                Addressee::Citizen => &[
                    AttemptReason::NotHome,
                    AttemptReason::NotHome,
                    AttemptReason::Moved,
                    AttemptReason::IdMissing,
                    AttemptReason::FeeUnpaid,
                    AttemptReason::SurrenderMissing,
                ],
            };
            std::iter::once(None).chain(given.iter().copied().map(Some)).collect()
        }
        StandingStep::Move(MoveKind::Refused) => vec![Some(AttemptReason::RefusedOther)],
        StandingStep::Move(_)
        | StandingStep::Report(_)
        | StandingStep::Rewrapped
        | StandingStep::SealSettled
        | StandingStep::Found => vec![None],
    }
}

impl History {
    /// Takes a step of an envelope and tells the dossier.
    pub(super) fn step(&mut self, at: usize, (step, reason): EnvelopeStep, dice: &mut Dice) {
        let at_ms = self.now_ms();
        let envelope = &mut self.envelopes[at];
        let (before, from) = (envelope.standing, envelope.holder());
        let standing = before.after(step, envelope.kind).expect("it was offered as lawful");
        envelope.standing = standing;
        let kind = envelope.kind;
        let StandingStep::Move(move_kind) = step else {
            if standing.is_lost && !before.is_lost {
                self.tell(F::ItemLost { at_ms, kind });
            }
            return;
        };
        let to = match move_kind {
            MoveKind::TakeIn => Some(HolderClass::Staff),
            MoveKind::Accept { by } => Some(by),
            MoveKind::Deliver => Some(HolderClass::Citizen),
            MoveKind::AssignPickup
            | MoveKind::AttemptFailed
            | MoveKind::Hold
            | MoveKind::Refused
            | MoveKind::Return
            | MoveKind::Redirect
            | MoveKind::Withdraw => from,
        };
        let moved = ItemMoved {
            at_ms,
            before: before.state,
            after: standing.state,
            from,
            to,
        };
        let facts = facts_of_step(kind, moved, envelope.was_accepted);
        envelope.was_accepted |= is_acceptance(moved, envelope.was_accepted);
        envelope.holders.push(to);
        envelope.steps.push(ItemStep {
            at_ms,
            kind: move_kind,
            reason,
            state: standing.state,
        });
        self.tell_attempt(kind, move_kind, reason);
        for fact in facts {
            self.tell_of_envelope(fact, dice);
        }
    }

    /// An agency that was closed is an attempt to hand over.
    fn tell_attempt(&mut self, kind: ItemKind, move_kind: MoveKind, reason: Option<AttemptReason>) {
        let is_at_agency = kind == ItemKind::DossierToAgency
            && matches!(self.dossier.state, S::InPost | S::AtHandover)
            && move_kind == MoveKind::AttemptFailed;
        if let (true, Some(reason)) = (is_at_agency, reason) {
            self.tell(F::HandoverRefused {
                at_ms: self.now_ms(),
                reason: reason.vietnamese().to_owned(),
            });
        }
    }

    /// Tells what an envelope says, with the papers that belong to it.
    fn tell_of_envelope(&mut self, fact: F, dice: &mut Dice) {
        match fact {
            F::TakenIn { at_ms, .. } => {
                let papers = u16::try_from(dice.below(6)).expect("below 6") + 1;
                let slip = Some(Slip::complete(papers, "VN-0001"));
                self.tell(F::TakenIn { at_ms, slip });
            }
            F::Returned { at_ms, .. } => {
                let open: Vec<String> = self
                    .dossier
                    .surrender
                    .iter()
                    .filter(|paper| !paper.is_settled())
                    .map(|paper| paper.name.clone())
                    .collect();
                for paper in open {
                    self.tell(F::Surrendered { at_ms, paper });
                }
                self.tell(fact);
            }
            fact => self.tell(fact),
        }
    }

    /// What the dossier no longer needs and the post does not have is never fetched.
    pub(super) fn call_off_unneeded(&mut self) {
        let needed: Vec<ItemKind> = self.dossier.carriages().iter().map(|carriage| carriage.kind).collect();
        for envelope in &mut self.envelopes {
            envelope.is_called_off |= !envelope.was_accepted && !needed.contains(&envelope.kind);
        }
    }

    /// A dossier on the road turns round when its order is cancelled.
    pub(super) fn turn_round(&mut self) {
        let at_ms = self.now_ms();
        let on_the_road = self.envelopes.iter_mut().filter(|envelope| {
            envelope.kind == ItemKind::DossierToAgency
                && envelope.was_accepted
                && !envelope.standing.is_lost
                && envelope.standing.state.is_on_its_way()
        });
        for envelope in on_the_road {
            let step = StandingStep::Move(MoveKind::Withdraw);
            envelope.standing = envelope
                .standing
                .after(step, envelope.kind)
                .expect("what is on its way can be withdrawn");
            envelope.holders.push(envelope.holder());
            envelope.steps.push(ItemStep {
                at_ms,
                kind: MoveKind::Withdraw,
                reason: None,
                state: envelope.standing.state,
            });
        }
    }
}
