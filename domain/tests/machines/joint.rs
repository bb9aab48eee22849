//! A dossier and the envelope of its result together: what the post does to the one is
//! heard by the other at once.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use domain::dossier::{
    Dossier, DossierFact as F, DossierState, ItemMoved, Policy, ReturnProof, facts_of_step, is_acceptance,
};
use domain::holder::HolderClass;
use domain::ids::DossierId;
use domain::item::{ItemKind, ItemState, MoveKind, Standing, StandingStep};
use domain::mode::Mode;
use uuid::Uuid;

use crate::model::{View, reaching, situation};

/// The two together; no envelope before the result is to be fetched.
#[derive(Clone)]
struct Pair {
    dossier: Dossier,
    envelope: Option<Envelope>,
}

/// Where an envelope stands, who has it, and whether the post took it from the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Envelope {
    standing: Standing,
    holder: Option<HolderClass>,
    was_accepted: bool,
}

impl Pair {
    fn key(&self) -> String {
        format!("{} {:?}", situation(&self.dossier), self.envelope)
    }

    /// Everything that can follow.
    fn next(&self) -> Vec<Self> {
        let mut found: Vec<Self> = self.by_agency().collect();
        match self.envelope {
            Some(envelope) => {
                let is_over = envelope.standing.is_lost || envelope.standing.state.is_terminal();
                if is_over {
                    let again = matches!(self.dossier.state, DossierState::Resolved | DossierState::ResultBack);
                    found.extend(again.then(|| self.with_new_envelope()));
                } else {
                    found.extend(StandingStep::all().filter_map(|step| self.by_post(step, envelope)));
                }
            }
            None if self.dossier.state == DossierState::Resolved => found.push(self.with_new_envelope()),
            None => {}
        }
        found
    }

    fn with_new_envelope(&self) -> Self {
        Self {
            envelope: Some(Envelope {
                standing: Standing::NEW,
                holder: None,
                was_accepted: false,
            }),
            ..self.clone()
        }
    }

    /// What the agency and the applicant do; what only an envelope can say is left to it.
    fn by_agency(&self) -> impl Iterator<Item = Self> {
        let possible = self.dossier.what_next(&Policy::default()).possible;
        possible.into_iter().filter_map(|possible| {
            let told_by_an_envelope = matches!(
                possible.fact,
                F::ResultInPost { .. }
                    | F::ResultBack { .. }
                    | F::ItemLost { .. }
                    | F::Returned {
                        proof: ReturnProof::Post,
                        ..
                    }
            );
            // what has no bearing on the result is left out
            let is_beside = matches!(
                possible.fact,
                F::Redated { .. } | F::SupplementRequested { .. } | F::PaymentRequested { .. }
            );
            let is_followed = View::Way.follows(&self.dossier, &possible.fact) && !is_beside;
            (is_followed && !told_by_an_envelope).then(|| Self {
                dossier: self.dossier.clone().apply(&possible.fact).expect("it was said to fit"),
                ..self.clone()
            })
        })
    }

    /// One step of the envelope, told to the dossier.
    fn by_post(&self, step: StandingStep, envelope: Envelope) -> Option<Self> {
        let kind = ItemKind::ResultToApplicant;
        let Envelope {
            standing,
            holder,
            was_accepted,
        } = envelope;
        // only its holder moves an item on; before the post has it, anybody may take it
        let is_unheld = holder.is_none()
            && !matches!(
                step,
                StandingStep::Move(
                    MoveKind::AssignPickup
                        | MoveKind::TakeIn
                        | MoveKind::Accept { .. }
                        | MoveKind::AttemptFailed
                        | MoveKind::Withdraw
                )
            );
        let is_unseen_hand = matches!(
            step,
            StandingStep::Move(MoveKind::Accept {
                by: HolderClass::Citizen
            })
        );
        // an agency hands a result out only when there is one
        let is_fetched = !was_accepted;
        let is_ready = matches!(self.dossier.state, DossierState::Resolved | DossierState::ResultBack);
        if is_unheld || is_unseen_hand || (is_fetched && !is_ready) {
            return None;
        }
        let after = standing.after(step, kind).ok()?;
        let to = match step {
            StandingStep::Move(MoveKind::TakeIn) => Some(HolderClass::Staff),
            StandingStep::Move(MoveKind::Accept { by }) => Some(by),
            StandingStep::Move(MoveKind::Deliver) => Some(HolderClass::Citizen),
            _ => holder,
        };
        let moved = ItemMoved {
            at_ms: 0,
            before: standing.state,
            after: after.state,
            from: holder.or(Some(HolderClass::Agency)),
            to,
        };
        let is_move = matches!(step, StandingStep::Move(_));
        let mut facts = Vec::new();
        if is_move {
            facts = facts_of_step(kind, moved, was_accepted);
        } else if after.is_lost && was_accepted {
            facts.push(F::ItemLost { at_ms: 0, kind });
        }
        let mut dossier = self.dossier.clone();
        for fact in facts {
            dossier = dossier
                .apply(&fact)
                .unwrap_or_else(|refused| panic!("{refused}: {envelope:?} by {step:?}"));
        }
        Some(Self {
            dossier,
            envelope: Some(Envelope {
                standing: after,
                holder: to,
                was_accepted: was_accepted || (is_move && is_acceptance(moved, was_accepted)),
            }),
        })
    }
}

fn explore(mode: Mode) -> (BTreeMap<String, Pair>, BTreeMap<String, BTreeSet<String>>) {
    let first = Pair {
        dossier: Dossier::new(DossierId(Uuid::nil()), mode),
        envelope: None,
    };
    let mut pairs = BTreeMap::from([(first.key(), first.clone())]);
    let mut leads_to: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut open = vec![first];
    while let Some(pair) = open.pop() {
        let here = pair.key();
        for next in pair.next() {
            let there = next.key();
            leads_to.entry(here.clone()).or_default().insert(there.clone());
            if let Entry::Vacant(new) = pairs.entry(there) {
                new.insert(next.clone());
                open.push(next);
            }
        }
    }
    (pairs, leads_to)
}

#[test]
fn no_dossier_is_returned_while_its_result_is_elsewhere() {
    for mode in [Mode::Return, Mode::Both] {
        let (pairs, leads_to) = explore(mode);
        for (key, pair) in &pairs {
            let envelope = pair.envelope;
            let with_post =
                envelope.is_some_and(|it| it.was_accepted && it.standing.state.is_with_post() && !it.standing.is_lost);
            assert_eq!(with_post, pair.dossier.state == DossierState::ResultInPost, "{key}");
            if pair.dossier.state == DossierState::Returned {
                let is_delivered = envelope.is_some_and(|it| it.standing.state == ItemState::Delivered);
                let by_post = pair.dossier.proof == Some(ReturnProof::Post);
                assert_eq!(by_post, is_delivered, "{key}");
            }
        }
        let ends = pairs
            .iter()
            .filter(|(_, pair)| pair.dossier.state.is_terminal())
            .map(|(key, _)| key.clone())
            .collect();
        let can_end = reaching(&leads_to, ends);
        assert!(pairs.keys().all(|key| can_end.contains(key)), "{mode}");
    }
}
