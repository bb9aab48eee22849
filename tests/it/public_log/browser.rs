//! The page that checks receipts, in a real Chromium, also with the server gone.

use super::Logged;
use e2e::Backend;
use std::path::Path;
use std::process::Command;

/// The page after its script has run, as Chromium has it. `profile` is kept from call to call, as a person's browser is.
fn page(profile: &Path, url: &str) -> String {
    let ran = Command::new("chromium")
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
        ])
        .args(["--virtual-time-budget=20000", "--window-size=400,900"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--dump-dom", url])
        .output()
        .expect("chromium runs");
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

fn colour(page: &str) -> &str {
    let at = page.find("data-colour=\"").expect("an answer") + "data-colour=\"".len();
    let rest = &page[at..];
    &rest[..rest.find('"').expect("a colour")]
}

#[test]
fn a_citizen_checks_a_receipt_in_the_browser_and_a_bent_one_is_red_with_its_reason() {
    let log = Logged::new(Backend::Sqlite, Vec::new());
    let made = log.intake("B-1");
    log.sign();
    let proofs = log.text(&format!("{}/proofs", Logged::page(&made)));
    assert!(
        !proofs.contains("/verify#"),
        "no device has signed yet: acts are not told on the page"
    );
    let text = log.receipts(&made).pop().expect("a receipt");
    let code = custody::log::Receipt::parse(&text).expect("a receipt").to_code();
    let profile = tempfile::tempdir().expect("a folder");
    let at = |code: &str| format!("http://{}/verify#{code}", log.world.http.address());
    let green = page(profile.path(), &at(&code));
    assert_eq!(colour(&green), "green", "{green}");
    assert!(green.contains("Biên nhận đúng"), "{green}");
    let mut bent = code.clone().into_bytes();
    let middle = bent.len() / 2;
    bent[middle] = if bent[middle] == b'A' { b'B' } else { b'A' };
    let red = page(profile.path(), &at(&String::from_utf8(bent).expect("letters")));
    assert_eq!(colour(&red), "red", "{red}");
    let receipt = custody::log::Receipt::parse(&text).expect("a receipt");
    let provisional = custody::log::Receipt {
        logged: None,
        ..receipt
    };
    let amber = page(profile.path(), &at(&provisional.to_code()));
    assert_eq!(colour(&amber), "amber", "{amber}");
    assert!(amber.contains("Đã ký, chưa vào sổ"), "{amber}");
}
