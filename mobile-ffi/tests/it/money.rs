//! Money, the receipts for it, the end of a shift between two phones, and numbers that are given once.

use custody::envelope::{Signer as _, SoftSigner, seal};
use custody::event::Event;
use custody::ids::EventId;
use custody::kind::Kind;
use custody::till::Settle;
use domain::hat::Hat;
use domain::money::{Amount, Dong, LedgerKind, Tender, ThreeLines};
use mobile_ffi::core::{Collected, CourierError, HandoverFault, Manner, NumbersLeft, Refusal, Sum};

use crate::server::{FIRST_LABEL, Server, Trouble};
use crate::world::{CARRIER, NOW, Phone, label};

const HOUR_MS: i64 = 3_600_000;

fn sums(postage: i64, state_fee: i64) -> ThreeLines {
    ThreeLines {
        postage: Amount::new(Dong::new(postage)).expect("not negative"),
        state_fee: Amount::new(Dong::new(state_fee)).expect("not negative"),
        other: Amount::ZERO,
    }
}

fn collect(phone: &Phone, ledger: LedgerKind, amount: i64, tender: Tender) -> Collected {
    let sum = Sum { ledger, amount, tender };
    phone
        .core
        .collect(&label(1), sum, &Manner::of(CARRIER))
        .expect("collects")
}

/// A courier and the counter of the same office, both with numbers.
fn two(server: &Server) -> (Phone, Phone) {
    let (courier, counter) = (Phone::courier(server, 1), Phone::counter(server, 2));
    for phone in [&courier, &counter] {
        phone.core.sync(server).expect("syncs");
    }
    courier.take_in(&label(1));
    (courier, counter)
}

#[test]
fn a_fee_gets_the_next_receipt_and_postage_none() {
    let server = Server::new(NOW);
    let (courier, _) = two(&server);
    let fee = collect(&courier, LedgerKind::StateFee, 8_000, Tender::Cash);
    assert_eq!(fee.receipt.expect("a receipt").to_string(), "AG-TB AA/26P 0000001");
    assert_eq!(
        collect(&courier, LedgerKind::Postage, 30_000, Tender::Cash).receipt,
        None
    );
    let fee = collect(&courier, LedgerKind::StateFee, 9_000, Tender::Qr);
    assert_eq!(fee.receipt.expect("a receipt").serial, 2);
    let till = courier.core.till(CARRIER).expect("a till");
    assert_eq!((till.cash, till.not_cash), (sums(30_000, 8_000), sums(0, 9_000)));
    assert_eq!(till.lines.len(), 3);
}

#[test]
fn an_act_that_fails_spends_no_number_and_a_killed_app_never_gives_one_twice() {
    let server = Server::new(NOW);
    let (courier, _) = two(&server);
    for amount in [0, -5, i64::MAX] {
        let sum = Sum {
            ledger: LedgerKind::StateFee,
            amount,
            tender: Tender::Cash,
        };
        let refused = courier.core.collect(&label(1), sum, &Manner::of(CARRIER));
        assert!(
            matches!(refused, Err(CourierError::Refused(Refusal::BadSum { .. }))),
            "{amount}"
        );
    }
    assert_eq!(
        collect(&courier, LedgerKind::StateFee, 1, Tender::Cash)
            .receipt
            .expect("one")
            .serial,
        1
    );
    let first = courier.core.take_label().expect("a label");
    let courier = courier.reopened();
    assert_eq!(
        collect(&courier, LedgerKind::StateFee, 1, Tender::Cash)
            .receipt
            .expect("one")
            .serial,
        2
    );
    assert_ne!(courier.core.take_label().expect("a label"), first);
}

#[test]
fn without_a_number_left_the_fee_is_taken_all_the_same() {
    let server = Server::new(NOW);
    let (courier, _) = two(&server);
    let numbers: Vec<Option<u32>> = (0..12)
        .map(|_| collect(&courier, LedgerKind::StateFee, 1_000, Tender::Cash).receipt)
        .map(|receipt| receipt.map(|number| number.serial))
        .collect();
    let lent: Vec<Option<u32>> = (1..=10).map(Some).chain([None, None]).collect();
    assert_eq!(numbers, lent);
    for _ in 0..10 {
        courier.core.take_label().expect("a label");
    }
    assert!(matches!(
        courier.core.take_label(),
        Err(CourierError::Refused(Refusal::NoNumbers))
    ));
}

#[test]
fn an_answer_that_got_lost_is_asked_for_again_under_the_same_name() {
    let server = Server::new(NOW);
    let courier = Phone::courier(&server, 1);
    // Greeting, feed, numbers.
    server.trouble_at(2, Trouble::AnswerLost);
    courier.core.sync(&server).expect_err("the answer is lost");
    assert_eq!(courier.core.numbers_left().expect("reads"), NumbersLeft::default());
    let courier = courier.reopened();
    courier.core.sync(&server).expect("syncs");
    assert_eq!(server.state().lent.len(), 1, "no second run was lent");
    assert_eq!(courier.core.take_label().expect("a label"), label(FIRST_LABEL));
    let left = courier.core.numbers_left().expect("reads");
    assert_eq!((left.labels, left.receipts), (9, 10));
    courier.core.sync(&server).expect("syncs");
    assert_eq!(server.state().lent.len(), 1, "it was asked a moment ago");
    server.state().clock_ms = NOW + HOUR_MS;
    courier.core.sync(&server).expect("syncs");
    assert_eq!(server.state().lent.len(), 2, "few are left");
}

#[test]
fn two_phones_end_a_shift_without_a_network_and_either_brings_both_signatures() {
    let server = Server::new(NOW);
    let (courier, counter) = two(&server);
    collect(&courier, LedgerKind::Postage, 30_000, Tender::Cash);
    collect(&courier, LedgerKind::StateFee, 8_000, Tender::Cash);
    let short = courier.core.count_till(CARRIER, sums(30_000, 7_000), None);
    let by = -1_000;
    let ledger = LedgerKind::StateFee;
    assert!(
        matches!(short, Err(CourierError::Refused(Refusal::TillDiffers { ledger: l, by: b })) if (l, b) == (ledger, by))
    );
    let count = courier
        .core
        .count_till(CARRIER, sums(30_000, 8_000), None)
        .expect("balances");

    let wrong = counter
        .core
        .sign_count(Hat::PostAgent, &count.envelope, sums(30_000, 7_000));
    assert!(matches!(wrong, Err(CourierError::Refused(Refusal::TillDiffers { .. }))));
    let own = courier.core.sign_count(CARRIER, &count.envelope, sums(30_000, 8_000));
    assert!(matches!(own, Err(CourierError::Handover(HandoverFault::NotForUs))));
    let money = sums(30_000, 8_000);
    let sign = |phone: &Phone| phone.core.sign_count(Hat::PostAgent, &count.envelope, money);
    let signature = sign(&counter).expect("signs");
    assert_eq!(sign(&counter).expect("the same scan"), signature);

    courier.core.settled(&signature.envelope).expect("settles");
    courier.core.settled(&signature.envelope).expect("the same scan");
    let till = courier.core.till(CARRIER).expect("a till");
    assert_eq!((till.cash, till.lines.len()), (ThreeLines::ZERO, 0));

    // The courier's phone falls into the river; the counter's has both.
    counter.core.sync(&server).expect("syncs");
    assert!(server.has(count.event_id) && server.has(signature.event_id));
}

#[test]
fn a_second_signature_of_another_sum_or_with_a_bent_bit_leaves_the_money_in_the_till() {
    let server = Server::new(NOW);
    let (courier, counter) = two(&server);
    collect(&courier, LedgerKind::Postage, 30_000, Tender::Cash);
    let count = courier.core.count_till(CARRIER, sums(30_000, 0), None).expect("counts");
    let signer = SoftSigner::from_bytes(&[9; 32]).expect("a key");
    let mut event = Event::new(Kind::Cash, signer.public_key().device_id(), 1, EventId::ZERO);
    Settle::Sign {
        of: count.event_id,
        counted: sums(29_000, 0),
    }
    .write(&mut event);
    let other = seal(&event, &signer).expect("signs").bytes;
    let refused = courier.core.settled(&other);
    assert!(matches!(
        refused,
        Err(CourierError::Refused(Refusal::TillDiffers { .. }))
    ));
    let right = counter
        .core
        .sign_count(Hat::PostAgent, &count.envelope, sums(30_000, 0))
        .expect("signs");
    let mut bent = right.envelope.clone();
    *bent.last_mut().expect("bytes") ^= 1;
    let refused = courier.core.settled(&bent);
    assert!(matches!(
        refused,
        Err(CourierError::Handover(HandoverFault::BadSignature))
    ));
    let till = || courier.core.till(CARRIER).expect("a till").cash;
    assert_eq!(till(), sums(30_000, 0));
    courier.core.settled(&right.envelope).expect("settles");
    assert_eq!(till(), ThreeLines::ZERO);
}

#[test]
fn a_later_count_takes_the_place_of_one_nobody_signed() {
    let server = Server::new(NOW);
    let (courier, counter) = two(&server);
    collect(&courier, LedgerKind::Postage, 30_000, Tender::Cash);
    let early = courier.core.count_till(CARRIER, sums(30_000, 0), None).expect("counts");
    collect(&courier, LedgerKind::Postage, 5_000, Tender::Cash);
    let late = courier
        .core
        .count_till(CARRIER, sums(34_000, 0), Some("trả nhầm 1.000 ₫"))
        .expect("explained");
    let sign = |count: &[u8], counted| counter.core.sign_count(Hat::PostAgent, count, counted).expect("signs");
    let for_early = sign(&early.envelope, sums(30_000, 0));
    let refused = courier.core.settled(&for_early.envelope);
    assert!(matches!(refused, Err(CourierError::Handover(HandoverFault::NotForUs))));
    assert_eq!(
        courier.core.till(CARRIER).expect("a till").cash,
        sums(35_000, 0),
        "it is still in the bag"
    );
    let for_late = sign(&late.envelope, sums(34_000, 0));
    courier.core.settled(&for_late.envelope).expect("settles");
    assert_eq!(courier.core.till(CARRIER).expect("a till").cash, ThreeLines::ZERO);
    collect(&courier, LedgerKind::Postage, 2_000, Tender::Cash);
    assert_eq!(courier.core.till(CARRIER).expect("a till").cash, sums(2_000, 0));
}

#[test]
fn a_desk_takes_no_money() {
    let server = Server::new(NOW);
    let desk = Phone::desk(&server, 3);
    desk.core.sync(&server).expect("syncs");
    let refused = desk.core.count_till(Hat::DeskAgent, ThreeLines::ZERO, None);
    assert!(matches!(
        refused,
        Err(CourierError::Refused(Refusal::NotThisHat { .. }))
    ));
    assert_eq!(
        desk.core.numbers_left().expect("reads"),
        NumbersLeft::default(),
        "it gives none either"
    );
}
