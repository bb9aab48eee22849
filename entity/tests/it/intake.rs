//! Orders: the same order again is the same order, and a cancelled one is not fetched.

use crate::support::{fresh, lead, number};
use crate::world::{AGENCY, CLIENT, COURIER, World, item};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::ids::ClientId;
use domain::item::ItemKind;
use domain::mode::Mode;
use entity::outbox::{self, Claimed};
use entity::repo::assignment;
use entity::repo::intake::{Cancelling, NewOrder, Placed, Placing, cancel, place};
use entity::testing::Backend;
use entity::{ServerKeys, Store};
use serde_json::json;
use uuid::Uuid;

pub(crate) fn order(number: &str, content: u8, mode: Mode) -> NewOrder {
    NewOrder {
        operator: entity::repo::reference::FIRST_OPERATOR,
        client: Some(CLIENT),
        customer_code: "AG01".to_owned(),
        order_number: number.to_owned(),
        digest: [content; 32],
        mode,
        agency: AGENCY,
        desk: None,
        procedure: None,
        case: None,
        channel: None,
        applicant: entity::repo::intake::Applicant {
            name: "Chau".to_owned(),
            ..Default::default()
        },
        paper_count: 2,
        weight_g: None,
        cod_amount: 0,
        body: json!({ "content": content }),
        label: None,
        office: None,
        needs_pickup: true,
        receiver: None,
    }
}

pub(crate) async fn placed(store: &Store, keys: &ServerKeys, number: &str) -> Placed {
    match place(store, keys, order(number, 1, Mode::Both)).await.expect("answers") {
        Placing::New(placed) => placed,
        other => panic!("order {number} is new: {other:?}"),
    }
}

async fn the_same_order_again_finds_the_first_and_other_content_changes_nothing(backend: Backend) {
    let db = fresh(backend).await;
    let keys = ServerKeys::generate();
    let first = placed(&db.store, &keys, "1").await;
    assert_eq!(
        place(&db.store, &keys, order("1", 1, Mode::Both))
            .await
            .expect("answers"),
        Placing::Same(first.clone())
    );
    assert_eq!(
        place(&db.store, &keys, order("1", 2, Mode::Both))
            .await
            .expect("answers"),
        Placing::Different
    );
    let elsewhere = NewOrder {
        customer_code: "AG02".to_owned(),
        ..order("1", 2, Mode::Both)
    };
    assert!(
        matches!(
            place(&db.store, &keys, elsewhere).await.expect("answers"),
            Placing::New(_)
        ),
        "another number space"
    );
    for table in ["dossier", "postal_order", "postal_item", "outbox"] {
        assert_eq!(
            number(db.store.read(), &format!("SELECT count(*) FROM {table}")).await,
            2,
            "{table}"
        );
    }
    let mut leader = lead(&db.store, &keys).await;
    leader.drain().await.expect("folded");
    assert_eq!(item(&db.store, &first.item_code).await.state, "C0");
}

async fn a_result_that_an_agency_sends_is_resolved_and_has_its_own_kind(backend: Backend) {
    let db = fresh(backend).await;
    let keys = ServerKeys::generate();
    let Placing::New(placed) = place(&db.store, &keys, order("1", 1, Mode::Return))
        .await
        .expect("answers")
    else {
        panic!("the order is new");
    };
    let mut leader = lead(&db.store, &keys).await;
    leader.drain().await.expect("folded");
    assert_eq!(
        item(&db.store, &placed.item_code).await.kind,
        ItemKind::ResultToApplicant.as_str()
    );
    let job = number(
        db.store.read(),
        "SELECT count(*) FROM outbox WHERE kind = 'assign' AND payload LIKE '%deliver%'",
    )
    .await;
    assert_eq!(job, 1);
}

async fn an_order_is_cancelled_until_the_post_has_the_item_and_never_by_a_stranger(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::new();
    let (gone, kept) = (
        placed(&db.store, &world.keys, "1").await,
        placed(&db.store, &world.keys, "2").await,
    );
    world.enrol_all();
    world.one_party(COURIER, Kind::TakeIn, &kept.item_code, EventId::ZERO);
    crate::support::put(&db.store, &world.facts).await;
    let mut leader = lead(&db.store, &world.keys).await;
    leader.drain().await.expect("folded");

    let ask = async |client: ClientId, number: &str| {
        cancel(&db.store, &world.keys, client, "AG01".to_owned(), number.to_owned())
            .await
            .expect("answers")
    };
    assert_eq!(ask(ClientId(Uuid::from_u128(1)), "1").await, Cancelling::Unknown);
    assert_eq!(ask(CLIENT, "3").await, Cancelling::Unknown);
    assert_eq!(ask(CLIENT, "2").await, Cancelling::AlreadyCollected);
    assert_eq!(ask(CLIENT, "1").await, Cancelling::Cancelled);
    leader.drain().await.expect("folded");
    assert_eq!(ask(CLIENT, "1").await, Cancelling::Cancelled);
    leader.drain().await.expect("folded");
    let acts = "SELECT count(*) FROM dossier_act WHERE kind = 'dossier.cancelled'";
    assert_eq!(number(db.store.read(), acts).await, 1);

    assert_eq!(item(&db.store, &gone.item_code).await.state, "C13");
    assert_eq!(item(&db.store, &kept.item_code).await.state, "C2");
    let task = assignment::task(db.store.read(), &gone.item_code, "pickup")
        .await
        .expect("answers")
        .expect("known");
    assert!(!task.is_open, "nobody is sent to fetch it any more");
}

/// The decision and the cancellation meet: the job that was already choosing a courier must come to nothing.
async fn a_cancelled_order_gets_no_courier_even_from_a_job_that_is_running(backend: Backend) {
    let db = fresh(backend).await;
    let keys = ServerKeys::generate();
    placed(&db.store, &keys, "1").await;
    let due = outbox::due(&db.store, 10).await.expect("readable");
    assert_eq!(due.len(), 1, "one courier is looked for");
    let Claimed::Run(claim) = outbox::claim(&db.store, due[0].0).await.expect("answers") else {
        panic!("the job is free")
    };
    let answer = cancel(&db.store, &keys, CLIENT, "AG01".to_owned(), "1".to_owned()).await;
    assert_eq!(answer.expect("answers"), Cancelling::Cancelled);
    let now = db.store.now_ms();
    let is_mine = db
        .store
        .write(move |tx| Box::pin(async move { outbox::done(tx, &claim, now).await }))
        .await
        .expect("answers");
    assert!(!is_mine, "its effect is rolled back");
    assert_eq!(outbox::open_count(db.store.read()).await.expect("readable"), 0);
}

/// The courier was at the door without a network when the order was cancelled: the papers have moved, and that is shown.
async fn a_take_in_that_comes_after_the_cancellation_is_shown_as_it_happened(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::new();
    let gone = placed(&db.store, &world.keys, "1").await;
    let mut leader = lead(&db.store, &world.keys).await;
    leader.drain().await.expect("folded");
    cancel(&db.store, &world.keys, CLIENT, "AG01".to_owned(), "1".to_owned())
        .await
        .expect("answers");
    leader.drain().await.expect("folded");
    world.enrol_all();
    world.one_party(COURIER, Kind::TakeIn, &gone.item_code, EventId::ZERO);
    crate::support::put(&db.store, &world.facts).await;
    leader.drain().await.expect("folded");
    let row = item(&db.store, &gone.item_code).await;
    assert_eq!(
        (row.state.as_str(), row.holder),
        ("C2", Some(world.people[COURIER].party.to_string()))
    );
}

both!(
    the_same_order_again_finds_the_first_and_other_content_changes_nothing,
    a_result_that_an_agency_sends_is_resolved_and_has_its_own_kind,
    an_order_is_cancelled_until_the_post_has_the_item_and_never_by_a_stranger,
    a_cancelled_order_gets_no_courier_even_from_a_job_that_is_running,
    a_take_in_that_comes_after_the_cancellation_is_shown_as_it_happened,
);
