//! The phone core alone: from a scan to a record on disk, and how large events are.
//!
//! As on a courier's phone: a file with fsync, every row sealed, and for each unsent event the second copy that only the server's recovery
//! key opens.

use crate::table::{Goal, Table};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use custody::credential::Credential;
use custody::envelope::PublicKey;
use domain::hat::Hat;
use domain::item::{AttemptReason, ItemKind};
use domain::item_code::ItemCode;
use entity::ServerKeys;
use entity::recovery::RecoveryKey;
use mobile_ffi::core::{Core, HostError, Manner, Reply, Seen, SoftPlatform, TakeIn, Transport};
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const SCANS: u32 = 2_000;

/// A server that knows one person with one key.
struct Desk(Mutex<Vec<PublicKey>>, ServerKeys);

const STAFF: &str = "staff:018f0000-0000-7000-8000-000000000001";

/// What the server vouches for.
fn credential(key: PublicKey) -> Credential {
    Credential {
        key,
        name: "An".to_owned(),
        office: "Tịnh Biên".to_owned(),
        hats: vec![(Hat::Carrier, STAFF.parse().expect("a party"))],
        until_ms: i64::MAX,
        in_browser: false,
    }
}

impl Transport for Desk {
    fn send(
        &self,
        _method: &str,
        _path: &str,
        _headers: &[(String, String)],
        _body: &[u8],
    ) -> Result<Reply, HostError> {
        let key = self.0.lock().map_err(|_| HostError::new("poisoned"))?.pop();
        let key = key.ok_or_else(|| HostError::new("enrols once"))?;
        let issuer = self.1.acts.verifying_key();
        let body = json!({
            "device_id": key.device_id().to_string(), "staff_id": "018f0000-0000-7000-8000-000000000001", "name": "An", "office_id": "o", "office_name": "Tịnh Biên",
            "hats": [{ "hat": "carrier", "holder": STAFF }], "epoch": 1, "credential_until_ms": i64::MAX,
            "recovery_key": RecoveryKey::of(&self.1).public(), "issuers": [URL_SAFE_NO_PAD.encode(issuer.as_bytes())],
            "credential": URL_SAFE_NO_PAD.encode(credential(key).issue(&self.1.acts)),
        });
        Ok(Reply {
            status: 200,
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
        })
    }
}

fn phone(folder: &std::path::Path, name: &str, server: &ServerKeys) -> Core {
    let host = Arc::new(SoftPlatform::generate(1_795_401_000_000).expect("a key"));
    let core = Core::open(folder.join(name), host).expect("opens");
    core.enrol("code", &Desk(Mutex::new(vec![core.public_key()]), server.clone()))
        .expect("enrols");
    core
}

fn label(serial: u32) -> String {
    ItemCode::from_serial("EE", serial, "VN").expect("a serial").to_string()
}

/// Measures.
pub(crate) fn measure(table: &mut Table) {
    let folder = tempfile::tempdir().expect("a folder");
    let server = ServerKeys::generate();
    let giver = phone(folder.path(), "giver.db", &server);
    let (mut times, mut size, mut total) = (Vec::new(), 0, 0);
    for serial in 1..=SCANS {
        let code = label(serial);
        let began = Instant::now();
        giver.scan(&code).expect("a label");
        let kind = Some(ItemKind::ResultToApplicant);
        let what = TakeIn {
            item_code: &code,
            item_kind: kind,
            seal: "S-0001",
            paper_count: 3,
        };
        let recorded = giver.take_in(&what, &Manner::of(Hat::Carrier)).expect("recorded");
        times.push(began.elapsed());
        size = size.max(recorded.envelope.len());
        total += recorded.envelope.len();
    }
    times.sort_unstable();
    let saved = giver.salvage().expect("read");
    assert_eq!(
        (saved.events, saved.without_copy),
        (u64::from(SCANS), 0),
        "each has its copy"
    );
    let failed = giver
        .attempt_failed(&label(2), AttemptReason::ALL[0], &Manner::of(Hat::Carrier))
        .expect("recorded");
    let at = |percent: usize| milliseconds(times[(times.len() - 1) * percent / 100]);
    table.note("phone: scan to sealed record on disk, p50", at(50), "ms");
    table.goal(
        "phone: scan to sealed record on disk, p99",
        at(99),
        "ms",
        Goal::AtMost(20.0),
    );
    table.goal(
        "phone: event about one known item",
        bytes(failed.envelope.len()),
        "bytes",
        Goal::AtMost(300.0),
    );
    table.note(
        "phone: take-in of a label nobody announced, largest",
        bytes(size),
        "bytes",
    );
    table.note(
        "phone: 1,000 such take-ins",
        bytes(total * 1_000 / SCANS as usize) / 1024.0,
        "KB",
    );
    let receiver = phone(folder.path(), "receiver.db", &server);
    let code = label(1);
    let hello = receiver.hello(Hat::Carrier).expect("hello");
    let offer = giver.offer(&hello, &[&code], &Manner::of(Hat::Carrier)).expect("offer");
    let accept = receiver
        .accept(&offer.picture, &[Seen::intact(&code)], &[])
        .expect("accept");
    table.goal(
        "phone: OFFER of one item",
        bytes(offer.envelope.len()),
        "bytes",
        Goal::AtMost(400.0),
    );
    table.goal(
        "phone: ACCEPT of one item",
        bytes(accept.envelope.len()),
        "bytes",
        Goal::AtMost(400.0),
    );
    // Closed, so that nothing is still in the log beside it.
    drop(giver);
    drop(phone(folder.path(), "empty.db", &server));
    let size = |name: &str| std::fs::metadata(folder.path().join(name)).expect("a store").len();
    let grown = usize::try_from(size("giver.db") - size("empty.db")).expect("some megabytes");
    table.note(
        "phone: its store by unsent event, with the item and the recovery copy",
        bytes(grown / SCANS as usize),
        "bytes",
    );
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn bytes(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
