//! One-time codes of citizens, without the codes: they are derived from the server's secret and are stored nowhere. What is kept
//! is for which act of which dossier one was asked, how often it was tried and how it ended.

use crate::column::{bytes, create, drop_all, id, index, int, int_null, table, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let codes = table(
            "citizen_code",
            vec![
                id("id"),
                id("dossier_id"),
                text("act"),
                bytes("phone_hash"),
                int("made_at"),
                int("expires_at"),
                int("tries"),
                int_null("ended_at"),
                text_null("ended_why"),
            ],
        );
        let indexes = vec![
            index("citizen_code", &["dossier_id", "made_at"], false),
            index("citizen_code", &["phone_hash", "made_at"], false),
            index("citizen_code", &["made_at"], false),
        ];
        create(manager, vec![codes], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["citizen_code"]).await
    }
}
