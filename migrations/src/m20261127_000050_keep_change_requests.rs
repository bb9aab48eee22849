//! Changes to who works here that one person proposes and another decides about: what was, what becomes of it, who and when.
//! Nothing is taken out of it again.

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
        let requests = table(
            "change_request",
            vec![
                id("id"),
                id("operator_id"),
                text("kind"),
                text("subject"),
                text("body"),
                text("was"),
                text("becomes"),
                text("reason"),
                id("proposed_by"),
                text("proposed_as"),
                int("proposed_at"),
                int("expires_at"),
                text_null("decision"),
                text_null("decision_reason"),
                id_null("decided_by"),
                int_null("decided_at"),
            ],
        );
        let indexes = vec![index("change_request", &["operator_id", "proposed_at"], false)];
        create(manager, vec![requests], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["change_request"]).await
    }
}
