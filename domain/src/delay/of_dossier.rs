//! Who had a dossier from when on, read from its facts.
//!
//! It follows the state as it was at each hour: a fact that did not fit yet gives nobody the dossier until it does. The hands
//! inside the post are custody's matter, not this ledger's.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Nghị định 61/2018/NĐ-CP, điều 19; Thông tư 03/2025/TT-VPCP, mẫu 06

use super::keeper::Keeper;
use super::ledger::{Holding, Window};
use crate::dossier::{Dossier, DossierFact, DossierState};
use crate::ids::DossierId;
use crate::mode::Mode;

/// Who had the dossier from when on, oldest first; `agency` is the code of the agency that decides.
pub fn holdings_of_dossier(id: DossierId, mode: Mode, agency: &str, facts: &[DossierFact]) -> Vec<Holding> {
    let mut facts = facts.to_vec();
    facts.sort_by(|one, other| one.at_ms().cmp(&other.at_ms()).then_with(|| one.cmp(other)));
    let mut holdings: Vec<Holding> = Vec::new();
    for (count, fact) in (1..).zip(&facts) {
        let known = Dossier::fold(id, mode, facts.iter().take(count).cloned());
        let keeper = keeper(&known, agency);
        if holdings.last().is_none_or(|last| last.keeper != keeper) {
            holdings.push(Holding {
                keeper,
                from_ms: fact.at_ms(),
                to_ms: None,
            });
        }
    }
    holdings
}

/// From the hour the post took the dossier, or the agency had it when the post did not carry it, to the hour the person had
/// everything back, or until `now_ms`. None before it began.
///
/// Source: Quyết định 45/2016/QĐ-TTg, điều 7
pub fn window_of_dossier(dossier: &Dossier, now_ms: i64) -> Option<Window> {
    let times = &dossier.times;
    let from_ms = times
        .accepted_by_post_at_ms
        .or(times.lodged_at_ms)
        .or(times.received_at_ms)
        .or(times.resolved_at_ms)?;
    let to_ms = times
        .returned_at_ms
        .or(times.papers_returned_at_ms)
        .or(times.return_confirmed_at_ms)
        .unwrap_or(now_ms);
    Some(Window { from_ms, to_ms })
}

fn keeper(dossier: &Dossier, agency: &str) -> Keeper {
    use DossierState as S;
    match dossier.state {
        S::Draft | S::IntakeCheck | S::Returned => Keeper::Applicant,
        S::InPost | S::AtHandover | S::ResultInPost => Keeper::Post,
        S::Lodged | S::Received | S::Resolved | S::ResultBack => Keeper::Desk,
        S::Processing | S::WithdrawRequested => {
            let with = dossier.steps.iter().rev().find(|step| step.done_at_ms.is_none());
            Keeper::Agency(with.map_or_else(|| agency.to_owned(), |step| step.agency.to_string()))
        }
        S::Supplement => Keeper::Supplement,
        S::Payment => Keeper::Payment,
        S::NotAccepted | S::Stopped => match dossier.times.papers_returned_at_ms {
            Some(_) => Keeper::Applicant,
            None => Keeper::Desk,
        },
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::dossier::{Outcome, ReturnProof};
    use crate::ids::AgencyId;
    use DossierFact as F;

    const ID: DossierId = DossierId(Uuid::from_u128(1));
    const OTHER: AgencyId = AgencyId(Uuid::from_u128(9));

    fn life() -> Vec<F> {
        vec![
            F::TakenIn { at_ms: 10, slip: None },
            F::Lodged { at_ms: 20 },
            F::Received {
                at_ms: 30,
                code: "H01-1".to_owned(),
                due_on: None,
            },
            F::Processing { at_ms: 40 },
            F::SupplementRequested {
                at_ms: 50,
                reason: "thiếu bản sao".to_owned(),
                fault: None,
            },
            F::Supplemented {
                at_ms: 60,
                due_on: None,
            },
            F::StepGiven {
                at_ms: 70,
                agency: OTHER,
                due_on: None,
            },
            F::StepTaken {
                at_ms: 75,
                agency: OTHER,
            },
            F::StepDone {
                at_ms: 80,
                agency: OTHER,
            },
            F::Resolved {
                at_ms: 90,
                outcome: Outcome::Granted,
            },
            F::ResultInPost { at_ms: 100 },
            F::Returned {
                at_ms: 110,
                proof: ReturnProof::Post,
            },
        ]
    }

    fn held(facts: &[F]) -> Vec<(i64, Keeper)> {
        holdings_of_dossier(ID, Mode::Both, "H01.23", facts)
            .into_iter()
            .map(|holding| (holding.from_ms, holding.keeper))
            .collect()
    }

    #[test]
    fn each_party_has_it_from_its_own_fact_to_the_next() {
        let own = || Keeper::Agency("H01.23".to_owned());
        let expected = vec![
            (10, Keeper::Post),
            (20, Keeper::Desk),
            (40, own()),
            (50, Keeper::Supplement),
            (60, own()),
            (70, Keeper::Agency(OTHER.to_string())),
            (80, own()),
            (90, Keeper::Desk),
            (100, Keeper::Post),
            (110, Keeper::Applicant),
        ];
        assert_eq!(held(&life()), expected);
        let mut shuffled = life();
        shuffled.reverse();
        assert_eq!(held(&shuffled), expected, "whatever order they come to be known in");
    }

    #[test]
    fn a_fact_that_does_not_fit_yet_gives_nobody_the_dossier() {
        let facts: Vec<F> = life().into_iter().filter(|fact| fact.at_ms() != 20).collect();
        assert_eq!(held(&facts).first(), Some(&(10, Keeper::Post)));
        assert!(!held(&facts).iter().any(|(at_ms, _)| (20..90).contains(at_ms)));
    }

    #[test]
    fn the_window_ends_with_the_person_and_else_runs_on() {
        let until = |count: usize| {
            let dossier = Dossier::fold(ID, Mode::Both, life().into_iter().take(count));
            window_of_dossier(&dossier, 1_000).map(|window| (window.from_ms, window.to_ms))
        };
        assert_eq!(until(0), None);
        assert_eq!(until(4), Some((10, 1_000)));
        assert_eq!(until(12), Some((10, 110)));
    }
}
