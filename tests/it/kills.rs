//! The server is killed at every moment, over and over, while phones deposit and one-stop systems order. Nothing is lost,
//! nothing happens twice, no job stays where it was, and a job that kills its process is given up and shown.

mod apart;
pub(crate) mod driver;
mod handovers;
pub(crate) mod ledger;
mod poison;

use crate::kills::driver::Driver;
use crate::kills::ledger::audit;
use domain::hat::Hat;
use e2e::{Backend, Device, Lgsp, Site, Staff, both, is_torture};
use entity::clock::random;
use std::time::{Duration, Instant};

both!(nothing_is_lost_and_nothing_happens_twice_when_the_server_is_killed);

/// How often something is killed: the full number takes minutes.
fn kills(in_every_run: usize) -> usize {
    if is_torture() { 500 } else { in_every_run }
}

/// A phone that deposits and a one-stop system that orders.
pub(crate) fn at_work(site: &Site) -> Driver {
    let http = site.http();
    let mut device = Device::new(Hat::Carrier);
    device.enrol(
        &http,
        &Staff::sign_in(&http, "dieuphoi.tb", "post_supervisor").code_for("buuta01"),
    );
    Driver::start(&http, device, Lgsp::sign_in(&http, "AG30520"))
}

/// A few requests further on, and then at any point of one of them.
fn any_moment(driver: &Driver) {
    driver.wait_for(1 + u64::from(random::<1>()[0] % 12));
    linger(Duration::from_micros(u64::from(u16::from_le_bytes(random())) % 6_000));
}

/// The leases of the dead are over, as time would have it.
fn let_leases_end(site: &Site) {
    site.look(|store| Box::pin(async move { ledger::let_leases_end(store).await }));
}

fn nothing_is_lost_and_nothing_happens_twice_when_the_server_is_killed(backend: Backend) {
    let (site, kills) = (Site::found(backend), kills(25));
    let mut server = site.start();
    let driver = at_work(&site);
    for n in 0..kills {
        any_moment(&driver);
        server.kill();
        if n % 5 == 4 {
            let_leases_end(&site);
        }
        server = site.start();
    }
    let told = driver.stop();
    server.kill();
    audit(&site, told, kills);
}

/// Stays here for a moment that is not a multiple of anything.
pub(crate) fn linger(time: Duration) {
    let until = Instant::now() + time;
    while Instant::now() < until {
        std::hint::spin_loop();
    }
}
