//! The power is cut at every moment, over and over, while phones deposit, one-stop systems order and offices act. What was
//! acknowledged is there when the power is back, and nothing is damaged.
//!
//! On SQLite, whose durability is our doing. PostgreSQL's is its own; there the start asks for `fsync` and
//! `synchronous_commit` and refuses to run without them.

mod careless;
mod office;
mod schema;

use crate::kills::driver::{Driver, Kept};
use crate::kills::{ledger, linger};
use crate::power_cut::office::{Filed, Office};
use domain::hat::Hat;
use e2e::{Device, Lgsp, Site, Staff, is_torture, program, read};
use entity::clock::random;
use entity::store::{Durability, OpenOptions};
use entity::table::dossier;
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use uuid::Uuid;

/// How often the power is cut: the full number takes minutes.
fn cuts() -> usize {
    if is_torture() { 500 } else { 30 }
}

/// Cuts of one installation. Each cut looks at everything there is, so a log that grew for ever would only show how long that
/// takes.
const OF_ONE: usize = 50;

/// Every so many cuts the whole log is folded again as well; that takes longer the longer the log.
fn is_folded_again(cut: usize) -> bool {
    cut % 10 == 9 || cut < 10
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut_on_sqlite() {
    let mut left = cuts();
    while left > 0 {
        let of_this_one = left.min(OF_ONE);
        left -= of_this_one;
        one_installation(of_this_one);
    }
}

fn one_installation(cuts: usize) {
    let site = Site::found_on_a_forgetful_disk();
    let mut server = site.start();
    let http = site.http();
    let mut device = Device::new(Hat::Carrier);
    device.enrol(
        &http,
        &Staff::sign_in(&http, "dieuphoi.tb", "post_supervisor").code_for("buuta01"),
    );
    let driver = Driver::start(&http, device, Lgsp::sign_in(&http, "AG30520"));
    let office = Office::open(&http);
    for cut in 0..cuts {
        // A few requests further on, and then at any point of one of them.
        driver.wait_for(1 + u64::from(random::<1>()[0] % 24));
        linger(Duration::from_micros(u64::from(u16::from_le_bytes(random())) % 6_000));
        let seed = u64::from_le_bytes(random());
        site.cut_power(server, seed);
        // What was acknowledged by the dead: nobody answers until the next start.
        judge(&site, cut, seed, &driver.kept(), &office.filed());
        if cut % 5 == 4 {
            // Their leases are over before the next server starts.
            site.look(|store| Box::pin(async move { ledger::let_leases_end(store).await }));
        }
        server = site.start();
    }
    let filed = office.close();
    let told = driver.stop();
    assert!(
        filed.acts.len() > cuts / 4,
        "the office was at work: {}",
        filed.acts.len()
    );
    server.kill();
    ledger::audit(&site, told, cuts);
}

/// Looks at a copy of what the cut has left, so that the server itself finds the original as it was left.
fn judge(site: &Site, cut: usize, seed: u64, kept: &Kept, filed: &Filed) {
    let copy = site.disk().copy();
    let moment = format!("after cut {cut}, pages by seed {seed}");
    let told = doctor(copy.path(), is_folded_again(cut));
    assert_eq!(told["ok"], Value::Bool(true), "{moment}: {told}");
    let options = OpenOptions {
        migrate: false,
        durability: Durability::ThrowAway,
        ..OpenOptions::new(format!("sqlite:{}", copy.path().join("traotay.db").display()))
    };
    site.runtime.block_on(async {
        let store = options.open().await.expect("the store opens");
        let sound = read::texts(&store, "PRAGMA integrity_check", []).await;
        assert_eq!(sound, ["ok"], "{moment}");
        let inbox = read::bytes(&store, "SELECT event_id FROM inbox").await;
        let lost = |id: &[u8]| !inbox.contains(id);
        let events = kept.events.iter().filter(|id| lost(&id.0)).count();
        let acts = filed.acts.iter().filter(|id| lost(id)).count();
        let labels = read::texts(&store, "SELECT item_code FROM postal_item", []).await;
        let labels: BTreeSet<String> = labels.into_iter().collect();
        let orders = kept.labels.iter().filter(|label| !labels.contains(*label)).count();
        let made = dossier::Entity::find().select_only().column(dossier::Column::Id);
        let made: Vec<Uuid> = made.into_tuple().all(store.read()).await.expect("readable");
        let intakes = filed.intakes.iter().filter(|id| !made.contains(id)).count();
        assert_eq!(
            (events, acts, orders, intakes),
            (0, 0, 0, 0),
            "{moment}: acknowledged events, acts, orders and intakes are absent, of {}, {}, {} and {}",
            kept.events.len(),
            filed.acts.len(),
            kept.labels.len(),
            filed.intakes.len()
        );
        store.close().await;
    });
}

/// What the program says of an installation.
fn doctor(folder: &Path, again: bool) -> Value {
    let mut command = Command::new(program());
    command.args(["doctor", "--json", "--data"]).arg(folder);
    let database = format!("sqlite:{}", folder.join("traotay.db").display());
    command.args(["--database-url", &database]);
    if again {
        command.arg("--rebuild");
    }
    let said = command.output().expect("the program runs");
    serde_json::from_slice(&said.stdout).unwrap_or_else(|error| {
        let why = String::from_utf8_lossy(&said.stderr).into_owned();
        panic!("{error}: {} {why}", String::from_utf8_lossy(&said.stdout))
    })
}
