//! A result may go to somebody else than whoever sent the papers, at another address: orders name both.

use crate::column::{create, degree_null, drop_all, id, table, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let receiver = table(
            "result_receiver",
            vec![
                id("dossier_id"),
                text("name"),
                text("phone"),
                text("address"),
                text_null("commune_code"),
                degree_null("lat"),
                degree_null("lon"),
            ],
        );
        create(manager, vec![receiver], Vec::new()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["result_receiver"]).await
    }
}
