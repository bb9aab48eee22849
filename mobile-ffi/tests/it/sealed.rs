//! What somebody finds who takes the file out of a phone.

use std::path::Path;
use std::sync::Arc;

use mobile_ffi::core::store::StoreError;
use mobile_ffi::core::{Core, CourierError, Manner, Platform, Recipient, SoftPlatform};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::server::Server;
use crate::world::{CARRIER, NOW, Phone, THREE_DAYS, courier, hand_over, label};

/// Words that may be nowhere in the file: names, numbers, addresses, seals, reasons, labels.
const CANARIES: [&str; 7] = [
    "Nguyễn Thị Chim Yến",
    "+84987001002",
    "Khóm Hoàng Yến",
    "Trần Chim Sẻ",
    "S-0001",
    "chuyển cho người khác",
    "EE0000",
];

fn stop(item_code: &str) -> Value {
    json!({"type": "assignment", "assignment_id": hex::encode(item_code), "leg": "pickup", "item_code": item_code,
        "item_kind": "RESULT_TO_APPLICANT", "dossier_ref": "H01", "name": "Nguyễn Thị Chim Yến", "phone": "+84987001002",
        "address": "Khóm Hoàng Yến", "commune_code": "30520", "lat": 10.6, "lon": 105.0, "note": "",
        "cod_amount": 0, "paper_count": 3})
}

/// Everything the store wrote: the file, its log, and whatever else lies beside it.
fn raw(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).expect("a folder");
    files
        .flat_map(|file| std::fs::read(file.expect("a file").path()).expect("reads"))
        .collect()
}

fn found(folder: &Path, words: &[&str]) -> Vec<String> {
    let bytes = raw(folder);
    let is_in = |word: &&&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    words.iter().filter(is_in).map(|word| (*word).to_owned()).collect()
}

fn enrolled(server: &Server, number: u128) -> Phone {
    let phone = Phone::blank(number);
    let hats = [("carrier", courier(number).to_string())];
    server.expect_named("code", "Trần Chim Sẻ", &hats, NOW + THREE_DAYS);
    phone.core.enrol("code", server).expect("enrols");
    phone
}

#[test]
fn neither_the_file_nor_its_log_says_anything_about_anybody() {
    let server = Server::new(NOW);
    let (phone, other) = (enrolled(&server, 1), Phone::courier(&server, 2));
    for n in 0..6 {
        server.state().changes.push(stop(&label(n)));
    }
    let withdrawn = json!({"type": "withdrawn", "item_code": label(5), "reason": "chuyển cho người khác"});
    server.state().changes.push(withdrawn);
    phone.core.sync(&server).expect("syncs");
    for n in 0..4 {
        phone.take_in(&label(n));
    }
    hand_over(&phone, CARRIER, &other, CARRIER, &[&label(0), &label(1)]);
    let given = phone
        .core
        .deliver(&label(2), Recipient::Household, 1, &Manner::of(CARRIER))
        .expect("recorded");
    assert_eq!(found(phone.folder.path(), &CANARIES), [""; 0]);
    let bytes = raw(phone.folder.path());
    assert!(bytes.len() > 50_000, "the files were read");
    assert!(
        !bytes
            .windows(64)
            .any(|window| window == &given.envelope[given.envelope.len() - 64..])
    );

    // Nothing is hidden from who has the key, nor after the log was folded into the file.
    let phone = phone.reopened();
    let work = phone.core.work().expect("reads");
    assert_eq!(work.len(), 6);
    assert!(work.iter().all(|stop| stop.assignment.name == CANARIES[0]));
    assert_eq!(work[5].withdrawn_reason.as_deref(), Some("chuyển cho người khác"));
    assert_eq!(
        phone.core.credential().expect("reads").expect("enrolled").name,
        "Trần Chim Sẻ"
    );
    let folder = phone.folder;
    drop(phone.core);
    assert_eq!(found(folder.path(), &CANARIES), [""; 0]);
}

#[test]
fn another_key_opens_nothing_and_changes_nothing() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    let recorded = phone.take_in(&label(1));
    let Phone { core, host, folder } = phone;
    drop(core);
    let path = folder.path().join("phone.db");
    let before = std::fs::read(&path).expect("reads");

    let other = Arc::new(SoftPlatform::generate(NOW).expect("a key"));
    let refused = Core::open(&path, other);
    assert!(matches!(&refused, Err(CourierError::Store(StoreError::WrongKey))));
    assert_eq!(std::fs::read(&path).expect("reads"), before);

    let core = Core::open(&path, host).expect("opens");
    assert_eq!(core.events().expect("reads")[0].envelope, recorded.envelope);
}

/// A store as version 1 wrote it: in the clear.
fn old_store(path: &Path, phone: &Phone) -> Vec<u8> {
    let db = Connection::open(path).expect("opens");
    db.pragma_update(None, "journal_mode", "WAL").expect("sets");
    db.execute_batch(include_str!("../../src/core/store/schema.sql"))
        .expect("makes");
    db.pragma_update(None, "user_version", 1).expect("sets");
    let event = phone.core.events().expect("reads").remove(0);
    let key = phone.core.public_key().0;
    let device = phone.core.device_id();
    let credential = json!({"device_id": device.to_string(), "staff_id": "s", "name": "Trần Chim Sẻ", "office_id": "o",
        "office_name": "Tịnh Biên", "hats": [["carrier", courier(1).to_string()]], "until_ms": NOW + THREE_DAYS});
    db.execute(
        "INSERT INTO device VALUES (?1, ?2, ?3)",
        params![device.0, key, credential.to_string()],
    )
    .expect("inserts");
    db.execute(
        "INSERT INTO event VALUES (1, ?1, ?2, 1, zeroblob(32), 1, 13, ?3, 'recorded', 0, NULL, ?4, zeroblob(16), 0)",
        params![event.event_id.0, device.0, event.envelope, NOW],
    )
    .expect("inserts");
    let item = custody::ids::ItemId::of(&label(1));
    db.execute(
        "INSERT INTO event_item VALUES (?1, ?2, NULL)",
        params![event.event_id.0, item.0],
    )
    .expect("inserts");
    db.execute(
        "INSERT INTO item VALUES (?1, ?2, 'RESULT_TO_APPLICANT', ?3, ?4, 'C2', 'S-0001', 3, 1, NULL, 7, NULL, 'citizen', 'C1')",
        params![item.0, label(1), event.event_id.0, courier(1).to_string()],
    )
    .expect("inserts");
    db.execute(
        "INSERT INTO assignment VALUES ('a', ?1, 'pickup', ?2, 'chuyển cho người khác')",
        params![label(1), stop(&label(1)).to_string()],
    )
    .expect("inserts");
    event.envelope
}

#[test]
fn a_store_from_before_is_sealed_when_it_is_opened_and_says_the_same_as_before() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.db");
    let envelope = old_store(&path, &phone);
    assert_eq!(
        found(folder.path(), &CANARIES).len(),
        CANARIES.len(),
        "the old store is in the clear"
    );

    let core = Core::open(&path, phone.host.clone()).expect("opens");
    assert_eq!(found(folder.path(), &CANARIES), [""; 0]);
    assert_eq!(
        core.credential().expect("reads").expect("enrolled").name,
        "Trần Chim Sẻ"
    );
    let events = core.events().expect("reads");
    assert_eq!((events.len(), &events[0].envelope), (1, &envelope));
    let item = core.item(&label(1)).expect("reads").expect("known");
    assert_eq!(
        (item.seal.as_str(), item.paper_count, item.provisional),
        ("S-0001", Some(3), true)
    );
    assert_eq!((item.head, item.holder), (Some(events[0].event_id), Some(courier(1))));
    assert_eq!(
        item.server.expect("heard").holder,
        Some(domain::holder::Holder::Citizen)
    );
    let work = core.work().expect("reads");
    assert_eq!(work[0].assignment.phone, "+84987001002");
    assert_eq!(work[0].withdrawn_reason.as_deref(), Some("chuyển cho người khác"));
    assert_eq!(
        core.deliver(&label(1), Recipient::Addressee, 1, &Manner::of(CARRIER))
            .expect("recorded")
            .seq,
        2
    );
}

#[test]
fn an_upgrade_that_fails_in_the_middle_leaves_the_old_store_whole() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.db");
    let envelope = old_store(&path, &phone);
    let db = Connection::open(&path).expect("opens");
    db.execute_batch("CREATE TABLE sealed_assignment (in_the_way INTEGER)")
        .expect("makes");

    assert!(Core::open(&path, phone.host.clone()).is_err());
    let (version, kept): (i64, Vec<u8>) = db
        .query_row(
            "SELECT user_version, (SELECT envelope FROM event) FROM pragma_user_version",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .expect("reads");
    assert_eq!((version, kept), (1, envelope));

    db.execute_batch("DROP TABLE sealed_assignment").expect("drops");
    assert_eq!(
        Core::open(&path, phone.host.clone())
            .expect("opens")
            .events()
            .expect("reads")
            .len(),
        1
    );
}

#[test]
fn a_host_that_lends_no_key_is_told_apart_from_a_damaged_store() {
    struct Keyless(Arc<SoftPlatform>);
    impl Platform for Keyless {
        fn now_ms(&self) -> Result<i64, mobile_ffi::core::HostError> {
            self.0.now_ms()
        }
        fn mono(&self) -> Result<mobile_ffi::core::Mono, mobile_ffi::core::HostError> {
            self.0.mono()
        }
        fn public_key(&self) -> Result<[u8; 33], mobile_ffi::core::HostError> {
            self.0.public_key()
        }
        fn sign(&self, message: &[u8]) -> Result<[u8; 64], mobile_ffi::core::HostError> {
            self.0.sign(message)
        }
        fn store_key(&self) -> Result<[u8; 32], mobile_ffi::core::HostError> {
            Err(mobile_ffi::core::HostError::new("the key store lost it"))
        }
        fn random(&self, len: usize) -> Result<Vec<u8>, mobile_ffi::core::HostError> {
            self.0.random(len)
        }
    }
    let phone = Phone::courier(&Server::new(NOW), 1);
    phone.take_in(&label(1));
    let refused = Core::open(phone.path(), Arc::new(Keyless(phone.host.clone())));
    assert!(matches!(refused, Err(CourierError::Host(_))));
    assert_eq!(phone.reopened().core.events().expect("reads").len(), 1);
}
