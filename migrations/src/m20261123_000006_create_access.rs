//! Who may come in: enrolment codes for devices and the answers kept for repeated requests.

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
        let tables = vec![
            table(
                "enrolment_code",
                vec![
                    bytes("code_hash"),
                    id("staff_id"),
                    int("created_at"),
                    int("expires_at"),
                    int_null("used_at"),
                ],
            ),
            table(
                "idempotency_key",
                vec![
                    bytes("key_hash"),
                    bytes("request_digest"),
                    int("status"),
                    text("answer"),
                    int("created_at"),
                ],
            ),
        ];
        create(manager, tables, vec![index("idempotency_key", &["created_at"], false)]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["idempotency_key", "enrolment_code"]).await
    }
}
