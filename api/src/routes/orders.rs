//! `GET /api/v1/orders` and `GET /api/v1/orders/{id}`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Path, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Mistake, Problem};
use crate::routes::papers::{Days, page_size, place, written};
use axum::extract::State;
use domain::ids::DossierId;
use domain::item::ItemState;
use entity::repo::order::{self, Placed, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrdersQuery {
    /// Papers to the agency, or results from it.
    #[param(inline)]
    direction: Option<Direction>,
    /// Only with an item in this state.
    #[param(pattern = "^C([0-9]|1[0-3])$")]
    state: Option<String>,
    /// Its number, as the client or the slip gave it.
    number: Option<String>,
    /// Placed from this day on: `2026-04-24`.
    #[param(format = Date)]
    from: Option<String>,
    /// Placed up to this day, itself included.
    #[param(format = Date)]
    to: Option<String>,
    /// The `next` of the page before; the first page when absent or empty.
    #[param(pattern = "^([A-Za-z0-9_-]{32})?$")]
    cursor: Option<String>,
    /// Rows on the page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// Which way the post carries.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// Papers to the agency.
    Collect,
    /// A result from the agency.
    Return,
}

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderView {
    /// Its id.
    id: Uuid,
    /// Who ordered: a system's customer code, or `counter:` and the office.
    customer_code: String,
    /// Its number there.
    order_number: String,
    /// `collect` or `return`.
    direction: String,
    /// Whose it is.
    dossier_id: Uuid,
    /// The label of its item.
    #[serde(skip_serializing_if = "Option::is_none")]
    item_code: Option<String>,
    /// The state of its item, `C0` to `C13`.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// Who has it, for example `staff:<uuid>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    /// Amount to collect, đồng.
    cod_amount: i64,
    /// When it was placed, milliseconds UTC.
    created_ms: i64,
}

impl From<Placed> for OrderView {
    fn from(placed: Placed) -> Self {
        let Placed { order, item } = placed;
        Self {
            id: order.id,
            customer_code: order.customer_code,
            order_number: order.order_number,
            direction: order.direction,
            dossier_id: order.dossier_id,
            item_code: item.as_ref().map(|item| item.item_code.clone()),
            state: item.as_ref().map(|item| item.state.clone()),
            holder: item.and_then(|item| item.holder),
            cod_amount: order.cod_amount,
            created_ms: order.created_at,
        }
    }
}

/// A page of orders, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrdersView {
    /// The orders.
    orders: Vec<OrderView>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Postal orders about dossiers of the caller's office or agency, with where their items are.
#[utoipa::path(get, path = "/api/v1/orders", tag = "dossier", params(OrdersQuery, AccessPurpose), security(("staff" = [])),
    responses((status = 200, body = OrdersView), StaffRead))]
pub(crate) async fn list(
    State(app): State<App>,
    right: StaffRight,
    Query(query): Query<OrdersQuery>,
) -> Result<Json<OrdersView>, Problem> {
    let days = Days::read(query.from.as_deref(), query.to.as_deref())?;
    let last: Option<[u8; 24]> = place(query.cursor.as_deref())?;
    let last = last.and_then(|bytes| {
        let (at, id) = bytes.split_first_chunk::<8>()?;
        Some((i64::from_be_bytes(*at), Uuid::from_slice(id).ok()?))
    });
    let limit = page_size(&app, query.limit)?;
    let state = query.state.as_deref().map(str::parse::<ItemState>).transpose();
    let state = state.map_err(|_| {
        let mistake = Mistake::invalid("?state", "Từ C0 đến C13.", "state: C0 to C13");
        Problem::field(Kind::InvalidQuery, mistake)
    })?;
    let wanted = Wanted {
        direction: query.direction.map(|direction| match direction {
            Direction::Collect => "collect".to_owned(),
            Direction::Return => "return".to_owned(),
        }),
        state: state.map(|state| state.code().to_owned()),
        number: query.number,
        from_ms: days.from_ms,
        until_ms: days.until_ms,
        last,
    };
    let rows = order::list(&app.store.see(&right.scope).await?, &right.scope, wanted, limit).await?;
    right.looked(&app, "orders", None, rows.len()).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows.last().filter(|_| is_full).map(|row| {
        let at = row.order.created_at.to_be_bytes();
        written(&[&at[..], row.order.id.as_bytes()].concat())
    });
    Ok(Json(OrdersView {
        orders: rows.into_iter().map(OrderView::from).collect(),
        next,
    }))
}

/// One postal order.
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The order"), AccessPurpose),
    responses((status = 200, body = OrderView), StaffRead))]
pub(crate) async fn show(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<Json<OrderView>, Problem> {
    let found = order::find(&app.store.see(&right.scope).await?, &right.scope, id).await?;
    let placed = found.ok_or(Kind::NotFound)?;
    right
        .looked(&app, "order", Some(DossierId(placed.order.dossier_id)), 1)
        .await?;
    Ok(Json(placed.into()))
}
