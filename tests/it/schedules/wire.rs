//! What goes between phones and server, and how the judge and the faults read it.

use super::server::Server;
use super::template::{CAST, Template, secret};
use ciborium::Value;
use custody::envelope::{Envelope, Signer, SoftSigner};
use custody::ids::{DeviceId, EventId};
use domain::holder::Holder;
use domain::wire::v1::{DepositResult, DepositView};
use mobile_ffi::core::Reply;
use sea_orm::DbBackend;

/// Where events are deposited.
pub(crate) const EVENTS: &str = "/api/v1/sync/events";
/// Where the feed is read.
pub(crate) const CHANGES: &str = "/api/v1/sync/changes";

/// Cuts a CBOR sequence into its items, byte for byte.
pub(crate) fn sequence(body: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = body;
    let mut items = Vec::new();
    while !rest.is_empty() {
        let before = rest;
        ciborium::from_reader::<Value, _>(&mut rest).expect("CBOR");
        items.push(before[..before.len() - rest.len()].to_vec());
    }
    items
}

/// What a deposit was answered; nothing when it was refused.
pub(crate) fn results(reply: &Reply) -> Vec<(EventId, DepositResult)> {
    let view: Option<DepositView> = Some(reply)
        .filter(|reply| reply.status == 200)
        .and_then(|reply| serde_json::from_slice(&reply.body).ok());
    let results = view.map(|view| view.results).unwrap_or_default();
    results
        .iter()
        .map(|line| (line.event_id.parse().expect("an id"), line.result))
        .collect()
}

/// The order of P-256's group, big-endian (SEC 2, section 2.4.2).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// The same envelope under the other signature its key could have given. A signature is an envelope's last 64 bytes.
pub(crate) fn twin(raw: &[u8]) -> Vec<u8> {
    let mut other = raw.to_vec();
    let half = other.len() - 32;
    let mut borrow = 0;
    for at in (0..32).rev() {
        let digit = i16::from(ORDER[at]) - i16::from(raw[half + at]) - borrow;
        borrow = i16::from(digit < 0);
        other[half + at] = u8::try_from(digit.rem_euclid(256)).expect("one byte");
    }
    other
}

/// Whether an envelope has the larger of the two signatures its key could have given; no phone makes that.
pub(crate) fn is_high(raw: &[u8]) -> bool {
    Envelope::parse(raw).is_ok_and(|envelope| envelope.low_s_bytes() != raw)
}

/// The same envelope with a signature of nobody's.
pub(crate) fn forged(raw: &[u8]) -> Vec<u8> {
    let mut other = raw.to_vec();
    let half = other.len() - 64;
    other[half..half + 32].rotate_left(1);
    other
}

/// Which phone a device is.
pub(crate) fn phone_of(device: DeviceId) -> Option<usize> {
    (0..CAST.len()).find(|phone| {
        let key = SoftSigner::from_bytes(&secret(*phone)).expect("a key");
        key.public_key().device_id() == device
    })
}

/// The party a device signs for.
pub(crate) fn party(template: &Template, device: DeviceId) -> Option<Holder> {
    phone_of(device).map(|phone| template.holders[phone])
}

/// Bytes as this database writes them in a statement.
pub(crate) fn literal(server: &Server, bytes: &[u8]) -> String {
    let digits = hex::encode(bytes);
    match server.store().backend() {
        DbBackend::Postgres => format!("'\\x{digits}'::bytea"),
        _ => format!("X'{digits}'"),
    }
}

/// The word for true.
pub(crate) fn yes(server: &Server) -> &'static str {
    match server.store().backend() {
        DbBackend::Postgres => "TRUE",
        _ => "1",
    }
}

/// The word for false.
pub(crate) fn no(server: &Server) -> &'static str {
    match server.store().backend() {
        DbBackend::Postgres => "FALSE",
        _ => "0",
    }
}
