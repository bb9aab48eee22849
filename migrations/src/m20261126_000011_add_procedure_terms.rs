//! A procedure's unit of days, and its whole record: cases, channels, fees and lists of papers.

use crate::column::text;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, usual) in [("limit_unit", "working"), ("body", "{}")] {
            let column = text(name).default(usual).to_owned();
            let alter = Table::alter().table("procedure").add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["body", "limit_unit"] {
            let alter = Table::alter().table("procedure").drop_column(name).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
