//! What a backup says of itself.

use serde::{Deserialize, Serialize};

/// The only layout there is so far.
pub(super) const FORMAT: u32 = 1;

/// What a backup holds, and by what each part is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout of the file.
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// When its moment was, in milliseconds UTC.
    pub made_at_ms: i64,
    /// The database it was read from: `sqlite` or `postgres`.
    pub database: String,
    /// The changes its schema had gone through, in order.
    pub schema: Vec<String>,
    /// The public halves, in hex, of the keys the server signs and signed dossier acts with. Should the keys themselves be lost,
    /// the acts are verified with these.
    pub act_keys: Vec<String>,
    /// What was in the store.
    pub counts: Counts,
    /// Its tables.
    pub tables: Vec<Table>,
    /// Every part before the manifest, in order.
    pub members: Vec<Member>,
}

/// What was in a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// The last number that was given to a fact.
    pub last_log_number: i64,
    /// Facts of the inbox, those that wait for their number too.
    pub events: i64,
    /// Dossiers.
    pub dossiers: i64,
    /// Rows of all tables together.
    pub rows: u64,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of each row's values.
    pub columns: Vec<Column>,
    /// How many rows.
    pub rows: u64,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// A 64-bit integer.
    Int,
    /// A 64-bit floating point number.
    Real,
    /// A text.
    Text,
    /// Raw bytes.
    Bytes,
    /// A UUID.
    Id,
    /// A truth value.
    Flag,
}

/// One part of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its name in the archive.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
}
