//! Who looked into which dossier, as what, from where and for what purpose: for the applicant, for whoever runs an office or an
//! agency, and for auditors. Names of readers and applicants are not copied here.

use crate::column::{create, drop_all, id, id_null, index, int, table, text};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let log = table(
            "access_log",
            vec![
                id("id"),
                int("at_ms"),
                id("staff_id"),
                text("role"),
                id_null("service_point_id"),
                id_null("agency_id"),
                id_null("operator_id"),
                id_null("dossier_id"),
                text("what"),
                text("purpose"),
                int("rows"),
            ],
        );
        let indexes = vec![
            index("access_log", &["dossier_id", "at_ms"], false),
            index("access_log", &["staff_id", "at_ms"], false),
            index("access_log", &["at_ms"], false),
        ];
        create(manager, vec![log], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["access_log"]).await
    }
}
