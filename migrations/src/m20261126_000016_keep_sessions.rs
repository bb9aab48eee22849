//! Sessions of staff, so that a refresh token can be turned over, recognised when it is used twice, and ended; and second
//! factors. Neither table holds a secret: tokens and factors are derived from the server's keys.

use crate::column::{bytes, bytes_null, create, drop_all, id, index, int, int_null, table, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sessions = table(
            "staff_session",
            vec![
                id("id"),
                id("staff_id"),
                text("role"),
                bytes_null("device_id"),
                int("generation"),
                int("turned_at"),
                int("replays"),
                int("created_at"),
                int("expires_at"),
                int_null("proved_at"),
                int_null("ended_at"),
                text_null("ended_why"),
            ],
        );
        let factors = table(
            "second_factor",
            vec![
                id("staff_id"),
                bytes("salt"),
                int("created_at"),
                int_null("confirmed_at"),
                int("last_step"),
            ],
        );
        let indexes = vec![
            index("staff_session", &["staff_id"], false),
            index("staff_session", &["expires_at"], false),
        ];
        create(manager, vec![sessions, factors], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["second_factor", "staff_session"]).await
    }
}
