//! The inbox, which is the truth, and the sequencer that numbers it.
//!
//! Rows are immutable: triggers refuse every delete and every update except the one that gives a row its number, once. That
//! does not stop a database owner; the Merkle log exists for that. It stops our own mistakes.

use crate::column::{bytes, create, drop_all, id, index, int, int_null, table, text};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const SQLITE: [&str; 2] = [
    "CREATE TRIGGER inbox_is_kept BEFORE DELETE ON inbox BEGIN SELECT RAISE(ABORT, 'inbox rows are never deleted'); END",
    "CREATE TRIGGER inbox_is_immutable BEFORE UPDATE ON inbox \
     WHEN OLD.log_index IS NOT NULL OR NEW.event_id IS NOT OLD.event_id OR NEW.lane IS NOT OLD.lane \
     OR NEW.raw IS NOT OLD.raw OR NEW.received_at IS NOT OLD.received_at OR NEW.source IS NOT OLD.source \
     BEGIN SELECT RAISE(ABORT, 'inbox rows are never changed'); END",
];

const POSTGRES: [&str; 2] = [
    "CREATE FUNCTION inbox_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
       IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'inbox rows are never deleted'; END IF; \
       IF OLD.log_index IS NOT NULL OR NEW.event_id IS DISTINCT FROM OLD.event_id \
          OR NEW.lane IS DISTINCT FROM OLD.lane OR NEW.raw IS DISTINCT FROM OLD.raw \
          OR NEW.received_at IS DISTINCT FROM OLD.received_at OR NEW.source IS DISTINCT FROM OLD.source \
       THEN RAISE EXCEPTION 'inbox rows are never changed'; END IF; \
       RETURN NEW; END $$",
    "CREATE TRIGGER inbox_guard BEFORE UPDATE OR DELETE ON inbox FOR EACH ROW EXECUTE FUNCTION inbox_guard()",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![
            table(
                "inbox",
                vec![
                    bytes("event_id"),
                    int("lane"),
                    bytes("raw"),
                    int("received_at"),
                    int("place").default(0).to_owned(),
                    text("source"),
                    int_null("log_index"),
                ],
            ),
            table(
                "sequencer",
                vec![
                    int("id"),
                    int("epoch"),
                    int("last_index"),
                    int("applied_index"),
                    int("tracking_seq"),
                    int("change_seq"),
                ],
            ),
            table(
                "unreadable_deposit",
                vec![
                    id("id"),
                    bytes("raw"),
                    text("reason"),
                    text("source"),
                    int("received_at"),
                ],
            ),
        ];
        create(manager, tables, vec![index("inbox", &["log_index"], true)]).await?;
        let db = manager.get_connection();
        db.execute_unprepared(
            "CREATE INDEX ix_inbox_waiting ON inbox (received_at, place, event_id) WHERE log_index IS NULL",
        )
        .await?;
        db.execute_unprepared("INSERT INTO sequencer (id, epoch, last_index, applied_index, tracking_seq, change_seq) VALUES (1, 0, 0, 0, 0, 0)")
            .await?;
        let guards = if manager.get_database_backend() == DbBackend::Postgres {
            POSTGRES
        } else {
            SQLITE
        };
        for guard in guards {
            db.execute_unprepared(guard).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["unreadable_deposit", "sequencer", "inbox"]).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .get_connection()
                .execute_unprepared("DROP FUNCTION inbox_guard()")
                .await?;
        }
        Ok(())
    }
}
