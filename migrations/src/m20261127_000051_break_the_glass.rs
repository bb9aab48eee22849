//! Dossiers that somebody asked to see although they are none of theirs: who, why, who agreed and until when. Nothing is taken
//! out of it again.

use crate::column::{create, drop_all, id, id_null, index, int, int_null, table, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let glass = table(
            "broken_glass",
            vec![
                id("id"),
                id("dossier_id"),
                id("staff_id"),
                text("role"),
                id_null("operator_id"),
                id_null("agency_id"),
                text("reason"),
                int("asked_at"),
                int("lapses_at"),
                text_null("decision"),
                id_null("decided_by"),
                int_null("decided_at"),
                int_null("until_ms"),
            ],
        );
        let indexes = vec![
            index("broken_glass", &["staff_id", "dossier_id"], false),
            index("broken_glass", &["asked_at", "id"], false),
        ];
        create(manager, vec![glass], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["broken_glass"]).await
    }
}
