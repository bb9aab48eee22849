//! `GET /api/v1/dossiers`

use super::view::DossierView;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Mistake, Problem};
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::DossierId;
use entity::repo::dossier::{self, Place};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([A-Za-z0-9_-]{32})?$")]
    cursor: Option<String>,
    /// Rows on the page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// A page of dossiers, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DossiersView {
    /// The dossiers.
    dossiers: Vec<DossierView>,
    /// The cursor of the next page; absent on the last.
    next: Option<String>,
}

/// Dossiers of the caller's office, agency or round.
#[utoipa::path(get, path = "/api/v1/dossiers", tag = "dossier", params(ListQuery, AccessPurpose), security(("staff" = [])),
    responses((status = 200, body = DossiersView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<ListQuery>,
) -> Result<Json<DossiersView>, Problem> {
    let cursor = query.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let before = cursor.map(read_cursor).transpose()?;
    let limit = query.limit.unwrap_or(app.config.list_page);
    if !(1..=app.config.list_page).contains(&limit) {
        let most = app.config.list_page;
        let mistake = Mistake::invalid("?limit", format!("Từ 1 đến {most}."), format!("limit: 1 to {most}"));
        return Err(Problem::field(Kind::InvalidQuery, mistake));
    }
    let rows = dossier::list(&app.store.see(&right.scope).await?, &right.scope, before, limit).await?;
    right.looked(&app, "list", None, rows.len()).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|row| write_cursor(&Place::of(&row.dossier)));
    let dossiers = rows.into_iter().map(|row| DossierView::new(row, &right)).collect();
    Ok(Json(DossiersView { dossiers, next }))
}

/// Creation time and id, so that a page may end among dossiers of one millisecond.
fn write_cursor(last: &Place) -> String {
    let mut bytes = last.created_at.to_be_bytes().to_vec();
    bytes.extend(last.id.0.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read_cursor(cursor: &str) -> Result<Place, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let parts = bytes.as_deref().and_then(|bytes| bytes.split_first_chunk::<8>());
    let place = parts.and_then(|(created_at, id)| {
        Some(Place {
            created_at: i64::from_be_bytes(*created_at),
            id: DossierId(Uuid::from_slice(id).ok()?),
        })
    });
    place.ok_or_else(|| {
        let mistake = Mistake::invalid("?cursor", "Con trỏ không đọc được.", "cursor is not one of ours");
        Problem::field(Kind::InvalidQuery, mistake)
    })
}

#[cfg(test)]
mod tests {
    use super::{Place, URL_SAFE_NO_PAD, read_cursor, write_cursor};
    use base64::Engine as _;
    use domain::ids::DossierId;
    use uuid::Uuid;

    #[test]
    fn a_cursor_reads_back_and_no_other_text_does() {
        let place = Place {
            created_at: 1_795_401_000_000,
            id: DossierId(Uuid::from_u128(7)),
        };
        assert_eq!(read_cursor(&write_cursor(&place)).ok(), Some(place));
        for (why, bytes) in [("nothing", 0), ("a time alone", 8), ("too short", 23), ("too long", 25)] {
            assert!(read_cursor(&URL_SAFE_NO_PAD.encode(vec![1; bytes])).is_err(), "{why}");
        }
        assert!(read_cursor("not base64!").is_err());
    }
}
