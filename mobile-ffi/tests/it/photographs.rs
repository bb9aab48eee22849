//! Photographs: kept sealed, brought in parts, let go when the server and its log have them.

use mobile_ffi::core::{CourierError, Manner, Refusal};
use sha2::{Digest, Sha256};

use crate::server::{Server, Trouble};
use crate::world::{CARRIER, NOW, Phone, label};

/// Larger than two parts, and not the same everywhere.
fn picture() -> Vec<u8> {
    (0..300_000_u32).map(|n| n.to_le_bytes()[(n % 3) as usize]).collect()
}

fn fail_with(phone: &Phone, evidence: [u8; 32]) {
    let manner = Manner {
        evidence: vec![evidence],
        ..Manner::of(CARRIER)
    };
    let why = domain::item::AttemptReason::ALL[0];
    phone.core.attempt_failed(&label(1), why, &manner).expect("records");
}

#[test]
fn a_photograph_arrives_in_parts_from_where_the_line_broke() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    phone.take_in(&label(1));
    let hash = phone.core.keep_photograph(&picture()).expect("keeps");
    assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(picture())));
    fail_with(&phone, hash);
    assert_eq!(phone.core.photographs_waiting().expect("counts"), 1);
    // Greeting, events, feed, policy, receipts, numbers; then: how much is there, the first part, the second one, the third.
    let mut broken = 0;
    for nth in [7, 5, 6, 5, 6] {
        server.trouble_at(nth, Trouble::AnswerLost);
        broken += usize::from(phone.core.sync(&server).expect("syncs").photographs == 0);
        server.state().trouble.clear();
    }
    assert!(broken >= 2, "the line broke {broken} times");
    phone.core.sync(&server).expect("syncs");
    assert_eq!(server.brought(&hash), Some(picture()));
    assert_eq!(phone.core.photographs_waiting().expect("counts"), 0);
}

#[test]
fn what_no_event_names_stays_here_and_what_is_too_large_holds_up_nothing() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.core.sync(&server).expect("syncs");
    phone.take_in(&label(1));
    let unnamed = phone.core.keep_photograph(b"nobody names it").expect("keeps");
    let (large, small) = (picture(), b"small".to_vec());
    for bytes in [&large, &small] {
        let hash = phone.core.keep_photograph(bytes).expect("keeps");
        fail_with(&phone, hash);
    }
    server.state().most_bytes = 1_000;
    let report = phone.core.sync(&server).expect("syncs");
    assert_eq!(report.photographs, 1);
    assert_eq!(server.brought(&unnamed), None);
    assert_eq!(server.brought(&Sha256::digest(&small).into()), Some(small));
}

#[test]
fn a_photograph_is_refused_when_it_is_empty_or_absurdly_large() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    for bytes in [Vec::new(), vec![0; 5 * 1024 * 1024]] {
        let refused = phone.core.keep_photograph(&bytes);
        assert!(matches!(
            refused,
            Err(CourierError::Refused(Refusal::PhotographSize { .. }))
        ));
    }
}

#[test]
fn the_file_shows_nothing_of_a_photograph() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    let bytes = b"NGUYEN VAN AN 089123456789".repeat(40);
    phone.core.keep_photograph(&bytes).expect("keeps");
    for file in std::fs::read_dir(phone.folder.path()).expect("a folder") {
        let held = std::fs::read(file.expect("a file").path()).expect("reads");
        assert!(!held.windows(26).any(|window| window == &bytes[..26]));
    }
}
