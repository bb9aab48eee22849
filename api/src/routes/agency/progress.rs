//! `GET /api/v1/agency/progress`

use crate::App;
use crate::auth::AgencyRight;
use crate::extract::{Json, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use domain::ids::DossierId;
use domain::status::progress::{CHUNK, Told};
use domain::wire::dvcqg::{DossierRow, ReturnToConfirm, StepRow};
use entity::Scope;
use entity::repo::progress::{self, ChangePlace, Changed};
use entity::repo::{life, reference};
use entity::store::Look;
use entity::table::{agency, procedure};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Dossiers on a page when the caller does not say.
const USUAL: u64 = 50;

/// Since when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProgressQuery {
    /// The `next` of the answer before; absent or empty at first.
    #[param(pattern = "^([0-9]{1,18}[.][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$")]
    after: Option<String>,
    /// Dossiers on the page, at most 100; 50 when absent.
    limit: Option<u64>,
}

/// What changed, in the rows that are reported to the national portal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgressView {
    /// The dossiers as they stand, in groups of ten at most. Whether one is added or updated there, `TraCuuHoSo` says.
    #[serde(rename = "DongBoHoSoMC")]
    #[schema(value_type = Vec<Vec<Object>>)]
    dossiers: Vec<Vec<DossierRow>>,
    /// Every step of these dossiers so far, in groups of ten at most. A step that was told before is the same row again.
    #[serde(rename = "CapNhatTienDoHoSoMC")]
    #[schema(value_type = Vec<Vec<Object>>)]
    steps: Vec<Vec<StepRow>>,
    /// Results the post has delivered: the agency is asked to confirm 10, which nobody else sets.
    #[serde(rename = "ChoXacNhanTraKetQua")]
    #[schema(value_type = Vec<Object>)]
    to_confirm: Vec<ReturnToConfirm>,
    /// Dossiers that changed and have no rows: the agency does not have them yet, or they have no code.
    left_out: usize,
    /// Ask on from here.
    next: String,
    /// Whether there is more already.
    is_more: bool,
}

/// What changed in an agency's dossiers, for its own system to report: a one-stop system sees what it ordered, a desk what is
/// addressed to its agency. What the post does makes no step, because the national list has no status for it.
#[utoipa::path(get, path = "/api/v1/agency/progress", tag = "dossier", params(ProgressQuery),
    security(("staff" = []), ("lgsp" = [])),
    responses((status = 200, body = ProgressView, example = json!({
        "DongBoHoSoMC": [[{
            "MaHoSo": "H01.30520-261123-0001", "MaTTHC": "1.000001", "TenTTHC": "Cấp bản sao trích lục hộ tịch",
            "TenLinhVuc": "Hộ tịch", "ChuHoSo": "Nguyễn Thị Mẫu", "SoDienThoai": "+84912345678", "KenhThucHien": "3",
            "HinhThuc": "1", "DonViXuLy": "Ủy ban nhân dân phường Tịnh Biên", "NgayNopHoSo": "20261123123000",
            "NgayTiepNhan": "20261123133000", "NgayHenTra": "20261126235959", "TrangThaiHoSo": "2",
        }]],
        "CapNhatTienDoHoSoMC": [[{
            "MaHoSo": "H01.30520-261123-0001", "NguoiXuLy": "Ủy ban nhân dân phường Tịnh Biên", "ChucDanh": "",
            "ThoiDiemXuLy": "20261123133000", "PhongBanXuLy": "Ủy ban nhân dân phường Tịnh Biên",
            "NoiDungXuLy": "Tiếp nhận hồ sơ", "TrangThai": "2", "NgayBatDau": "20261123133000",
            "NgayKetThucTheoQuyDinh": "20261126235959",
        }]],
        "ChoXacNhanTraKetQua": [], "left_out": 0, "next": "57.019abf2e-6c1e-7000-8000-000000000001", "is_more": false,
    })), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: AgencyRight,
    Query(query): Query<ProgressQuery>,
) -> Result<Json<ProgressView>, Problem> {
    let after = query.after.as_deref().filter(|after| !after.is_empty());
    let after = after.map_or(Ok(ChangePlace::default()), read_place)?;
    let limit = query.limit.unwrap_or(USUAL).clamp(1, app.config.list_page);
    let look = app.store.see(&right.scope).await?;
    let changed = progress::changed(&look, &right.scope, after, limit).await?;
    let is_more = u64::try_from(changed.len()).is_ok_and(|count| count >= limit);
    let next = write_place(changed.last().map_or(after, |row| row.place));
    let mut rows = Rows::default();
    let mut known = Known::default();
    for row in changed {
        rows.add(&app, (&look, &right.scope), &mut known, row).await?;
    }
    Ok(Json(ProgressView {
        dossiers: chunks(&rows.dossiers),
        steps: chunks(&rows.steps),
        to_confirm: rows.to_confirm,
        left_out: rows.left_out,
        next,
        is_more,
    }))
}

/// The rows so far.
#[derive(Default)]
struct Rows {
    dossiers: Vec<DossierRow>,
    steps: Vec<StepRow>,
    to_confirm: Vec<ReturnToConfirm>,
    left_out: usize,
}

/// Agencies and procedures of the page, each read once.
#[derive(Default)]
struct Known {
    agencies: HashMap<Uuid, Option<agency::Model>>,
    procedures: HashMap<String, Option<procedure::Model>>,
}

impl Known {
    async fn agency(&mut self, app: &App, id: Uuid) -> Result<String, Problem> {
        let row = match self.agencies.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(reference::agency(app.store.open(), id.into()).await?),
        };
        Ok(row.as_ref().map(|row| row.name.clone()).unwrap_or_default())
    }

    async fn procedure(&mut self, app: &App, code: Option<&str>) -> Result<Option<&procedure::Model>, Problem> {
        let Some(code) = code else { return Ok(None) };
        let row = match self.procedures.entry(code.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(reference::procedure(app.store.open(), code).await?),
        };
        Ok(row.as_ref())
    }
}

impl Rows {
    async fn add(
        &mut self,
        app: &App,
        (look, scope): (&Look, &Scope),
        known: &mut Known,
        row: Changed,
    ) -> Result<(), Problem> {
        let id = DossierId(row.dossier.id);
        let life = life::of(look, scope, id, app.store.now_ms()).await?;
        let Some(life) = life else { return Ok(()) };
        let agency = known.agency(app, row.dossier.agency_id).await?;
        let procedure = known.procedure(app, row.dossier.procedure_code.as_deref()).await?;
        let told = Told {
            dossier: &life.dossier,
            facts: &life.facts,
            policy: &life.policy,
            order_number: row.order_number.as_deref(),
            procedure: procedure.map(|row| (row.code.as_str(), row.name.as_str(), row.sector.as_str())),
            applicant_name: &row.dossier.applicant_name,
            applicant_phone: &row.dossier.applicant_phone,
            agency: &agency,
            channel: row.dossier.channel.as_deref().and_then(|text| text.parse().ok()),
        };
        match told.dossier_row() {
            Some(dossier) => self.dossiers.push(dossier),
            None => self.left_out += 1,
        }
        self.steps.extend(told.step_rows());
        self.to_confirm.extend(told.return_to_confirm());
        Ok(())
    }
}

fn chunks<T: Clone>(rows: &[T]) -> Vec<Vec<T>> {
    rows.chunks(CHUNK).map(<[T]>::to_vec).collect()
}

fn write_place(place: ChangePlace) -> String {
    format!("{}.{}", place.log_index, place.dossier)
}

fn read_place(text: &str) -> Result<ChangePlace, Problem> {
    let place = text.split_once('.').and_then(|(log_index, dossier)| {
        Some(ChangePlace {
            log_index: log_index.parse().ok()?,
            dossier: dossier.parse().ok()?,
        })
    });
    place.ok_or_else(|| Problem::with(Kind::InvalidQuery, "after is the next of an answer before"))
}

#[cfg(test)]
mod tests {
    use super::{ChangePlace, chunks, read_place, write_place};
    use uuid::Uuid;

    #[test]
    fn a_place_reads_back_and_no_other_text_does() {
        let place = ChangePlace {
            log_index: 57,
            dossier: Uuid::from_u128(7),
        };
        assert_eq!(read_place(&write_place(place)).ok(), Some(place));
        for text in ["", "57", "57.x", "x.00000000-0000-0000-0000-000000000007"] {
            assert!(read_place(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rows_go_in_tens() {
        let lengths: Vec<usize> = chunks(&[0; 21]).iter().map(Vec::len).collect();
        assert_eq!(lengths, [10, 10, 1]);
        assert!(chunks(&[0; 0]).is_empty());
    }
}
