//! How fast the rules answer: a table, and `rules.json` in `TRAOTAY_BENCH_DIR`.
//!
//! The goals are the project's: 200,000 inspections and 200,000 due dates a second on one core. Each number is the best of
//! a few rounds, because whatever else a machine does can only make one slower.

#[path = "../../tests/machines"]
mod machines {
    pub(crate) mod days;
    #[expect(dead_code, reason = "a part of it is for the tests")]
    pub(crate) mod history;
}
mod strings;
#[expect(
    dead_code,
    reason = "shared with the numbers of the server, which have more sorts of goals"
)]
#[path = "../../../tests/benches/numbers/table.rs"]
mod table;

use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::calendar::{Calendar, CalendarKind, ClockStart, Counting, Term, due};
use domain::dossier::Dossier;
use domain::wire::calendar::CalendarsRecord;
use domain::wire::due::DueQuery;
use domain::{InspectContext, inspect};
use machines::days;
use machines::history::{Dice, History};
use table::{Goal, Table, rate};
use time::Date;
use time::macros::date;

const ROUNDS: usize = 5;
const A_ROUND: Duration = Duration::from_millis(400);
const GOAL: Goal = Goal::AtLeast(200_000.0);

fn main() {
    let mut table = Table::default();
    inspections(&mut table);
    due_dates(&mut table);
    histories(&mut table);
    #[expect(clippy::disallowed_methods, reason = "a bench's own setting")]
    let folder = std::env::var("TRAOTAY_BENCH_DIR").ok().filter(|text| !text.is_empty());
    table.save(folder, "rules.json");
}

/// How many a second, over a list again and again.
fn over<T, R>(list: &[T], mut each: impl FnMut(&T) -> R) -> f64 {
    let mut round = || {
        let (start, mut count) = (Instant::now(), 0);
        while start.elapsed() < A_ROUND {
            for one in list {
                black_box(each(black_box(one)));
            }
            count += list.len();
        }
        rate(count, start.elapsed())
    };
    (0..ROUNDS).map(|_| round()).fold(0.0, f64::max)
}

fn inspections(table: &mut Table) {
    let context = InspectContext::new(date!(2026 - 11 - 22));
    let texts = strings::mixed(&mut Dice::new(45));
    let valid = texts.iter().filter(|text| inspect(text, &context).valid).count();
    let share = rate(valid * 100, Duration::from_secs(1)) / rate(texts.len(), Duration::from_secs(1));
    table.note("inspect: valid among the strings", share, "%");
    let found = over(&texts, |text| inspect(text, &context));
    table.goal("inspect: strings of every kind, right and wrong", found, "/s", GOAL);
}

fn due_dates(table: &mut Table) {
    let text = include_str!("../../../data/an-giang/calendar.json");
    let record: CalendarsRecord = serde_json::from_str(text).expect("the file has its shape");
    let calendar: Calendar = record.state.try_into().expect("dates that exist");
    let first = date!(2024 - 01 - 01);
    let days = std::iter::successors(Some(first), |date: &Date| date.next_day()).take(4 * 365 - 60);
    let asked: Vec<(Date, u16)> = days.flat_map(|day| (1..=30).map(move |limit| (day, limit))).collect();
    let found = over(&asked, |(from, limit)| due(*from, *limit, &calendar));
    table.goal(
        "due: limits of 1 to 30 working days, each day explained",
        found,
        "/s",
        GOAL,
    );
    let in_words = over(&asked, |(from, limit)| {
        let query = DueQuery {
            start: ClockStart::on(*from),
            term: Term::Working(*limit),
            counting: Counting::default(),
            calendar: CalendarKind::State,
        };
        query.answer(&calendar)
    });
    table.note("due: the same with every reason in both languages", in_words, "/s");
}

fn histories(table: &mut Table) {
    let lived: Vec<History> = (0..500).map(History::of).collect();
    let facts: usize = lived.iter().map(|history| history.facts.len()).sum();
    let found = over(&lived, |history| {
        let dossier = &history.dossier;
        Dossier::fold(dossier.id, dossier.mode, history.facts.iter().cloned())
    });
    let each = rate(facts, Duration::from_secs(1)) / rate(lived.len(), Duration::from_secs(1));
    table.note("facts in a history", each, "");
    table.note("fold: whole histories", found, "/s");
}
