//! The log of looks.

use crate::support::{RECEIVED_MS, fresh};
use domain::ids::{DossierId, StaffId};
use entity::repo::access::{self, Looking, Readers};
use entity::testing::Backend;
use entity::{Store, StoreError};
use uuid::Uuid;

const READER: StaffId = StaffId(Uuid::from_u128(7));

async fn look(store: &Store, dossier: u128, at_ms: i64) {
    let look = Looking {
        staff: READER,
        role: "desk_agent",
        service_point: None,
        agency: None,
        operator: None,
        dossier: Some(DossierId(Uuid::from_u128(dossier))),
        what: "dossier",
        purpose: "handling",
        rows: 1,
    };
    let written: Result<(), StoreError> = store
        .write(move |tx| Box::pin(async move { access::record(tx, look, at_ms).await }))
        .await;
    written.expect("written");
}

async fn who_opens_more_dossiers_than_their_work_explains_is_found(backend: Backend) {
    let db = fresh(backend).await;
    for n in 0..3 {
        look(&db.store, n, RECEIVED_MS + 1).await;
        look(&db.store, n, RECEIVED_MS + 2).await;
    }
    look(&db.store, 99, RECEIVED_MS - 1).await;
    let busy = async |most| access::busy(db.store.read(), RECEIVED_MS, most).await.expect("counted");
    assert_eq!(busy(2).await, [(READER, 3)], "three different ones, however often");
    assert_eq!(busy(3).await, []);
}

async fn pages_of_looks_join_up_and_old_ones_are_forgotten(backend: Backend) {
    let db = fresh(backend).await;
    for n in 0..5 {
        look(&db.store, n, RECEIVED_MS).await;
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = access::list(db.store.read(), Readers::Person(READER), before, 2)
            .await
            .expect("listed");
        let Some(last) = page.last() else { break };
        before = Some((last.at_ms, last.id));
        seen.extend(page.into_iter().map(|row| row.dossier_id));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5, "each on one page");
    let gone: Result<u64, StoreError> = db
        .store
        .write(|tx| Box::pin(async move { access::forget_old(tx, RECEIVED_MS + 1).await }))
        .await;
    assert_eq!(gone.expect("forgotten"), 5);
}

both!(
    who_opens_more_dossiers_than_their_work_explains_is_found,
    pages_of_looks_join_up_and_old_ones_are_forgotten,
);
