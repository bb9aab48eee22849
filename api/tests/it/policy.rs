//! The policy file, the API document and the handlers say the same.

use api::policy::{Policy, Subject};
use serde_json::Value;
use std::collections::BTreeSet;

/// Every operation of the document with what it asks of its caller.
fn documented() -> Vec<(String, Value)> {
    let document: Value = serde_json::from_str(api::openapi()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("an item").clone() {
            all.push((format!("{} {path}", method.to_uppercase()), operation));
        }
    }
    all
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let documented: BTreeSet<String> = documented().into_iter().map(|(operation, _)| operation).collect();
    let ruled: BTreeSet<String> = Policy::get()
        .rows()
        .map(|(operation, _)| operation.to_owned())
        .collect();
    assert_eq!(
        documented.difference(&ruled).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "these operations have no row in policy.toml"
    );
    assert_eq!(
        ruled.difference(&documented).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "these rows of policy.toml have no operation"
    );
}

#[test]
fn an_operation_asks_for_the_proof_its_row_speaks_of() {
    for (operation, described) in documented() {
        let (method, path) = operation.split_once(' ').expect("two words");
        let row = Policy::get()
            .row(&method.parse().expect("a method"), path)
            .expect("a row");
        let wanted: BTreeSet<&str> = row
            .subjects()
            .filter_map(|subject| match subject {
                Subject::Anyone => None,
                Subject::Staff(_) => Some("staff"),
                Subject::Device => Some("device"),
                Subject::Client => Some("lgsp"),
            })
            .collect();
        let schemes = described["security"].as_array().cloned().unwrap_or_default();
        let asked: BTreeSet<&str> = schemes
            .iter()
            .flat_map(|scheme| scheme.as_object().expect("an object").keys())
            .map(String::as_str)
            .collect();
        assert_eq!(asked, wanted, "{operation}");
    }
}

/// Reads the handlers' own sources: which of them take `Public`.
#[test]
fn operations_without_proof_are_exactly_the_handlers_that_say_public() {
    let mut sources = Vec::new();
    collect(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/routes"),
        &mut sources,
    );
    let mut public = BTreeSet::new();
    for source in sources {
        for described in source.split("#[utoipa::path(").skip(1) {
            let method = described.split(',').next().expect("a method").trim().to_uppercase();
            let path = described
                .split("path = \"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            let arguments = described.split("fn ").nth(1).and_then(|rest| rest.split("->").next());
            if arguments.expect("a handler").contains(": Public") {
                public.insert(format!("{method} {}", path.expect("a path")));
            }
        }
    }
    let open: BTreeSet<String> = Policy::get()
        .rows()
        .filter(|(_, row)| row.is_public())
        .map(|(operation, _)| operation.to_owned())
        .collect();
    assert_eq!(public, open);
}

fn collect(folder: &std::path::Path, sources: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, sources);
        } else {
            sources.push(std::fs::read_to_string(&path).expect("a source"));
        }
    }
}
