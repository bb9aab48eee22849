//! The receiver's side: HELLO, ACCEPT, and keeping the giver's RELEASE.

use custody::event::{self, Excepted, ItemRef};
use custody::handover::{self, AcceptError, Difference, Hello, Receiver};
use custody::ids::{ItemId, Nonce};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::item_code::ItemCode;

use super::peer::introduced;
use super::{Exception, Finished, PACKED, Seen, check_current, moved, moves, open, stored};
use crate::core::Core;
use crate::core::act::one_party::{known, parse};
use crate::core::error::{CourierError, HandoverFault, Refusal};
use crate::core::platform::Mono;
use crate::core::record::Recorded;
use crate::core::store;
use crate::core::store::handover::{Handover, Role, Stage};

impl Core {
    /// Begins to receive: a HELLO to show to the giver, good for ten minutes.
    ///
    /// # Errors
    /// [`CourierError::CredentialExpired`], [`CourierError::Refused`] if the hat is not yours.
    pub fn hello(&self, hat: Hat) -> Result<Vec<u8>, CourierError> {
        self.act(hat, |recorder, party| {
            check_current(recorder)?;
            let nonce = Nonce(recorder.random16()?);
            store::handover::save(
                recorder.tx,
                &Handover {
                    nonce,
                    role: Role::Receiver,
                    stage: Stage::Hello,
                    hat,
                    holder: party,
                    peer_key: None,
                    peer_holder: None,
                    handover_id: None,
                    offer_id: None,
                    accept_id: None,
                    release_id: None,
                    started: recorder.mono,
                },
            )?;
            let hello = Hello {
                key: self.key,
                acting_as: hat,
                nonce,
            };
            Ok(hello.encode(&recorder.credential.signed))
        })
    }

    /// Accepts what was offered: everything on the list was either seen or is excepted with a reason.
    ///
    /// # Errors
    /// [`CourierError::Handover`], with the differences where what was seen is not what was offered, or where the server does not
    /// vouch for the giver.
    pub fn accept(&self, offer: &[u8], seen: &[Seen], exceptions: &[Exception]) -> Result<Recorded, CourierError> {
        let bare = handover::offer_in(offer)?;
        let envelope = open(&bare, Kind::Offer, "offer")?;
        let event = envelope.event();
        let nonce = event.nonce.ok_or(HandoverFault::NotForUs)?;
        let begun = self.store.read(|db| store::handover::find(db, nonce, Role::Receiver))?;
        let hat = begun.ok_or(HandoverFault::NotForUs)?.hat;
        self.act(hat, |recorder, party| {
            let begun = store::handover::find(recorder.tx, nonce, Role::Receiver)?;
            let mut handover = begun.ok_or(HandoverFault::NotForUs)?;
            if handover.stage != Stage::Hello {
                let again = handover.offer_id == Some(envelope.id());
                return if again {
                    stored(recorder, handover.accept_id)
                } else {
                    Err(HandoverFault::NotForUs.into())
                };
            }
            let giver = introduced(recorder, offer)?.giver.key;
            let mut receiver = Receiver::new(self.key, hat, nonce, event_mono(handover.started));
            let offered = receiver
                .read(&bare, &giver, recorder.moment())
                .map_err(|error| fault(error, &[]))?;
            let list = List::read(seen, exceptions)?;
            list.check_seals(offered.items(), seen, event.details.contains_key(PACKED))?;
            let stamp = recorder.stamp(hat)?;
            let accept = receiver
                .accept(&offered, &list.seen, &list.excepted, &stamp, &recorder.signer())
                .map_err(|error| fault(error, &list.codes))?;

            let taken: Vec<ItemRef> = offered
                .items()
                .iter()
                .filter(|line| list.takes(line))
                .cloned()
                .collect();
            let accept = recorder.add(accept, &moves(&taken))?;
            recorder.keep(&envelope, &bare, &[])?;
            for line in &taken {
                let mut item = known(recorder, list.code(line.item).ok_or(HandoverFault::NotForUs)?)?;
                line.seal.clone_into(&mut item.seal);
                item.provisional = true;
                let item = moved(item, accept.event_id, hat, Some(party), recorder.wall_ms);
                store::item::save(recorder.tx, &item)?;
            }
            handover.stage = Stage::Accepted;
            handover.peer_key = Some(giver);
            handover.handover_id = event.handover_id;
            handover.offer_id = Some(envelope.id());
            handover.accept_id = Some(accept.event_id);
            store::handover::save(recorder.tx, &handover)?;
            Ok(accept)
        })
    }

    /// Keeps the giver's RELEASE: the handover is complete on both phones.
    ///
    /// # Errors
    /// [`CourierError::Handover`] if it does not answer an acceptance of this phone.
    pub fn finish(&self, release: &[u8]) -> Result<Finished, CourierError> {
        let envelope = open(release, Kind::Release, "release")?;
        let accept_id = envelope.event().about_event().ok_or(HandoverFault::NotForUs)?;
        let begun = self
            .store
            .read(|db| store::handover::find_by_accept(db, accept_id, Role::Receiver))?;
        let hat = begun.ok_or(HandoverFault::NotForUs)?.hat;
        self.act(hat, |recorder, _| {
            let begun = store::handover::find_by_accept(recorder.tx, accept_id, Role::Receiver)?;
            let mut handover = begun.ok_or(HandoverFault::NotForUs)?;
            let peer = handover.peer_key.ok_or(HandoverFault::NotForUs)?;
            envelope.verify(&peer).map_err(|_| HandoverFault::BadSignature)?;
            let handover_id = envelope
                .event()
                .handover_id
                .filter(|id| handover.handover_id == Some(*id));
            let handover_id = handover_id.ok_or(HandoverFault::NotForUs)?;
            recorder.keep(&envelope, release, &[])?;
            let mut item_codes = Vec::new();
            for item_id in store::event::items_of(recorder.tx, accept_id)? {
                let Some(mut item) = store::item::find(recorder.tx, item_id)? else {
                    continue;
                };
                item_codes.push(item.item_code);
                if item.head == Some(accept_id) && item.provisional {
                    item.provisional = false;
                    store::item::save(recorder.tx, &item)?;
                }
            }
            handover.stage = Stage::Released;
            handover.release_id = Some(envelope.id());
            store::handover::save(recorder.tx, &handover)?;
            Ok(Finished {
                handover_id,
                accept_id,
                item_codes,
            })
        })
    }
}

/// The receiver's own list.
struct List {
    codes: Vec<ItemCode>,
    seen: Vec<handover::Seen>,
    excepted: Vec<Excepted>,
}

impl List {
    /// A label may be named only once.
    fn read(seen: &[Seen], exceptions: &[Exception]) -> Result<Self, CourierError> {
        let mut list = Self {
            codes: Vec::new(),
            seen: Vec::new(),
            excepted: Vec::new(),
        };
        for found in seen {
            let item = list.add(&found.item_code)?;
            let seal = found.seal.clone();
            list.seen.push(handover::Seen { item, seal });
        }
        for exception in exceptions {
            let item = list.add(&exception.item_code)?;
            list.excepted.push(Excepted {
                item,
                code: exception.code,
            });
        }
        Ok(list)
    }

    fn add(&mut self, item_code: &str) -> Result<ItemId, CourierError> {
        let code = parse(item_code)?;
        if self.codes.contains(&code) {
            return Err(Refusal::BadList.into());
        }
        self.codes.push(code);
        Ok(ItemId::of(code.as_str()))
    }

    /// Refuses labels whose seal nobody looked at; where a bag is among them, those whose seal's number nobody read.
    fn check_seals(&self, offered: &[ItemRef], seen: &[Seen], has_bag: bool) -> Result<(), HandoverFault> {
        let is_sealed = |item: ItemId| offered.iter().any(|line| line.item == item && !line.seal.is_empty());
        let unchecked = self.seen.iter().zip(seen).filter(|(line, found)| {
            let is_checked = found.seal.is_some() || found.intact && !has_bag;
            !is_checked && (has_bag || is_sealed(line.item))
        });
        let seals: Vec<ItemCode> = unchecked.filter_map(|(line, _)| self.code(line.item)).collect();
        if seals.is_empty() {
            return Ok(());
        }
        Err(HandoverFault::Differs {
            missing: Vec::new(),
            unexpected: Vec::new(),
            seals,
        })
    }

    fn takes(&self, line: &ItemRef) -> bool {
        !self.excepted.iter().any(|left| left.item == line.item)
    }

    fn code(&self, item: ItemId) -> Option<ItemCode> {
        find_code(&self.codes, item)
    }
}

fn find_code(codes: &[ItemCode], item: ItemId) -> Option<ItemCode> {
    codes.iter().copied().find(|code| ItemId::of(code.as_str()) == item)
}

const fn event_mono(mono: Mono) -> event::Mono {
    event::Mono {
        boot_id: mono.boot_id,
        ms: mono.ms,
    }
}

fn fault(error: AcceptError, codes: &[ItemCode]) -> CourierError {
    match error {
        AcceptError::Unreadable(error) => CourierError::Unreadable {
            what: "offer",
            why: error.to_string(),
        },
        AcceptError::NotAnOffer => CourierError::Unreadable {
            what: "offer",
            why: "it is not complete".into(),
        },
        AcceptError::NotTheGiver(_) => HandoverFault::BadSignature.into(),
        AcceptError::NotForMe | AcceptError::OtherChallenge | AcceptError::Used | AcceptError::OtherHat => {
            HandoverFault::NotForUs.into()
        }
        AcceptError::Expired => HandoverFault::TooOld.into(),
        AcceptError::NothingTaken => HandoverFault::NothingTaken.into(),
        AcceptError::Differs(differences) => differs(&differences, codes).into(),
        AcceptError::Seal(error) => error.into(),
    }
}

fn differs(differences: &[Difference], codes: &[ItemCode]) -> HandoverFault {
    let (mut missing, mut unexpected, mut seals) = (Vec::new(), Vec::new(), Vec::new());
    for difference in differences {
        match *difference {
            Difference::NotSeen(item) => missing.push(item.to_string()),
            Difference::NotOffered(item) => unexpected.extend(find_code(codes, item)),
            Difference::SealDiffers(item) => seals.extend(find_code(codes, item)),
        }
    }
    HandoverFault::Differs {
        missing,
        unexpected,
        seals,
    }
}
