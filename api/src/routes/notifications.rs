//! `GET /api/v1/notifications`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use domain::ids::DossierId;
use entity::repo::{dossier, notification};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Of which dossier.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NotificationQuery {
    /// The dossier.
    dossier: Uuid,
}

/// A notice that went out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotificationView {
    /// Its id.
    id: Uuid,
    /// By which way.
    channel: String,
    /// Which text.
    template: String,
    /// What was filled in.
    data: serde_json::Value,
    /// When, in milliseconds UTC.
    created_ms: i64,
}

/// Notices about one dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotificationsView {
    /// The notices, oldest first.
    notifications: Vec<NotificationView>,
}

/// What the citizen of a dossier was told.
#[utoipa::path(get, path = "/api/v1/notifications", tag = "dossier", params(NotificationQuery, AccessPurpose), security(("staff" = [])),
    responses((status = 200, body = NotificationsView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<NotificationQuery>,
) -> Result<Json<NotificationsView>, Problem> {
    let (db, id) = (&app.store.see(&right.scope).await?, DossierId(query.dossier));
    dossier::find(db, &right.scope, id).await?.ok_or(Kind::NotFound)?;
    let rows = notification::of_dossier(db, id).await?;
    right.looked(&app, "notices", Some(id), 1).await?;
    let notifications = rows.into_iter().map(|row| NotificationView {
        id: row.id,
        channel: row.channel,
        template: row.template,
        data: serde_json::from_str(&row.data).unwrap_or_default(),
        created_ms: row.created_at,
    });
    Ok(Json(NotificationsView {
        notifications: notifications.collect(),
    }))
}
