//! One-stop systems that prove themselves by a signature instead of a secret, the assertions they have used, and whether they may
//! order at all.

use crate::column::{bytes, create, drop_all, flag, index, int, table, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [text_null("public_key"), flag("active").default(true).to_owned()] {
            let alter = Table::alter().table("lgsp_client").add_column(&mut column).to_owned();
            manager.alter_table(alter).await?;
        }
        let used = table("client_assertion", vec![bytes("hash"), int("expires_at")]);
        let indexes = vec![index("client_assertion", &["expires_at"], false)];
        create(manager, vec![used], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["client_assertion"]).await?;
        for name in ["active", "public_key"] {
            let alter = Table::alter().table("lgsp_client").drop_column(name).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
