//! What two people ruled on a dispute or an event, as the log tells it; and the rulings that wait for a second person.

use crate::column::{bytes, bytes_null, create, drop_all, id, id_null, index, int, int_null, table, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ruling = table(
            "ruling",
            vec![
                bytes("event_id"),
                int("log_index"),
                bytes_null("item_id"),
                bytes_null("about"),
                text("outcome"),
                int("at_ms"),
                text("data"),
            ],
        );
        let request = table(
            "ruling_request",
            vec![
                id("id"),
                bytes("case_id"),
                id("staff_id"),
                text("role"),
                id_null("operator_id"),
                id_null("agency_id"),
                text("outcome"),
                text("data"),
                text("reason"),
                int("asked_at"),
                int("lapses_at"),
                text_null("decision"),
                id_null("decided_by"),
                int_null("decided_at"),
            ],
        );
        let indexes = vec![
            index("ruling", &["item_id"], false),
            index("ruling", &["about"], false),
            index("ruling_request", &["case_id"], false),
            index("ruling_request", &["asked_at", "id"], false),
        ];
        create(manager, vec![ruling, request], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["ruling_request", "ruling"]).await
    }
}
