//! Decisions on who carries an item come to an end: at most one stands for each leg, and only those that stand are load.
//!
//! `head` is the event after which the item lay where the decision found it; `ended_at` is empty while the decision stands.
//! Of the decisions made before this change the latest of each leg stands, unless nobody has to carry the item any more.

use crate::column::{bytes_null, index, int_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Earlier decisions on the same leg.
const SUPERSEDED: &str = "UPDATE assignment SET ended_at = decided_at WHERE EXISTS (\
     SELECT 1 FROM assignment later WHERE later.item_id = assignment.item_id AND later.leg = assignment.leg \
     AND (later.decided_at > assignment.decided_at \
          OR (later.decided_at = assignment.decided_at AND later.id > assignment.id)))";

/// Decisions on items that are delivered, back or withdrawn.
const FINISHED: &str = "UPDATE assignment SET ended_at = decided_at WHERE ended_at IS NULL AND EXISTS (\
     SELECT 1 FROM item_custody WHERE item_custody.item_id = assignment.item_id \
     AND item_custody.state IN ('C8', 'C11', 'C13'))";

/// The last of the indexes this makes; a test puts something in its way.
const PAGES: &str = "ix_dossier_created_at_id";

/// At most one decision stands for each leg of an item.
const ONE_STANDS: &str = "uq_assignment_standing";
/// Whom the standing decisions load.
const LOAD: &str = "ix_assignment_load";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [bytes_null("head"), int_null("ended_at")] {
            // One column at a time is all that SQLite adds.
            manager
                .alter_table(Table::alter().table("assignment").add_column(&mut column).to_owned())
                .await?;
        }
        for statement in [SUPERSEDED, FINISHED] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        manager
            .create_index(standing(ONE_STANDS, &["item_id", "leg"]).unique().to_owned())
            .await?;
        manager.create_index(standing(LOAD, &["staff_id"])).await?;
        manager
            .create_index(index("dossier", &["created_at", "id"], false))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in [("dossier", PAGES), ("assignment", LOAD), ("assignment", ONE_STANDS)] {
            manager
                .drop_index(Index::drop().name(name).table(table).to_owned())
                .await?;
        }
        for column in ["ended_at", "head"] {
            manager
                .alter_table(Table::alter().table("assignment").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}

/// An index of the decisions that stand.
fn standing(name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut create = Index::create();
    create
        .name(name)
        .table("assignment")
        .cond_where(Expr::col("ended_at").is_null());
    for column in columns {
        create.col(*column);
    }
    create
}
