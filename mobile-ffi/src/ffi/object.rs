//! The one root object apps hold.

#![expect(
    clippy::needless_pass_by_value,
    reason = "arguments arrive by value from the other language"
)]

use std::sync::Arc;

use super::error::CourierError;
use super::platform::{HostPlatform, HostTransport, LentPlatform, LentTransport};
use super::record::{
    Enrolment, EventCard, Finished, Hat, ItemCard, Manner, NotTaken, OpenHandover, Peer, Recipient, Recorded, Scanned,
    Seen, Stop, SyncReport, SyncStatus, id, reason,
};
use crate::core::{Core, TakeIn};

/// One device's custody work. Call it from any thread. Acts return when they are on disk; only `enrol` and `sync` use
/// the network and block until it answers, so call those off the main thread.
#[derive(uniffi::Object)]
pub struct Courier {
    pub(super) core: Arc<Core>,
}

#[uniffi::export]
impl Courier {
    /// Opens the store at `path`, creating it if there is none.
    #[uniffi::constructor]
    pub fn open(path: String, platform: Arc<dyn HostPlatform>) -> Result<Arc<Self>, CourierError> {
        Ok(Arc::new(Self {
            core: Arc::new(Core::open(path, Arc::new(LentPlatform(platform)))?),
        }))
    }

    /// This device's id.
    pub fn device_id(&self) -> String {
        self.core.device_id().to_string()
    }

    /// Exchanges a one-time code for a credential.
    pub fn enrol(&self, code: String, transport: Arc<dyn HostTransport>) -> Result<Enrolment, CourierError> {
        Ok(self.core.enrol(&code, &LentTransport(transport))?.into())
    }

    /// Who this device speaks for; nothing before enrolment.
    pub fn enrolment(&self) -> Result<Option<Enrolment>, CourierError> {
        Ok(self.core.credential()?.map(Into::into))
    }

    /// The stops of the work pack.
    pub fn work(&self) -> Result<Vec<Stop>, CourierError> {
        Ok(self.core.work()?.into_iter().map(Into::into).collect())
    }

    /// Everything this phone knows about items.
    pub fn items(&self) -> Result<Vec<ItemCard>, CourierError> {
        Ok(self.core.items()?.into_iter().map(Into::into).collect())
    }

    /// Reads a label and says what it is and what may be done.
    pub fn scan(&self, text: String) -> Result<Scanned, CourierError> {
        Ok(self.core.scan(&text)?.into())
    }

    /// Takes an item from its sender.
    pub fn take_in(
        &self,
        item_code: String,
        item_kind: Option<String>,
        seal: String,
        paper_count: u32,
        manner: Manner,
    ) -> Result<Recorded, CourierError> {
        let item_kind = item_kind.map(|text| id(&text, "item kind")).transpose()?;
        let what = TakeIn {
            item_code: &item_code,
            item_kind,
            seal: &seal,
            paper_count,
        };
        Ok(self.core.take_in(&what, &manner.try_into()?)?.into())
    }

    /// Receiver, first scan: a message to show to the giver.
    pub fn hello(&self, hat: Hat) -> Result<Vec<u8>, CourierError> {
        Ok(self.core.hello(hat.into())?)
    }

    /// Who shows a HELLO or an OFFER, as the server vouches for them: show it to the person before the next step.
    pub fn who_is(&self, picture: Vec<u8>) -> Result<Peer, CourierError> {
        Ok(self.core.who_is(&picture)?.into())
    }

    /// Giver: offers items to the device that said hello.
    pub fn offer(&self, hello: Vec<u8>, item_codes: Vec<String>, manner: Manner) -> Result<Recorded, CourierError> {
        let codes: Vec<&str> = item_codes.iter().map(String::as_str).collect();
        Ok(self.core.offer(&hello, &codes, &manner.try_into()?)?.into())
    }

    /// Receiver: accepts what was seen, minus what is not taken.
    pub fn accept(&self, offer: Vec<u8>, seen: Vec<Seen>, not_taken: Vec<NotTaken>) -> Result<Recorded, CourierError> {
        let seen: Vec<_> = seen.into_iter().map(Into::into).collect();
        let exceptions: Vec<_> = not_taken.into_iter().map(Into::into).collect();
        Ok(self.core.accept(&offer, &seen, &exceptions)?.into())
    }

    /// Giver: releases; when this returns the screen turns green and the papers may be given.
    pub fn release(&self, accept: Vec<u8>) -> Result<Recorded, CourierError> {
        Ok(self.core.release(&accept)?.into())
    }

    /// Receiver: keeps the release; the handover is complete.
    pub fn finish(&self, release: Vec<u8>) -> Result<Finished, CourierError> {
        Ok(self.core.finish(&release)?.into())
    }

    /// Giver: takes back an offer that was not released.
    pub fn revoke_offer(&self, handover_id: String) -> Result<Recorded, CourierError> {
        Ok(self.core.revoke_offer(id(&handover_id, "handover id")?)?.into())
    }

    /// Giver, once green: what led to the items and has not been deposited yet, to show to the receiver.
    pub fn trail(&self, handover_id: String) -> Result<Vec<u8>, CourierError> {
        Ok(self.core.trail(id(&handover_id, "handover id")?)?)
    }

    /// Receiver: keeps what led to the items it accepted; gives how many events that is.
    pub fn keep_trail(&self, handover_id: String, trail: Vec<u8>) -> Result<u64, CourierError> {
        let kept = self.core.keep_trail(id(&handover_id, "handover id")?, &trail)?;
        Ok(kept.try_into().unwrap_or(u64::MAX))
    }

    /// Seals items into a bag under a fresh label.
    pub fn pack(
        &self,
        bag_label: String,
        seal: String,
        item_codes: Vec<String>,
        manner: Manner,
    ) -> Result<Recorded, CourierError> {
        let codes: Vec<&str> = item_codes.iter().map(String::as_str).collect();
        Ok(self.core.pack(&bag_label, &seal, &codes, &manner.try_into()?)?.into())
    }

    /// Opens a bag and takes out what was seen in it; with `rest_is_missing` what is not there is reported.
    pub fn unpack(
        &self,
        bag_label: String,
        item_codes: Vec<String>,
        rest_is_missing: bool,
        manner: Manner,
    ) -> Result<Recorded, CourierError> {
        let codes: Vec<&str> = item_codes.iter().map(String::as_str).collect();
        let manner = manner.try_into()?;
        Ok(self.core.unpack(&bag_label, &codes, rest_is_missing, &manner)?.into())
    }

    /// The ids of what lies in a bag, as far as its packing is on this phone.
    pub fn packed_in(&self, bag_label: String) -> Result<Vec<String>, CourierError> {
        Ok(self
            .core
            .packed_in(&bag_label)?
            .iter()
            .map(ToString::to_string)
            .collect())
    }

    /// The characters to write on a paper slip for these items.
    pub fn slip_code(&self, item_codes: Vec<String>) -> Result<String, CourierError> {
        let codes: Vec<&str> = item_codes.iter().map(String::as_str).collect();
        Ok(self.core.slip_code(&codes)?)
    }

    /// Handovers begun and not finished, each with the message to show again.
    pub fn open_handovers(&self) -> Result<Vec<OpenHandover>, CourierError> {
        Ok(self.core.open_handovers()?.into_iter().map(Into::into).collect())
    }

    /// Gives an item to a person.
    pub fn deliver(
        &self,
        item_code: String,
        recipient: Recipient,
        assurance: u64,
        manner: Manner,
    ) -> Result<Recorded, CourierError> {
        Ok(self
            .core
            .deliver(&item_code, recipient.into(), assurance, &manner.try_into()?)?
            .into())
    }

    /// Notes that fetching or delivering failed; the reason is one of `attempt_reasons`.
    pub fn attempt_failed(&self, item_code: String, why: String, manner: Manner) -> Result<Recorded, CourierError> {
        Ok(self
            .core
            .attempt_failed(&item_code, reason(&why)?, &manner.try_into()?)?
            .into())
    }

    /// Keeps an item at the office for collection.
    pub fn hold(&self, item_code: String, manner: Manner) -> Result<Recorded, CourierError> {
        Ok(self.core.hold(&item_code, &manner.try_into()?)?.into())
    }

    /// Sends an item on its way back.
    pub fn return_item(&self, item_code: String, manner: Manner) -> Result<Recorded, CourierError> {
        Ok(self.core.return_item(&item_code, &manner.try_into()?)?.into())
    }

    /// Notes that the addressee refused an item.
    pub fn refuse(&self, item_code: String, why: String, manner: Manner) -> Result<Recorded, CourierError> {
        Ok(self.core.refuse(&item_code, reason(&why)?, &manner.try_into()?)?.into())
    }

    /// Notes that items changed hands on paper.
    pub fn paper_fallback(
        &self,
        item_codes: Vec<String>,
        slip: String,
        manner: Manner,
    ) -> Result<Recorded, CourierError> {
        let codes: Vec<&str> = item_codes.iter().map(String::as_str).collect();
        Ok(self.core.paper_fallback(&codes, &slip, &manner.try_into()?)?.into())
    }

    /// Shuts the screen: this object records and shows nothing any more, and still syncs.
    pub fn lock(&self) {
        self.core.lock();
    }

    /// Every envelope on this phone, for checks.
    pub fn events(&self) -> Result<Vec<EventCard>, CourierError> {
        Ok(self.core.events()?.into_iter().map(Into::into).collect())
    }

    /// What waits on this phone, for the banner.
    pub fn status(&self) -> Result<SyncStatus, CourierError> {
        Ok(self.core.status()?.into())
    }

    /// Uploads what the server does not have, then reads what it has to say.
    pub fn sync(&self, transport: Arc<dyn HostTransport>) -> Result<SyncReport, CourierError> {
        Ok(self.core.sync(&LentTransport(transport))?.into())
    }
}
