//! The HTTP side and two workers in processes of their own on PostgreSQL, each killed at any moment. While one worker is
//! gone the other goes on, with the lead if that was the dead one's.

use super::ledger::audit;
use super::{any_moment, at_work, kills, let_leases_end};
use e2e::{Backend, Server, Site};
use entity::clock::random;

/// Kills a worker and lets the other one work alone for a while, then has both again.
fn one_goes(site: &Site, worker: Server) -> Server {
    worker.kill();
    // What comes in from now on is numbered by the one that is left, or by nobody.
    let stored = site.number("SELECT COUNT(*) FROM inbox");
    e2e::eventually("the work of the worker that is left", || {
        (site.number("SELECT last_index FROM sequencer") > stored).then_some(())
    });
    site.start_worker()
}

#[test]
fn nothing_is_lost_and_nothing_happens_twice_when_api_and_workers_are_killed_apart_on_postgres() {
    let (site, kills) = (Site::found(Backend::Postgres), kills(15));
    let mut api = site.start_api();
    let (mut one, mut two) = (site.start_worker(), site.start_worker());
    let driver = at_work(&site);
    let led_before = site.number("SELECT epoch FROM sequencer");
    for n in 0..kills {
        any_moment(&driver);
        match n % 4 {
            0 => {
                api.kill();
                api = site.start_api();
            }
            1 => one = one_goes(&site, one),
            2 => two = one_goes(&site, two),
            _ => {
                // Both at once, or almost.
                one.kill();
                super::linger(std::time::Duration::from_micros(random::<1>()[0].into()));
                two.kill();
                let_leases_end(&site);
                (one, two) = (site.start_worker(), site.start_worker());
            }
        }
    }
    let told = driver.stop();
    let led = site.number("SELECT epoch FROM sequencer") - led_before;
    for process in [api, one, two] {
        process.kill();
    }
    // One of the two leads at any time, so in each round of kills the lead changed hands at least twice.
    let rounds = i64::try_from(kills / 4).expect("small");
    assert!(
        led >= 2 * rounds,
        "the lead changed hands {led} times in {rounds} rounds"
    );
    audit(&site, told, kills);
}
