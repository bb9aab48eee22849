//! Scans of papers that an agency's desk adds to a dossier. The bytes lie beside the database under their hash.

use crate::column::{bytes, create, drop_all, id, index, int, table, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let scans = table(
            "scan",
            vec![
                id("id"),
                id("dossier_id"),
                text("paper"),
                bytes("sha256"),
                text("media"),
                int("size"),
                id("staff_id"),
                int("created_at"),
            ],
        );
        let indexes = vec![index("scan", &["dossier_id", "sha256"], true)];
        create(manager, vec![scans], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["scan"]).await
    }
}
