//! Simulated schedules: a few days of two couriers, a counter and a one-stop desk, each drawn from a seed.
//!
//! The phones are the real core over real files, the server is the real service over a real store, without a socket between;
//! clocks, chance and network are the driver's. It draws what people do – fetch, hand over in three scans, deliver, fail – and
//! what happens to them: requests and answers lost, doubled, delayed and reordered, phones killed between two scans and while they
//! sign, clocks moved by minutes to a year, days without network, a phone lost for good, the server killed at any point and
//! restored from a backup, old offers shown again, forged events and twin signatures smuggled in. It keeps a ledger of its own and
//! compares it with what server and phones say once all is quiet ([`judge`]). Whether the judge would notice is shown by faults
//! that are planted ([`plant`]).
//!
//! One seed is one schedule. A failure tells how to see it again.

mod acts;
mod database;
mod dice;
mod effects;
mod handover;
mod host;
mod judge;
mod ledger;
mod link;
mod misfortune;
mod phone;
mod plant;
mod server;
mod sim;
mod tally;
mod template;
mod wire;

use e2e::{Backend, both, setting};
use plant::Plant;
use sim::Ended;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tally::Tally;

both!(nothing_is_lost_doubled_or_with_two_holders_in_any_schedule);

/// The first seed, and how many.
fn seeds(backend: Backend) -> (u64, u64) {
    let number = |key| setting(key).map(|text| text.parse().expect("a number"));
    let usual = match (backend, e2e::is_torture()) {
        (Backend::Sqlite, true) => 10_000,
        (Backend::Sqlite, false) => 60,
        (Backend::Postgres, true) => 1_000,
        (Backend::Postgres, false) => 8,
    };
    (
        number("TRAOTAY_SEED").unwrap_or(1),
        number("TRAOTAY_SCHEDULES").unwrap_or(usual),
    )
}

#[expect(clippy::print_stdout, reason = "the long form is run to read what it counted")]
fn nothing_is_lost_doubled_or_with_two_holders_in_any_schedule(backend: Backend) {
    let (first, count) = seeds(backend);
    let (next, tally) = (AtomicU64::new(first), Mutex::new(Tally::default()));
    let threads = if e2e::is_torture() { 2 } else { 1 };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= first + count {
                        return;
                    }
                    let ended = sim::run(backend, seed, None);
                    is_right(backend, seed, &ended);
                    tally.lock().expect("nobody failed").add(&ended.tally);
                }
            });
        }
    });
    println!("on {backend:?}: {}", tally.into_inner().expect("nobody failed"));
}

/// A schedule without planted faults has nothing to be accused of.
fn is_right(backend: Backend, seed: u64, ended: &Ended) {
    let on = match backend {
        Backend::Sqlite => "on_sqlite",
        Backend::Postgres => "on_postgres",
    };
    assert!(
        ended.violations.is_empty(),
        "seed {seed}\n{}\n{}\nto see it again: TRAOTAY_SEED={seed} TRAOTAY_SCHEDULES=1 scripts/with-postgres cargo test --workspace \
         --test it -- schedules::nothing_is_lost_doubled_or_with_two_holders_in_any_schedule::{on}",
        ended.accusation(),
        ended.story.join("\n"),
    );
}

#[test]
fn the_same_seed_is_the_same_history() {
    for seed in [3, 4] {
        let [one, two] = [(), ()].map(|()| sim::run(Backend::Sqlite, seed, None));
        assert_eq!(one.story, two.story);
        assert_eq!(one.history, two.history);
    }
    let other = sim::run(Backend::Sqlite, 5, None);
    assert_ne!(other.history, sim::run(Backend::Sqlite, 6, None).history);
}

/// Every planted fault, and the invariant that must be seen broken.
const PLANTED: [(Plant, &str); 18] = [
    (Plant::AnswerBeforeCommit, "I1"),
    (Plant::AnswerForDropped, "I1"),
    (Plant::SentIsStored, "I1"),
    (Plant::EpochKept, "I1"),
    (Plant::DeliveriesCounted, "I2"),
    (Plant::TwinIsNew, "I2"),
    (Plant::FoldedTwice, "I2"),
    (Plant::FirstStoryWins, "I3"),
    (Plant::LatestClockWins, "I3"),
    (Plant::PapersBeforeGreen, "I4"),
    (Plant::PastEdited, "I5"),
    (Plant::ScopeForgotten, "I6"),
    (Plant::SignatureUnchecked, "I7"),
    (Plant::SameNonce, "T5"),
    (Plant::JobTwice, "I9"),
    (Plant::JobForgotten, "I9"),
    (Plant::CursorRunsAhead, "feed"),
    (Plant::RebuildInOtherOrder, "rebuild"),
];

/// Seeds a planted fault may take to be found.
const PATIENCE: u64 = 150;

#[test]
#[expect(clippy::print_stdout, reason = "where each was caught is worth reading")]
fn every_planted_fault_is_caught() {
    let (next, missed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let look = || {
        while let Some((plant, rule)) = PLANTED.get(next.fetch_add(1, Ordering::SeqCst)).copied() {
            match (1..=PATIENCE).find(|seed| breaks(plant, rule, *seed)) {
                Some(seed) => {
                    println!("{plant:?}: {rule} is broken at seed {seed}");
                    // The same seed has nothing to be accused of when nothing is planted.
                    is_right(Backend::Sqlite, seed, &sim::run(Backend::Sqlite, seed, None));
                }
                None => missed.lock().expect("nobody failed").push(plant),
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(look);
        look();
    });
    let missed = missed.into_inner().expect("nobody failed");
    println!(
        "{} of {} planted faults caught",
        PLANTED.len() - missed.len(),
        PLANTED.len()
    );
    assert!(missed.is_empty(), "nobody noticed {missed:?}");
}

fn breaks(plant: Plant, rule: &str, seed: u64) -> bool {
    let ended = sim::run(Backend::Sqlite, seed, Some(plant));
    ended.violations.iter().any(|violation| violation.rule == rule)
}
