//! The one root object a worker holds.

#![expect(
    clippy::needless_pass_by_value,
    reason = "lists arrive by value from the other language"
)]

use std::sync::Arc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::{Thrown, told};
use super::platform::{HostPlatform, HostTransport, LentPlatform, LentTransport};
use super::record::{
    Enrolment, EventCard, Finished, ItemCard, Manner, NotTaken, OpenHandover, Peer, Recorded, Scanned, Seen, Stop,
    SyncReport, SyncStatus, given_list, id, list, object, read_hat, reason, word,
};
use crate::core::{self, Core, Recipient, TakeIn};

/// One device's custody work. Acts return when they are on disk; `enrol` and `sync` use the network and block until it
/// answers, so all of it lives in a worker. `free` closes the store.
#[wasm_bindgen]
pub struct Courier {
    pub(super) core: Arc<Core>,
}

fn refs(codes: &[String]) -> Vec<&str> {
    codes.iter().map(String::as_str).collect()
}

pub(super) fn recorded(answer: Result<core::Recorded, core::CourierError>) -> Result<JsValue, Thrown> {
    object(&Recorded::from(told(answer)?))
}

#[wasm_bindgen]
impl Courier {
    /// Opens the store at `path`, creating it if there is none.
    pub fn open(path: String, platform: HostPlatform) -> Result<Self, Thrown> {
        let core = told(Core::open(path, Arc::new(LentPlatform(platform))))?;
        Ok(Self { core: Arc::new(core) })
    }

    /// This device's id.
    #[wasm_bindgen(js_name = deviceId)]
    pub fn device_id(&self) -> String {
        self.core.device_id().to_string()
    }

    /// Exchanges a one-time code for a credential.
    #[wasm_bindgen(unchecked_return_type = "Enrolment")]
    pub fn enrol(&self, code: &str, transport: HostTransport) -> Result<JsValue, Thrown> {
        object(&Enrolment::from(told(
            self.core.enrol(code, &LentTransport(transport)),
        )?))
    }

    /// Who this device speaks for; nothing before enrolment.
    #[wasm_bindgen(unchecked_return_type = "Enrolment | undefined")]
    pub fn enrolment(&self) -> Result<JsValue, Thrown> {
        object(&told(self.core.credential())?.map(Enrolment::from))
    }

    /// The stops of the work pack.
    #[wasm_bindgen(unchecked_return_type = "Stop[]")]
    pub fn work(&self) -> Result<JsValue, Thrown> {
        list::<Stop, _>(told(self.core.work())?)
    }

    /// Everything this browser knows about items.
    #[wasm_bindgen(unchecked_return_type = "ItemCard[]")]
    pub fn items(&self) -> Result<JsValue, Thrown> {
        list::<ItemCard, _>(told(self.core.items())?)
    }

    /// Reads a label and says what it is and what may be done.
    #[wasm_bindgen(unchecked_return_type = "Scanned")]
    pub fn scan(&self, text: &str) -> Result<JsValue, Thrown> {
        object(&Scanned::from(told(self.core.scan(text))?))
    }

    /// Takes an item from its sender.
    #[wasm_bindgen(js_name = takeIn, unchecked_return_type = "Recorded")]
    pub fn take_in(
        &self,
        #[wasm_bindgen(js_name = itemCode)] item_code: &str,
        #[wasm_bindgen(js_name = itemKind)] item_kind: Option<String>,
        seal: &str,
        #[wasm_bindgen(js_name = paperCount)] paper_count: u32,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        let item_kind = item_kind.map(|text| id(&text, "item kind")).transpose()?;
        let what = TakeIn {
            item_code,
            item_kind,
            seal,
            paper_count,
        };
        recorded(self.core.take_in(&what, &Manner::read(manner)?))
    }

    /// Receiver, first scan: a message to show to the giver.
    pub fn hello(&self, #[wasm_bindgen(unchecked_param_type = "Hat")] hat: JsValue) -> Result<Vec<u8>, Thrown> {
        told(self.core.hello(read_hat(hat)?))
    }

    /// Who shows a HELLO or an OFFER, as the server vouches for them: show it to the person before the next step.
    #[wasm_bindgen(js_name = whoIs, unchecked_return_type = "Peer")]
    pub fn who_is(&self, picture: &[u8]) -> Result<JsValue, Thrown> {
        object(&Peer::from(told(self.core.who_is(picture))?))
    }

    /// Giver: offers items to the device that said hello.
    #[wasm_bindgen(unchecked_return_type = "Recorded")]
    pub fn offer(
        &self,
        hello: &[u8],
        #[wasm_bindgen(js_name = itemCodes)] item_codes: Vec<String>,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        recorded(self.core.offer(hello, &refs(&item_codes), &Manner::read(manner)?))
    }

    /// Receiver: accepts what was seen, minus what is not taken.
    #[wasm_bindgen(unchecked_return_type = "Recorded")]
    pub fn accept(
        &self,
        offer: &[u8],
        #[wasm_bindgen(unchecked_param_type = "Seen[]")] seen: JsValue,
        #[wasm_bindgen(js_name = notTaken, unchecked_param_type = "NotTaken[]")] not_taken: JsValue,
    ) -> Result<JsValue, Thrown> {
        let seen: Vec<_> = given_list::<Seen, _>(seen, "list of what was seen")?;
        let exceptions: Vec<_> = given_list::<NotTaken, _>(not_taken, "list of what is not taken")?;
        recorded(self.core.accept(offer, &seen, &exceptions))
    }

    /// Giver: releases; when this returns the screen turns green and the papers may be given.
    #[wasm_bindgen(unchecked_return_type = "Recorded")]
    pub fn release(&self, accept: &[u8]) -> Result<JsValue, Thrown> {
        recorded(self.core.release(accept))
    }

    /// Receiver: keeps the release; the handover is complete.
    #[wasm_bindgen(unchecked_return_type = "Finished")]
    pub fn finish(&self, release: &[u8]) -> Result<JsValue, Thrown> {
        object(&Finished::from(told(self.core.finish(release))?))
    }

    /// Giver: takes back an offer that was not released.
    #[wasm_bindgen(js_name = revokeOffer, unchecked_return_type = "Recorded")]
    pub fn revoke_offer(&self, #[wasm_bindgen(js_name = handoverId)] handover_id: &str) -> Result<JsValue, Thrown> {
        recorded(self.core.revoke_offer(id(handover_id, "handover id")?))
    }

    /// Giver, once green: what led to the items and has not been deposited yet, to show to the receiver.
    pub fn trail(&self, #[wasm_bindgen(js_name = handoverId)] handover_id: &str) -> Result<Vec<u8>, Thrown> {
        told(self.core.trail(id(handover_id, "handover id")?))
    }

    /// Receiver: keeps what led to the items it accepted; gives how many events that is.
    #[wasm_bindgen(js_name = keepTrail)]
    pub fn keep_trail(
        &self,
        #[wasm_bindgen(js_name = handoverId)] handover_id: &str,
        trail: &[u8],
    ) -> Result<u32, Thrown> {
        let kept = told(self.core.keep_trail(id(handover_id, "handover id")?, trail))?;
        Ok(kept.try_into().unwrap_or(u32::MAX))
    }

    /// Seals items into a bag under a fresh label.
    #[wasm_bindgen(unchecked_return_type = "Recorded")]
    pub fn pack(
        &self,
        #[wasm_bindgen(js_name = bagLabel)] bag_label: &str,
        seal: &str,
        #[wasm_bindgen(js_name = itemCodes)] item_codes: Vec<String>,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        recorded(
            self.core
                .pack(bag_label, seal, &refs(&item_codes), &Manner::read(manner)?),
        )
    }

    /// Opens a bag and takes out what was seen in it; with `restIsMissing` what is not there is reported.
    #[wasm_bindgen(unchecked_return_type = "Recorded")]
    pub fn unpack(
        &self,
        #[wasm_bindgen(js_name = bagLabel)] bag_label: &str,
        #[wasm_bindgen(js_name = itemCodes)] item_codes: Vec<String>,
        #[wasm_bindgen(js_name = restIsMissing)] rest_is_missing: bool,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        let manner = Manner::read(manner)?;
        recorded(
            self.core
                .unpack(bag_label, &refs(&item_codes), rest_is_missing, &manner),
        )
    }

    /// The ids of what lies in a bag, as far as its packing is in this browser.
    #[wasm_bindgen(js_name = packedIn)]
    pub fn packed_in(&self, #[wasm_bindgen(js_name = bagLabel)] bag_label: &str) -> Result<Vec<String>, Thrown> {
        Ok(told(self.core.packed_in(bag_label))?
            .iter()
            .map(ToString::to_string)
            .collect())
    }

    /// The characters to write on a paper slip for these items.
    #[wasm_bindgen(js_name = slipCode)]
    pub fn slip_code(&self, #[wasm_bindgen(js_name = itemCodes)] item_codes: Vec<String>) -> Result<String, Thrown> {
        told(self.core.slip_code(&refs(&item_codes)))
    }

    /// Handovers begun and not finished, each with the message to show again.
    #[wasm_bindgen(js_name = openHandovers, unchecked_return_type = "OpenHandover[]")]
    pub fn open_handovers(&self) -> Result<JsValue, Thrown> {
        list::<OpenHandover, _>(told(self.core.open_handovers())?)
    }

    /// Gives an item to a person.
    #[wasm_bindgen(unchecked_return_type = "Recorded")]
    pub fn deliver(
        &self,
        #[wasm_bindgen(js_name = itemCode)] item_code: &str,
        #[wasm_bindgen(unchecked_param_type = "Recipient")] recipient: JsValue,
        assurance: u32,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        let recipient = word(recipient, "recipient", Recipient::parse)?;
        recorded(
            self.core
                .deliver(item_code, recipient, assurance.into(), &Manner::read(manner)?),
        )
    }

    /// Notes that fetching or delivering failed; the reason is one of `attemptReasons`.
    #[wasm_bindgen(js_name = attemptFailed, unchecked_return_type = "Recorded")]
    pub fn attempt_failed(
        &self,
        #[wasm_bindgen(js_name = itemCode)] item_code: &str,
        why: &str,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        recorded(
            self.core
                .attempt_failed(item_code, reason(why)?, &Manner::read(manner)?),
        )
    }

    /// Keeps an item at the office for collection.
    #[wasm_bindgen(unchecked_return_type = "Recorded")]
    pub fn hold(
        &self,
        #[wasm_bindgen(js_name = itemCode)] item_code: &str,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        recorded(self.core.hold(item_code, &Manner::read(manner)?))
    }

    /// Sends an item on its way back.
    #[wasm_bindgen(js_name = returnItem, unchecked_return_type = "Recorded")]
    pub fn return_item(
        &self,
        #[wasm_bindgen(js_name = itemCode)] item_code: &str,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        recorded(self.core.return_item(item_code, &Manner::read(manner)?))
    }

    /// Notes that the addressee refused an item.
    #[wasm_bindgen(unchecked_return_type = "Recorded")]
    pub fn refuse(
        &self,
        #[wasm_bindgen(js_name = itemCode)] item_code: &str,
        why: &str,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        recorded(self.core.refuse(item_code, reason(why)?, &Manner::read(manner)?))
    }

    /// Notes that items changed hands on paper.
    #[wasm_bindgen(js_name = paperFallback, unchecked_return_type = "Recorded")]
    pub fn paper_fallback(
        &self,
        #[wasm_bindgen(js_name = itemCodes)] item_codes: Vec<String>,
        slip: &str,
        #[wasm_bindgen(unchecked_param_type = "Manner")] manner: JsValue,
    ) -> Result<JsValue, Thrown> {
        recorded(
            self.core
                .paper_fallback(&refs(&item_codes), slip, &Manner::read(manner)?),
        )
    }

    /// Shuts the screen: this object records and shows nothing any more, and still syncs.
    pub fn lock(&self) {
        self.core.lock();
    }

    /// Every envelope in this browser, for checks.
    #[wasm_bindgen(unchecked_return_type = "EventCard[]")]
    pub fn events(&self) -> Result<JsValue, Thrown> {
        list::<EventCard, _>(told(self.core.events())?)
    }

    /// What waits in this browser, for the banner.
    #[wasm_bindgen(unchecked_return_type = "SyncStatus")]
    pub fn status(&self) -> Result<JsValue, Thrown> {
        object(&SyncStatus::from(told(self.core.status())?))
    }

    /// Uploads what the server does not have, then reads what it has to say.
    #[wasm_bindgen(unchecked_return_type = "SyncReport")]
    pub fn sync(&self, transport: HostTransport) -> Result<JsValue, Thrown> {
        object(&SyncReport::from(told(self.core.sync(&LentTransport(transport)))?))
    }
}
