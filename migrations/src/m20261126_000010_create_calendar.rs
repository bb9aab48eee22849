//! A province's files as they were loaded, where the whole matters more than its rows: the calendar, tariffs, rules, successions
//! of units. And the notices that came to be known while the program ran. Single days, as they were kept before, cannot say
//! which notice brought them, so every version of the calendar was lost.

use crate::column::{create, drop_all, int, table, text};
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
            table("province_file", vec![text("name"), text("body")]),
            table(
                "calendar_notice",
                vec![text("number"), int("known_at"), text("body"), text("actor")],
            ),
        ];
        create(manager, tables, Vec::new()).await?;
        drop_all(manager, &["calendar_day"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let days = table("calendar_day", vec![text("date"), text("kind"), text("why")]);
        create(manager, vec![days], Vec::new()).await?;
        drop_all(manager, &["calendar_notice", "province_file"]).await
    }
}
