//! Which case of its procedure a dossier is, and through which channel it was lodged: the time limit follows from both. Empty for
//! dossiers of before, which keep the limit of their procedure's ordinary case.

use crate::column::text_null;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: [&str; 2] = ["procedure_case", "channel"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in COLUMNS {
            // One column at a time is all that SQLite adds.
            let mut column = text_null(name);
            let alter = Table::alter().table("dossier").add_column(&mut column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in COLUMNS.into_iter().rev() {
            let alter = Table::alter().table("dossier").drop_column(name).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
