//! What an item weighed when it was accepted, for the manifest and for what its carriage costs.

use crate::column::int_null;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut weight = int_null("weight_g");
        let alter = Table::alter().table("postal_item").add_column(&mut weight).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("postal_item").drop_column("weight_g").to_owned();
        manager.alter_table(alter).await
    }
}
