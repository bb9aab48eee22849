//! Dossiers are found by the words of names and by telephone, with and without accents, by their code and by the number of their
//! order. Words are bytes, so that both databases compare them alike. Those of dossiers that are there already are written by the
//! sweep.

use crate::column::{bytes, create, drop_all, id, index};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let words = Table::create()
            .table("search_word")
            .col(id("dossier_id"))
            .col(bytes("accented"))
            .col(bytes("plain"))
            .primary_key(Index::create().col("dossier_id").col("accented"))
            .to_owned();
        let indexes = vec![
            index("search_word", &["plain", "dossier_id"], false),
            index("search_word", &["accented", "dossier_id"], false),
            index("dossier_state", &["code"], false),
            index("postal_order", &["order_number"], false),
        ];
        create(manager, vec![words], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in [
            ("postal_order", "ix_postal_order_order_number"),
            ("dossier_state", "ix_dossier_state_code"),
        ] {
            manager
                .drop_index(Index::drop().name(name).table(table).to_owned())
                .await?;
        }
        drop_all(manager, &["search_word"]).await
    }
}
