//! The skin adds nothing: the core does not know the languages it is called from.

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
    for word in ["uniffi", "wasm_bindgen"] {
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
