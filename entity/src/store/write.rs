//! The only way to open a write transaction.

use super::Store;
use crate::StoreError;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::future::Future;
use std::pin::Pin;

/// What the body of a write returns.
pub type WriteFuture<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

impl Store {
    /// Runs `body` in a write transaction that nobody outside can cancel, and commits it.
    ///
    /// The transaction is IMMEDIATE on SQLite (a read that later writes would otherwise fail at once when another writer is
    /// at work) and READ COMMITTED on PostgreSQL. It is rolled back when `body` returns an error or panics. When the caller
    /// is dropped, the write still ends properly; [`Store::close`] waits for it.
    ///
    /// # Errors
    /// Whatever `body` returns, or [`StoreError`] when the database fails.
    pub async fn write<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a> FnOnce(&'a DatabaseTransaction) -> WriteFuture<'a, T, E> + Send + 'static,
    {
        let store = self.clone();
        let task = self.inner.writes.spawn(async move {
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the write helper everybody else is sent to"
            )]
            let tx = store
                .inner
                .write
                .begin_with_options(options)
                .await
                .map_err(StoreError::from)?;
            match body(&tx).await {
                Ok(value) => {
                    tx.commit().await.map_err(StoreError::from)?;
                    Ok(value)
                }
                Err(error) => {
                    // The first error is the one worth telling; a failed rollback only means the connection is gone.
                    let _ = tx.rollback().await;
                    Err(error)
                }
            }
        });
        match task.await {
            Ok(result) => result,
            Err(_panicked_or_stopped) => Err(StoreError::Panicked.into()),
        }
    }

    /// Runs one statement as a transaction of its own, with the promises of [`Store::write`] and two round trips fewer, and
    /// says how many rows it touched. Only for what is whole in one statement.
    ///
    /// # Errors
    /// When the database fails; nothing was stored then.
    pub(crate) async fn write_one(&self, statement: Statement) -> Result<u64, StoreError> {
        let store = self.clone();
        let task = self
            .inner
            .writes
            .spawn(async move { store.inner.write.execute_raw(statement).await });
        match task.await {
            Ok(done) => Ok(done?.rows_affected()),
            Err(_panicked_or_stopped) => Err(StoreError::Panicked),
        }
    }
}
