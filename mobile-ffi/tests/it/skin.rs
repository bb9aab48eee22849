//! The skin adds nothing: the core does not know the languages it is called from.

use std::collections::BTreeSet;
use std::path::Path;

fn mentions(folder: &Path, word: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            mentions(&path, word, found);
        } else if std::fs::read_to_string(&path).expect("text").contains(word) {
            found.push(path.display().to_string());
        }
    }
}

#[test]
fn only_the_skin_knows_of_other_languages() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/core");
    for word in ["uniffi", "wasm_bindgen", "js_sys"] {
        let mut found = Vec::new();
        mentions(&core, word, &mut found);
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn the_skin_has_at_most_eight_kinds_of_error() {
    let source = include_str!("../../src/ffi/error.rs");
    let body = source
        .split("pub enum CourierError {")
        .nth(1)
        .expect("the enum")
        .split("\n}")
        .next()
        .expect("its end");
    let kinds = body
        .lines()
        .filter(|line| line.starts_with("    ") && line.ends_with(" {"))
        .count();
    assert!((1..=8).contains(&kinds), "{kinds}");
    assert_eq!(body.matches("App:").count(), kinds, "every kind says what the app does");
}

/// The names of what a skin offers: methods by their object, free functions by `-`.
fn offered(folder: &str) -> BTreeSet<String> {
    let mut sources = Vec::new();
    texts(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder),
        &mut sources,
    );
    let mut names = BTreeSet::new();
    for source in sources {
        let (mut object, mut exported) = ("-", false);
        for line in source.lines() {
            let words = line.trim_start();
            let within = if line.starts_with(' ') { object } else { "-" };
            if words.starts_with("#[uniffi::") || words.starts_with("#[wasm_bindgen") {
                exported = true;
            } else if let Some(rest) = line.strip_prefix("impl ") {
                object = if exported {
                    rest.split([' ', '<']).next().expect("a word")
                } else {
                    ""
                };
                exported = false;
            } else if let Some(rest) = words
                .strip_prefix("pub fn ")
                .or_else(|| words.strip_prefix("pub async fn "))
            {
                if exported || !["-", ""].contains(&within) {
                    names.insert(format!("{within} {}", rest.split(['(', '<']).next().expect("a word")));
                }
                exported = false;
            } else if line.starts_with("pub struct ") {
                exported = false;
            }
        }
    }
    names
}

fn texts(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(std::fs::read_to_string(&path).expect("text"));
        }
    }
}

#[test]
fn a_browser_is_offered_what_a_phone_is_and_its_files_besides() {
    let phone = offered("ffi");
    let mut browser = offered("wasm");
    assert!(
        browser.remove("- open_storage"),
        "a worker has to take its files: {browser:?}"
    );
    assert!(
        phone.len() > 40 && phone.contains("Courier take_in") && phone.contains("- salvage"),
        "{phone:?}"
    );
    let (only_phone, only_browser) = (phone.difference(&browser), browser.difference(&phone));
    assert_eq!(
        (only_phone.collect::<Vec<_>>(), only_browser.collect::<Vec<_>>()),
        (vec![], vec![]),
        "both skins offer the same names"
    );
}
