//! The page that checks receipts, in a real Chromium, also with every connection dead.

use super::Logged;
use super::chromium::Chromium;
use custody::log::Receipt;
use e2e::Backend;

/// Every connection goes to a port where nobody listens, the machine's own too.
const AIRPLANE: [&str; 2] = ["--proxy-server=http://127.0.0.1:1", "--proxy-bypass-list=<-loopback>"];

/// The answer of the page to a receipt: its colour and its words.
fn answer(browser: &mut Chromium, log: &Logged, code: &str) -> (String, String) {
    browser.open(&format!("http://{}/verify#{code}", log.world.http.address()));
    browser.wait("answer", "colour", "")
}

/// The last receipt of a dossier that is in the log.
fn receipt(log: &Logged, slip: &str) -> Receipt {
    let made = log.intake(slip);
    log.sign();
    let proofs = log.text(&format!("{}/proofs", Logged::page(&made)));
    assert_eq!(
        proofs.matches("/verify#").count(),
        1,
        "no device has signed yet: of the acts it is the order only"
    );
    Receipt::parse(&log.receipts(&made).pop().expect("a receipt")).expect("a receipt")
}

/// The same code with one letter changed.
fn bent(code: &str) -> String {
    let mut letters = code.to_owned().into_bytes();
    let middle = letters.len() / 2;
    letters[middle] = if letters[middle] == b'A' { b'B' } else { b'A' };
    String::from_utf8(letters).expect("letters")
}

#[test]
fn a_citizen_checks_a_receipt_in_the_browser_and_a_bent_one_is_red_with_its_reason() {
    let log = Logged::new(Backend::Sqlite, Vec::new());
    let receipt = receipt(&log, "B-1");
    let profile = tempfile::tempdir().expect("a folder");
    let mut browser = Chromium::start(profile.path(), &[]);
    let (colour, said) = answer(&mut browser, &log, &receipt.to_code());
    assert_eq!(colour, "green", "{said}");
    assert!(
        said.contains("Biên nhận đúng") && said.contains("Đã ghi nhận yêu cầu"),
        "what happened is said in words: {said}"
    );
    let (colour, said) = answer(&mut browser, &log, &bent(&receipt.to_code()));
    assert_eq!(colour, "red", "{said}");
    let provisional = Receipt {
        logged: None,
        ..receipt
    };
    let (colour, said) = answer(&mut browser, &log, &provisional.to_code());
    assert_eq!(colour, "amber", "{said}");
    assert!(said.contains("Đã ký, chưa vào sổ"), "{said}");
    browser.close();
}

#[test]
fn once_the_page_says_it_is_kept_it_checks_receipts_in_airplane_mode() {
    let log = Logged::new(Backend::Sqlite, Vec::new());
    let code = receipt(&log, "B-2").to_code();
    let profile = tempfile::tempdir().expect("a folder");
    let page = format!("http://{}/verify", log.world.http.address());
    let mut browser = Chromium::start(profile.path(), &[]);
    browser.open(&page);
    let (kept, said) = browser.wait("kept", "state", "waiting");
    assert_eq!(kept, "kept", "{said}");
    assert_eq!(said, "Trang này đã được lưu, dùng được khi không có mạng.");
    browser.close();

    let stranger = tempfile::tempdir().expect("a folder");
    let mut elsewhere = Chromium::start(stranger.path(), &AIRPLANE);
    elsewhere.open(&page);
    assert!(!elsewhere.has("answer"), "nothing comes from the server any more");
    elsewhere.close();
    let mut browser = Chromium::start(profile.path(), &AIRPLANE);
    let (colour, said) = answer(&mut browser, &log, &code);
    assert_eq!(colour, "green", "{said}");
    assert_eq!(browser.wait("kept", "state", "waiting").0, "kept");
    let (colour, said) = answer(&mut browser, &log, &bent(&code));
    assert_eq!(colour, "red", "{said}");
    browser.close();
}
