//! The events that can be signed, what the real protocol says to each, and what the real fold makes of a set of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use custody::envelope::{Envelope, Sealed, seal};
use custody::event::{Event, Excepted, ItemRef, exception_code};
use custody::fold::{Known, fold_item};
use custody::handover::{Giver, Receiver};
use custody::ids::{DeviceId, EventId, ItemId, Nonce};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::item::ItemKind;

use super::Flaw;
use crate::world::{COUNTER, COURIER, SECOND_COURIER, World, bag_line, known, line, party};

pub(super) const BAG: &str = "MB000000011VN";
const OTHER_CHALLENGE: Nonce = Nonce([8; 16]);

/// The people, each with a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    Giver,
    Receiver,
    /// Enrolled, dishonest; may also be the named receiver of an offer.
    Onlooker,
}

impl Who {
    pub(super) const ALL: [Self; 3] = [Self::Giver, Self::Receiver, Self::Onlooker];

    const fn person(self) -> usize {
        match self {
            Self::Giver => COURIER,
            Self::Receiver => COUNTER,
            Self::Onlooker => SECOND_COURIER,
        }
    }
}

/// What can be signed about a hand-over of the three items, loose or two of them in a bag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Paper {
    /// The giver took the items in.
    TakeIn,
    Packing,
    /// To the receiver.
    Offer(Form),
    /// To the onlooker, as a lawful receiver.
    OfferElsewhere(Form),
    Revoke(Form),
    RevokeElsewhere(Form),
    Accept(Form, Taking),
    AcceptElsewhere(Form),
    /// The onlooker answers the offer to the receiver.
    Stolen(Form),
    Release(Form, Taking),
    ReleaseElsewhere(Form),
    ReleaseStolen(Form),
    Opening(Taking),
}

/// How the items are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Form {
    Loose,
    InBag,
}

/// What the receiver takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Taking {
    All,
    /// Without the third item, which is damaged.
    TwoOfThree,
}

pub(super) const FORMS: [Form; 2] = [Form::Loose, Form::InBag];
pub(super) const TAKINGS: [Taking; 2] = [Taking::All, Taking::TwoOfThree];

/// A set of papers.
pub(crate) type Papers = u32;

impl Paper {
    /// Its bit in a set.
    pub(super) const fn bit(self) -> Papers {
        1 << match self {
            Self::Packing => 0,
            Self::Offer(form) => 1 + form as u32,
            Self::OfferElsewhere(form) => 3 + form as u32,
            Self::Revoke(form) => 5 + form as u32,
            Self::RevokeElsewhere(form) => 7 + form as u32,
            Self::Accept(form, taking) => 9 + 2 * form as u32 + taking as u32,
            Self::AcceptElsewhere(form) => 13 + form as u32,
            Self::Stolen(form) => 15 + form as u32,
            Self::Release(form, taking) => 17 + 2 * form as u32 + taking as u32,
            Self::ReleaseElsewhere(form) => 21 + form as u32,
            Self::ReleaseStolen(form) => 23 + form as u32,
            Self::Opening(taking) => 25 + taking as u32,
            Self::TakeIn => 27,
        }
    }
}

/// What the fold says of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) holder: Option<Who>,
    pub(super) provisional: bool,
    pub(super) disputed: bool,
    /// It lay in a bag and was taken out.
    pub(super) taken_out: bool,
}

pub(super) struct Rules {
    papers: BTreeMap<Papers, Vec<(EventId, Event)>>,
    parties: BTreeMap<DeviceId, domain::holder::Holder>,
    items: [ItemId; 3],
    ignored: Papers,
    /// Acceptances the giver's phone releases.
    releasable: Papers,
    /// Offers the receiver's phone takes: by its first HELLO, and by a later one.
    acceptable: [Papers; 2],
    folded: Mutex<HashMap<(usize, Papers), Verdict>>,
}

/// The lines of an offer.
fn lines(form: Form, loose: &[ItemRef; 3], packing: EventId) -> Vec<ItemRef> {
    match form {
        Form::Loose => loose.to_vec(),
        Form::InBag => vec![bag_line(BAG, packing), loose[2].clone()],
    }
}

impl Rules {
    pub(super) fn new(flaw: Option<Flaw>) -> Self {
        let mut world = World::new();
        let items = ["EE000000155VN", "EE000000169VN", "EE000000172VN"].map(ItemId::of);
        let named = |head| items.map(|item| ItemRef { item, ..line(head) });
        let taken = world.sign(COURIER, Kind::TakeIn, |event| Event {
            items: named(EventId::ZERO).to_vec(),
            ..event
        });
        let loose = named(taken);
        let packing = world.pack(COURIER, BAG, loose[..2].to_vec());
        let mut ids = BTreeMap::from([(Paper::TakeIn, taken), (Paper::Packing, packing)]);
        for form in FORMS {
            let offered = lines(form, &loose, packing);
            let to_receiver = world.offer_lines(COURIER, COUNTER, offered.clone());
            let elsewhere = world.offer_lines(COURIER, SECOND_COURIER, offered.clone());
            // An offer that names nobody is an offer to whoever sees it.
            let to_whoever = world.offer_lines(COURIER, SECOND_COURIER, offered);
            let answered = if flaw == Some(Flaw::ReceiverNotNamed) {
                to_whoever
            } else {
                to_receiver
            };
            ids.insert(Paper::Offer(form), to_receiver);
            ids.insert(Paper::OfferElsewhere(form), elsewhere);
            ids.insert(
                Paper::Revoke(form),
                world.about(COURIER, Kind::RevokeOffer, to_receiver),
            );
            ids.insert(
                Paper::RevokeElsewhere(form),
                world.about(COURIER, Kind::RevokeOffer, elsewhere),
            );
            for taking in TAKINGS {
                let damaged = Excepted {
                    item: items[2],
                    code: exception_code::DAMAGED,
                };
                let left = if taking == Taking::All { vec![] } else { vec![damaged] };
                let accept = world.accept(COUNTER, to_receiver, left);
                ids.insert(Paper::Accept(form, taking), accept);
                ids.insert(
                    Paper::Release(form, taking),
                    world.about(COURIER, Kind::Release, accept),
                );
                if form == Form::InBag {
                    let out = loose[..2].iter().map(|line| ItemRef {
                        head: accept,
                        ..line.clone()
                    });
                    ids.insert(Paper::Opening(taking), world.open(COUNTER, BAG, accept, out.collect()));
                }
            }
            let accept = world.accept(SECOND_COURIER, elsewhere, vec![]);
            ids.insert(Paper::AcceptElsewhere(form), accept);
            ids.insert(
                Paper::ReleaseElsewhere(form),
                world.about(COURIER, Kind::Release, accept),
            );
            let stolen = world.accept(SECOND_COURIER, answered, vec![]);
            ids.insert(Paper::Stolen(form), stolen);
            ids.insert(Paper::ReleaseStolen(form), world.about(COURIER, Kind::Release, stolen));
            if answered == to_whoever {
                ids.insert(Paper::Offer(form), to_receiver);
            }
        }
        let event = |id: EventId| (id, world.event(id).clone());
        let mut papers: BTreeMap<Papers, Vec<(EventId, Event)>> =
            ids.iter().map(|(paper, id)| (paper.bit(), vec![event(*id)])).collect();
        if flaw == Some(Flaw::ReceiverNotNamed) {
            for form in FORMS {
                let stolen = world.event(ids[&Paper::Stolen(form)]);
                let open = stolen.about_event().expect("an acceptance names its offer");
                papers.entry(Paper::Offer(form).bit()).or_default().push(event(open));
            }
        }
        Self {
            parties: world.parties(),
            items,
            ignored: FORMS
                .into_iter()
                .filter(|_| flaw == Some(Flaw::RevokedOfferAccepted))
                .map(|form| Paper::Revoke(form).bit() | Paper::RevokeElsewhere(form).bit())
                .sum(),
            releasable: releasable(&world, &ids, flaw),
            acceptable: acceptable(&world, &ids, flaw),
            papers,
            folded: Mutex::default(),
        }
    }

    /// Whether the giver's phone turns green at this acceptance.
    pub(super) fn is_releasable(&self, accept: Paper) -> bool {
        self.releasable & accept.bit() != 0
    }

    /// Whether the receiver's phone takes this offer as an answer to its first or to a later HELLO.
    pub(super) fn is_acceptable(&self, offer: Paper, is_first: bool) -> bool {
        self.acceptable[usize::from(!is_first)] & offer.bit() != 0
    }

    /// What the real fold says of an item when these papers are known.
    pub(super) fn fold(&self, item: usize, papers: Papers) -> Verdict {
        let papers = papers & !self.ignored;
        if let Some(known) = self.folded.lock().expect("no fold panics").get(&(item, papers)) {
            return *known;
        }
        let verdict = self.fold_anew(item, papers);
        self.folded
            .lock()
            .expect("no fold panics")
            .insert((item, papers), verdict);
        verdict
    }

    fn fold_anew(&self, item: usize, papers: Papers) -> Verdict {
        let signed = self.papers.iter().filter(|(bit, _)| papers & **bit != 0);
        let events: Vec<(EventId, Event)> = signed.flat_map(|(_, events)| events).cloned().collect();
        let events: Vec<Known<'_>> = known(&events);
        let custody = fold_item(
            self.items[item],
            ItemKind::DossierToAgency,
            &events,
            &|device: &DeviceId, _: Hat| self.parties.get(device).copied(),
        );
        let whose = |who: &Who| custody.holder == Some(party(u8::try_from(who.person() + 1).expect("few")));
        Verdict {
            holder: Who::ALL.into_iter().find(whose),
            provisional: custody.provisional,
            disputed: custody.disputed.is_some(),
            taken_out: custody.packed.is_none() && custody.applied.iter().any(|step| step.kind == Kind::Disaggregate),
        }
    }
}

fn sealed(world: &World, who: Who, id: EventId) -> Sealed {
    let sealed = seal(world.event(id), &world.people[who.person()].signer).expect("a soft key signs");
    assert_eq!(sealed.id, id, "signing again gives the same event");
    sealed
}

/// Asks the real giver about every acceptance of an offer to the receiver or to the onlooker.
fn releasable(world: &World, ids: &BTreeMap<Paper, EventId>, flaw: Option<Flaw>) -> Papers {
    let mut releasable = 0;
    let giver = &world.people[Who::Giver.person()];
    for form in FORMS {
        let answers = [
            (Paper::Offer(form), Paper::Accept(form, Taking::All), Who::Receiver),
            (
                Paper::Offer(form),
                Paper::Accept(form, Taking::TwoOfThree),
                Who::Receiver,
            ),
            (Paper::OfferElsewhere(form), Paper::AcceptElsewhere(form), Who::Onlooker),
            (Paper::Offer(form), Paper::Stolen(form), Who::Onlooker),
        ];
        for (offer, accept, by) in answers {
            let named = if matches!(offer, Paper::Offer(_)) {
                Who::Receiver
            } else {
                Who::Onlooker
            };
            let offer = Envelope::parse(&sealed(world, Who::Giver, ids[&offer]).bytes).expect("readable");
            let mut giving = Giver::resume(&offer, world.people[named.person()].key()).expect("an open offer");
            let bytes = sealed(world, by, ids[&accept]).bytes;
            let is_green = giving.release(&bytes, &giver.stamp(), &giver.signer).is_ok();
            let anybody = flaw == Some(Flaw::ReceiverNotNamed) && matches!(accept, Paper::Stolen(_));
            if is_green || anybody {
                releasable |= accept.bit();
            }
        }
    }
    releasable
}

/// Asks the real receiver about every offer, as an answer to the HELLO it was made for and to another one.
fn acceptable(world: &World, ids: &BTreeMap<Paper, EventId>, flaw: Option<Flaw>) -> [Papers; 2] {
    let receiver = &world.people[Who::Receiver.person()];
    let giver = world.people[Who::Giver.person()].key();
    let challenge = world
        .event(ids[&Paper::Offer(Form::Loose)])
        .nonce
        .expect("an offer answers a challenge");
    [challenge, OTHER_CHALLENGE].map(|nonce| {
        let ready = Receiver::new(receiver.key(), receiver.hat, nonce, receiver.mono());
        let mut acceptable = 0;
        for offer in FORMS
            .into_iter()
            .flat_map(|form| [Paper::Offer(form), Paper::OfferElsewhere(form)])
        {
            let bytes = sealed(world, Who::Giver, ids[&offer]).bytes;
            let unchecked = flaw == Some(Flaw::NonceUnchecked) && matches!(offer, Paper::Offer(_));
            if unchecked || ready.read(&bytes, &giver, receiver.mono()).is_ok() {
                acceptable |= offer.bit();
            }
        }
        acceptable
    })
}
