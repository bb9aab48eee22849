//! Files of phones whose key store failed, sealed as they came, and what became of each.

use crate::column::{bytes, create, drop_all, id, index, int, int_null, table};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let files = table(
            "salvage",
            vec![
                id("id"),
                bytes("sha256"),
                bytes("content"),
                id("staff_id"),
                int("received_at"),
                int_null("opened_at"),
                int_null("events"),
                int_null("unopened"),
            ],
        );
        let indexes = vec![index("salvage", &["sha256"], true)];
        create(manager, vec![files], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["salvage"]).await
    }
}
