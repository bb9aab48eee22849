//! Photographs and drawn signatures: which event names which, and which are here.

use crate::column::{bytes, create, drop_all, index, int, table, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let named = Table::create()
            .table("event_evidence")
            .col(bytes("event_id"))
            .col(bytes("sha256"))
            .col(bytes("device_id"))
            .col(int("since"))
            .primary_key(Index::create().col("event_id").col("sha256"))
            .to_owned();
        let here = table(
            "blob",
            vec![
                bytes("sha256"),
                int("size"),
                text("media"),
                text("bringer"),
                int("stored_at"),
            ],
        );
        let indexes = vec![
            index("event_evidence", &["sha256"], false),
            index("event_evidence", &["since"], false),
            index("blob", &["bringer", "stored_at"], false),
        ];
        create(manager, vec![named, here], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["blob", "event_evidence"]).await
    }
}
