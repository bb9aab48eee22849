//! For what purpose somebody looks, said by the header `Access-Purpose`.
//!
//! Not `Purpose`: browsers say by that one that they fetch a page beforehand.

use crate::problem::{Kind, Mistake, Problem};
use axum::http::HeaderMap;
use entity::repo::staff::Role;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// The header, as the document shows it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(
    dead_code,
    reason = "only the document reads it; `read` reads the header of every request"
)]
pub(crate) struct AccessPurpose {
    /// What the look is for, as the log of looks and the citizen are told it. Absent: `inspection` for auditors, `support` for those who keep the system, `handling` for everybody else.
    #[serde(rename = "Access-Purpose")]
    #[param(inline, value_type = Purpose, required = false)]
    purpose: Option<Purpose>,
}

/// What somebody looks for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// To handle the dossier.
    Handling,
    /// To settle a complaint.
    Complaint,
    /// To inspect.
    Inspection,
    /// To help with the system.
    Support,
}

/// Purposes, as the header and the log name them, with words for people.
const PURPOSES: [(&str, &str, &str); 4] = [
    ("handling", "xử lý hồ sơ", "handling it"),
    ("complaint", "giải quyết khiếu nại", "a complaint"),
    ("inspection", "kiểm tra", "an inspection"),
    ("support", "hỗ trợ kỹ thuật", "technical support"),
];

/// The purpose of a look at what another one agreed to open; nobody names it themselves.
pub(crate) const EMERGENCY: &str = "emergency";

/// The purpose of a request: the one it names, else the usual one of its role.
pub(super) fn read(headers: &HeaderMap, role: Role) -> Result<&'static str, Problem> {
    let Some(named) = headers.get("access-purpose") else {
        return Ok(match role {
            Role::Auditor => "inspection",
            Role::OpsAdmin | Role::KeyAdmin => "support",
            Role::Courier
            | Role::PostAgent
            | Role::PostSupervisor
            | Role::DeskAgent
            | Role::AgencyReceiver
            | Role::AgencyManager => "handling",
        });
    };
    let known = PURPOSES.iter().find(|(name, _, _)| named == name);
    known.map(|(name, _, _)| *name).ok_or_else(|| {
        let mistake = Mistake::invalid(
            "Access-Purpose",
            "Là một trong: handling, complaint, inspection, support.",
            "Access-Purpose is one of handling, complaint, inspection, support",
        );
        Problem::field(Kind::InvalidQuery, mistake)
    })
}

/// A purpose in Vietnamese and English.
pub(crate) fn words(name: &str) -> (&'static str, &'static str) {
    if name == EMERGENCY {
        return (
            "xem khẩn cấp, có người thứ hai đồng ý",
            "an emergency, with a second person's consent",
        );
    }
    PURPOSES
        .iter()
        .find(|(known, _, _)| *known == name)
        .map_or(("", ""), |(_, vietnamese, english)| (vietnamese, english))
}
