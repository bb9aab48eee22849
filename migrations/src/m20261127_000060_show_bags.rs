//! In which sealed bag an item lies, and the event that packed it: read from the fold, so that a list of bags is one query.

use crate::column::{bytes_null, index, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: [&str; 2] = ["bag", "packed_in"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [text_null(COLUMNS[0]), bytes_null(COLUMNS[1])] {
            let alter = Table::alter().table("item_custody").add_column(&mut column).to_owned();
            manager.alter_table(alter).await?;
        }
        manager.create_index(index("item_custody", &["bag"], false)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop()
            .name("ix_item_custody_bag")
            .table("item_custody")
            .to_owned();
        manager.drop_index(index).await?;
        for column in COLUMNS {
            let alter = Table::alter().table("item_custody").drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
