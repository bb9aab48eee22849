//! Plain records and enums of the skin, with their conversions. Ids are lower-case hex, times UTC milliseconds.

use std::collections::HashMap;

use domain::hat::Hat as CoreHat;
use domain::item::AttemptReason as CoreReason;
use domain::item_code::ItemCode;
use domain::wire::v1::Leg;

use super::error::{CourierError, HostFault};
use crate::core;

/// In which capacity a person signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Hat {
    /// Post staff at a counter.
    PostAgent,
    /// One-stop desk staff.
    DeskAgent,
    /// The person an agency named to receive.
    AgencyReceiver,
    /// Whoever carries sealed items.
    Carrier,
}

impl From<Hat> for CoreHat {
    fn from(hat: Hat) -> Self {
        match hat {
            Hat::PostAgent => Self::PostAgent,
            Hat::DeskAgent => Self::DeskAgent,
            Hat::AgencyReceiver => Self::AgencyReceiver,
            Hat::Carrier => Self::Carrier,
        }
    }
}

impl From<CoreHat> for Hat {
    fn from(hat: CoreHat) -> Self {
        match hat {
            CoreHat::PostAgent => Self::PostAgent,
            CoreHat::DeskAgent => Self::DeskAgent,
            CoreHat::AgencyReceiver => Self::AgencyReceiver,
            CoreHat::Carrier => Self::Carrier,
        }
    }
}

/// Who received an item in person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Recipient {
    /// The person it is addressed to.
    Addressee,
    /// An adult of the same household.
    Household,
    /// Somebody with an authorisation.
    Representative,
}

impl From<Recipient> for core::Recipient {
    fn from(recipient: Recipient) -> Self {
        match recipient {
            Recipient::Addressee => Self::Addressee,
            Recipient::Household => Self::Household,
            Recipient::Representative => Self::Representative,
        }
    }
}

/// How an act is done.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Manner {
    /// The hat worn.
    pub hat: Hat,
    /// The papers have already moved: record it although the phone advises against it.
    #[uniffi(default = false)]
    pub force: bool,
    /// Small facts free of personal data.
    #[uniffi(default = None)]
    pub details: Option<HashMap<String, String>>,
    /// SHA-256 hashes of photos, signatures and proofs.
    #[uniffi(default = None)]
    pub evidence: Option<Vec<Vec<u8>>>,
}

impl TryFrom<Manner> for core::Manner {
    type Error = CourierError;

    fn try_from(manner: Manner) -> Result<Self, CourierError> {
        let hash = |bytes: Vec<u8>| {
            bytes
                .try_into()
                .map_err(|_| unreadable("evidence", "a hash has 32 bytes"))
        };
        let evidence = manner
            .evidence
            .unwrap_or_default()
            .into_iter()
            .map(hash)
            .collect::<Result<_, _>>()?;
        let details = manner.details.unwrap_or_default().into_iter().collect();
        Ok(Self {
            hat: manner.hat.into(),
            force: manner.force,
            details,
            evidence,
        })
    }
}

/// Something a person can do with an item, and in which hat.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Permitted {
    /// `take_in`, `offer`, `deliver`, `attempt_failed`, `hold`, `return` or `refuse`.
    pub act: String,
    /// The hat.
    pub hat: Hat,
}

/// An item as this phone knows it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ItemCard {
    /// The label.
    pub item_code: String,
    /// What it carries, once known.
    pub item_kind: Option<String>,
    /// Where its custody stands, `C0` to `C13`.
    pub state: String,
    /// Who has it, for example `staff:<uuid>`.
    pub holder: Option<String>,
    /// The last custody event known of it.
    pub head: Option<String>,
    /// Number on the seal.
    pub seal: String,
    /// Papers counted at intake.
    pub paper_count: Option<u32>,
    /// Taken over, the giver's release is not here yet.
    pub provisional: bool,
    /// The open handover in which it is offered.
    pub offered_in: Option<String>,
    /// The server's last word on its state.
    pub server_state: Option<String>,
}

impl From<core::LocalItem> for ItemCard {
    fn from(item: core::LocalItem) -> Self {
        Self {
            item_code: item.item_code.to_string(),
            item_kind: item.kind.map(|kind| kind.to_string()),
            state: item.state.code().to_owned(),
            holder: item.holder.map(|holder| holder.to_string()),
            head: item.head.map(|head| head.to_string()),
            seal: item.seal,
            paper_count: item.paper_count,
            provisional: item.provisional,
            offered_in: item.offered_in.map(|id| id.to_string()),
            server_state: item.server.map(|word| word.state.code().to_owned()),
        }
    }
}

/// The answer to a scan.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Scanned {
    /// The label in its one spelling.
    pub item_code: String,
    /// What this phone knows of it.
    pub item: Option<ItemCard>,
    /// Whether this person has it.
    pub held: bool,
    /// A pickup in the work pack asks for it.
    pub to_fetch: bool,
    /// What may be done, and as whom.
    pub may: Vec<Permitted>,
}

impl From<core::Scanned> for Scanned {
    fn from(scanned: core::Scanned) -> Self {
        let may = scanned.may.iter();
        Self {
            item_code: scanned.item_code.to_string(),
            held: scanned.held,
            to_fetch: scanned.to_fetch,
            may: may
                .map(|one| Permitted {
                    act: one.act.as_str().to_owned(),
                    hat: one.hat.into(),
                })
                .collect(),
            item: scanned.item.map(Into::into),
        }
    }
}

/// One stop of the work pack.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Stop {
    /// The assignment.
    pub assignment_id: String,
    /// Fetch (`pickup`) or deliver (`deliver`).
    pub leg: String,
    /// The label.
    pub item_code: String,
    /// What it carries.
    pub item_kind: String,
    /// How people name the dossier.
    pub dossier_ref: String,
    /// Whom to ask for.
    pub name: String,
    /// Their telephone.
    pub phone: String,
    /// Where to go.
    pub address: String,
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// What the courier should know.
    pub note: String,
    /// Dong to collect.
    pub cod_amount: i64,
    /// Papers the list names.
    pub paper_count: u32,
    /// Until when.
    pub due_ms: Option<i64>,
    /// Where the item stands, `C0` to `C13`.
    pub state: String,
    /// Nothing is left to do.
    pub done: bool,
    /// Why the server took it back, if it did.
    pub withdrawn_reason: Option<String>,
}

impl From<core::Stop> for Stop {
    fn from(stop: core::Stop) -> Self {
        let told = stop.assignment;
        let leg = match told.leg {
            Leg::Pickup => "pickup",
            Leg::Deliver => "deliver",
        };
        Self {
            assignment_id: told.assignment_id,
            leg: leg.to_owned(),
            item_code: told.item_code,
            item_kind: told.item_kind,
            dossier_ref: told.dossier_ref,
            name: told.name,
            phone: told.phone,
            address: told.address,
            lat: told.lat,
            lon: told.lon,
            note: told.note,
            cod_amount: told.cod_amount,
            paper_count: told.paper_count,
            due_ms: told.due_ms,
            state: stop.state.code().to_owned(),
            done: stop.done,
            withdrawn_reason: stop.withdrawn_reason,
        }
    }
}

/// An event that is on this phone's disk.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Recorded {
    /// Its id.
    pub event_id: String,
    /// Its number in this device's chain.
    pub seq: u64,
    /// The signed bytes, to show to a peer where the act is a handover.
    pub envelope: Vec<u8>,
}

impl From<core::Recorded> for Recorded {
    fn from(recorded: core::Recorded) -> Self {
        Self {
            event_id: recorded.event_id.to_string(),
            seq: recorded.seq,
            envelope: recorded.envelope,
        }
    }
}

/// A stored envelope, for checks and salvage.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EventCard {
    /// Its id.
    pub event_id: String,
    /// Who signed it.
    pub device: String,
    /// Number in that device's chain.
    pub seq: u64,
    /// The event before it in that chain.
    pub prev: String,
    /// Signed by a key of this phone.
    pub own: bool,
    /// `recorded`, `sent`, `durable` or `receipted`.
    pub state: String,
    /// The envelope.
    pub envelope: Vec<u8>,
}

impl From<core::StoredEvent> for EventCard {
    fn from(event: core::StoredEvent) -> Self {
        Self {
            event_id: event.event_id.to_string(),
            device: event.device.to_string(),
            seq: event.seq,
            prev: event.prev.to_string(),
            own: event.own,
            state: event.state.as_str().to_owned(),
            envelope: event.envelope,
        }
    }
}

/// An item the receiver looked at.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Seen {
    /// The label.
    pub item_code: String,
    /// The number on the seal, if it was read.
    #[uniffi(default = None)]
    pub seal: Option<String>,
}

impl From<Seen> for core::Seen {
    fn from(seen: Seen) -> Self {
        Self {
            item_code: seen.item_code,
            seal: seen.seal,
        }
    }
}

/// An offered item the receiver does not take: 1 damaged, 2 missing, 3 seal.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NotTaken {
    /// The label.
    pub item_code: String,
    /// Why.
    pub code: u64,
}

impl From<NotTaken> for core::Exception {
    fn from(left: NotTaken) -> Self {
        Self {
            item_code: left.item_code,
            code: left.code,
        }
    }
}

/// A handover both sides have signed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Finished {
    /// The handover.
    pub handover_id: String,
    /// The acceptance.
    pub accept_id: String,
    /// What was taken over.
    pub item_codes: Vec<String>,
}

impl From<core::Finished> for Finished {
    fn from(finished: core::Finished) -> Self {
        Self {
            handover_id: finished.handover_id.to_string(),
            accept_id: finished.accept_id.to_string(),
            item_codes: finished.item_codes.iter().map(ItemCode::to_string).collect(),
        }
    }
}

/// A handover that waits for the other side.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenHandover {
    /// The handover.
    pub handover_id: String,
    /// `giver` or `receiver`.
    pub role: String,
    /// The envelope to show again.
    pub envelope: Vec<u8>,
}

impl From<core::act::handover::OpenHandover> for OpenHandover {
    fn from(open: core::act::handover::OpenHandover) -> Self {
        Self {
            handover_id: open.handover_id.to_string(),
            role: open.role.as_str().to_owned(),
            envelope: open.envelope,
        }
    }
}

/// Who this device speaks for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Enrolment {
    /// The device.
    pub device_id: String,
    /// The person.
    pub staff_id: String,
    /// Their name.
    pub name: String,
    /// Their office.
    pub office_name: String,
    /// The hats they may wear.
    pub hats: Vec<Hat>,
    /// Until when handovers between devices may be started.
    pub until_ms: i64,
}

impl From<core::Credential> for Enrolment {
    fn from(credential: core::Credential) -> Self {
        Self {
            device_id: credential.device_id.to_string(),
            hats: credential.hats.iter().map(|(hat, _)| (*hat).into()).collect(),
            staff_id: credential.staff_id,
            name: credential.name,
            office_name: credential.office_name,
            until_ms: credential.until_ms,
        }
    }
}

/// How loudly to speak of unsent events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Banner {
    /// Not at all.
    Green,
    /// Four hours or more.
    Amber,
    /// A day or more.
    Red,
}

/// What waits on this phone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncStatus {
    /// Events the server has not confirmed.
    pub unsent: u64,
    /// Age of the oldest of them.
    pub oldest_age_ms: u64,
    /// How loudly to say it.
    pub banner: Banner,
    /// Wall clock of the last complete sync.
    pub synced_ms: Option<i64>,
}

impl From<core::SyncStatus> for SyncStatus {
    fn from(status: core::SyncStatus) -> Self {
        let banner = match status.banner {
            core::Banner::Green => Banner::Green,
            core::Banner::Amber => Banner::Amber,
            core::Banner::Red => Banner::Red,
        };
        let core::SyncStatus {
            unsent,
            oldest_age_ms,
            synced_ms,
            ..
        } = status;
        Self {
            unsent,
            oldest_age_ms,
            banner,
            synced_ms,
        }
    }
}

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// Envelopes put into batches.
    pub sent: u64,
    /// Of them, confirmed to be on the server's disk.
    pub durable: u64,
    /// Of them, not taken now.
    pub retry: u64,
    /// Changes applied from the feed.
    pub changes: u64,
    /// Changes this version cannot read.
    pub unreadable: u64,
}

impl From<core::SyncReport> for SyncReport {
    fn from(report: core::SyncReport) -> Self {
        let core::SyncReport {
            sent,
            durable,
            retry,
            changes,
            unreadable,
        } = report;
        Self {
            sent,
            durable,
            retry,
            changes,
            unreadable,
        }
    }
}

/// A reading of the monotonic clock.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MonoReading {
    /// 16 bytes that change at every boot.
    pub boot_id: Vec<u8>,
    /// Milliseconds since that boot.
    pub ms: u64,
}

/// One header.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl From<(String, String)> for HttpHeader {
    fn from((name, value): (String, String)) -> Self {
        Self { name, value }
    }
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<HttpHeader>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl From<HttpReply> for core::Reply {
    fn from(reply: HttpReply) -> Self {
        let headers = reply
            .headers
            .into_iter()
            .map(|header| (header.name, header.value))
            .collect();
        Self {
            status: reply.status,
            headers,
            body: reply.body,
        }
    }
}

/// Reads a reason by its stable word, for example `NOT_HOME`.
pub(super) fn reason(text: &str) -> Result<CoreReason, CourierError> {
    text.parse()
        .map_err(|_| unreadable("reason", "not in the list of reasons"))
}

/// Reads an id written as hex.
pub(super) fn id<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, CourierError> {
    text.parse().map_err(|_| unreadable(what, "not an id"))
}

fn unreadable(what: &str, why: &str) -> CourierError {
    CourierError::Unreadable {
        what: what.to_owned(),
        why: why.to_owned(),
    }
}

/// The words of the attempt reasons, in the order of their codes.
#[uniffi::export]
pub fn attempt_reasons() -> Vec<String> {
    CoreReason::ALL
        .iter()
        .map(|reason| reason.as_str().to_owned())
        .collect()
}

/// Milliseconds to wait after `failures` failed syncs in a row, given any random number.
#[uniffi::export]
pub fn backoff_ms(failures: u32, random: u64, retry_after_ms: Option<u64>) -> u64 {
    core::sync::backoff_ms(failures, random, retry_after_ms)
}

/// A transport that could not be used looks like a server that did not answer.
impl From<HostFault> for CourierError {
    fn from(fault: HostFault) -> Self {
        let HostFault::Failed { reason } = fault;
        Self::Host { why: reason }
    }
}
