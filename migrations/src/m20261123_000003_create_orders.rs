//! Who asked for what: orders, dossiers, items. Personal data lives here and nowhere in the evidence.

use crate::column::{
    bytes, bytes_null, create, degree_null, drop_all, id, id_null, index, int, table, text, text_null,
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
            index("lgsp_client", &["customer_code"], true),
            index("lgsp_client", &["client_key"], true),
            index("dossier", &["capability_hash"], true),
            index("dossier", &["agency_id"], false),
            index("postal_order", &["customer_code", "order_number"], true),
            index("postal_order", &["dossier_id"], false),
            index("postal_item", &["item_code"], true),
            index("postal_item", &["dossier_id"], false),
            index("assignment", &["item_id", "leg"], false),
            index("assignment", &["staff_id", "decided_at"], false),
            index("unplaced", &["item_id", "leg"], true),
        ];
        create(manager, tables(), indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "unplaced",
                "assignment",
                "item_serial",
                "postal_item",
                "postal_order",
                "dossier",
                "lgsp_token",
                "lgsp_client",
            ],
        )
        .await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    let mut tables = order_tables();
    tables.extend(item_tables());
    tables
}

/// Who asks for what, and whose it is.
fn order_tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "lgsp_client",
            vec![
                id("id"),
                text("customer_code"),
                text("name"),
                id("agency_id"),
                text("client_key"),
                text("secret_hash"),
                text("profile"),
            ],
        ),
        table(
            "lgsp_token",
            vec![bytes("token_hash"), id("client_id"), int("expires_at")],
        ),
        table(
            "dossier",
            vec![
                id("id"),
                text("mode"),
                id("agency_id"),
                id_null("desk_id"),
                text_null("procedure_code"),
                text("applicant_name"),
                text("applicant_phone"),
                text("applicant_address"),
                text_null("commune_code"),
                degree_null("lat"),
                degree_null("lon"),
                int("paper_count"),
                bytes("capability_hash"),
                int("created_at"),
            ],
        ),
        table(
            "postal_order",
            vec![
                id("id"),
                id_null("client_id"),
                text("customer_code"),
                text("order_number"),
                bytes("body_digest"),
                text("direction"),
                id("dossier_id"),
                bytes_null("item_id"),
                int("cod_amount"),
                text("body"),
                int("created_at"),
            ],
        ),
    ]
}

/// Labels, and who was told to carry them.
fn item_tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "postal_item",
            vec![
                bytes("item_id"),
                text("item_code"),
                text("kind"),
                id("dossier_id"),
                id_null("order_id"),
                int("created_at"),
            ],
        ),
        table("item_serial", vec![text("prefix"), int("next")]),
        table(
            "assignment",
            vec![
                id("id"),
                bytes("item_id"),
                id("dossier_id"),
                text("leg"),
                id("staff_id"),
                id("service_point_id"),
                text("why"),
                int("decided_at"),
            ],
        ),
        table(
            "unplaced",
            vec![
                id("id"),
                bytes("item_id"),
                text("leg"),
                text("reason"),
                text("detail"),
                int("since"),
                text_null("resolution"),
            ],
        ),
    ]
}
