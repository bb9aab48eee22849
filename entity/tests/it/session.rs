//! A refresh token is turned over once, however many ask at the same moment.

use crate::support::{RECEIVED_MS, fresh};
use custody::ids::DeviceId;
use domain::ids::StaffId;
use entity::repo::session::{self, NewSession, Session, Turned};
use entity::testing::Backend;
use entity::{ServerKeys, Store, StoreError};
use uuid::Uuid;

const IDLE_MS: i64 = 40 * 60_000;

async fn begin(store: &Store, device: Option<DeviceId>) -> Session {
    let new = NewSession {
        staff: StaffId(Uuid::from_u128(7)),
        role: "courier".to_owned(),
        device,
        expires_at: RECEIVED_MS + 8 * 3_600_000,
    };
    store
        .write(move |tx| Box::pin(async move { session::begin(tx, new, RECEIVED_MS).await }))
        .await
        .expect("begun")
}

async fn turn(store: &Store, token: (Uuid, i64), proven: Option<DeviceId>, now_ms: i64) -> Turned {
    let turned: Result<Turned, StoreError> = store
        .write(move |tx| Box::pin(async move { session::turn(tx, token, proven, IDLE_MS, now_ms).await }))
        .await;
    turned.expect("an answer")
}

async fn many_who_turn_one_token_at_once_get_one_successor_or_none(backend: Backend) {
    let db = fresh(backend).await;
    let device = DeviceId([9; 16]);
    let session = begin(&db.store, Some(device)).await;
    let asking = (0..16).map(|_| turn(&db.store, (session.id, 1), Some(device), RECEIVED_MS + 1));
    for turned in futures::future::join_all(asking).await {
        let Turned::Over(now) = turned else {
            panic!("{turned:?}: the same device asked again")
        };
        assert_eq!(now.generation, 2);
    }
    let browser = begin(&db.store, None).await;
    let asking = (0..3).map(|_| turn(&db.store, (browser.id, 1), None, RECEIVED_MS + 1));
    let turned = futures::future::join_all(asking).await;
    let over = turned.iter().filter(|turned| matches!(turned, Turned::Over(_))).count();
    assert_eq!(over, 2, "the first, and one repetition: {turned:?}");
    let standing = session::standing(db.store.read(), browser.id, RECEIVED_MS + 2).await;
    assert_eq!(standing.expect("readable"), None, "the third ended it");
}

async fn a_token_is_known_by_its_server_alone(backend: Backend) {
    let db = fresh(backend).await;
    let (ours, theirs) = (ServerKeys::generate(), ServerKeys::generate());
    let session = begin(&db.store, None).await;
    let token = session::token(&ours, &session);
    assert_eq!(session::read_token(&ours, &token), Some((session.id, 1)));
    assert_eq!(session::read_token(&theirs, &token), None);
    for forged in [token.replacen(".1.", ".2.", 1), format!("{token}0"), String::new()] {
        assert_eq!(session::read_token(&ours, &forged), None, "{forged}");
    }
    let gone: Result<u64, StoreError> = db
        .store
        .write(move |tx| Box::pin(async move { session::forget_old(tx, session.expires_at + 1).await }))
        .await;
    assert_eq!(gone.expect("forgotten"), 1);
}

both!(
    many_who_turn_one_token_at_once_get_one_successor_or_none,
    a_token_is_known_by_its_server_alone,
);
