//! A look into apalis' tables from outside.

use crate::support::Desk;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// What lies in apalis' tables.
#[derive(Debug)]
pub(crate) struct TicketCount {
    pub(crate) jobs: i64,
    pub(crate) workers: i64,
    pub(crate) old_workers: i64,
}

impl Desk {
    /// Counts what lies in apalis' tables.
    pub(crate) async fn tickets(&self) -> TicketCount {
        let (jobs, workers, old) = if self.is_postgres() {
            ("apalis.jobs", "apalis.workers", "last_seen < now() - interval '1 day'")
        } else {
            ("Jobs", "Workers", "CAST(last_seen AS INTEGER) < unixepoch() - 86400")
        };
        TicketCount {
            jobs: self.in_tickets(&format!("SELECT count(*) FROM {jobs}")).await,
            workers: self.in_tickets(&format!("SELECT count(*) FROM {workers}")).await,
            old_workers: self
                .in_tickets(&format!("SELECT count(*) FROM {workers} WHERE {old}"))
                .await,
        }
    }

    /// Makes everything in apalis' tables two days older.
    pub(crate) async fn age_tickets(&self) {
        let statements = if self.is_postgres() {
            [
                "WITH aged AS (UPDATE apalis.jobs SET run_at = run_at - interval '2 days' RETURNING 1) \
                 SELECT count(*) FROM aged",
                "WITH aged AS (UPDATE apalis.workers SET last_seen = last_seen - interval '2 days' RETURNING 1) \
                 SELECT count(*) FROM aged",
            ]
        } else {
            [
                "UPDATE Jobs SET run_at = run_at - 172800 RETURNING 1",
                "UPDATE Workers SET last_seen = CAST(last_seen AS INTEGER) - 172800 RETURNING 1",
            ]
        };
        for statement in statements {
            self.in_tickets(statement).await;
        }
    }

    async fn in_tickets(&self, sql: &str) -> i64 {
        if self.is_postgres() {
            let mut connection = PgConnection::connect(&self.config.jobs_url).await.expect("connected");
            let rows: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(&mut connection)
                .await
                .expect("answered");
            rows[0]
        } else {
            let mut connection = SqliteConnection::connect(&self.config.jobs_url).await.expect("opened");
            let rows: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(&mut connection)
                .await
                .expect("answered");
            rows[0]
        }
    }
}
