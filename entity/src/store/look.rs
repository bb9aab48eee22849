//! Reading through a pair of eyes.

use super::Store;
use crate::{Scope, StoreError};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    TransactionTrait,
};
use sea_orm_migration::async_trait::async_trait;

/// One look at the store through a pair of eyes. On PostgreSQL it is a transaction that the fence holds to what they see
/// ([`crate::fence`]); on SQLite the repositories alone do.
#[derive(Debug)]
pub struct Look(Kind);

#[derive(Debug)]
enum Kind {
    Fenced(DatabaseTransaction),
    Open(DatabaseConnection),
}

impl Store {
    /// Looks through a pair of eyes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn see(&self, scope: &Scope) -> Result<Look, StoreError> {
        if self.backend() != DbBackend::Postgres {
            return Ok(Look(Kind::Open(self.inner.see.clone())));
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "it only reads; the pool's hook ends what a dropped begin left open"
        )]
        let look = self.inner.see.begin().await?;
        let eyes = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT set_config('app.eyes', $1, true)",
            [scope.eyes().into()],
        );
        look.query_one_raw(eyes).await?;
        Ok(Look(Kind::Fenced(look)))
    }
}

#[async_trait]
impl ConnectionTrait for Look {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Kind::Fenced(tx) => tx.get_database_backend(),
            Kind::Open(db) => db.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Kind::Fenced(tx) => tx.execute_raw(statement).await,
            Kind::Open(db) => db.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Kind::Fenced(tx) => tx.execute_unprepared(sql).await,
            Kind::Open(db) => db.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Fenced(tx) => tx.query_one_raw(statement).await,
            Kind::Open(db) => db.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Fenced(tx) => tx.query_all_raw(statement).await,
            Kind::Open(db) => db.query_all_raw(statement).await,
        }
    }
}
