//! What an operator loads before the first dossier: places, offices, people, procedures, calendars.

use crate::column::{create, degree, drop_all, flag, id, id_null, index, int, table, text, text_null};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![
            table("setting", vec![text("key"), text("value")]),
            table(
                "commune",
                vec![
                    text("code"),
                    text("name"),
                    text("kind"),
                    text("old_names"),
                    degree("lat"),
                    degree("lon"),
                ],
            ),
            table("agency", vec![id("id"), text("code"), text("name")]),
            table(
                "service_point",
                vec![
                    id("id"),
                    text("code"),
                    text("name"),
                    text("commune_code"),
                    text("pos_code"),
                    degree("lat"),
                    degree("lon"),
                    text_null("territory"),
                ],
            ),
            table(
                "desk",
                vec![
                    id("id"),
                    text("code"),
                    text("name"),
                    id("agency_id"),
                    id_null("service_point_id"),
                    text("commune_code"),
                    degree("lat"),
                    degree("lon"),
                ],
            ),
            table(
                "staff",
                vec![
                    id("id"),
                    text("login"),
                    text("name"),
                    text("roles"),
                    text_null("password_hash"),
                    id_null("service_point_id"),
                    id_null("desk_id"),
                    id_null("agency_id"),
                    flag("active"),
                ],
            ),
            table(
                "courier",
                vec![
                    id("staff_id"),
                    id("service_point_id"),
                    text("areas"),
                    int("shift_from_min"),
                    int("shift_to_min"),
                    int("capacity"),
                ],
            ),
            table(
                "procedure",
                vec![
                    text("code"),
                    text("name"),
                    text("sector"),
                    int("limit_days"),
                    text("source_ref"),
                ],
            ),
            table("calendar_day", vec![text("date"), text("kind"), text("why")]),
        ];
        let indexes = vec![
            index("agency", &["code"], true),
            index("service_point", &["code"], true),
            index("desk", &["code"], true),
            index("staff", &["login"], true),
        ];
        create(manager, tables, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "calendar_day",
                "procedure",
                "courier",
                "staff",
                "desk",
                "service_point",
                "agency",
                "commune",
                "setting",
            ],
        )
        .await
    }
}
