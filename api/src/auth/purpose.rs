//! For what purpose somebody looks, said by the header `Purpose`.

use crate::problem::{Kind, Problem};
use axum::http::HeaderMap;
use entity::repo::staff::Role;

/// Purposes, as the header and the log name them, with words for people.
const PURPOSES: [(&str, &str, &str); 4] = [
    ("handling", "xử lý hồ sơ", "handling it"),
    ("complaint", "giải quyết khiếu nại", "a complaint"),
    ("inspection", "kiểm tra", "an inspection"),
    ("support", "hỗ trợ kỹ thuật", "technical support"),
];

/// The purpose of a request: the one it names, else the usual one of its role.
pub(super) fn read(headers: &HeaderMap, role: Role) -> Result<&'static str, Problem> {
    let Some(named) = headers.get("purpose") else {
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
        Problem::with(
            Kind::InvalidRequest,
            "Purpose is one of handling, complaint, inspection, support",
        )
    })
}

/// A purpose in Vietnamese and English.
pub(crate) fn words(name: &str) -> (&'static str, &'static str) {
    PURPOSES
        .iter()
        .find(|(known, _, _)| *known == name)
        .map_or(("", ""), |(_, vietnamese, english)| (vietnamese, english))
}
