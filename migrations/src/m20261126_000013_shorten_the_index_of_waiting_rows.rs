//! A waiting fact is found by its moment and place; its identifier, as long as both twice over, need not be in that index.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index_of_waiting(manager, "received_at, place").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index_of_waiting(manager, "received_at, place, event_id").await
    }
}

async fn index_of_waiting(manager: &SchemaManager<'_>, columns: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    db.execute_unprepared("DROP INDEX ix_inbox_waiting").await?;
    let sql = format!("CREATE INDEX ix_inbox_waiting ON inbox ({columns}) WHERE log_index IS NULL");
    db.execute_unprepared(&sql).await.map(drop)
}
