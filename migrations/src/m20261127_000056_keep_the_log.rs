//! The public log: its shards, the leaf of each fact, the tiles over them, and the heads that were signed.

use crate::column::{bytes, create, drop_all, index, int, int_null, table, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let shard = table(
            "log_shard",
            vec![
                text("name"),
                int("first_index"),
                int("size"),
                int("restored_at"),
                int("opened_at"),
                int_null("closed_at"),
            ],
        );
        let leaf = table(
            "log_leaf",
            vec![int("log_index"), bytes("event_id"), bytes("salt"), bytes("hash")],
        );
        // A tile of one shard: "2026/0/17" is the eighteenth of its lowest level.
        let tile = table("log_tile", vec![text("place"), bytes("data")]);
        // One head of one shard: "2026/00000000000000000042".
        let checkpoint = table(
            "log_checkpoint",
            vec![
                text("place"),
                text("shard"),
                int("size"),
                bytes("root"),
                text("note"),
                int("signed_at"),
            ],
        );
        let indexes = vec![
            index("log_shard", &["first_index"], true),
            index("log_leaf", &["event_id"], true),
        ];
        create(manager, vec![shard, leaf, tile, checkpoint], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["log_checkpoint", "log_tile", "log_leaf", "log_shard"]).await
    }
}
