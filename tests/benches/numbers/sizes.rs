//! What a phone has to fetch and keep of the core. Built by `scripts/bench`, which says where in `TRAOTAY_PHONE_LIBRARY` and
//! `TRAOTAY_WASM_SIZE`; what was not built is said to be so.

use crate::table::{Goal, Table};
use e2e::setting;
use std::process::Command;

/// Measures.
pub(crate) fn measure(table: &mut Table) {
    let what = "phone: the library of this machine, release, stripped";
    match setting("TRAOTAY_PHONE_LIBRARY") {
        Some(library) => table.note(what, stripped(&library), "KB"),
        None => table.absent(what),
    }
    let what = "phone: core as wasm, by gzip";
    // «wasm: 123 bytes raw, 45 by gzip, …»
    let told = setting("TRAOTAY_WASM_SIZE");
    let numbers: Vec<f64> = told
        .iter()
        .flat_map(|line| line.split_whitespace())
        .filter_map(|word| word.parse().ok())
        .collect();
    match numbers.as_slice() {
        [raw, packed, ..] => {
            table.note("phone: core as wasm, as it is", raw / 1_000.0, "KB");
            table.goal(what, packed / 1_000.0, "KB", Goal::AtMost(250.0));
        }
        _ => table.absent(what),
    }
}

fn stripped(library: &str) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let bare = folder.path().join("bare");
    let ran = Command::new("strip")
        .arg("-o")
        .arg(&bare)
        .arg(library)
        .status()
        .expect("strip runs");
    assert!(ran.success());
    let size = std::fs::metadata(&bare).expect("a file").len();
    f64::from(u32::try_from(size).expect("below 4 GB")) / 1_000.0
}
