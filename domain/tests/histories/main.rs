//! Random lawful histories with everything laid over each at once: its states, its money, its delays and its due dates.
//!
//! A history is made from its number. A failure prints the number, and
//! `TRAOTAY_HISTORIES_FROM=<number> TRAOTAY_HISTORIES=1` brings it back. `TRAOTAY_HISTORIES` says how many;
//! `make torture` lives a million in the release profile.

#[path = "../machines"]
mod machines {
    pub(crate) mod days;
    pub(crate) mod history;
}

mod delays;
mod money;
mod promises;
mod seen;
mod states;
mod till;

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use machines::days;
use machines::history::{Dice, History};
use seen::Seen;

/// How many histories without a word from outside: about 4 s on two idle cores in the dev profile.
const USUALLY: u64 = 5_000;

/// Whether a history failed: the other threads stop then.
static FAILED: AtomicBool = AtomicBool::new(false);

#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn setting(name: &str, usually: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} must be a number: {text}")),
        Err(_) => usually,
    }
}

/// Says which history it was when one of its checks fails.
struct Number(u64);

impl Drop for Number {
    fn drop(&mut self) {
        if thread::panicking() {
            FAILED.store(true, Ordering::Relaxed);
            let again = format!("TRAOTAY_HISTORIES_FROM={} TRAOTAY_HISTORIES=1", self.0);
            let _ = writeln!(std::io::stderr(), "this was history {}; again: {again}", self.0);
        }
    }
}

/// Lives one history and lays everything over it.
fn live(number: u64) -> Seen {
    let _number = Number(number);
    let history = History::of(number);
    let mut seen = Seen::default();
    states::check(&history, &mut Dice::new(number ^ 1), &mut seen);
    money::check(&history, &mut Dice::new(number ^ 2), &mut seen);
    delays::check(&history, &mut seen);
    promises::check(&history, &mut Dice::new(number ^ 3), &mut seen);
    seen
}

#[test]
fn states_money_delays_and_due_dates_hold_over_any_history() {
    let from = setting("TRAOTAY_HISTORIES_FROM", 0);
    let many = setting("TRAOTAY_HISTORIES", USUALLY);
    let hands = thread::available_parallelism().map_or(1, usize::from);
    let seen = thread::scope(|scope| {
        let lives = |first: usize| {
            let numbers = (from..from.saturating_add(many)).skip(first).step_by(hands);
            let lived = numbers.take_while(|_| !FAILED.load(Ordering::Relaxed)).map(live);
            lived.fold(Seen::default(), Seen::and)
        };
        let threads: Vec<_> = (0..hands).map(|first| scope.spawn(move || lives(first))).collect();
        let ends = threads.into_iter().map(thread::ScopedJoinHandle::join);
        ends.map(|end| end.expect("which history it was is printed above"))
            .fold(Seen::default(), Seen::and)
    });
    assert_eq!(seen.histories, many);
    if many >= USUALLY {
        seen.assert_everything_happened();
    }
}
