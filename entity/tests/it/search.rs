//! Words a dossier is found by, also when it was made before there were any.

use crate::intake::placed;
use crate::support::{execute, fresh};
use entity::repo::dossier::{self, Wanted};
use entity::repo::search::index_missing;
use entity::testing::Backend;
use entity::{Scope, ServerKeys, StoreError};

both!(dossiers_without_words_get_them_a_few_at_a_time_and_then_it_is_over);

async fn dossiers_without_words_get_them_a_few_at_a_time_and_then_it_is_over(backend: Backend) {
    let (db, keys) = (fresh(backend).await, ServerKeys::generate());
    for number in 0..5 {
        placed(&db.store, &keys, &number.to_string()).await;
    }
    let wanted = Wanted {
        typed: Some("cha".to_owned()),
        ..Wanted::default()
    };
    let found = async || {
        let rows = dossier::list(db.store.read(), &Scope::everything(), &wanted, None, 100).await;
        rows.expect("readable").len()
    };
    let write = async |limit| {
        let written = db
            .store
            .write(move |tx| Box::pin(async move { index_missing(tx, limit).await }));
        written.await.unwrap_or_else(|error: StoreError| panic!("{error:?}"))
    };
    assert_eq!(found().await, 5);
    execute(&db.store, "DELETE FROM search_word").await.expect("deleted");
    assert_eq!(found().await, 0);
    assert_eq!((write(3).await, found().await), (3, 3));
    assert_eq!((write(3).await, found().await), (2, 5));
    assert_eq!(write(3).await, 0);
    execute(&db.store, "DELETE FROM search_word").await.expect("deleted");
    assert_eq!(write(3).await, 0, "it looks no more");
}
