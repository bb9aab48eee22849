//! Money told by acts and by devices: numbers without holes when many pay at once, and lines that follow the trust in whoever
//! told them.

use crate::support::{drain, fresh, lead, number, put};
use crate::world::{COUNTER, COURIER, OFFICE, World, code, line};
use custody::event::{Detail, Event};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::holder::Holder;
use domain::item::ItemKind;
use domain::money::{Doing, Dong, Hand, LedgerKind, Tender};
use domain::wire::money::LineRecord;
use entity::repo::matter::Answer;
use entity::repo::money::{self, NewLine};
use entity::repo::reference::{self, Reference};
use entity::repo::{receipt, remittance, shift};
use entity::table::{agency, service_point};
use entity::testing::Backend;
use entity::{Scope, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

async fn an_office(store: &Store) {
    let office = service_point::Model {
        operator_id: reference::FIRST_OPERATOR.0,
        id: OFFICE.0,
        code: "P1".to_owned(),
        name: "Bưu cục Tịnh Biên".to_owned(),
        commune_code: "30520".to_owned(),
        pos_code: "880001".to_owned(),
        lat: 10.6,
        lon: 105.0,
        territory: None,
    };
    let agency = agency::Model {
        id: crate::world::AGENCY.0,
        code: "A".to_owned(),
        name: "UBND phường Tịnh Biên".to_owned(),
    };
    let places = Reference {
        service_points: vec![office],
        agencies: vec![agency],
        ..Reference::default()
    };
    store
        .write(move |tx| Box::pin(async move { reference::load(tx, places).await }))
        .await
        .unwrap_or_else(|error: StoreError| panic!("the office loads: {error:?}"));
}

fn done<E: std::fmt::Debug>(answer: Result<Answer<E>, StoreError>) -> entity::repo::matter::Done {
    match answer.expect("the database answers") {
        Answer::Done(done) => done,
        other => panic!("{other:?}"),
    }
}

fn fee(doing: Doing, sum: i64) -> NewLine {
    let record = LineRecord {
        tender: matches!(doing, Doing::Collected(..)).then(|| "cash".to_owned()),
        taken_by: matches!(doing, Doing::Collected(..)).then(|| Holder::ServicePoint(OFFICE).to_string()),
        ..LineRecord::new(LedgerKind::StateFee, Dong::new(sum))
    };
    NewLine {
        doing,
        record,
        actor: "staff:00000000-0000-0000-0000-000000000001".to_owned(),
    }
}

async fn receipts_have_neither_holes_nor_doubles_when_many_pay_at_once(backend: Backend) {
    const PAYMENTS: u32 = 12;
    let db = fresh(backend).await;
    let (store, world) = (&db.store, World::new());
    world.prepare(store).await;
    an_office(store).await;
    let mut leader = lead(store, &world.keys).await;
    let (keys, eyes, office) = (
        &world.keys,
        Scope::everything(),
        Scope::service_point(OFFICE, store.now_ms()),
    );
    let run = ("AA/26P".to_owned(), 1, PAYMENTS);
    done(receipt::allot(store, keys, office.clone(), run, "staff".to_owned(), None).await);
    done(
        shift::open(
            store,
            keys,
            office.clone(),
            Holder::ServicePoint(OFFICE),
            "staff".to_owned(),
            None,
        )
        .await,
    );
    let due = fee(Doing::Charged, i64::from(PAYMENTS) * 8_000);
    done(money::enter(store, keys, eyes.clone(), world.dossier, due, None).await);
    let taking = Doing::Collected(Tender::Cash, Hand::Post);
    let pay = || money::enter(store, keys, eyes.clone(), world.dossier, fee(taking, 8_000), None);
    // Half of them before and half of them while the log is being folded.
    let (first, _, rest) = futures::join!(
        futures::future::join_all((0..PAYMENTS / 2).map(|_| pay())),
        leader.drain(),
        futures::future::join_all((PAYMENTS / 2..PAYMENTS).map(|_| pay())),
    );
    let given: BTreeSet<String> = first
        .into_iter()
        .chain(rest)
        .map(|answer| done(answer).receipt.expect("a receipt"))
        .collect();
    let wanted: BTreeSet<String> = (1..=PAYMENTS).map(|serial| format!("P1 AA/26P {serial:07}")).collect();
    assert_eq!(given, wanted);
    let more = money::enter(store, keys, eyes.clone(), world.dossier, fee(taking, 8_000), None).await;
    assert!(
        matches!(more, Ok(Answer::Refused(money::MoneyRefusal::Line(_)))),
        "nothing is owed: {more:?}"
    );
    drain(store, &mut leader).await;
    let known = money::of(store.read(), &eyes, world.dossier)
        .await
        .expect("readable")
        .expect("known");
    assert_eq!(known.receipts.len(), given.len());
    assert_eq!(known.sheet.totals(LedgerKind::StateFee).owed, Dong::ZERO);
}

async fn two_statements_at_once_take_a_receipt_once(backend: Backend) {
    let db = fresh(backend).await;
    let (store, world) = (&db.store, World::new());
    world.prepare(store).await;
    an_office(store).await;
    let mut leader = lead(store, &world.keys).await;
    let (keys, eyes, office) = (
        &world.keys,
        Scope::everything(),
        Scope::service_point(OFFICE, store.now_ms()),
    );
    let run = ("AA/26P".to_owned(), 1, 9);
    done(receipt::allot(store, keys, office.clone(), run, "staff".to_owned(), None).await);
    done(
        shift::open(
            store,
            keys,
            office.clone(),
            Holder::ServicePoint(OFFICE),
            "staff".to_owned(),
            None,
        )
        .await,
    );
    for new in [
        fee(Doing::Charged, 8_000),
        fee(Doing::Collected(Tender::Cash, Hand::Post), 8_000),
    ] {
        done(money::enter(store, keys, eyes.clone(), world.dossier, new, None).await);
    }
    drain(store, &mut leader).await;
    let state = || {
        let what = (crate::world::AGENCY, None);
        remittance::state(store, keys, office.clone(), what, "staff".to_owned(), None)
    };
    let (one, other) = futures::join!(state(), state());
    let made = [one, other]
        .into_iter()
        .filter(|answer| matches!(answer, Ok(Answer::Done(_))))
        .count();
    assert_eq!(made, 1);
    drain(store, &mut leader).await;
    assert_eq!(
        remittance::outstanding(store.read(), &office).await.expect("readable"),
        []
    );
}

fn cash(world: &mut World, who: usize, ledger: &str, amount: i64) -> EventId {
    let handover = world.handover();
    let event = world.draft(who, Kind::Cash, handover);
    let details = BTreeMap::from([
        ("ledger".to_owned(), Detail::Text(ledger.to_owned())),
        ("amount".to_owned(), Detail::Int(amount)),
    ]);
    let event = Event {
        items: vec![line(&code(1), EventId::ZERO)],
        details,
        ..event
    };
    world.sign(who, &event)
}

async fn cash_of_a_phone_counts_as_long_as_the_phone_is_trusted(backend: Backend) {
    let db = fresh(backend).await;
    let (store, mut world) = (&db.store, World::new());
    world.enrol_all();
    // The money is told before anybody has heard of the item, and once without a sum.
    let first = world.draft(COURIER, Kind::Note, custody::ids::HandoverId([77; 16]));
    cash(&mut world, COURIER, "postage", 26_000);
    cash(&mut world, COUNTER, "state_fee", 8_000);
    cash(&mut world, COUNTER, "gold", 8_000);
    world.item_created(&code(1), ItemKind::DossierToAgency);
    let mut leader = world.told_in_order(store).await;
    let lines = "SELECT count(*) FROM money_line WHERE distrusted_at IS NULL";
    assert_eq!(number(store.read(), lines).await, 2);
    let odd = "SELECT count(*) FROM quarantine WHERE reason = 'cash_without_sum'";
    assert_eq!(number(store.read(), odd).await, 1);
    let tills = format!(
        "SELECT count(*) FROM money_line WHERE till = '{}'",
        Holder::ServicePoint(OFFICE)
    );
    assert_eq!(number(store.read(), &tills).await, 1);
    // Another event claims the courier's first place: the phone was copied, and what it says of money no longer counts.
    let copied = world.seal(COURIER, &first);
    put(store, &[copied]).await;
    drain(store, &mut leader).await;
    assert_eq!(number(store.read(), lines).await, 1);
}

both!(
    receipts_have_neither_holes_nor_doubles_when_many_pay_at_once,
    two_statements_at_once_take_a_receipt_once,
    cash_of_a_phone_counts_as_long_as_the_phone_is_trusted,
);
