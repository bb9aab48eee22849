//! What the public log costs: a leaf, a receipt that is checked, a citizen's page of receipts, a bundle of entries.

use crate::page::against_memory;
use crate::table::{Table, rate};
use custody::kind::Kind;
use custody::log::{Policy, Receipt, Verdict};
use domain::hat::Hat;
use e2e::{Device, World, read};
use entity::project::Projector;
use entity::sequencer::Leader;
use entity::tlog::{self, LogSigner};
use serde_json::json;
use std::time::Instant;

/// How often one receipt is checked.
const CHECKS: usize = 1_000;

/// Attempts of the courier, so that the dossier has as many steps as a troublesome one.
const ATTEMPTS: usize = 5;

/// Gives every fact of the history its leaf; milliseconds of one. The facts are numbered and folded, so that nothing else is to be done.
pub(crate) fn leaves(table: &mut Table, world: &World, about: &str) -> f64 {
    let (logged, took) = world.run(async {
        let leader = Leader::try_take(world.store(), Projector::new(&world.keys)).await;
        let mut leader = leader.expect("the database works").expect("nobody else leads");
        let began = Instant::now();
        let progress = leader.drain().await.expect("logged");
        (progress.logged, began.elapsed())
    });
    let logged = usize::try_from(logged).expect("a few millions");
    table.note(format!("{about}: leaves of the log"), rate(logged, took), "leaves/s");
    1_000.0 / rate(logged, took)
}

/// Measures what is read of a log of so many leaves.
pub(crate) fn reading(table: &mut Table, world: &World, about: &str) {
    let (page, dossier) = dossier(world);
    let signer = LogSigner {
        base: format!("{}/log", world.http.address()),
        state: world.db.folder().join("log.signed"),
    };
    world
        .run(tlog::sign(world.store(), &world.keys, &signer))
        .expect("signed");
    let policy = Policy::of_log(signer.base_key(&world.keys).expect("a name"));
    let proofs = format!("{page}/proofs");
    let shown = world.http.get(&proofs, &[]).expect(200).text();
    let codes: Vec<&str> = shown
        .split("/verify#")
        .skip(1)
        .map(|rest| rest.split('"').next().expect("a link"))
        .collect();
    assert!(codes.len() > ATTEMPTS, "{} receipts of {dossier}", codes.len());
    let began = Instant::now();
    for n in 0..CHECKS {
        let receipt = Receipt::parse(codes[n % codes.len()]).expect("a receipt");
        assert!(matches!(receipt.check(&policy), Verdict::Green { .. }));
    }
    table.note(
        format!("{about}: receipts read and checked on one core"),
        rate(CHECKS, began.elapsed()),
        "a second",
    );
    let what = format!("{about}: citizen's page of {} receipts", codes.len());
    against_memory(table, world, &what, &proofs, &[], None);
    let bundle = format!("{about}: bundle of 256 entries");
    against_memory(table, world, &bundle, "/log/tile/entries/000", &[], None);
}

/// A dossier with some steps behind it, all of them in the log: its page and its id.
fn dossier(world: &World) -> (String, String) {
    let one_stop = world.one_stop("AG30520");
    let (_, label) = one_stop.order(&one_stop.pickup("log"));
    let mut device = Device::new(Hat::Carrier);
    let code = world.sign_in("dieuphoi.tb", "post_supervisor").code_for("buuta01");
    let enrolment = device.enrolment(&code);
    world.http.post("/api/v1/devices/enrol", &[], &enrolment).expect(200);
    world.settle();
    device.greet(&world.http);
    let taken = device.take_in(&label, 0);
    let mut batch = taken.bytes;
    let mut head = taken.id;
    for _ in 0..ATTEMPTS {
        let failed = device.one_party(Kind::AttemptFailed, &label, head, 0);
        head = failed.id;
        batch.extend(failed.bytes);
    }
    device.deposit(&world.http, &batch).expect("an answer").expect(200);
    world.settle();
    let id = world.run(read::dossier_of(world.store(), "log")).to_string();
    let staff = world.sign_in("haimu.tb1", "desk_agent");
    staff.act(&id, &json!({ "act": "lodged" })).expect(201);
    world.settle();
    let capability = world.keys.capability(id.parse().expect("an id"));
    (format!("/t/{capability}"), id)
}
