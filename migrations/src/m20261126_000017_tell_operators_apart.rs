//! Several postal operators in one installation: each service point, client and dossier is of one. What was there before is the
//! first operator's. A dossier remembers the counter it was brought to, and a projection who held what from when until when:
//! whoever had an envelope yesterday may still ask about it.

use crate::column::{bytes, create, drop_all, id, id_null, index, int, int_null, table, text};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The identifier of the operator `VNPOST`, as an import makes it.
const FIRST: &str = "5cf97f88-40b9-8bf7-b6ff-57812b7e3b49";

/// Tables whose rows are of an operator.
const OWNED: [&str; 3] = ["service_point", "lgsp_client", "dossier"];

fn first(backend: DbBackend) -> String {
    match backend {
        DbBackend::Sqlite => format!("x'{}'", FIRST.replace('-', "")),
        _ => format!("'{FIRST}'"),
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        let (first, uuid) = (
            first(backend),
            if backend == DbBackend::Sqlite {
                "uuid_text"
            } else {
                "uuid"
            },
        );
        let operators = table("postal_operator", vec![id("id"), text("code"), text("name")]);
        let holdings = Table::create()
            .table("holding")
            .col(bytes("item_id"))
            .col(int("nth"))
            .col(id("dossier_id"))
            .col(text("holder"))
            .col(id_null("party"))
            .col(int("since_ms"))
            .col(int_null("until_ms"))
            .primary_key(Index::create().col("item_id").col("nth"))
            .to_owned();
        create(
            manager,
            vec![operators, holdings],
            vec![
                index("postal_operator", &["code"], true),
                index("holding", &["holder"], false),
                index("holding", &["party"], false),
                index("holding", &["dossier_id"], false),
            ],
        )
        .await?;
        let insert =
            format!("INSERT INTO postal_operator (id, code, name) VALUES ({first}, 'VNPOST', 'Bưu điện Việt Nam')");
        db.execute_unprepared(&insert).await?;
        for owned in OWNED {
            let alter = format!("ALTER TABLE {owned} ADD COLUMN operator_id {uuid} NOT NULL DEFAULT {first}");
            db.execute_unprepared(&alter).await?;
        }
        for (owned, name) in [("staff", "operator_id"), ("dossier", "counter_id")] {
            let mut column = id_null(name);
            let alter = Table::alter().table(owned).add_column(&mut column).to_owned();
            manager.alter_table(alter).await?;
        }
        manager
            .create_index(index("dossier", &["operator_id", "created_at"], false))
            .await?;
        manager.create_index(index("dossier", &["counter_id"], false)).await?;
        // The projection fills as items move; for what has moved already the log is folded again once.
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["ix_dossier_counter_id", "ix_dossier_operator_id_created_at"] {
            manager
                .drop_index(Index::drop().name(name).table("dossier").to_owned())
                .await?;
        }
        for (owned, name) in [("dossier", "counter_id"), ("staff", "operator_id")] {
            let alter = Table::alter().table(owned).drop_column(name).to_owned();
            manager.alter_table(alter).await?;
        }
        for owned in OWNED.into_iter().rev() {
            let alter = Table::alter().table(owned).drop_column("operator_id").to_owned();
            manager.alter_table(alter).await?;
        }
        drop_all(manager, &["holding", "postal_operator"]).await
    }
}
