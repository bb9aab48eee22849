//! The one way an event comes into being: built, numbered, signed and stored in one transaction.

use custody::envelope::{Envelope, PublicKey, SealError, Sealed, SignError, Signer, seal};
use custody::event::{self, Event, Stamp};
use custody::ids::{DeviceId, EventId, HandoverId, ItemId};
use custody::kind::Kind;

use domain::hat::Hat;
use rusqlite::Transaction;

use super::credential::Credential;
use super::error::{CourierError, HandoverFault, Refusal};
use super::platform::{HostError, Mono, Platform, random};
use super::salvage::RecoveryKey;
use super::store;
use super::store::event::NewEvent;
use super::store::heads::Source;

/// With less room than this no new handover is begun.
const LEAST_FREE_BYTES: u64 = 50 * 1_000_000;

/// An event that is on this phone's disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub event_id: EventId,
    /// Its number in this device's chain.
    pub seq: u64,
    /// The signed bytes.
    pub envelope: Vec<u8>,
    /// What to show to the other phone where the act is a step of a handover: the envelope, of an OFFER with this phone's
    /// credential.
    pub picture: Vec<u8>,
}

impl Recorded {
    /// An event whose picture is nothing but its envelope.
    pub(crate) fn new(event_id: EventId, seq: u64, envelope: Vec<u8>) -> Self {
        let picture = envelope.clone();
        Self {
            event_id,
            seq,
            envelope,
            picture,
        }
    }
}

/// What one act works with while its transaction is open.
pub(crate) struct Recorder<'a> {
    pub(crate) tx: &'a Transaction<'a>,
    pub(crate) credential: &'a Credential,
    pub(crate) wall_ms: i64,
    pub(crate) mono: Mono,
    platform: &'a dyn Platform,
    key: PublicKey,
    beacon: Option<event::Beacon>,
    recovery: Option<RecoveryKey>,
}

/// The host's key as custody's signer.
struct HostSigner<'a> {
    platform: &'a dyn Platform,
    key: PublicKey,
}

impl Signer for HostSigner<'_> {
    fn public_key(&self) -> PublicKey {
        self.key
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        self.platform
            .sign(message)
            .map_err(|error| SignError { reason: error.reason })
    }
}

impl<'a> Recorder<'a> {
    /// Reads the clocks inside the transaction, so that the chain's numbers and its times agree.
    pub(crate) fn new(
        tx: &'a Transaction<'a>,
        credential: &'a Credential,
        platform: &'a dyn Platform,
        key: PublicKey,
    ) -> Result<Self, CourierError> {
        let mono = platform.mono()?;
        let beacon = store::exchange::load(tx)?
            .beacon
            .filter(|beacon| beacon.boot_id == mono.boot_id);
        let beacon = beacon.map(|seen| event::Beacon {
            server_ms: unsigned(seen.server_ms),
            mono_ms: seen.mono_ms,
            tag: seen.tag,
        });
        Ok(Self {
            tx,
            credential,
            wall_ms: platform.now_ms()?,
            mono,
            platform,
            key,
            beacon,
            recovery: store::exchange::recovery_key(tx)?,
        })
    }

    /// This device.
    pub(crate) fn device(&self) -> DeviceId {
        self.key.device_id()
    }

    /// The best guess of the server's time: its last word plus the time since, or the later of that word and our own
    /// claim after a restart.
    pub(crate) fn server_ms(&self) -> Result<i64, CourierError> {
        let seen = store::exchange::load(self.tx)?.beacon;
        Ok(match seen {
            Some(seen) if seen.boot_id == self.mono.boot_id => seen
                .server_ms
                .saturating_add_unsigned(self.mono.ms.saturating_sub(seen.mono_ms)),
            Some(seen) => seen.server_ms.max(self.wall_ms),
            None => self.wall_ms,
        })
    }

    /// The host.
    pub(crate) fn platform(&self) -> &dyn Platform {
        self.platform
    }

    /// Refuses a device that the server said it no longer trusts.
    pub(crate) fn check_peer(&self, device: DeviceId) -> Result<(), CourierError> {
        if store::revoked::has(self.tx, device)? {
            return Err(HandoverFault::PeerRevoked.into());
        }
        Ok(())
    }

    /// A new random id or nonce.
    pub(crate) fn random16(&self) -> Result<[u8; 16], CourierError> {
        Ok(random(self.platform)?)
    }

    /// This moment and the next place in this device's chain.
    pub(crate) fn stamp(&self, hat: Hat) -> Result<Stamp, CourierError> {
        let (last, prev) = store::event::chain_head(self.tx, self.device())?.unwrap_or((0, EventId::ZERO));
        Ok(Stamp {
            acting_as: hat,
            seq: last + 1,
            prev,
            wall_ms: unsigned(self.wall_ms),
            mono: self.moment(),
            beacon: self.beacon,
            seen_checkpoint: store::heads::untold(self.tx)?,
        })
    }

    /// The monotonic clock, as events carry it.
    pub(crate) fn moment(&self) -> event::Mono {
        event::Mono {
            boot_id: self.mono.boot_id,
            ms: self.mono.ms,
        }
    }

    /// The device key.
    pub(crate) fn signer(&self) -> impl Signer {
        HostSigner {
            platform: self.platform,
            key: self.key,
        }
    }

    /// Builds, numbers, signs and stores one event of this device.
    pub(crate) fn record(
        &self,
        hat: Hat,
        kind: Kind,
        handover_id: HandoverId,
        moves: &[(ItemId, Option<EventId>)],
        fill: impl FnOnce(&mut Event),
    ) -> Result<Recorded, CourierError> {
        let mut event = self.stamp(hat)?.event(kind, self.device(), handover_id);
        fill(&mut event);
        let sealed = seal(&event, &self.signer())?;
        self.insert(&event, sealed.id, &sealed.bytes, true, moves)?;
        Ok(Recorded::new(sealed.id, event.seq, sealed.bytes))
    }

    /// Stores an event of this device that was signed on a stamp of this transaction.
    pub(crate) fn add(&self, sealed: Sealed, moves: &[(ItemId, Option<EventId>)]) -> Result<Recorded, CourierError> {
        let envelope = Envelope::parse(&sealed.bytes).map_err(|error| CourierError::Unreadable {
            what: "event of our own",
            why: error.to_string(),
        })?;
        self.insert(envelope.event(), sealed.id, &sealed.bytes, true, moves)?;
        Ok(Recorded::new(sealed.id, envelope.event().seq, sealed.bytes))
    }

    /// Stores what a peer signed, byte for byte, to be deposited by us as well.
    pub(crate) fn keep(
        &self,
        envelope: &Envelope,
        bytes: &[u8],
        moves: &[(ItemId, Option<EventId>)],
    ) -> Result<(), CourierError> {
        self.insert(envelope.event(), envelope.id(), bytes, false, moves)
    }

    fn insert(
        &self,
        event: &Event,
        event_id: EventId,
        bytes: &[u8],
        own: bool,
        moves: &[(ItemId, Option<EventId>)],
    ) -> Result<(), CourierError> {
        let rescue = self.recovery.as_ref().map(|key| key.seal(bytes)).transpose()?;
        let new = NewEvent {
            event_id,
            device: event.device,
            seq: event.seq,
            prev: event.prev,
            own,
            kind: event.kind.code(),
            envelope: bytes,
            wall_ms: self.wall_ms,
            mono: self.mono,
            rescue: rescue.as_deref(),
            moves,
        };
        store::event::insert(self.tx, &new)?;
        match &event.seen_checkpoint {
            Some(head) if own => store::heads::mark_told(self.tx, head)?,
            Some(head) => store::heads::saw(self.tx, head, Source::Peer)?,
            None => {}
        }
        store::photograph::name(self.tx, &event.evidence, event_id)?;
        Ok(())
    }
}

/// Refuses to begin what a full disk could break off in the middle. A host that cannot tell stops nothing.
pub(crate) fn check_room(platform: &dyn Platform) -> Result<(), CourierError> {
    match platform.free_bytes() {
        Ok(Some(free_bytes)) if free_bytes < LEAST_FREE_BYTES => Err(Refusal::LowDisk { free_bytes }.into()),
        Ok(_) | Err(HostError { .. }) => Ok(()),
    }
}

impl From<SealError> for CourierError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::TooLong => Self::Unreadable {
                what: "act",
                why: "larger than an event may be".into(),
            },
            SealError::Sign(error) => HostError::new(error.reason).into(),
            error @ (SealError::WrongDevice { .. } | SealError::BadSignature) => {
                HostError::new(error.to_string()).into()
            }
        }
    }
}

/// A clock before 1970 claims 1970.
fn unsigned(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use custody::ids::{HandoverId, ItemId};
    use custody::kind::Kind;
    use domain::hat::Hat;
    use domain::holder::Holder;

    use crate::core::store::{StoreError, device};
    use crate::core::{Core, CourierError, Credential, SoftPlatform};

    fn enrolled(folder: &tempfile::TempDir) -> Core {
        let host = SoftPlatform::new(&[7; 32], 1_000).expect("a key");
        let core = Core::open(folder.path().join("phone.db"), Arc::new(host)).expect("opens");
        let credential = Credential {
            device_id: core.device_id(),
            staff_id: String::new(),
            name: String::new(),
            office_id: String::new(),
            office_name: String::new(),
            hats: vec![(Hat::Carrier, Holder::Citizen)],
            until_ms: 0,
            signed: Vec::new(),
            issuers: Vec::new(),
        };
        core.store
            .write(|tx| device::save_credential(tx, &credential))
            .expect("saves");
        core
    }

    #[test]
    fn an_act_cut_before_its_commit_leaves_neither_event_nor_number() {
        let folder = tempfile::tempdir().expect("a folder");
        let core = enrolled(&folder);
        let item = (ItemId::of("EE000000155VN"), None);
        let record = |fails: bool| {
            core.act(Hat::Carrier, |recorder, _| {
                let recorded = recorder.record(Hat::Carrier, Kind::Note, HandoverId([1; 16]), &[item], |_| {})?;
                if fails {
                    Err(CourierError::Store(StoreError::Corrupt { what: "test" }))
                } else {
                    Ok(recorded)
                }
            })
        };
        assert!(record(true).is_err());
        assert!(core.events().expect("reads").is_empty());
        assert_eq!(record(false).expect("records").seq, 1);
        assert!(record(true).is_err());
        assert_eq!(record(false).expect("records").seq, 2);
        assert_eq!(core.events().expect("reads").len(), 2);
    }
}
