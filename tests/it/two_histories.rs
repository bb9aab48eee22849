//! Whoever has database, key and the signer's memory shows one history of the log to one phone and another to the next. Each receipt
//! is good by itself. The phones find out when they meet, and the office when it reads what they signed.

use crate::public_log::Logged;
use domain::hat::Hat;
use e2e::{Backend, Phone, both};
use entity::tlog::{self, Damage};
use mobile_ffi::core::{Manner, TakeIn};

both!(two_phones_that_were_shown_two_histories_have_proof_of_it_when_they_meet,);

const CARRIER: Hat = Hat::Carrier;

fn take_in(phone: &Phone, label: &str) {
    let what = TakeIn {
        item_code: label,
        item_kind: None,
        seal: "NP-0001",
        paper_count: 3,
    };
    phone.core.take_in(&what, &Manner::of(CARRIER)).expect("recorded");
}

fn splits(phone: &Phone) -> u64 {
    phone.core.status().expect("reads").log_splits
}

fn damage(log: &Logged) -> Vec<Damage> {
    let (store, keys, signer) = (log.world.store().clone(), log.world.keys.clone(), log.signer());
    let found = log
        .world
        .run(async move { tlog::check(&store, &keys, Some(&signer)).await });
    found.expect("read").damage
}

fn two_phones_that_were_shown_two_histories_have_proof_of_it_when_they_meet(backend: Backend) {
    let log = Logged::new(backend, Vec::new());
    let boss = log.world.sign_in("dieuphoi.tb", "post_supervisor");
    let labels = ["L-1", "L-2"].map(|slip| log.intake(slip)["item_code"].as_str().expect("a label").to_owned());
    let [first, second] = ["buuta01", "buuta02"].map(|login| log.world.phone(&boss, login));
    for (phone, label) in [&first, &second].into_iter().zip(&labels) {
        phone.sync();
        take_in(phone, label);
        phone.sync();
    }
    log.world.settle();
    log.sign();
    assert_eq!(first.sync().receipts, 1);
    log.turn_back();
    log.world.settle();
    log.sign();
    let report = second.sync();
    assert_eq!(
        (report.receipts, report.bad_receipts),
        (1, 0),
        "it is signed by the right key"
    );
    assert_eq!(damage(&log), [], "and the database agrees with itself");
    assert_eq!((splits(&first), splits(&second)), (0, 0));

    first.hand_over(CARRIER, &second, CARRIER, &[&labels[0]]);
    assert_eq!((splits(&first), splits(&second)), (1, 1), "without a network");
    // The second alone brings what both signed.
    second.sync();
    log.world.settle();
    log.sign();
    let found = damage(&log);
    assert!(
        matches!(found.as_slice(), [Damage::Seen { shard: Some(_), .. }]),
        "{found:?}"
    );
}
