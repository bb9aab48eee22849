//! A dossier on its way to staff. Couriers never see which procedure it is (postal secrecy), and whoever runs or audits the
//! installation not whose.

use crate::auth::StaffRight;
use domain::dossier::words::Language;
use domain::dossier::{DossierState, words};
use entity::repo::dossier::Standing;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A dossier and where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DossierView {
    /// Its id.
    id: Uuid,
    /// `send`, `return` or `both`.
    mode: String,
    /// The agency that decides.
    agency_id: Uuid,
    /// The code the agency gave.
    code: Option<String>,
    /// Its state, `D0` to `D15`; absent for the moment before it is first folded.
    state: Option<String>,
    /// The state in words.
    stage: &'static str,
    /// When it is due, `2026-05-04`.
    due_on: Option<String>,
    /// Facts that do not fit yet.
    waiting: i64,
    /// Who applies; not for whoever runs or audits the installation, nor what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    applicant_name: Option<String>,
    /// Their telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    applicant_phone: Option<String>,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    applicant_address: Option<String>,
    /// Papers counted.
    paper_count: i64,
    /// The procedure; not for couriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    procedure_code: Option<String>,
    /// When it began, in milliseconds UTC.
    created_ms: i64,
}

impl DossierView {
    pub(crate) fn new(standing: Standing, right: &StaffRight) -> Self {
        let Standing { dossier, state } = standing;
        let known: DossierState = state
            .as_ref()
            .and_then(|state| state.state.parse().ok())
            .unwrap_or(DossierState::Draft);
        let (sees_papers, sees_names) = (right.sees_papers(), right.sees_names());
        Self {
            id: dossier.id,
            mode: dossier.mode,
            agency_id: dossier.agency_id,
            code: state.as_ref().and_then(|state| state.code.clone()),
            stage: words::stage(known, Language::Vietnamese),
            due_on: state.as_ref().and_then(|state| state.due_on.clone()),
            waiting: state.as_ref().map_or(0, |state| state.waiting),
            state: state.map(|state| state.state),
            applicant_name: Some(dossier.applicant_name).filter(|_| sees_names),
            applicant_phone: Some(dossier.applicant_phone).filter(|_| sees_names),
            applicant_address: Some(dossier.applicant_address).filter(|_| sees_names),
            paper_count: dossier.paper_count,
            procedure_code: dossier.procedure_code.filter(|_| sees_papers),
            created_ms: dossier.created_at,
        }
    }
}
