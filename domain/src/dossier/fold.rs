//! A dossier as the sum of its facts.
//!
//! The fold is a function of the *set* of facts: neither the order in which they come
//! to light nor how often changes anything. No clock is read; what depends on today
//! takes the day as an argument.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Nghị định 61/2018/NĐ-CP, điều 19; DVCQG danh mục trạng thái, 1 đến 10

use std::collections::BTreeSet;

use super::{AgencyStep, DossierFact, DossierState, IllegalMove, Outcome, Policy, ReturnProof, Slip, Times};
use crate::authorisation::Authorisation;
use crate::ids::{DossierId, StaffId};
use crate::item::{ItemKind, SurrenderPaper};
use crate::mode::Mode;
use crate::party::Party;

/// An attempt to hand the dossier over that failed.
///
/// Source: Quyết định 45/2016/QĐ-TTg, điều 7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedHandover {
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// Why the agency did not take it.
    pub reason: String,
}

/// A repeated carriage and who pays for it.
///
/// Source: Quyết định 45/2016/QĐ-TTg, điều 12
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// When it was settled, milliseconds UTC.
    pub at_ms: i64,
    /// What is carried.
    pub kind: ItemKind,
    /// The party at fault, which pays.
    pub fault_party: Party,
}

/// An envelope of this dossier that was declared lost.
///
/// Source: Quyết định 45/2016/QĐ-TTg, điều 14
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// What it carried.
    pub kind: ItemKind,
}

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
    /// The slip with which the post took it last.
    pub slip: Option<Slip>,
    /// Staff who helped the person, each once.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 16
    pub assisted_by: BTreeSet<StaffId>,
    /// Who stands in for the applicant: every authorisation given.
    ///
    /// Source: Bộ luật Dân sự 2015, điều 138
    pub authorisations: BTreeSet<Authorisation>,
    /// Attempts to hand it over that failed.
    pub refused_handovers: Vec<RefusedHandover>,
    /// The process log of the agencies.
    ///
    /// Source: Thông tư 03/2025/TT-VPCP, mẫu 06
    pub steps: Vec<AgencyStep>,
    /// Repeated carriages and who pays.
    pub charges: Vec<Charge>,
    /// Envelopes that were lost.
    pub losses: Vec<Loss>,
    /// Old papers to give up against the result.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    pub surrender: Vec<SurrenderPaper>,
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
            slip: None,
            assisted_by: BTreeSet::new(),
            authorisations: BTreeSet::new(),
            refused_handovers: Vec::new(),
            steps: Vec::new(),
            charges: Vec::new(),
            losses: Vec::new(),
            surrender: Vec::new(),
            times: Times::default(),
            version: 0,
            waiting: Vec::new(),
        }
    }

    /// The dossier after one more fact, under the default policy.
    ///
    /// # Errors
    /// [`IllegalMove`] when the fact does not fit the state, with the reason.
    pub fn apply(self, fact: &DossierFact) -> Result<Self, IllegalMove> {
        self.apply_under(fact, &Policy::default())
    }

    /// The dossier after one more fact.
    ///
    /// # Errors
    /// [`IllegalMove`] when the fact does not fit the state, with the reason.
    pub fn apply_under(mut self, fact: &DossierFact, policy: &Policy) -> Result<Self, IllegalMove> {
        let next = self.next(fact, policy)?;
        self.record(fact, next);
        Ok(self)
    }

    /// The dossier that a set of facts adds up to, under the default policy.
    pub fn fold(id: DossierId, mode: Mode, facts: impl IntoIterator<Item = DossierFact>) -> Self {
        Self::fold_under(&Policy::default(), id, mode, facts)
    }

    /// The dossier that a set of facts adds up to.
    ///
    /// The facts are taken by the hour they happened, so the order in which they arrive
    /// and how often changes nothing. A fact that does not fit yet waits and is tried
    /// again after each one that did; what still waits at the end stays in `waiting`.
    pub fn fold_under(
        policy: &Policy,
        id: DossierId,
        mode: Mode,
        facts: impl IntoIterator<Item = DossierFact>,
    ) -> Self {
        let once_each: BTreeSet<DossierFact> = facts.into_iter().collect();
        let mut by_hour: Vec<DossierFact> = once_each.into_iter().collect();
        // stable: facts of one millisecond keep the order of an ordinary life
        by_hour.sort_by_key(DossierFact::at_ms);

        let mut dossier = Self::new(id, mode);
        let mut waiting: Vec<DossierFact> = Vec::new();
        for fact in by_hour {
            match dossier.next(&fact, policy) {
                Ok(next) => {
                    dossier.record(&fact, next);
                    dossier.retry(&mut waiting, policy);
                }
                Err(_) => waiting.push(fact),
            }
        }
        dossier.waiting = waiting;
        dossier
    }

    /// Why each waiting fact still waits.
    pub fn refusals(&self, policy: &Policy) -> Vec<IllegalMove> {
        self.waiting
            .iter()
            .filter_map(|fact| self.next(fact, policy).err())
            .collect()
    }

    /// The number in the national list of dossier statuses, or none before the agency
    /// has it. 10 only after the agency's own confirmation.
    ///
    /// Source: DVCQG danh mục trạng thái, 1 đến 10
    pub fn dvcqg(&self) -> Option<u8> {
        match self.state {
            DossierState::Returned if self.times.return_confirmed_at_ms.is_some() => Some(10),
            DossierState::Stopped if self.times.lodged_at_ms.is_none() && self.code.is_none() => None,
            state => state.dvcqg(),
        }
    }

    /// Whether the agency has missed its date: undecided on a day after it.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    pub fn is_overdue(&self, today: time::Date) -> bool {
        !self.state.is_terminal()
            && self.outcome.is_none()
            && self.times.result_in_post_at_ms.is_none()
            && self.times.due_current.is_some_and(|due| today > due)
    }

    /// Whether the national index counts it as late whatever its dates say: the agency
    /// asked for papers more often than it may.
    ///
    /// Source: Quyết định 766/QĐ-TTg, chỉ số 2.1
    pub fn is_late_by_supplements(&self, policy: &Policy) -> bool {
        self.times.supplements.len() > policy.supplements_on_time
    }

    fn retry(&mut self, waiting: &mut Vec<DossierFact>, policy: &Policy) {
        while let Some((at, next)) = waiting
            .iter()
            .enumerate()
            .find_map(|(at, fact)| self.next(fact, policy).ok().map(|next| (at, next)))
        {
            let fact = waiting.remove(at);
            self.record(&fact, next);
        }
    }
}
