//! The members of a fact's JSON text.
//!
//! Source: Quy ước Trao Tay, dạng lưu của sự kiện hồ sơ

use serde::{Deserialize, Serialize};

use crate::dossier::Slip;

/// What a fact says besides its kind and hour. Absent members are left out; members a
/// later version added are absent from what an earlier one wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct FactData {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) due_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) proof: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) slip: Option<SlipData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fault: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item_kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) agency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) staff: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) paper: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) granted_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ends_on: Option<String>,
}

/// A slip as far as the rules need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SlipData {
    listed: u16,
    present: u16,
    seal: String,
    signed_by_applicant: bool,
    signed_by_post: bool,
}

impl From<&Slip> for SlipData {
    fn from(slip: &Slip) -> Self {
        let Slip {
            listed,
            present,
            seal,
            signed_by_applicant,
            signed_by_post,
        } = slip;
        Self {
            listed: *listed,
            present: *present,
            seal: seal.clone(),
            signed_by_applicant: *signed_by_applicant,
            signed_by_post: *signed_by_post,
        }
    }
}

impl From<SlipData> for Slip {
    fn from(data: SlipData) -> Self {
        let SlipData {
            listed,
            present,
            seal,
            signed_by_applicant,
            signed_by_post,
        } = data;
        Self {
            listed,
            present,
            seal,
            signed_by_applicant,
            signed_by_post,
        }
    }
}
