//! Labels come from runs of serials that belong to an office or to the post, no longer from one run for all. What the one run
//! had given goes on as a run of the post.

use crate::column::{create, drop_all, index, int, table, text};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The run every installation begins with, until a province loads its own: half of the serials of the letters used so far.
const FIRST_RUN: &str = "INSERT INTO serial_block (id, service, first, last, next, holder) VALUES \
    ('EE00000001', 'EE', 1, 49999999, coalesce((SELECT next FROM item_serial WHERE prefix = 'EE'), 0) + 1, 'post')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let blocks = table(
            "serial_block",
            vec![
                text("id"),
                text("service"),
                int("first"),
                int("last"),
                int("next"),
                text("holder"),
            ],
        );
        create(
            manager,
            vec![blocks],
            vec![index("serial_block", &["holder", "id"], false)],
        )
        .await?;
        manager.get_connection().execute_unprepared(FIRST_RUN).await?;
        drop_all(manager, &["item_serial"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let serials = table("item_serial", vec![text("prefix"), int("next")]);
        create(manager, vec![serials], Vec::new()).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO item_serial (prefix, next) \
                 SELECT service, max(next) - 1 FROM serial_block WHERE next > first GROUP BY service",
            )
            .await?;
        drop_all(manager, &["serial_block"]).await
    }
}
