//! Where a device keeps its key: a browser's holds for a shorter time than a phone's.

use crate::column::text_null;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut class = text_null("key_class");
        let alter = Table::alter().table("device").add_column(&mut class).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("device").drop_column("key_class").to_owned();
        manager.alter_table(alter).await
    }
}
