//! One dossier as a report sees it.
//!
//! A record is built from facts only and carries no judgement: whether it is late is for
//! the index to say.
//!
//! Source: Quyết định 766/QĐ-TTg, phụ lục; DVCQG danh mục trạng thái, dữ liệu đồng bộ hồ sơ

use time::Date;

use super::recorded::each_once;
use super::{Attribute, Attributes, Recorded, ReportError, Subject};
use crate::dossier::{DossierFact, ReturnProof};
use crate::ids::DossierId;
use crate::mode::Mode;

/// Everything recorded of one dossier. One history for each dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierHistory {
    /// Which dossier.
    pub id: DossierId,
    /// What the post does for it.
    pub mode: Mode,
    /// What happened to it.
    pub facts: Vec<Recorded<DossierFact>>,
    /// What else is known of it.
    pub attributes: Vec<Recorded<Attribute>>,
}

/// One round of asking for papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// When the agency asked (ms UTC).
    pub requested_at_ms: i64,
    /// When every paper was there (ms UTC).
    pub completed_at_ms: Option<i64>,
    /// Whether it was asked before the dossier was received.
    pub before_reception: bool,
}

/// A dossier as known at an hour. Times are milliseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierRecord {
    /// Which dossier.
    pub id: DossierId,
    /// What the post does for it.
    pub mode: Mode,
    /// When it counts as lodged (`NgayNopHoSo`).
    pub lodged_at_ms: Option<i64>,
    /// When the agency received it (`NgayTiepNhan`).
    pub received_at_ms: Option<i64>,
    /// The due date first given.
    pub promised_on: Option<Date>,
    /// The due date of the one new date the law allows.
    pub redated_to: Option<Date>,
    /// Every round of asking for papers, oldest first.
    pub rounds: Vec<Round>,
    /// When the agency decided (`NgayKetThucXuLy`).
    pub resolved_at_ms: Option<i64>,
    /// When the post took the result.
    pub result_in_post_at_ms: Option<i64>,
    /// When the person had the result (`NgayTra`).
    pub returned_at_ms: Option<i64>,
    /// How the result reached the person.
    pub returned_by: Option<ReturnProof>,
    /// When the agency refused to accept it (`NgayTuChoi`).
    pub refused_at_ms: Option<i64>,
    /// When it was stopped or withdrawn.
    pub stopped_at_ms: Option<i64>,
    /// What else is known.
    pub attributes: Attributes,
}

impl DossierRecord {
    /// When the agency had decided at the latest. An agency that hands out a result has
    /// decided, whether or not it said so.
    pub fn decided_at_ms(&self) -> Option<i64> {
        self.resolved_at_ms
            .or(self.result_in_post_at_ms)
            .or(self.returned_at_ms)
    }

    /// Its name in a trace.
    pub const fn subject(&self) -> Subject {
        Subject::Dossier(self.id)
    }
}

/// The records of histories at an hour, of what happened before another.
pub(super) fn records(
    histories: &[DossierHistory],
    as_of_ms: i64,
    until_ms: i64,
) -> Result<Vec<DossierRecord>, ReportError> {
    each_once(histories.iter().map(|history| Subject::Dossier(history.id)))?;
    let known = histories
        .iter()
        .filter_map(|history| history.record(as_of_ms, until_ms));
    Ok(known.collect())
}
