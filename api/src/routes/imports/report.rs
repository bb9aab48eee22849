//! What was found in a file.

use crate::problem::{Kind, Problem};
use entity::repo::order_file::KeptFile;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something about a cell, a row or the whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct IssueView {
    /// The row as a spreadsheet counts it, the headings being 1; 0 for the whole file.
    pub(super) row: usize,
    /// The column by its name in the order interface, or its heading; empty for a whole row.
    pub(super) column: String,
    /// What it is, as a word: `missing`, `not_whole_number`, `repeated_in_file` and so on.
    pub(super) code: String,
    /// What it is and what to do, in Vietnamese. It repeats no cell.
    pub(super) message: String,
    /// Whether the row cannot be ordered; otherwise somebody should look.
    pub(super) is_error: bool,
}

/// What a file says and what is wrong with it. The same file gets the same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = UploadReport)]
pub(crate) struct ReportView {
    /// SHA-256 of the file, in hex: its name in the next step.
    pub(super) sha256: String,
    /// Rows with orders.
    pub(super) rows: usize,
    /// Rows that can be ordered.
    pub(super) ready: usize,
    /// What was found, by row.
    pub(super) issues: Vec<IssueView>,
    /// When the file came first, in milliseconds UTC.
    #[serde(default)]
    pub(super) uploaded_at_ms: i64,
    /// When its orders were placed first, in milliseconds UTC.
    #[serde(default)]
    pub(super) committed_at_ms: Option<i64>,
}

impl ReportView {
    /// The report that is kept of a file.
    pub(super) fn of(file: &KeptFile) -> Result<Self, Problem> {
        let report: Self =
            serde_json::from_value(file.report.clone()).map_err(|error| Problem::caused(Kind::Internal, error))?;
        Ok(Self {
            uploaded_at_ms: file.uploaded_at,
            committed_at_ms: file.committed_at,
            ..report
        })
    }
}

/// The hash a path names.
pub(super) fn read_hash(text: &str) -> Result<[u8; 32], Problem> {
    let bytes = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Kind::NotFound.into())
}
