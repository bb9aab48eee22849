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
use domain::calendar::{local_ms, read_date, write_date};
use domain::dossier::DossierState;
use domain::ids::DossierId;
use domain::mode::Mode;
use entity::repo::dossier::{self, Place, Wanted};
use serde::{Deserialize, Serialize};
use time::Date;
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
    /// Only in this state, `D0` to `D15`.
    #[param(pattern = "^D(1[0-5]|[0-9])$")]
    state: Option<String>,
    /// Only of this mode: `send`, `return` or `both`.
    #[param(pattern = "^(send|return|both)$")]
    mode: Option<String>,
    /// Only those due on this day or before it.
    #[param(format = Date)]
    due_to: Option<String>,
    /// Only those that began on this day or after it.
    #[param(format = Date)]
    from: Option<String>,
    /// Only those that began on this day or before it.
    #[param(format = Date)]
    to: Option<String>,
}

/// A filter that cannot be read.
fn unreadable(name: &str, english: &str) -> Problem {
    let mistake = Mistake::invalid(
        format!("?{name}"),
        "Không đọc được bộ lọc này.",
        format!("{name}: {english}"),
    );
    Problem::field(Kind::InvalidQuery, mistake)
}

impl ListQuery {
    fn wanted(&self) -> Result<Wanted, Problem> {
        let day = |name: &str, text: &Option<String>| match text.as_deref() {
            None => Ok(None),
            Some(text) => read_date(text)
                .map(Some)
                .ok_or_else(|| unreadable(name, "a day such as 2026-05-04")),
        };
        let state = self.state.as_deref().map(str::parse::<DossierState>).transpose();
        let mode = self.mode.as_deref().map(str::parse::<Mode>).transpose();
        let next = |day: Date| day.next_day().unwrap_or(day);
        Ok(Wanted {
            typed: None,
            state: state
                .map_err(|_| unreadable("state", "D0 to D15"))?
                .map(|state| state.to_string()),
            mode: mode.map_err(|_| unreadable("mode", "send, return or both"))?,
            due_to: day("due_to", &self.due_to)?.map(write_date),
            made_from: day("from", &self.from)?.map(|day| local_ms(day, 0)),
            made_before: day("to", &self.to)?.map(|day| local_ms(next(day), 0)),
        })
    }
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
    let limit = query.limit.unwrap_or(app.config.list_page);
    if !(1..=app.config.list_page).contains(&limit) {
        let most = app.config.list_page;
        let mistake = Mistake::invalid("?limit", format!("Từ 1 đến {most}."), format!("limit: 1 to {most}"));
        return Err(Problem::field(Kind::InvalidQuery, mistake));
    }
    let wanted = query.wanted()?;
    page(&app, &right, "list", &wanted, query.cursor.as_deref(), limit).await
}

/// A page of what is wanted, written down as a look.
pub(super) async fn page(
    app: &App,
    right: &StaffRight,
    look: &'static str,
    wanted: &Wanted,
    cursor: Option<&str>,
    limit: u64,
) -> Result<Json<DossiersView>, Problem> {
    let cursor = cursor.filter(|cursor| !cursor.is_empty());
    let before = cursor.map(read_cursor).transpose()?;
    let db = &app.store.see(&right.scope).await?;
    let rows = dossier::list(db, &right.scope, wanted, before, limit).await?;
    right.looked(app, look, None, rows.len()).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|row| write_cursor(&Place::of(&row.dossier)));
    let dossiers = rows.into_iter().map(|row| DossierView::new(row, right)).collect();
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
