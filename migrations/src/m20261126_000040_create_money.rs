//! Folds of what the log says of money, and of matters that have a life of their own beside the dossier: shifts, remittances,
//! complaints, compensation, feedback. And the one table of them that is no fold: what people wrote, which never enters the log.

use crate::column::{bytes, create, drop_all, id, id_null, index, int, int_null, table, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            index("money_line", &["dossier_id", "log_index"], false),
            index("money_line", &["till", "ledger"], false),
            index("fee_receipt", &["point_id", "series", "serial"], true),
            index("fee_receipt", &["dossier_id"], false),
            index("fee_receipt", &["remittance_id"], false),
            index("matter_act", &["subject", "log_index"], false),
            index("matter_act", &["dossier_id"], false),
            index("matter_act", &["place", "kind"], false),
        ];
        create(manager, tables(), indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["matter_text", "matter_act", "fee_receipt", "money_line"]).await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "money_line",
            vec![
                bytes("event_id"),
                int("log_index"),
                id("dossier_id"),
                text("kind"),
                text("ledger"),
                int("amount"),
                text_null("tender"),
                text_null("till"),
                text("actor"),
                int("at_ms"),
                text("data"),
                int_null("distrusted_at"),
            ],
        ),
        table(
            "fee_receipt",
            vec![
                text("number"),
                id("point_id"),
                text("series"),
                int("serial"),
                id("dossier_id"),
                id("agency_id"),
                int("amount"),
                bytes("line_id"),
                int("issued_at"),
                int_null("voided_at"),
                text_null("void_reason"),
                id_null("remittance_id"),
                int("log_index"),
            ],
        ),
        table(
            "matter_act",
            vec![
                bytes("event_id"),
                int("log_index"),
                id("subject"),
                text("kind"),
                id_null("dossier_id"),
                text_null("place"),
                text("actor"),
                int("at_ms"),
                text("data"),
            ],
        ),
        table(
            "matter_text",
            vec![
                bytes("event_id"),
                id("subject"),
                id("dossier_id"),
                text("body"),
                int("created_at"),
            ],
        ),
    ]
}
