//! The same rude clients against the path we forbid: a transaction opened in the handler, on a pool that asks nothing. On
//! PostgreSQL it loses acknowledged writes; if it did not, the test beside it would prove nothing.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use e2e::rude::{hang_up, moment, polite, request};
use entity::testing::{Backend, fresh_url};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement, TransactionTrait};
use std::collections::BTreeSet;
use std::future::IntoFuture;
use tokio::net::TcpListener;

/// Rude and polite requests, each; the loss shows within a tenth of them.
const REQUESTS: i64 = 3_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_clients_find_the_loss_on_the_path_we_forbid() {
    let url = fresh_url(Backend::Postgres, &std::env::temp_dir()).await;
    let db = connect(&url).await;
    db.execute_unprepared("CREATE TABLE ev (id BIGINT)")
        .await
        .expect("a table");
    let router = Router::new()
        .route("/in_handler/{id}", post(in_handler))
        .route("/plain/{id}", post(plain));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let server = tokio::spawn(axum::serve(listener, router.with_state(db.clone())).into_future());
    let mut acknowledged = BTreeSet::new();
    for id in 0..REQUESTS {
        let (there, n) = (address.clone(), usize::try_from(id).expect("a small number"));
        let rude = tokio::spawn(async move {
            let bytes = request("POST", &there, &format!("/in_handler/{}", id + 1_000_000), &[], &[]);
            // The interesting moments are the first ones: this server has one thing to do.
            hang_up(&there, &bytes, moment(n, 3_000) / 13).await;
        });
        let path = if id % 2 == 0 {
            format!("/plain/{id}")
        } else {
            format!("/in_handler/{id}")
        };
        let answer = polite(&address, &request("POST", &address, &path, &[], &[])).await;
        acknowledged.extend(answer.filter(|answer| answer.status == 200).map(|_| id));
        rude.await.expect("a client does not panic");
    }
    server.abort();
    let _ = server.await;
    // Whatever a session still holds open is rolled back when it goes.
    db.close().await.expect("closes");
    let left = stored(&connect(&url).await).await;
    let lost = acknowledged.difference(&left).count();
    assert!(
        lost > 0,
        "nothing of {} acknowledged was lost: these clients cannot see the fault",
        acknowledged.len()
    );
}

/// As many programs connect.
async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(5).min_connections(5).sqlx_logging(false);
    Database::connect(options).await.expect("connects")
}

async fn stored(db: &DatabaseConnection) -> BTreeSet<i64> {
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), "SELECT id FROM ev"))
        .await;
    rows.expect("readable")
        .iter()
        .map(|row| row.try_get_by_index(0).expect("a number"))
        .collect()
}

fn insert(id: i64) -> String {
    format!("INSERT INTO ev VALUES ({id})")
}

/// The path we forbid: hang up now, and the session may stay inside its transaction.
async fn in_handler(State(db): State<DatabaseConnection>, Path(id): Path<i64>) -> StatusCode {
    #[expect(clippy::disallowed_methods, reason = "the fault itself, for the test to find")]
    let written: Result<(), DbErr> = async {
        let tx = db.begin().await?;
        tx.execute_unprepared(&insert(id)).await?;
        tx.commit().await
    }
    .await;
    answer(&written)
}

/// A handler that needs no transaction of its own, and gets somebody else's.
async fn plain(State(db): State<DatabaseConnection>, Path(id): Path<i64>) -> StatusCode {
    answer(&db.execute_unprepared(&insert(id)).await.map(drop))
}

fn answer(written: &Result<(), DbErr>) -> StatusCode {
    if written.is_ok() {
        StatusCode::OK
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}
