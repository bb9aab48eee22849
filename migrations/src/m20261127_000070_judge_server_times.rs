//! Whether the server time an event names is one this server told its device. Events folded before count as before; `traotay doctor
//! --rebuild` judges them too.

use crate::column::flag;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut told = flag("time_is_ours").default(true).to_owned();
        let alter = Table::alter().table("custody_event").add_column(&mut told).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter()
            .table("custody_event")
            .drop_column("time_is_ours")
            .to_owned();
        manager.alter_table(alter).await
    }
}
