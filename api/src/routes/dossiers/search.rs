//! `POST /api/v1/dossiers/search`: finding a dossier by what somebody at the counter knows of it. In a body, because a name does not
//! belong into an address.

use super::list::{DossiersView, page};
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::Json;
use crate::openapi::{StaffRead, StaffWrite};
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::repo::dossier::Wanted;
use serde::Deserialize;
use utoipa::ToSchema;

/// Longest text: a name, or an order's number in somebody's software.
const LONGEST: usize = 100;

/// What somebody knows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchRequest {
    /// A label, the agency's code, an order's number, a telephone, or words of a name: without accents they find names with and
    /// without, with accents those alone. Of a word without accents the end may be missing.
    #[schema(min_length = 1, max_length = 100)]
    text: String,
    /// The `next` of the page before; the first page when absent or empty.
    #[schema(pattern = "^([A-Za-z0-9_-]{32})?$")]
    cursor: Option<String>,
}

/// Dossiers of the caller's office, agency or round that what they typed may mean, newest first.
#[utoipa::path(post, path = "/api/v1/dossiers/search", tag = "dossier", request_body = SearchRequest, security(("staff" = [])),
    params(AccessPurpose),
    responses((status = 200, body = DossiersView), StaffRead, StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Json(request): Json<SearchRequest>,
) -> Result<Json<DossiersView>, Problem> {
    let text = request.text.trim();
    if text.is_empty() || text.chars().count() > LONGEST || text.contains('\0') {
        let why = format!("text has 1 to {LONGEST} characters");
        return Err(Problem::with(Kind::InvalidRequest, why));
    }
    let wanted = Wanted {
        typed: Some(text.to_owned()),
        ..Wanted::default()
    };
    page(
        &app,
        &right,
        "search",
        &wanted,
        request.cursor.as_deref(),
        app.config.list_page,
    )
    .await
}
