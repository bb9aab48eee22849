//! What the driver knows by itself, without asking the program: which events the phones showed as recorded, on which phones
//! each lies, what the server said it had, and in whose hands every paper is.

use super::template::Parcel;
use custody::ids::EventId;
use domain::holder::Holder;
use std::collections::{BTreeMap, BTreeSet};

/// Where a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paper {
    /// With the citizen who sends it.
    Citizen,
    /// With whoever has this phone.
    Phone(usize),
    /// Where it was to go.
    Arrived,
}

/// An event as its phone signed it.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    /// Which phone.
    pub(crate) phone: usize,
    /// Its number there.
    pub(crate) seq: u64,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// Something that moved a paper, or its state, in the world.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// The event.
    pub(crate) id: EventId,
    /// The offer it accepts.
    pub(crate) offer: Option<EventId>,
    /// The release that turned the giver green.
    pub(crate) release: Option<EventId>,
    /// Who has it since.
    pub(crate) holder: Option<Holder>,
    /// Whether it came into other hands.
    pub(crate) is_handed: bool,
}

/// An acceptance the giver never saw: the paper stayed.
#[derive(Debug, Clone)]
pub(crate) struct Aside {
    /// How many steps had been taken.
    pub(crate) at: usize,
    /// The acceptance.
    pub(crate) accept: EventId,
    /// Its offer.
    pub(crate) offer: EventId,
    /// Who accepted.
    pub(crate) to: Holder,
    /// The event that took the offer back.
    pub(crate) revoke: Option<EventId>,
}

/// What is true of one parcel.
#[derive(Debug, Clone)]
pub(crate) struct Truth {
    /// The parcel.
    pub(crate) parcel: Parcel,
    /// Where it is.
    pub(crate) paper: Paper,
    /// How it came there.
    pub(crate) chain: Vec<Step>,
    /// What was begun beside that.
    pub(crate) asides: Vec<Aside>,
    /// Nobody touches it any more: part of its story went down with a phone.
    pub(crate) is_orphan: bool,
    /// Who alone fetches it, since they tried before.
    pub(crate) fetched_by: Option<usize>,
}

/// What the server should say of one parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// One holder.
    Held {
        /// Who.
        holder: Option<Holder>,
        /// Whether the giver's release is still missing.
        provisional: bool,
        /// How many steps of the story it can tell.
        steps: usize,
    },
    /// An open dispute.
    Disputed {
        /// How many steps both stories share.
        steps: usize,
    },
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Every event a phone signed.
    pub(crate) signed: BTreeMap<EventId, Signed>,
    /// Events each phone showed as recorded or keeps of its peers.
    pub(crate) on: Vec<BTreeSet<EventId>>,
    /// Events the server said it had, as far as it was not restored since.
    pub(crate) acknowledged: BTreeSet<EventId>,
    /// The parcels.
    pub(crate) parcels: Vec<Truth>,
    /// Offer and acceptance of every handover in which papers moved.
    pub(crate) moved: Vec<(EventId, EventId)>,
    /// Events in somebody's name that they never signed.
    pub(crate) forged: BTreeSet<EventId>,
    /// Which parcels each phone had to do with.
    pub(crate) touched: Vec<BTreeSet<usize>>,
    /// What the server had told whom of which item, and given to whom, in histories that a restore took back: a phone that heard of it
    /// then may know of it still.
    pub(crate) theirs_before: BTreeSet<(String, String)>,
}

impl Ledger {
    /// A phone showed this event as recorded.
    pub(crate) fn record(&mut self, phone: usize, id: EventId, seq: u64, bytes: &[u8]) {
        self.signed.entry(id).or_insert_with(|| Signed {
            phone,
            seq,
            bytes: bytes.to_vec(),
        });
        self.on[phone].insert(id);
    }

    /// A phone keeps this event of its peer's.
    pub(crate) fn keep(&mut self, phone: usize, id: EventId) {
        self.on[phone].insert(id);
    }

    /// What must be on the server once every phone that lives has synced.
    pub(crate) fn due(&self, lives: &[bool]) -> BTreeSet<EventId> {
        let mut due = self.acknowledged.clone();
        for (on, _) in self.on.iter().zip(lives).filter(|(_, lives)| **lives) {
            due.extend(on);
        }
        due
    }

    /// Nobody works on with parcels whose story has a hole that nobody can fill.
    pub(crate) fn find_orphans(&mut self, lives: &[bool]) {
        let there = self.due(lives);
        for truth in &mut self.parcels {
            let is_there =
                |step: &Step| there.contains(&step.id) && step.offer.is_none_or(|offer| there.contains(&offer));
            truth.is_orphan |= !truth.chain.iter().all(is_there);
        }
    }
}

impl Truth {
    /// What a server that has these events should say. Two moves of one head, or an acceptance whose offer was taken back, are a
    /// dispute; behind a hole nothing is told.
    pub(crate) fn expected(&self, has: &BTreeSet<EventId>) -> Expected {
        let (mut holder, mut provisional) = (None, false);
        for at in 0..=self.chain.len() {
            let next = self
                .chain
                .get(at)
                .filter(|step| has.contains(&step.id) && step.offer.is_none_or(|offer| has.contains(&offer)));
            let beside = |aside: &&Aside| aside.at == at && has.contains(&aside.accept) && has.contains(&aside.offer);
            let asides: Vec<&Aside> = self.asides.iter().filter(beside).collect();
            let is_revoked = |aside: &&&Aside| aside.revoke.is_some_and(|id| has.contains(&id));
            match (asides.as_slice(), next) {
                ([], None) => {
                    return Expected::Held {
                        holder,
                        provisional,
                        steps: at,
                    };
                }
                ([], Some(step)) => {
                    holder = step.holder;
                    if step.is_handed {
                        provisional = step.offer.is_some() && step.release.is_none_or(|id| !has.contains(&id));
                    }
                }
                ([only], None) if !is_revoked(&only) => {
                    return Expected::Held {
                        holder: Some(only.to),
                        provisional: true,
                        steps: at + 1,
                    };
                }
                _ => return Expected::Disputed { steps: at },
            }
        }
        unreachable!("the last step has none behind it")
    }

    /// Every move of it that the server may have.
    pub(crate) fn moves<'a>(&'a self, has: &'a BTreeSet<EventId>) -> impl Iterator<Item = EventId> + 'a {
        let asides = self.asides.iter().map(|aside| aside.accept);
        let all = self.chain.iter().map(|step| step.id).chain(asides);
        all.filter(|id| has.contains(id))
    }
}
