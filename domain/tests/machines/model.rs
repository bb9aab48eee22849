//! Every reachable situation of a dossier in every mode, and of an item of every kind.
//!
//! A situation leaves out what only counts: hours, texts, and how often beyond twice.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use domain::dossier::{Dossier, DossierFact as F, DossierState, Policy, ReturnProof};
use domain::ids::DossierId;
use domain::item::{ItemKind, Standing, StandingStep};
use domain::mode::Mode;
use domain::party::Party;
use uuid::Uuid;

/// A situation as a text; equal texts have equal futures.
pub(crate) fn situation(dossier: &Dossier) -> String {
    let times = &dossier.times;
    let rounds: Vec<_> = times
        .supplements
        .iter()
        .rev()
        .take(2)
        .map(|round| (round.before_reception, round.completed_at_ms.is_some()))
        .collect();
    let steps: Vec<_> = dossier
        .steps
        .iter()
        .map(|step| (step.taken_at_ms.is_some(), step.done_at_ms.is_some()))
        .collect();
    let papers: Vec<_> = dossier
        .surrender
        .iter()
        .map(|paper| (paper.taken_at_ms.is_some(), paper.excepted.is_some()))
        .collect();
    let hours = [
        times.accepted_by_post_at_ms,
        times.lodged_at_ms,
        times.received_at_ms,
        times.appointment_told_at_ms,
        times.result_ready_at_ms,
        times.return_confirmed_at_ms,
        times.papers_returned_at_ms,
        times.surrender_delivered_at_ms,
        times.cancelled_at_ms,
    ]
    .map(|hour| hour.is_some());
    format!(
        "{:?}",
        (
            dossier.state,
            dossier.proof,
            rounds,
            steps,
            papers,
            hours,
            times.extension_count,
            times.has_open_correction(),
            times.corrections.len().min(1),
            times.due_current.is_some(),
            dossier.losses.len().min(1),
        )
    )
}

/// Which part of a dossier's life an exploration follows. The two parts meet in the
/// state only, so each is explored with the other left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// The way of the dossier, with supplements, extensions, losses and corrections.
    Way,
    /// What is done beside it: steps of agencies, slips, surrendered and returned papers.
    Beside,
}

impl View {
    /// Whether a fact is worth following: what can be said for ever is said once.
    pub(crate) fn follows(self, dossier: &Dossier, fact: &F) -> bool {
        let beside = self == Self::Beside;
        match fact {
            F::Ordered { .. } | F::Assisted { .. } | F::Represented { .. } | F::DueMoved { .. } => false,
            F::StepGiven { .. } => beside && dossier.steps.is_empty(),
            F::SurrenderListed { .. } => beside && dossier.surrender.is_empty(),
            F::AppointmentTold { .. }
            | F::ResultReady { .. }
            | F::PapersReturned { .. }
            | F::SurrenderDelivered { .. } => beside,
            F::SupplementRequested { .. } => !beside && dossier.times.supplements.len() < 2,
            F::ResultFoundWrong { .. } => !beside && dossier.times.corrections.is_empty(),
            F::ItemLost { .. } => !beside && dossier.losses.is_empty(),
            F::Redated { .. } => !beside,
            _ => true,
        }
    }
}

/// Every situation with one dossier in it, and where each leads.
struct Explored {
    dossiers: BTreeMap<String, Dossier>,
    leads_to: BTreeMap<String, BTreeSet<String>>,
}

fn explore(mode: Mode, view: View) -> Explored {
    let policy = Policy::default();
    let first = Dossier::new(DossierId(Uuid::nil()), mode);
    let mut explored = Explored {
        dossiers: BTreeMap::from([(situation(&first), first.clone())]),
        leads_to: BTreeMap::new(),
    };
    let mut open = vec![first];
    while let Some(dossier) = open.pop() {
        let here = situation(&dossier);
        for possible in dossier.what_next(&policy).possible {
            if !view.follows(&dossier, &possible.fact) {
                continue;
            }
            let next = dossier.clone().apply(&possible.fact).expect("it was said to fit");
            assert_eq!(next.state, possible.to);
            let there = situation(&next);
            explored.leads_to.entry(here.clone()).or_default().insert(there.clone());
            if let Entry::Vacant(new) = explored.dossiers.entry(there) {
                new.insert(next.clone());
                open.push(next);
            }
        }
    }
    explored
}

/// Which keys reach one of `ends`, going backwards.
pub(crate) fn reaching(leads_to: &BTreeMap<String, BTreeSet<String>>, ends: BTreeSet<String>) -> BTreeSet<String> {
    let mut backwards: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, targets) in leads_to {
        for to in targets {
            backwards.entry(to).or_default().push(from);
        }
    }
    let mut reached = ends;
    let mut open: Vec<String> = reached.iter().cloned().collect();
    while let Some(key) = open.pop() {
        for from in backwards.get(key.as_str()).into_iter().flatten() {
            if reached.insert((*from).to_owned()) {
                open.push((*from).to_owned());
            }
        }
    }
    reached
}

/// The states no dossier of a mode comes to.
fn unreachable(mode: Mode, view: View) -> Vec<DossierState> {
    use DossierState as S;
    let mut expected = match mode {
        Mode::Both => vec![],
        Mode::Send => vec![S::ResultInPost, S::ResultBack],
        Mode::Return => vec![S::IntakeCheck, S::InPost, S::AtHandover],
    };
    if view == View::Beside {
        expected.push(S::Supplement);
    }
    expected.sort();
    expected
}

#[test]
fn every_situation_of_a_dossier_is_sound() {
    for mode in Mode::ALL {
        for view in [View::Way, View::Beside] {
            let explored = explore(mode, view);
            exits_and_ends(&explored, mode);
            for (key, dossier) in &explored.dossiers {
                somebody_can_act(key, dossier, view);
                ten_takes_the_agencys_word(key, dossier);
                the_post_returns_from_its_own_hands(key, dossier);
            }
            let seen: BTreeSet<DossierState> = explored.dossiers.values().map(|dossier| dossier.state).collect();
            let unseen: Vec<DossierState> = DossierState::ALL
                .into_iter()
                .filter(|state| !seen.contains(state))
                .collect();
            assert_eq!(unseen, unreachable(mode, view), "{mode}");
        }
    }
}

/// Every situation has a lawful exit unless it is final, and can come to an end.
fn exits_and_ends(explored: &Explored, mode: Mode) {
    let ends: BTreeSet<String> = explored
        .dossiers
        .iter()
        .filter(|(_, dossier)| dossier.state.is_terminal())
        .map(|(key, _)| key.clone())
        .collect();
    let can_end = reaching(&explored.leads_to, ends);
    for (key, dossier) in &explored.dossiers {
        let targets = explored.leads_to.get(key).into_iter().flatten();
        let leaves = targets
            .into_iter()
            .any(|target| explored.dossiers[target].state != dossier.state);
        assert_eq!(leaves, !dossier.state.is_terminal(), "{mode}: {key}");
        assert!(can_end.contains(key), "{mode}: no end from {key}");
    }
}

/// Whoever must act can, and nobody must where nothing is left.
fn somebody_can_act(key: &str, dossier: &Dossier, view: View) {
    let next = dossier.what_next(&Policy::default());
    let Some(party) = next.must_act else {
        assert!(dossier.state.is_terminal() && next.carriages.is_empty(), "{key}");
        return;
    };
    let can_act = next
        .possible
        .iter()
        .any(|possible| possible.by == party && view.follows(dossier, &possible.fact));
    // mending after the return is a new dossier
    let in_a_new_one = dossier.state == DossierState::Returned && dossier.times.has_open_correction();
    let by_carrying = party == Party::Post && !next.carriages.is_empty();
    // the applicant acts by sending papers, which the agency records
    let by_sending = party == Party::Applicant && dossier.state == DossierState::Supplement;
    let by_coming = party == Party::Applicant
        && matches!(
            dossier.state,
            DossierState::Draft | DossierState::Resolved | DossierState::ResultBack
        );
    assert!(
        can_act || by_carrying || by_sending || by_coming || in_a_new_one,
        "{party} in {key}"
    );
}

/// 10 is reported only after the agency's own word.
fn ten_takes_the_agencys_word(key: &str, dossier: &Dossier) {
    let confirmed = dossier.times.return_confirmed_at_ms.is_some();
    assert_eq!(dossier.dvcqg() == Some(10), confirmed, "{key}");
}

/// The post returns a result only from its own hands.
fn the_post_returns_from_its_own_hands(key: &str, dossier: &Dossier) {
    let by_post = F::Returned {
        at_ms: 0,
        proof: ReturnProof::Post,
    };
    let fits = dossier.clone().apply(&by_post).is_ok();
    assert_eq!(fits, dossier.state == DossierState::ResultInPost, "{key}");
}

#[test]
fn every_standing_of_an_item_has_a_lawful_exit_and_can_end() {
    for kind in ItemKind::ALL {
        let mut seen = BTreeSet::from([Standing::NEW]);
        let mut open = vec![Standing::NEW];
        let mut leads_to: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        while let Some(standing) = open.pop() {
            let targets: BTreeSet<Standing> = StandingStep::all()
                .filter_map(|step| standing.after(step, kind).ok())
                .collect();
            let leaves = targets.iter().any(|target| *target != standing);
            assert_eq!(leaves, !standing.is_terminal(), "{kind}: {standing:?}");
            leads_to.insert(
                format!("{standing:?}"),
                targets.iter().map(|target| format!("{target:?}")).collect(),
            );
            open.extend(targets.into_iter().filter(|target| seen.insert(*target)));
        }
        let ends = seen
            .iter()
            .filter(|standing| standing.is_terminal())
            .map(|standing| format!("{standing:?}"))
            .collect();
        assert_eq!(reaching(&leads_to, ends).len(), seen.len(), "{kind}");
    }
}
