//! Files of orders from offices that have no interface: what was read, what was found wrong, and whether it was ordered. And
//! dossiers are found by their last change, for systems that ask what has changed since they asked last.

use crate::column::{bytes, create, drop_all, id, index, int, int_null, table, text};
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
            "order_file",
            vec![
                bytes("id"),
                id("agency_id"),
                bytes("sha256"),
                text("rows"),
                text("report"),
                text("actor"),
                int("uploaded_at"),
                int_null("committed_at"),
            ],
        );
        let indexes = vec![
            index("order_file", &["agency_id", "uploaded_at"], false),
            index("dossier_state", &["log_index", "dossier_id"], false),
        ];
        create(manager, vec![files], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("ix_dossier_state_log_index_dossier_id")
                    .table("dossier_state")
                    .to_owned(),
            )
            .await?;
        drop_all(manager, &["order_file"]).await
    }
}
