//! The three scans: what they leave behind, and who must agree with whom.

use custody::envelope::{Sealed, seal};
use custody::event::{Event, Excepted, ItemRef, exception_code};
use custody::handover::{AcceptError, Difference, Giver, Hello, Offered, Receiver, ReleaseError, Seen, TTL_S};
use custody::ids::{EventId, HandoverId, ItemId, Nonce};
use custody::kind::Kind;
use domain::hat::Hat;

use crate::world::{NOW_MS, Person, read, server};

pub(crate) const HANDOVER: HandoverId = HandoverId([4; 16]);

pub(crate) fn code(number: u8) -> ItemId {
    ItemId([number; 16])
}

pub(crate) fn line(number: u8) -> ItemRef {
    ItemRef {
        item: code(number),
        head: EventId([number; 32]),
        seal: format!("S-{number}"),
    }
}

pub(crate) fn seen(number: u8) -> Seen {
    Seen {
        item: code(number),
        seal: Some(format!("S-{number}")),
    }
}

pub(crate) struct Meeting {
    pub(crate) giver: Person,
    pub(crate) to: Person,
    pub(crate) receiver: Receiver,
}

impl Meeting {
    pub(crate) fn new() -> Self {
        let (giver, to) = (Person::new(1, Hat::Carrier), Person::new(2, Hat::AgencyReceiver));
        let receiver = Receiver::new(to.key(), Hat::AgencyReceiver, Nonce([9; 16]), to.mono());
        Self { giver, to, receiver }
    }

    pub(crate) fn offer(&self, items: Vec<ItemRef>) -> (Giver, Sealed) {
        let picture = self.receiver.hello().encode(&self.to.credential().issue(&server()));
        let (hello, who) = Hello::decode(&picture, &[server().verifying_key()], NOW_MS).expect("a colleague's picture");
        assert_eq!((hello, who), (self.receiver.hello(), self.to.credential()));
        Giver::offer(&hello, items, HANDOVER, &self.giver.stamp(), &self.giver.signer).expect("offers")
    }

    pub(crate) fn read(&self, offer: &[u8]) -> Result<Offered, AcceptError> {
        self.receiver.read(offer, &self.giver.key(), self.to.mono())
    }

    pub(crate) fn accept(&mut self, offered: &Offered, seen: &[Seen], not: &[Excepted]) -> Result<Sealed, AcceptError> {
        self.receiver
            .accept(offered, seen, not, &self.to.stamp(), &self.to.signer)
    }
}

#[test]
fn three_scans_leave_both_signatures_with_both_and_the_release_last() {
    let mut meeting = Meeting::new();
    let (mut giver, offer) = meeting.offer(vec![line(2), line(1)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    assert_eq!(offered.items(), [line(1), line(2)]);
    let accept = meeting.accept(&offered, &[seen(1), seen(2)], &[]).expect("accepts");
    let released = giver
        .release(&accept.bytes, &meeting.giver.stamp(), &meeting.giver.signer)
        .expect("releases");

    assert_eq!(
        (released.accept_id, released.taken.as_slice()),
        (accept.id, [code(1), code(2)].as_slice())
    );
    let (offer, accept) = (read(&offer.bytes).into_event(), read(&accept.bytes).into_event());
    assert_eq!(offer.about_device(), Some(meeting.to.device()));
    assert_eq!((offer.nonce, offer.ttl_s), (Some(Nonce([9; 16])), Some(TTL_S)));
    assert_eq!(accept.about_event(), Some(giver.offer_id()));
    assert_eq!(
        (accept.manifest_hash, accept.handover_id),
        (offer.manifest_hash, offer.handover_id)
    );
    let release = read(&released.release.bytes).into_event();
    assert_eq!(
        (release.kind, release.about_event()),
        (Kind::Release, Some(released.accept_id))
    );
}

#[test]
fn different_scans_give_the_list_of_differences_and_no_signature() {
    let mut meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1), line(2)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    let other_seal = Seen {
        item: code(2),
        seal: Some("S-9".into()),
    };
    let refused = meeting.accept(&offered, &[other_seal, seen(3)], &[]);
    let Err(AcceptError::Differs(differences)) = refused else {
        panic!("three differences")
    };
    let expected = [
        Difference::NotSeen(code(1)),
        Difference::NotOffered(code(3)),
        Difference::SealDiffers(code(2)),
    ];
    assert_eq!(differences, expected);
    assert!(
        meeting.accept(&offered, &[seen(1), seen(2)], &[]).is_ok(),
        "nothing was signed before"
    );
}

#[test]
fn an_excepted_item_may_be_missing_or_carry_another_seal() {
    let mut meeting = Meeting::new();
    let (mut giver, offer) = meeting.offer(vec![line(1), line(2), line(3)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    let excepted = [
        Excepted {
            item: code(3),
            code: exception_code::SEAL,
        },
        Excepted {
            item: code(2),
            code: exception_code::MISSING,
        },
    ];
    let other_seal = Seen {
        item: code(3),
        seal: Some("S-9".into()),
    };
    let accept = meeting
        .accept(&offered, &[seen(1), other_seal], &excepted)
        .expect("accepts");
    assert_eq!(read(&accept.bytes).event().exceptions(), [excepted[1], excepted[0]]);
    let released = giver
        .release(&accept.bytes, &meeting.giver.stamp(), &meeting.giver.signer)
        .expect("releases");
    assert_eq!(released.taken, [code(1)]);
}

#[test]
fn excepting_everything_or_something_not_offered_is_no_acceptance() {
    let mut meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    let except = |number| {
        [Excepted {
            item: code(number),
            code: exception_code::DAMAGED,
        }]
    };
    assert!(matches!(
        meeting.accept(&offered, &[seen(1)], &except(1)),
        Err(AcceptError::NothingTaken)
    ));
    let foreign = meeting.accept(&offered, &[seen(1)], &except(7));
    assert!(matches!(foreign, Err(AcceptError::Differs(all)) if all == [Difference::NotOffered(code(7))]));
}

#[test]
fn the_same_offer_gives_the_same_acceptance_again_and_another_one_none() {
    let mut meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    let accept = meeting.accept(&offered, &[seen(1)], &[]).expect("accepts");
    assert_eq!(meeting.accept(&offered, &[seen(1)], &[]).expect("again"), accept);

    let (_, second) = meeting.offer(vec![line(2)]);
    let second = meeting.read(&second.bytes).expect("reads");
    assert!(matches!(
        meeting.accept(&second, &[seen(2)], &[]),
        Err(AcceptError::Used)
    ));
}

#[test]
fn the_giver_turns_green_only_for_the_named_receivers_answer_to_this_offer() {
    let mut meeting = Meeting::new();
    let (mut giver, offer) = meeting.offer(vec![line(1)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    let honest = read(&meeting.accept(&offered, &[seen(1)], &[]).expect("accepts").bytes).into_event();
    let (stamp, key) = (meeting.giver.stamp(), &meeting.giver.signer);

    let onlooker = Person::new(3, Hat::Carrier);
    let stolen = Event {
        device: onlooker.device(),
        ..honest.clone()
    };
    let stolen = seal(&stolen, &onlooker.signer).expect("signs");
    assert!(matches!(
        giver.release(&stolen.bytes, &stamp, key),
        Err(ReleaseError::NotTheReceiver(_))
    ));

    for event in [
        Event {
            about: None,
            ..honest.clone()
        },
        Event {
            kind: Kind::Note,
            ..honest.clone()
        },
        Event {
            manifest_hash: Some([1; 32]),
            ..honest.clone()
        },
        Event {
            handover_id: Some(HandoverId([5; 16])),
            ..honest.clone()
        },
    ] {
        let sealed = seal(&event, &meeting.to.signer).expect("signs");
        assert!(matches!(
            giver.release(&sealed.bytes, &stamp, key),
            Err(ReleaseError::OtherOffer)
        ));
    }

    let honest = seal(&honest, &meeting.to.signer).expect("signs");
    assert!(
        giver.release(&honest.bytes, &stamp, key).is_ok(),
        "the offer stood all the time"
    );
    assert!(matches!(
        giver.release(&honest.bytes, &stamp, key),
        Err(ReleaseError::Over)
    ));
    assert!(
        matches!(giver.revoke(&stamp, key), Err(ReleaseError::Over)),
        "what was released is not taken back"
    );
}

#[test]
fn a_revoked_offer_is_not_released() {
    let mut meeting = Meeting::new();
    let (mut giver, offer) = meeting.offer(vec![line(1)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    let accept = meeting.accept(&offered, &[seen(1)], &[]).expect("accepts");
    let revoke = giver
        .revoke(&meeting.giver.stamp(), &meeting.giver.signer)
        .expect("revokes");
    let revoke = read(&revoke.bytes).into_event();
    assert_eq!((revoke.kind, revoke.about_event()), (Kind::RevokeOffer, Some(offer.id)));
    let refused = giver.release(&accept.bytes, &meeting.giver.stamp(), &meeting.giver.signer);
    assert!(matches!(refused, Err(ReleaseError::Over)));
}

#[test]
fn an_exchange_goes_on_after_the_givers_restart() {
    let mut meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let offered = meeting.read(&offer.bytes).expect("reads");
    let accept = meeting.accept(&offered, &[seen(1)], &[]).expect("accepts");
    let mut giver = Giver::resume(&read(&offer.bytes), meeting.to.key()).expect("it is an offer to this receiver");
    assert!(
        giver
            .release(&accept.bytes, &meeting.giver.stamp(), &meeting.giver.signer)
            .is_ok()
    );

    assert!(
        Giver::resume(&read(&offer.bytes), meeting.giver.key()).is_none(),
        "another receiver"
    );
    assert!(
        Giver::resume(&read(&accept.bytes), meeting.to.key()).is_none(),
        "not an offer"
    );
}
