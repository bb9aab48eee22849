//! Effects: the outbox row is the job. Notices and findings are what jobs leave behind.

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
        let tables = vec![
            table(
                "outbox",
                vec![
                    id("id"),
                    text("kind"),
                    text("payload"),
                    text("dedup_key"),
                    text("state"),
                    int("attempt"),
                    int("next_run_at"),
                    int_null("lease_until"),
                    id_null("lease_token"),
                    text_null("last_error"),
                    int("created_at"),
                    int_null("finished_at"),
                ],
            ),
            table(
                "notification",
                vec![
                    id("id"),
                    id("dossier_id"),
                    text("channel"),
                    text("template"),
                    text("data"),
                    int("created_at"),
                ],
            ),
            table(
                "finding",
                vec![
                    id("id"),
                    text("kind"),
                    text("subject"),
                    text("detail"),
                    int("since"),
                    int_null("resolved_at"),
                ],
            ),
        ];
        let indexes = vec![
            index("outbox", &["dedup_key"], true),
            index("outbox", &["state", "next_run_at"], false),
            index("notification", &["dossier_id"], false),
            index("finding", &["kind", "subject"], true),
        ];
        create(manager, tables, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["finding", "notification", "outbox"]).await
    }
}
