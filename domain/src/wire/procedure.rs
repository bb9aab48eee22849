//! Procedures as a file holds them, and what they are to the catalogue.
//!
//! A record may be as short as it was at first: one list of papers and one time limit. Then
//! it has one case, and every channel it is open to has that limit and no published fee.
//!
//! Source: Thông tư 01/2018/TT-VPCP, điều 3; Quyết định 45/2016/QĐ-TTg, điều 6

mod read;

use serde::{Deserialize, Serialize};

pub use read::read_procedures;

/// One paper of a procedure's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentRecord {
    /// Its name.
    pub name: String,
    /// `original`, `certified`, `plain` or `electronic`.
    pub copy: String,
    /// How many.
    pub count: u32,
    /// Whether it is asked for only when there is one; a name that ends in «(nếu có)» says
    /// the same.
    #[serde(default)]
    pub if_any: bool,
}

/// A paper to give back before the result is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurrenderRecord {
    /// Its name.
    pub name: String,
    /// What the agency asks for when it is lost.
    #[serde(default)]
    pub if_lost: Option<String>,
}

/// The terms of a case on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRecord {
    /// `in_person`, `online` or `post`.
    pub channel: String,
    /// How long, when it differs from the procedure's limit.
    #[serde(default)]
    pub limit: Option<u16>,
    /// `working`, `calendar` or `hours`, when it differs.
    #[serde(default)]
    pub unit: Option<String>,
    /// The State fee in đồng; 0 is free, left out is not published.
    #[serde(default)]
    pub fee: Option<i64>,
    /// What the fee is for one of, when it is not for the dossier.
    #[serde(default)]
    pub fee_per: Option<String>,
}

/// A case of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Its code within the procedure.
    pub code: String,
    /// When it is the one.
    pub name: String,
    /// How many sets of papers.
    #[serde(default)]
    pub copies: Option<u32>,
    /// How long, when it differs from the procedure's limit.
    #[serde(default)]
    pub limit: Option<u16>,
    /// The papers; the procedure's when left out.
    #[serde(default)]
    pub components: Vec<ComponentRecord>,
    /// What has to be given back; the procedure's when left out.
    #[serde(default)]
    pub surrender: Vec<SurrenderRecord>,
    /// Terms by channel; the procedure's when left out.
    #[serde(default)]
    pub channels: Vec<ChannelRecord>,
}

/// One of `procedures.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureRecord {
    /// The code of the national database.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its sector.
    pub sector: String,
    /// How many days the agency has.
    pub limit_days: u16,
    /// `working`, `calendar` or `hours`.
    pub limit_unit: String,
    /// How many sets of papers.
    pub copies: u32,
    /// The list of papers.
    pub components: Vec<ComponentRecord>,
    /// Whether the dossier may be sent by post.
    pub post_send: bool,
    /// Whether the result may be returned by post.
    pub post_return: bool,
    /// Where this is from, and what is unsure.
    pub source_ref: String,
    /// `commune`, `district` (until June 2025), `province` or `central`: who decides.
    #[serde(default)]
    pub level: Option<String>,
    /// `written`, `notarised` or `forbidden`: whether somebody else may act.
    #[serde(default)]
    pub authorisation: Option<String>,
    /// `paper`, `electronic` or `both`.
    #[serde(default)]
    pub result: Option<String>,
    /// `none`, `partial` or `full`.
    #[serde(default)]
    pub online: Option<String>,
    /// The level 1 to 4 of before, when `online` is not said.
    #[serde(default)]
    pub online_legacy: Option<u8>,
    /// Its first day.
    #[serde(default)]
    pub valid_from: Option<String>,
    /// Its last day.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// The codes it had before.
    #[serde(default)]
    pub old_codes: Vec<String>,
    /// The code that took its place.
    #[serde(default)]
    pub replaced_by: Option<String>,
    /// What has to be given back.
    #[serde(default)]
    pub surrender: Vec<SurrenderRecord>,
    /// Terms by channel.
    #[serde(default)]
    pub channels: Vec<ChannelRecord>,
    /// The cases, when there is more than one.
    #[serde(default)]
    pub cases: Vec<CaseRecord>,
    /// Versions of before, which have no history of their own.
    #[serde(default)]
    pub history: Vec<ProcedureRecord>,
}
