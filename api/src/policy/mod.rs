//! Who may call what: `policy.toml`, read once.
//!
//! The file is the only list of rights. Extractors ask it ([`crate::auth`]), the API document takes its security from it, and
//! the tests walk every cell of it. An operation without a row is refused to everybody, and a test fails.
//!
//! What a relation means in rows of the store says [`entity::Scope`]; this module holds no query.

mod grant;
mod read;

pub use grant::{Grant, Redaction, Relation, Subject};

use axum::http::Method;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const FILE: &str = include_str!("policy.toml");

static POLICY: LazyLock<Policy> = LazyLock::new(|| read::policy(FILE).expect("a test reads the file"));

/// All rows.
#[derive(Debug)]
pub struct Policy {
    rows: BTreeMap<String, Row>,
}

/// What the file says of one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about, e.g. `dossier`.
    pub object: String,
    /// Where the object's id comes from: `path`, `query`, `body`, or `caller`.
    pub id: String,
    /// Whether somebody who still has to set up a second factor may call it.
    pub is_limited: bool,
    grants: Vec<(Subject, Grant)>,
}

impl Row {
    /// What this subject may.
    pub fn grant(&self, subject: Subject) -> Option<&Grant> {
        self.grants
            .iter()
            .find(|(known, _)| *known == subject)
            .map(|(_, grant)| grant)
    }

    /// Whether anybody may call it without proof.
    pub fn is_public(&self) -> bool {
        self.grant(Subject::Anyone).is_some()
    }

    /// Everybody who may call it, in the order of the file.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        self.grants.iter().map(|(subject, _)| *subject)
    }
}

impl Policy {
    /// The policy of this program.
    pub fn get() -> &'static Self {
        &POLICY
    }

    /// The row of an operation, by method and route template.
    pub fn row(&self, method: &Method, template: &str) -> Option<&Row> {
        self.rows.get(&format!("{method} {template}"))
    }

    /// Every operation with its row.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.rows.iter().map(|(operation, row)| (operation.as_str(), row))
    }
}
