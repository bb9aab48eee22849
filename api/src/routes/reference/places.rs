//! `GET /api/v1/operators`, `/offices`, `/territories`, `/agencies` and `/desks`.

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Json;
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use entity::StoreError;
use entity::repo::reference;
use entity::table::service_point;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A postal operator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorView {
    /// Its id.
    id: Uuid,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
}

/// The postal operators of this installation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorsView {
    /// Each of them, by code.
    operators: Vec<OperatorView>,
}

/// Which postal operators share this installation. None of them sees what another one carries.
#[utoipa::path(get, path = "/api/v1/operators", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = OperatorsView), StaffRead))]
pub(crate) async fn operators(State(app): State<App>, _right: StaffRight) -> Result<Json<OperatorsView>, Problem> {
    let rows = reference::operators(app.store.open()).await?;
    let operators = rows.into_iter().map(|row| OperatorView {
        id: row.id,
        code: row.code,
        name: row.name,
    });
    Ok(Json(OperatorsView {
        operators: operators.collect(),
    }))
}

/// A post office.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficeView {
    /// Its id.
    id: Uuid,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Its code in VNPost's list of offices.
    pos_code: String,
    /// Whose it is.
    operator_id: Uuid,
    /// The commune it stands in.
    commune_code: String,
    /// Latitude, degrees.
    lat: f64,
    /// Longitude, degrees.
    lon: f64,
}

/// Post offices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficesView {
    /// Each of them, by code.
    offices: Vec<OfficeView>,
}

/// The post offices of every operator: where an envelope may come from and go to.
#[utoipa::path(get, path = "/api/v1/offices", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = OfficesView), StaffRead))]
pub(crate) async fn offices(State(app): State<App>, _right: StaffRight) -> Result<Json<OfficesView>, Problem> {
    let rows = by_code(&app).await?;
    let offices = rows.into_iter().map(|row| OfficeView {
        id: row.id,
        code: row.code,
        name: row.name,
        pos_code: row.pos_code,
        operator_id: row.operator_id,
        commune_code: row.commune_code,
        lat: row.lat,
        lon: row.lon,
    });
    Ok(Json(OfficesView {
        offices: offices.collect(),
    }))
}

async fn by_code(app: &App) -> Result<Vec<service_point::Model>, StoreError> {
    let mut rows = reference::service_points(app.store.open()).await?;
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(rows)
}

/// What a post office serves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TerritoryView {
    /// The office.
    office_id: Uuid,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// A GeoJSON polygon or several; null where the nearest office serves.
    #[schema(value_type = Option<Object>)]
    territory: Value,
}

/// Territories.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TerritoriesView {
    /// Each office's, by code.
    territories: Vec<TerritoryView>,
}

/// What each post office of the caller's operator serves: pickups and deliveries are assigned by it.
#[utoipa::path(get, path = "/api/v1/territories", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = TerritoriesView), StaffRead))]
pub(crate) async fn territories(State(app): State<App>, right: StaffRight) -> Result<Json<TerritoriesView>, Problem> {
    let operator = right.person.operator.ok_or(Kind::MissingRight)?;
    let rows = by_code(&app).await?;
    let theirs = rows.into_iter().filter(|row| row.operator_id == operator.0);
    let read = |row: service_point::Model| {
        let territory = row.territory.as_deref().map(serde_json::from_str).transpose();
        let territory = territory.map_err(|error| StoreError::corrupt("service_point", &row.code, error))?;
        Ok(TerritoryView {
            territory: territory.unwrap_or(Value::Null),
            office_id: row.id,
            code: row.code,
            name: row.name,
        })
    };
    let territories: Result<Vec<TerritoryView>, StoreError> = theirs.map(read).collect();
    Ok(Json(TerritoriesView {
        territories: territories?,
    }))
}

/// An agency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgencyView {
    /// Its id.
    id: Uuid,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
}

/// Agencies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgenciesView {
    /// Each of them, by code.
    agencies: Vec<AgencyView>,
}

/// The agencies that decide.
#[utoipa::path(get, path = "/api/v1/agencies", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = AgenciesView), StaffRead))]
pub(crate) async fn agencies(State(app): State<App>, _right: StaffRight) -> Result<Json<AgenciesView>, Problem> {
    let mut rows = reference::agencies(app.store.open()).await?;
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    let agencies = rows.into_iter().map(|row| AgencyView {
        id: row.id,
        code: row.code,
        name: row.name,
    });
    Ok(Json(AgenciesView {
        agencies: agencies.collect(),
    }))
}

/// A one-stop desk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeskView {
    /// Its id.
    id: Uuid,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Whose it is.
    agency_id: Uuid,
    /// The code of that agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    agency_code: Option<String>,
    /// The post office whose people run it, where they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    office_id: Option<Uuid>,
    /// The commune it stands in.
    commune_code: String,
    /// Latitude, degrees.
    lat: f64,
    /// Longitude, degrees.
    lon: f64,
}

/// One-stop desks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DesksView {
    /// Each of them, by code.
    desks: Vec<DeskView>,
}

/// The one-stop desks, and which of them the post runs.
#[utoipa::path(get, path = "/api/v1/desks", tag = "reference", security(("staff" = [])),
    responses((status = 200, body = DesksView), StaffRead))]
pub(crate) async fn desks(State(app): State<App>, _right: StaffRight) -> Result<Json<DesksView>, Problem> {
    let agencies = reference::agencies(app.store.open()).await?;
    let codes: HashMap<Uuid, String> = agencies.into_iter().map(|row| (row.id, row.code)).collect();
    let mut rows = reference::all_desks(app.store.open()).await?;
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    let desks = rows.into_iter().map(|row| DeskView {
        agency_code: codes.get(&row.agency_id).cloned(),
        id: row.id,
        code: row.code,
        name: row.name,
        agency_id: row.agency_id,
        office_id: row.service_point_id,
        commune_code: row.commune_code,
        lat: row.lat,
        lon: row.lon,
    });
    Ok(Json(DesksView { desks: desks.collect() }))
}
