//! Its delays: every working minute from the first order to the end is somebody's, once.

use std::collections::BTreeMap;

use domain::calendar::{Calendar, SaturdayRule, local, local_ms};
use domain::delay::{Calendars, DelayLedger, Holding, Keeper, Spent, Window};
use domain::dossier::DossierFact as F;
use domain::holder::HolderClass;

use crate::machines::history::History;
use crate::promises::calendar;
use crate::seen::Seen;

const MINUTE_MS: i64 = 60_000;

/// The office hours of both calendars, in minutes of the day: 7 to 11 and 13 to 17.
const HOURS: [(i64, i64); 2] = [(420, 660), (780, 1_020)];

pub(crate) fn check(history: &History, seen: &mut Seen) {
    let holdings = holdings(history);
    let window = Window {
        from_ms: history.span_ms.0,
        to_ms: history.span_ms.1 + 1,
    };
    let (from, to) = (window.from_ms.div_euclid(MINUTE_MS), window.to_ms.div_euclid(MINUTE_MS));
    let state = calendar();
    let post = state.clone().with_saturday(SaturdayRule::Worked);

    let one = Calendars { state, post: state };
    let ledger = DelayLedger::new(window, &holdings, one);
    let sums = ledger.by_keeper();
    let working: i64 = sums.values().map(|spent| spent.working).sum();
    assert_eq!(
        working,
        office_minutes(from, to, state),
        "working minutes are lost or doubled"
    );
    assert_eq!(sums.values().map(Spent::total).sum::<i64>(), to - from);

    let both = Calendars { state, post: &post };
    let ledger = DelayLedger::new(window, &holdings, both);
    assert!(ledger.closes());
    let found: BTreeMap<Keeper, i64> = ledger
        .by_keeper()
        .into_iter()
        .map(|(keeper, spent)| (keeper.clone(), spent.working))
        .collect();
    assert_eq!(found, by_hand(&holdings, (from, to), (state, &post)));
    seen.delayed_minutes += u64::try_from(working).expect("not negative");
    seen.parties += u64::try_from(found.len()).expect("few");
}

/// Who had the matter from when on, by the facts and by the hands of the envelopes that decide over it.
fn holdings(history: &History) -> Vec<Holding> {
    let told = history
        .facts
        .iter()
        .filter_map(|fact| Some((fact.at_ms(), holder(fact)?)));
    let carried = history.envelopes.iter().flat_map(|envelope| {
        let hands = envelope.steps.iter().zip(&envelope.holders);
        hands.filter_map(|(step, holder)| Some((step.at_ms, in_hands(holder.as_ref().copied()?))))
    });
    let mut all: Vec<(i64, Keeper)> = told.chain(carried).collect();
    all.sort_by_key(|(at_ms, _)| *at_ms);
    let since = |(from_ms, keeper)| Holding {
        keeper,
        from_ms,
        to_ms: None,
    };
    all.into_iter().map(since).collect()
}

fn in_hands(class: HolderClass) -> Keeper {
    match class {
        HolderClass::Citizen => Keeper::Applicant,
        HolderClass::Staff | HolderClass::ServicePoint | HolderClass::Bag => Keeper::Post,
        HolderClass::Agency => Keeper::Desk,
    }
}

/// Who has the matter after a fact; none where it stays where it is.
fn holder(fact: &F) -> Option<Keeper> {
    match fact {
        F::IntakeIncomplete { .. } | F::DossierBack { .. } | F::Returned { .. } | F::Cancelled { .. } => {
            Some(Keeper::Applicant)
        }
        F::IntakeOpened { .. } | F::TakenIn { .. } | F::HandoverRefused { .. } | F::ResultInPost { .. } => {
            Some(Keeper::Post)
        }
        F::AtHandover { .. }
        | F::Lodged { .. }
        | F::Received { .. }
        | F::NotAccepted { .. }
        | F::Supplemented { .. }
        | F::Stopped { .. }
        | F::Resolved { .. }
        | F::ResultReady { .. }
        | F::ResultBack { .. } => Some(Keeper::Desk),
        F::StepGiven { agency, .. } | F::StepTaken { agency, .. } => Some(Keeper::Agency(agency.to_string())),
        F::Processing { .. } | F::Paid { .. } | F::ResultFoundWrong { .. } => Some(Keeper::Agency("H01.23".to_owned())),
        F::SupplementRequested { .. } => Some(Keeper::Supplement),
        F::PaymentRequested { .. } => Some(Keeper::Payment),
        F::Ordered { .. }
        | F::Assisted { .. }
        | F::Represented { .. }
        | F::AppointmentTold { .. }
        | F::StepDone { .. }
        | F::CarriageCharged { .. }
        | F::Redated { .. }
        | F::DueMoved { .. }
        | F::WithdrawalRequested { .. }
        | F::SurrenderListed { .. }
        | F::ResultCorrected { .. }
        | F::ItemLost { .. }
        | F::Surrendered { .. }
        | F::SurrenderExcepted { .. }
        | F::PapersReturned { .. }
        | F::SurrenderDelivered { .. }
        | F::ReturnConfirmed { .. } => None,
    }
}

/// What each keeper spent, from one holding to the next: the post by its own calendar, all others by that of agencies.
fn by_hand(
    holdings: &[Holding],
    (from, to): (i64, i64),
    (state, post): (&Calendar, &Calendar),
) -> BTreeMap<Keeper, i64> {
    let minute = |holding: &Holding| holding.from_ms.div_euclid(MINUTE_MS);
    let first = holdings.first().map_or(to, minute);
    let mut cuts = vec![(from, first, &Keeper::Unknown)];
    for (index, holding) in holdings.iter().enumerate() {
        let end = holdings.get(index + 1).map_or(to, minute);
        cuts.push((minute(holding), end, &holding.keeper));
    }
    let mut sums = BTreeMap::new();
    for (from, to, keeper) in cuts.into_iter().filter(|(from, to, _)| from < to) {
        *sums.entry(keeper.clone()).or_default() +=
            office_minutes(from, to, if *keeper == Keeper::Post { post } else { state });
    }
    sums
}

/// The minutes of office time between two minutes, day by day.
fn office_minutes(from: i64, to: i64, calendar: &Calendar) -> i64 {
    let mut sum = 0;
    let mut date = local(from * MINUTE_MS).0;
    let midnight = |date| local_ms(date, 0) / MINUTE_MS;
    while midnight(date) < to {
        if calendar.is_working(date) {
            for (open, close) in HOURS {
                let (open, close) = (midnight(date) + open, midnight(date) + close);
                sum += (close.min(to) - open.max(from)).max(0);
            }
        }
        date = date.next_day().expect("this century");
    }
    sum
}
