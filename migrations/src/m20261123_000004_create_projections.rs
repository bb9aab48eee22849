//! Everything that can be dropped and folded again from the inbox to the same bytes.

use crate::column::{
    bytes, bytes_null, create, drop_all, flag, id, id_null, index, int, int_null, table, text, text_null,
};
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
            index("custody_event", &["device_id", "seq"], false),
            index("custody_event", &["about"], false),
            index("custody_event", &["log_index"], false),
            index("item_event", &["event_id"], false),
            index("item_custody", &["dossier_id"], false),
            index("item_custody", &["holder"], false),
            index("dossier_act", &["dossier_id", "log_index"], false),
            index("tracking_event", &["client_id", "seq"], false),
            index("change", &["recipient", "seq"], false),
        ];
        create(manager, tables(), indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "parked",
                "quarantine",
                "change",
                "tracking_event",
                "dossier_state",
                "dossier_act",
                "item_custody",
                "item_event",
                "custody_event",
                "device",
            ],
        )
        .await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    let mut tables = custody_tables();
    tables.extend(told_tables());
    tables
}

/// What the facts say of devices, events and items.
fn custody_tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "device",
            vec![
                bytes("device_id"),
                bytes("public_key"),
                id("staff_id"),
                text("hats"),
                int("enrolled_index"),
                int_null("revoked_index"),
                int("contiguous"),
                int("seq_max"),
                int_null("fork_at"),
                int_null("broken_at"),
            ],
        ),
        table(
            "custody_event",
            vec![
                bytes("event_id"),
                int("log_index"),
                int("kind"),
                bytes("device_id"),
                int("seq"),
                bytes("prev"),
                bytes_null("about"),
                text("verdict"),
            ],
        ),
        Table::create()
            .table("item_event")
            .col(bytes("item_id"))
            .col(bytes("event_id"))
            .primary_key(Index::create().col("item_id").col("event_id"))
            .to_owned(),
        table(
            "item_custody",
            vec![
                bytes("item_id"),
                text("item_code"),
                text("kind"),
                id("dossier_id"),
                text("state"),
                text_null("holder"),
                bytes_null("head"),
                int("since_ms"),
                flag("provisional"),
                flag("disputed"),
                int("parked"),
                int("attempts"),
                int("told"),
                bytes("body"),
                int("log_index"),
            ],
        ),
    ]
}

/// What they say of dossiers, what others are told, and what did not fit.
fn told_tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "dossier_act",
            vec![
                bytes("event_id"),
                id("dossier_id"),
                int("log_index"),
                text("kind"),
                int("at_ms"),
                text("data"),
            ],
        ),
        table(
            "dossier_state",
            vec![
                id("dossier_id"),
                text("state"),
                text("mode"),
                text_null("code"),
                text_null("due_on"),
                int("waiting"),
                text("body"),
                int("log_index"),
            ],
        ),
        table(
            "tracking_event",
            vec![
                int("seq"),
                int("log_index"),
                id_null("client_id"),
                text("customer_code"),
                text("order_number"),
                text("item_code"),
                text("pos_code"),
                int("status_code"),
                text("status_message"),
                text("notes"),
                int("event_time"),
            ],
        ),
        table(
            "change",
            vec![int("seq"), int("log_index"), text("recipient"), text("body")],
        ),
        table(
            "quarantine",
            vec![
                bytes("event_id"),
                int("log_index"),
                text("reason"),
                text("source"),
                int("since"),
            ],
        ),
        table(
            "parked",
            vec![bytes("event_id"), int("log_index"), text("reason"), int("since")],
        ),
    ]
}
