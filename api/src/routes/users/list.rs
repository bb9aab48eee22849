//! `GET /api/v1/users`

use super::{UserView, of};
use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use domain::place::Sought;
use entity::repo::directory::{self, Entry};
use entity::repo::staff::Role;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsersQuery {
    /// Words of a name, with or without accents, or a whole login.
    #[param(max_length = 80)]
    q: Option<String>,
    /// Only who has this role.
    #[param(
        pattern = "^(courier|post_agent|post_supervisor|desk_agent|agency_receiver|agency_manager|ops_admin|key_admin|auditor)$"
    )]
    role: Option<String>,
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([0-9a-f]{2})*$")]
    cursor: Option<String>,
}

/// A page of people, by login.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsersView {
    /// The people.
    users: Vec<UserView>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Who works here, those who left among them: the caller's operator's people, or those of their office or agency. An office and
/// an agency read no logins.
#[utoipa::path(get, path = "/api/v1/users", tag = "admin", params(UsersQuery), security(("staff" = [])),
    responses((status = 200, body = UsersView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<UsersQuery>,
) -> Result<Json<UsersView>, Problem> {
    let unreadable = |what: &str| Problem::with(Kind::InvalidQuery, what);
    let role = query
        .role
        .as_deref()
        .map(|name| Role::parse(name).ok_or_else(|| unreadable("there is no such role")));
    let role = role.transpose()?;
    let after = query.cursor.as_deref().map(hex::decode).transpose();
    let after = after
        .map_err(|_| unreadable("cursor is not one of ours"))?
        .unwrap_or_default();
    let typed = query.q.as_deref().unwrap_or_default();
    if typed.chars().count() > 80 {
        return Err(unreadable("q has at most 80 characters"));
    }
    let is_whole = right.sees_papers();
    let all = directory::list(app.store.open(), of(&right)?).await?;
    let mut found = sought(all, typed, is_whole);
    found.retain(|one| role.is_none_or(|role| one.roles.contains(&role.as_str())));
    found.retain(|one| one.login.as_bytes() > after.as_slice());
    // Databases sort letters each their own way; a cursor needs one.
    found.sort_by(|a, b| a.login.cmp(&b.login));
    let page = usize::try_from(app.config.list_page).unwrap_or(usize::MAX);
    let is_more = found.len() > page;
    found.truncate(page);
    let next = found.last().filter(|_| is_more).map(|last| hex::encode(&last.login));
    Ok(Json(UsersView {
        users: found.into_iter().map(|one| UserView::of(one, is_whole)).collect(),
        next,
    }))
}

/// Those whose name has what was typed; without accents only when nobody's has it with them.
fn sought(all: Vec<Entry>, typed: &str, is_whole: bool) -> Vec<Entry> {
    let Some(words) = Sought::new(typed) else { return all };
    let finds = |words: &Sought| -> Vec<Entry> {
        let fits = |one: &&Entry| words.is_in(&one.name) || (is_whole && one.login == typed.trim());
        all.iter().filter(fits).cloned().collect()
    };
    let exact = finds(&words);
    if exact.is_empty() {
        finds(&words.without_accents())
    } else {
        exact
    }
}
