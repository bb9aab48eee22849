//! The measured numbers of the server and the phone core: a table, and one JSON file in `TRAOTAY_BENCH_DIR`.
//!
//! Everything is a ratio to the plainest thing that could do the same, measured in turn with it in one run, so that a slow
//! machine slows both. `TRAOTAY_BENCH_ONLY=phone,link` measures these parts only; `TRAOTAY_BENCH_FULL=1` repeats what depends on history with a million events in it.

mod deposit;
mod guess;
mod history;
mod idle;
mod ingest;
mod link;
mod log;
mod page;
mod phone;
mod sizes;
mod table;

use e2e::{BACKENDS, setting};
use entity::testing::Backend;
use table::Table;

fn main() {
    let mut histories: Vec<u64> = match setting("TRAOTAY_BENCH_HISTORY") {
        Some(list) => list
            .split(',')
            .map(|text| text.trim().parse().expect("TRAOTAY_BENCH_HISTORY is numbers"))
            .collect(),
        None => vec![10_000],
    };
    if setting("TRAOTAY_BENCH_FULL").as_deref() == Some("1") {
        histories.push(1_000_000);
    }
    let only = setting("TRAOTAY_BENCH_ONLY");
    let wanted = |name: &str| {
        only.as_deref()
            .is_none_or(|only| only.split(',').any(|one| one == name))
    };
    let mut table = Table::default();
    if wanted("phone") {
        phone::measure(&mut table);
    }
    if wanted("sizes") {
        sizes::measure(&mut table);
    }
    if wanted("ingest") {
        ingest::signatures(&mut table);
    }
    let backends = if setting("TRAOTAY_TEST_POSTGRES_URL").is_some() {
        &BACKENDS[..]
    } else {
        &BACKENDS[..1]
    };
    for &backend in backends {
        if wanted("idle") {
            idle::measure(&mut table, backend);
        }
        if wanted("guess") {
            guess::measure(&mut table, backend);
        }
        let mut first = None;
        for &events in &histories {
            let found = history::measure(&mut table, backend, events, &wanted);
            match &first {
                None => first = Some(found),
                Some(small) => found.compare(small, &mut table, backend),
            }
        }
    }
    table.save(setting("TRAOTAY_BENCH_DIR"), "numbers.json");
}

/// The database's name in a line.
fn name(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    }
}
