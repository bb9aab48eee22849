//! What a stranger can tell from how long an answer takes: somebody else's item against one that never was.

use crate::name;
use crate::table::{Goal, Table};
use e2e::World;
use entity::testing::Backend;
use std::time::{Duration, Instant};

/// Requests of each kind.
const ROUNDS: usize = 1_000;

/// Measures the difference of the medians.
pub(crate) fn measure(table: &mut Table, backend: Backend) {
    let world = World::on_leash(backend);
    let one_stop = world.one_stop("AG30520");
    let (_, label) = one_stop.order(&one_stop.pickup("guess"));
    world.settle();
    let stranger = world.sign_in("motcua.cl", "desk_agent");
    let (mut theirs, mut nobodys) = (Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        theirs.push(ask(&stranger, &label));
        nobodys.push(ask(&stranger, "EE999999995VN"));
    }
    let difference = median(theirs).as_secs_f64() - median(nobodys).as_secs_f64();
    table.goal(
        format!("{}: another's item against none, difference of p50", name(backend)),
        difference.abs() * 1_000.0,
        "ms",
        Goal::AtMost(2.0),
    );
}

fn ask(stranger: &e2e::Staff, label: &str) -> Duration {
    let begun = Instant::now();
    stranger.get(&format!("/api/v1/items/{label}")).expect(404);
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
