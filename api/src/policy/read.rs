//! Reads the policy file and refuses one that contradicts itself.

use super::{Grant, Policy, Redaction, Relation, Row, Subject};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// Why a policy file is not one.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum PolicyError {
    #[error("not TOML: {0}")]
    Toml(String),
    #[error("{operation}: {why}")]
    Row { operation: String, why: String },
}

/// Reads a whole file.
pub(super) fn policy(text: &str) -> Result<Policy, PolicyError> {
    let file: Table = text
        .parse()
        .map_err(|error: toml::de::Error| PolicyError::Toml(error.message().to_owned()))?;
    let mut rows = BTreeMap::new();
    for (operation, fields) in file {
        let read = row(&operation, &fields).map_err(|why| PolicyError::Row {
            operation: operation.clone(),
            why,
        })?;
        rows.insert(operation, read);
    }
    Ok(Policy { rows })
}

fn row(operation: &str, fields: &Value) -> Result<Row, String> {
    let is_operation = operation.split_once(' ').is_some_and(|(method, path)| {
        ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method) && path.starts_with('/')
    });
    if !is_operation {
        return Err("not a method and a path".to_owned());
    }
    let fields = fields.as_table().ok_or("not a table")?;
    let mut row = Row {
        object: "none".to_owned(),
        id: "caller".to_owned(),
        is_limited: false,
        grants: Vec::new(),
    };
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("object", Value::String(object)) => row.object.clone_from(object),
            ("id", Value::String(id)) if ["path", "query", "body"].contains(&id.as_str()) => row.id.clone_from(id),
            ("limited", Value::Boolean(is_limited)) => row.is_limited = *is_limited,
            (subject, Value::String(words)) => {
                let subject = Subject::parse(subject).ok_or_else(|| format!("nobody is called {subject}"))?;
                row.grants.push((subject, grant(subject, words)?));
            }
            (other, _) => return Err(format!("{other} cannot be read")),
        }
    }
    if row.grants.is_empty() {
        return Err("nobody may call it".to_owned());
    }
    if row.is_public() && row.grants.len() > 1 {
        return Err("what anyone may call is nobody's right besides".to_owned());
    }
    if row.id == "path" && !operation.contains('{') {
        return Err("its path holds no id".to_owned());
    }
    Ok(row)
}

fn grant(subject: Subject, words: &str) -> Result<Grant, String> {
    let mut grant = Grant {
        relations: Vec::new(),
        redaction: Redaction::Nothing,
        needs_step_up: false,
        needs_second: false,
    };
    for word in words.split_whitespace() {
        match word {
            "redacted" => grant.redaction = Redaction::NamesAndPapers,
            "papers-step-up" => grant.redaction = Redaction::PapersUnproved,
            "step-up" => grant.needs_step_up = true,
            "second" => grant.needs_second = true,
            relation => grant
                .relations
                .push(Relation::parse(relation).ok_or_else(|| format!("{relation} is no relation"))?),
        }
    }
    let fits = |relation: &Relation| can_stand(subject, *relation);
    match (grant.relations.as_slice(), grant.relations.iter().all(fits)) {
        ([], _) => Err(format!("{} in no relation", subject.as_str())),
        (_, false) => Err(format!("{} cannot stand in {words}", subject.as_str())),
        (_, true) => Ok(grant),
    }
}

/// Whether somebody of this kind can ever stand in this relation.
fn can_stand(subject: Subject, relation: Relation) -> bool {
    use entity::repo::staff::Role;
    match (subject, relation) {
        (Subject::Anyone, _) => matches!(relation, Relation::None | Relation::Own),
        (Subject::Device, _) => relation == Relation::Own,
        (Subject::Client, _) => matches!(relation, Relation::Client | Relation::None),
        (Subject::Staff(_), Relation::Own | Relation::None) => true,
        (Subject::Staff(_), Relation::Client) => false,
        (Subject::Staff(Role::Courier), _) => matches!(relation, Relation::Cust | Relation::Route),
        (Subject::Staff(Role::PostAgent), _) => matches!(relation, Relation::Office | Relation::Past),
        (Subject::Staff(Role::PostSupervisor), _) => {
            matches!(
                relation,
                Relation::Office | Relation::Past | Relation::Tenant | Relation::Glass
            )
        }
        (Subject::Staff(Role::AgencyManager), _) => matches!(relation, Relation::Agency | Relation::Glass),
        (Subject::Staff(Role::DeskAgent | Role::AgencyReceiver), _) => relation == Relation::Agency,
        (Subject::Staff(Role::OpsAdmin | Role::KeyAdmin | Role::Auditor), _) => relation == Relation::Tenant,
    }
}

#[cfg(test)]
mod tests {
    use super::policy;
    use crate::policy::{FILE, Redaction, Relation, Subject};
    use entity::repo::staff::Role;

    #[test]
    fn the_file_is_a_policy() {
        let policy = policy(FILE).expect("readable");
        let row = policy
            .row(&axum::http::Method::GET, "/api/v1/dossiers/{id}")
            .expect("a row");
        assert_eq!((row.object.as_str(), row.id.as_str()), ("dossier", "path"));
        let courier = row.grant(Subject::Staff(Role::Courier)).expect("a cell");
        assert_eq!(courier.relations, [Relation::Cust, Relation::Route]);
        assert!(courier.redaction == Redaction::NamesAndPapers && !courier.needs_step_up);
        assert!(row.grant(Subject::Staff(Role::KeyAdmin)).is_none());
    }

    #[test]
    fn an_auditor_writes_nothing_and_a_key_admin_sees_no_dossier() {
        let policy = policy(FILE).expect("readable");
        for (operation, row) in policy.rows() {
            let is_own = row.object == "session";
            if !operation.starts_with("GET ") && !is_own {
                assert!(row.grant(Subject::Staff(Role::Auditor)).is_none(), "{operation}");
            }
            if ["dossier", "item", "order"].contains(&row.object.as_str()) {
                assert!(row.grant(Subject::Staff(Role::KeyAdmin)).is_none(), "{operation}");
            }
        }
    }

    #[test]
    fn a_file_that_contradicts_itself_is_refused_by_operation() {
        for (text, why) in [
            (
                "[\"GET /x\"]\nanyone = \"none\"\ncourier = \"cust\"",
                "nobody's right besides",
            ),
            ("[\"GET /x\"]\ncourier = \"agency\"", "cannot stand"),
            ("[\"GET /x\"]\nboss = \"office\"", "nobody is called boss"),
            ("[\"GET /x\"]\ncourier = \"redacted\"", "in no relation"),
            ("[\"GET /x\"]\nobject = \"dossier\"", "nobody may call it"),
            ("[\"GET /x\"]\nid = \"path\"\ncourier = \"cust\"", "holds no id"),
            ("[\"LOOK /x\"]\nanyone = \"none\"", "not a method"),
        ] {
            let error = policy(text).expect_err(text);
            assert!(error.to_string().contains(why), "{text}: {error}");
        }
    }
}
