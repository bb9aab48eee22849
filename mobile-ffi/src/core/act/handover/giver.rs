//! The giver's side: OFFER, RELEASE, and taking an offer back.

use custody::envelope::Envelope;
use custody::event::{About, Detail, ItemRef, Tally, manifest_hash};
use custody::handover::{Giver, MAX_ITEMS, ReleaseError, TTL_S};
use custody::ids::{EventId, HandoverId};
use custody::kind::Kind;

use super::peer::{greeted, shown};
use super::trail::{carry, inside};
use super::{PACKED, check_current, distinct, moved, moves, open, stored};
use crate::core::Core;
use crate::core::act::bag::{advice, contents};
use crate::core::act::one_party::{Manner, dress, forced, known, put, reference};
use crate::core::error::{CourierError, HandoverFault};
use crate::core::guard::Act;
use crate::core::record::{Recorded, Recorder};
use crate::core::store;
use crate::core::store::handover::{Handover, Role, Stage};

impl Core {
    /// Answers a HELLO with an OFFER of these items to that device; show its picture to the receiver.
    ///
    /// # Errors
    /// [`CourierError::CredentialExpired`], [`CourierError::Refused`] for an item that is not in your hands,
    /// [`CourierError::Handover`], also where the server does not vouch for the receiver.
    pub fn offer(&self, hello: &[u8], item_codes: &[&str], manner: &Manner) -> Result<Recorded, CourierError> {
        let codes = distinct(item_codes, MAX_ITEMS)?;
        self.act(manner.hat, |recorder, party| {
            let greeting = greeted(recorder, hello);
            if let Ok((hello, _)) = &greeting
                && let Some(earlier) = store::handover::find(recorder.tx, hello.nonce, Role::Giver)?
            {
                return Ok(shown(recorder, same_offer(recorder, &earlier, &codes)?));
            }
            // What is wrong with ourselves is said before what is wrong with them.
            check_current(recorder)?;
            let (hello, who) = greeting?;
            if hello.device() == recorder.device() {
                return Err(HandoverFault::NotForUs.into());
            }
            let mut against_advice = false;
            let (mut items, mut packed) = (Vec::new(), 0);
            for code in &codes {
                let found = store::item::find(recorder.tx, custody::ids::ItemId::of(code.as_str()))?;
                let why = advice(recorder, Act::Offer, manner.hat, *code, found.as_ref(), party)?;
                against_advice |= forced(why, manner)?;
                let item = known(recorder, *code)?;
                packed += contents(recorder.tx, &item)?.map_or(0, |inside| inside.len());
                items.push(item);
            }
            let handover_id = HandoverId(recorder.random16()?);
            let offer = recorder.record(manner.hat, Kind::Offer, handover_id, &[], |event| {
                let mut lines: Vec<_> = items.iter().map(reference).collect();
                lines.sort();
                event.about = Some(About::Device(hello.device()));
                event.nonce = Some(hello.nonce);
                event.manifest_hash = Some(manifest_hash(&lines));
                event.tally = Some(Tally::Count(lines.len() as u64));
                event.ttl_s = Some(TTL_S);
                event.items = lines;
                dress(event, manner);
                if packed > 0 {
                    let packed = i64::try_from(packed).unwrap_or(i64::MAX);
                    event.details.insert(PACKED.to_owned(), Detail::Int(packed));
                }
                if against_advice {
                    put(event, "forced", "true");
                }
            })?;
            for mut item in items {
                item.offered_in = Some(handover_id);
                store::item::save(recorder.tx, &item)?;
            }
            store::handover::save(
                recorder.tx,
                &Handover {
                    nonce: hello.nonce,
                    role: Role::Giver,
                    stage: Stage::Offered,
                    hat: manner.hat,
                    holder: party,
                    peer_key: Some(hello.key),
                    peer_holder: who.party(hello.acting_as),
                    handover_id: Some(handover_id),
                    offer_id: Some(offer.event_id),
                    accept_id: None,
                    release_id: None,
                    started: recorder.mono,
                },
            )?;
            Ok(shown(recorder, offer))
        })
    }

    /// Answers an ACCEPT with a RELEASE. When this returns, the screen turns green and the papers may be given.
    ///
    /// # Errors
    /// [`CourierError::Handover`] if it does not answer an offer of this phone, or the offer was taken back.
    pub fn release(&self, accept: &[u8]) -> Result<Recorded, CourierError> {
        let envelope = open(accept, Kind::Accept, "acceptance")?;
        let event = envelope.event();
        let offer_id = event.about_event().ok_or(HandoverFault::NotForUs)?;
        let handover = self
            .store
            .read(|db| store::handover::find_by_offer(db, offer_id, Role::Giver))?;
        let handover = handover.ok_or(HandoverFault::NotForUs)?;
        self.act(handover.hat, |recorder, _| {
            // Read again now that the store is ours alone.
            let now = store::handover::find_by_offer(recorder.tx, offer_id, Role::Giver)?;
            let handover = now.ok_or(HandoverFault::NotForUs)?;
            match handover.stage {
                Stage::Released if handover.accept_id == Some(envelope.id()) => {
                    return stored(recorder, handover.release_id);
                }
                Stage::Revoked => return Err(HandoverFault::Revoked.into()),
                Stage::Offered => {}
                Stage::Hello | Stage::Accepted | Stage::Released => return Err(HandoverFault::NotForUs.into()),
            }
            sign_release(recorder, handover, &envelope, accept)
        })
    }

    /// Takes an offer back that was not released: the items stay in your hands and may be offered again.
    ///
    /// # Errors
    /// [`CourierError::Handover`] if there is no such open offer.
    pub fn revoke_offer(&self, handover_id: HandoverId) -> Result<Recorded, CourierError> {
        let find = |db: &rusqlite::Connection| store::handover::find_by_handover(db, handover_id, Role::Giver);
        let hat = self.store.read(find)?.ok_or(HandoverFault::NotForUs)?.hat;
        self.act(hat, |recorder, _| {
            let mut handover = find(recorder.tx)?.ok_or(HandoverFault::NotForUs)?;
            match handover.stage {
                Stage::Offered => {}
                Stage::Revoked => return stored(recorder, handover.release_id),
                Stage::Hello | Stage::Accepted | Stage::Released => return Err(HandoverFault::NotForUs.into()),
            }
            let (offer, mut giver) = resume(recorder, &handover)?;
            let revoke = giver.revoke(&recorder.stamp(hat)?, &recorder.signer()).map_err(fault)?;
            let revoke = recorder.add(revoke, &[])?;
            close(recorder, &offer.event().items, Some(handover_id))?;
            handover.stage = Stage::Revoked;
            handover.release_id = Some(revoke.event_id);
            store::handover::save(recorder.tx, &handover)?;
            Ok(revoke)
        })
    }
}

/// Signs the release, keeps the acceptance and moves the items, all in the open transaction.
fn sign_release(
    recorder: &Recorder<'_>,
    mut handover: Handover,
    accept: &Envelope,
    accept_bytes: &[u8],
) -> Result<Recorded, CourierError> {
    let (offer, mut giver) = resume(recorder, &handover)?;
    let stamp = recorder.stamp(handover.hat)?;
    let released = giver.release(accept_bytes, &stamp, &recorder.signer()).map_err(fault)?;
    let hat = accept.event().hat().ok_or(HandoverFault::NotForUs)?;
    let (gone, kept): (Vec<ItemRef>, Vec<ItemRef>) = offer
        .event()
        .items
        .iter()
        .cloned()
        .partition(|line| released.taken.contains(&line.item));
    let inside = inside(recorder.tx, &gone)?;
    let mut moves_all = moves(&gone);
    moves_all.extend(moves(&inside));
    recorder.keep(accept, accept_bytes, &moves_all)?;
    let release = recorder.add(released.release, &[])?;
    carry(recorder, &inside, accept.id(), hat, handover.peer_holder)?;
    for line in &gone {
        if let Some(item) = store::item::find(recorder.tx, line.item)? {
            let item = moved(item, accept.id(), hat, handover.peer_holder, recorder.wall_ms);
            store::item::save(recorder.tx, &item)?;
        }
    }
    close(recorder, &kept, handover.handover_id)?;
    handover.stage = Stage::Released;
    handover.accept_id = Some(accept.id());
    handover.release_id = Some(release.event_id);
    store::handover::save(recorder.tx, &handover)?;
    Ok(release)
}

/// The offer made for this HELLO before, if it was for the same items; one HELLO never gets two.
fn same_offer(
    recorder: &Recorder<'_>,
    earlier: &Handover,
    codes: &[domain::item_code::ItemCode],
) -> Result<Recorded, CourierError> {
    let offer_id = earlier.offer_id.ok_or(HandoverFault::NotForUs)?;
    let offer = parsed_offer(recorder, offer_id)?;
    let lines = &offer.event().items;
    let same = lines.len() == codes.len()
        && codes
            .iter()
            .all(|code| offer.event().item(custody::ids::ItemId::of(code.as_str())).is_some());
    match earlier.stage {
        Stage::Revoked => Err(HandoverFault::Revoked.into()),
        _ if same => stored(recorder, Some(offer_id)),
        _ => Err(HandoverFault::NotForUs.into()),
    }
}

/// The open exchange, as it was before a restart.
fn resume(recorder: &Recorder<'_>, handover: &Handover) -> Result<(Envelope, Giver), CourierError> {
    let offer = parsed_offer(recorder, handover.offer_id.ok_or(HandoverFault::NotForUs)?)?;
    let giver = handover
        .peer_key
        .and_then(|peer| Giver::resume(&offer, peer))
        .ok_or(HandoverFault::NotForUs)?;
    Ok((offer, giver))
}

/// These items are no longer on offer in this handover.
fn close(recorder: &Recorder<'_>, items: &[ItemRef], handover_id: Option<HandoverId>) -> Result<(), CourierError> {
    for line in items {
        if let Some(mut item) = store::item::find(recorder.tx, line.item)? {
            item.offered_in = item.offered_in.filter(|open| Some(*open) != handover_id);
            store::item::save(recorder.tx, &item)?;
        }
    }
    Ok(())
}

fn fault(error: ReleaseError) -> CourierError {
    match error {
        ReleaseError::Unreadable(error) => CourierError::Unreadable {
            what: "acceptance",
            why: error.to_string(),
        },
        ReleaseError::NotTheReceiver(_) => HandoverFault::BadSignature.into(),
        ReleaseError::OtherOffer | ReleaseError::Over => HandoverFault::NotForUs.into(),
        ReleaseError::Seal(error) => error.into(),
    }
}

fn parsed_offer(recorder: &Recorder<'_>, offer_id: EventId) -> Result<Envelope, CourierError> {
    let bytes = stored(recorder, Some(offer_id))?.envelope;
    Ok(Envelope::parse(&bytes).map_err(|_| store::StoreError::Corrupt { what: "offer" })?)
}
