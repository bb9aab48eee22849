//! Labels are drawn from the run of their office, never twice, and loading runs again loses none that was given.

use crate::intake::order;
use crate::support::fresh;
use domain::code::block_holder::BlockHolder;
use domain::code::serial_block::SerialBlock;
use domain::code::serial_blocks::SerialBlocks;
use domain::ids::ServicePointId;
use domain::item_code::ItemCode;
use domain::mode::Mode;
use entity::repo::intake::{NewOrder, Placing, place};
use entity::repo::serial::{draw, keep};
use entity::testing::Backend;
use entity::{ServerKeys, Store, StoreError};
use uuid::Uuid;

const OFFICE: ServicePointId = ServicePointId(Uuid::from_u128(7));

fn run(first: u32, last: u32, holder: BlockHolder) -> SerialBlock {
    SerialBlock::new("EE".parse().expect("letters"), first, last, holder).expect("a run")
}

async fn load(store: &Store, runs: Vec<SerialBlock>) -> Result<(), StoreError> {
    let runs = SerialBlocks::new(runs).expect("no overlap");
    store
        .write(move |tx| Box::pin(async move { keep(tx, runs).await }))
        .await
}

/// The serials of the next labels.
async fn draws(store: &Store, office: Option<ServicePointId>, count: usize) -> Vec<String> {
    let mut serials = Vec::new();
    for _ in 0..count {
        let code = store
            .write(move |tx| Box::pin(draw(tx, office)))
            .await
            .expect("a label");
        serials.push(code.serial().to_owned());
    }
    serials
}

async fn an_office_draws_from_its_own_runs_and_then_from_those_of_the_post(backend: Backend) {
    let db = fresh(backend).await;
    let office = BlockHolder::Office(OFFICE);
    let runs = vec![run(10, 11, office), run(20, 20, office), run(30, 32, BlockHolder::Post)];
    load(&db.store, runs).await.expect("loaded");
    assert_eq!(draws(&db.store, None, 1).await, ["00000030"]);
    assert_eq!(
        draws(&db.store, Some(OFFICE), 5).await,
        ["00000010", "00000011", "00000020", "00000031", "00000032"]
    );
    let used_up = db.store.write(|tx| Box::pin(draw(tx, Some(OFFICE)))).await;
    assert!(matches!(used_up, Err(StoreError::NoSerials)), "{used_up:?}");
}

async fn loading_runs_again_goes_on_where_each_stands_and_gives_nothing_twice(backend: Backend) {
    let db = fresh(backend).await;
    load(
        &db.store,
        vec![run(1, 5, BlockHolder::Post), run(6, 9, BlockHolder::Post)],
    )
    .await
    .expect("loaded");
    assert_eq!(draws(&db.store, None, 2).await, ["00000001", "00000002"]);
    // The same again, the first run one longer, the second gone.
    load(&db.store, vec![run(1, 6, BlockHolder::Post)])
        .await
        .expect("loaded");
    assert_eq!(draws(&db.store, None, 1).await, ["00000003"]);
    for wrong in [run(2, 9, BlockHolder::Post), run(1, 2, BlockHolder::Post)] {
        let refused = load(&db.store, vec![wrong]).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    }
    // Neither may a run grow over what another one has given.
    let two = || vec![run(1, 6, BlockHolder::Post), run(7, 9, BlockHolder::Office(OFFICE))];
    load(&db.store, two()).await.expect("loaded");
    assert_eq!(draws(&db.store, Some(OFFICE), 1).await, ["00000007"]);
    let grown = load(&db.store, vec![run(1, 9, BlockHolder::Post)]).await;
    assert!(matches!(grown, Err(StoreError::Refused(_))), "{grown:?}");
    load(&db.store, two()).await.expect("and the ones before still load");
    // A run that was begun and is not listed any more gives no further labels.
    load(&db.store, vec![run(40, 41, BlockHolder::Post)])
        .await
        .expect("loaded");
    assert_eq!(draws(&db.store, None, 2).await, ["00000040", "00000041"]);
    let used_up = db.store.write(|tx| Box::pin(draw(tx, None))).await;
    assert!(matches!(used_up, Err(StoreError::NoSerials)), "{used_up:?}");
}

async fn a_label_that_is_on_an_item_already_is_passed_over(backend: Backend) {
    let db = fresh(backend).await;
    let keys = ServerKeys::generate();
    load(&db.store, vec![run(1, 3, BlockHolder::Post)])
        .await
        .expect("loaded");
    // Printed before, and told with the order.
    let printed = NewOrder {
        label: Some(ItemCode::from_serial("EE", 1, "VN").expect("a label")),
        ..order("printed", 1, Mode::Both)
    };
    place(&db.store, &keys, printed).await.expect("placed");
    for serial in ["00000002", "00000003"] {
        let placed = place(&db.store, &keys, order(serial, 1, Mode::Both))
            .await
            .expect("placed");
        assert!(
            matches!(&placed, Placing::New(new) if new.item_code.serial() == serial),
            "{placed:?}"
        );
    }
}

both!(
    a_label_that_is_on_an_item_already_is_passed_over,
    an_office_draws_from_its_own_runs_and_then_from_those_of_the_post,
    loading_runs_again_goes_on_where_each_stands_and_gives_nothing_twice,
);
