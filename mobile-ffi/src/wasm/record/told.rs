//! What the core tells a page.

use domain::item_code::ItemCode;
use domain::wire::v1::Leg;

use super::bytes;
use crate::core;

record!(Recorded from core::Recorded as recorded {
    event_id: String = recorded.event_id.to_string(),
    seq: u64 = recorded.seq,
    #[serde(serialize_with = "bytes")]
    envelope: Vec<u8> = recorded.envelope,
    #[serde(serialize_with = "bytes")]
    picture: Vec<u8> = recorded.picture,
});

record!(EventCard from core::StoredEvent as event {
    event_id: String = event.event_id.to_string(),
    device: String = event.device.to_string(),
    seq: u64 = event.seq,
    prev: String = event.prev.to_string(),
    own: bool = event.own,
    state: &'static str = event.state.as_str(),
    #[serde(serialize_with = "bytes")]
    envelope: Vec<u8> = event.envelope,
});

record!(Finished from core::Finished as finished {
    handover_id: String = finished.handover_id.to_string(),
    accept_id: String = finished.accept_id.to_string(),
    item_codes: Vec<String> = finished.item_codes.iter().map(ItemCode::to_string).collect(),
});

record!(Peer from core::Peer as peer {
    hat: &'static str = peer.hat.as_str(),
    party: String = peer.party.to_string(),
    name: String = peer.name,
    office_name: String = peer.office_name,
    until_ms: i64 = peer.until_ms,
    in_browser: bool = peer.in_browser,
    offered: Option<usize> = peer.offered,
});

record!(OpenHandover from core::act::handover::OpenHandover as open {
    handover_id: String = open.handover_id.to_string(),
    role: &'static str = open.role.as_str(),
    #[serde(serialize_with = "bytes")]
    picture: Vec<u8> = open.picture,
});

record!(Enrolment from core::Credential as credential {
    device_id: String = credential.device_id.to_string(),
    hats: Vec<&'static str> = credential.hats.iter().map(|(hat, _)| hat.as_str()).collect(),
    staff_id: String = credential.staff_id,
    name: String = credential.name,
    office_name: String = credential.office_name,
    until_ms: i64 = credential.until_ms,
});

record!(ItemCard from core::LocalItem as item {
    item_code: String = item.item_code.to_string(),
    item_kind: Option<String> = item.kind.map(|kind| kind.to_string()),
    state: &'static str = item.state.code(),
    holder: Option<String> = item.holder.map(|holder| holder.to_string()),
    head: Option<String> = item.head.map(|head| head.to_string()),
    seal: String = item.seal,
    paper_count: Option<u32> = item.paper_count,
    provisional: bool = item.provisional,
    offered_in: Option<String> = item.offered_in.map(|id| id.to_string()),
    server_state: Option<&'static str> = item.server.map(|word| word.state.code()),
});

record!(Permitted from core::Permitted as one {
    act: &'static str = one.act.as_str(),
    hat: &'static str = one.hat.as_str(),
});

record!(Scanned from core::Scanned as scanned {
    item_code: String = scanned.item_code.to_string(),
    item: Option<ItemCard> = scanned.item.map(Into::into),
    held: bool = scanned.held,
    to_fetch: bool = scanned.to_fetch,
    may: Vec<Permitted> = scanned.may.into_iter().map(Into::into).collect(),
});

record!(Stop from core::Stop as stop {
    state: &'static str = stop.state.code(),
    done: bool = stop.done,
    withdrawn_reason: Option<String> = stop.withdrawn_reason,
    leg: &'static str = match stop.assignment.leg {
        Leg::Pickup => "pickup",
        Leg::Deliver => "deliver",
    },
    assignment_id: String = stop.assignment.assignment_id,
    item_code: String = stop.assignment.item_code,
    item_kind: String = stop.assignment.item_kind,
    dossier_ref: String = stop.assignment.dossier_ref,
    name: String = stop.assignment.name,
    phone: String = stop.assignment.phone,
    address: String = stop.assignment.address,
    lat: f64 = stop.assignment.lat,
    lon: f64 = stop.assignment.lon,
    note: String = stop.assignment.note,
    cod_amount: i64 = stop.assignment.cod_amount,
    paper_count: u32 = stop.assignment.paper_count,
    due_ms: Option<i64> = stop.assignment.due_ms,
});

record!(SyncStatus from core::SyncStatus as status {
    unsent: u64 = status.unsent,
    oldest_age_ms: u64 = status.oldest_age_ms,
    banner: &'static str = match status.banner {
        core::Banner::Green => "green",
        core::Banner::Amber => "amber",
        core::Banner::Red => "red",
    },
    synced_ms: Option<i64> = status.synced_ms,
    log_splits: u64 = status.log_splits,
});

record!(SyncReport from core::SyncReport as report {
    sent: u64 = report.sent,
    durable: u64 = report.durable,
    retry: u64 = report.retry,
    changes: u64 = report.changes,
    unreadable: u64 = report.unreadable,
    receipts: u64 = report.receipts,
    bad_receipts: u64 = report.bad_receipts,
    photographs: u64 = report.photographs,
});

record!(Slot from core::Slot as slot {
    name: String = slot.name,
    unsent: u64 = slot.unsent,
    current: bool = slot.current,
});

record!(Salvage from core::Salvage as salvage {
    file: String = salvage.file,
    events: u64 = salvage.events,
    without_copy: u64 = salvage.without_copy,
});
