//! What people decided about a dispute or about single events, and what an author took back within a quarter of an hour.
//!
//! Nothing is taken out of the set: the events that lost stay in it and are named by what set them aside. A ruling says which
//! branches it heard. A branch that turns up later was not heard: the dispute is open again, and the item stays where the ruling
//! put it until there is another one. Which ruling counts depends on the set of rulings alone, never on the order they came in.

use std::collections::{BTreeMap, BTreeSet};

use domain::holder::Holder;
use domain::item::MoveKind;

use super::evidence::{Evidence, Move};
use super::{Applied, Dispute, ItemCustody, ParkReason, table, walk};
use crate::event::Event;
use crate::ids::{EventId, ItemId};
use crate::kind::Kind;

/// For how long an author may take back an event of their own, milliseconds on the device's own clock (trust §3.6).
pub const TAKE_BACK_MS: u64 = 15 * 60 * 1_000;

/// A decision of two people, itself an event of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The event that says so.
    pub id: EventId,
    /// When it was made, milliseconds UTC, by the server's clock.
    pub at_ms: i64,
    /// Its place in the log: of two rulings on one dispute the later counts.
    pub place: i64,
    /// What was decided about what.
    pub on: On,
}

/// What a ruling is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// A dispute of one item.
    Dispute {
        /// The item.
        item: ItemId,
        /// The head at which the stories part.
        at: EventId,
        /// The branches that were looked at.
        heard: BTreeSet<EventId>,
        /// What is so.
        outcome: Outcome,
    },
    /// An event that moves nothing from now on.
    SetAside(EventId),
}

/// What is so, of all that is told about a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// This branch. Where it is no move (a revocation, a correction), nothing moved.
    Stands(EventId),
    /// None of them: the item was physically found with this party.
    Found(Holder),
}

/// Something that was settled about an item, as its fold shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The ruling, or the author's own correction.
    pub id: EventId,
    /// The branch that stands, where one does.
    pub stands: Option<EventId>,
    /// With whom it was found, where that was decided.
    pub found: Option<Holder>,
    /// The events that move nothing because of it, by id.
    pub set_aside: Vec<EventId>,
}

/// How an author's correction of an event of their own is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TakenBack {
    /// It counts.
    Yes,
    /// It is too late, of another device, or of a hand-over two people signed: a person has to rule.
    NeedsRuling,
}

/// Whether a correction takes back what it is about, by itself.
pub(super) fn take_back(correction: &Event, target: &Event) -> TakenBack {
    let is_own = correction.device == target.device && correction.seq > target.seq;
    // What two people signed is not one person's to take back.
    let is_alone = !matches!(
        target.kind,
        Kind::Offer | Kind::Accept | Kind::Release | Kind::RevokeOffer | Kind::Correction
    );
    let in_time = match (correction.mono, target.mono) {
        // Over a restart nobody can tell how long it was.
        (Some(now), Some(then)) if now.boot_id == then.boot_id => now
            .ms
            .checked_sub(then.ms)
            .is_some_and(|since_ms| since_ms <= TAKE_BACK_MS),
        _ => false,
    };
    if is_own && is_alone && in_time {
        TakenBack::Yes
    } else {
        TakenBack::NeedsRuling
    }
}

/// The events of the set that rulings set aside, and the first ruling that did.
pub(super) fn set_aside(rulings: &[Ruling]) -> BTreeMap<EventId, EventId> {
    let mut all: BTreeMap<EventId, (i64, EventId)> = BTreeMap::new();
    for ruling in rulings {
        if let On::SetAside(event) = ruling.on {
            let by = (ruling.place, ruling.id);
            let first = all.entry(event).or_insert(by);
            *first = by.min(*first);
        }
    }
    all.into_iter().map(|(event, (_, by))| (event, by)).collect()
}

/// The ruling on a dispute at a head: the last one.
fn on_dispute<'a>(
    item: ItemId,
    dispute: &Dispute,
    rulings: &'a [Ruling],
) -> Option<(&'a Ruling, &'a BTreeSet<EventId>, Outcome)> {
    let about = rulings.iter().filter_map(|ruling| match &ruling.on {
        On::Dispute {
            item: of,
            at,
            heard,
            outcome,
        } if *of == item && *at == dispute.at => Some((ruling, heard, *outcome)),
        On::Dispute { .. } | On::SetAside(_) => None,
    });
    about.max_by_key(|(ruling, _, _)| (ruling.place, ruling.id))
}

/// Goes on at a dispute as it was ruled. Gives the dispute that stays open: all of it where nobody ruled so that the item could go
/// on, and what nobody had heard of where a contradiction came after the ruling; and whether the item goes on.
///
/// `dismissed` are moves that no longer count; they are added to, so that the walk passes them over at the same head.
pub(super) fn settle(
    custody: &mut ItemCustody,
    dispute: Dispute,
    next: &[&Move],
    (evidence, rulings): (&Evidence, &[Ruling]),
    dismissed: &mut BTreeSet<EventId>,
) -> (Option<Dispute>, bool) {
    let Some((ruling, heard, outcome)) = on_dispute(custody.item, &dispute, rulings) else {
        return (Some(dispute), false);
    };
    let (stands, found) = match outcome {
        Outcome::Stands(branch) => (Some(branch), None),
        Outcome::Found(party) => (None, Some(party)),
    };
    let branch = next.iter().find(|step| Some(step.id) == stands);
    let moved = found.filter(|party| custody.holder != Some(*party));
    let nothing_moved = branch.is_none() && moved.is_none();
    let losers = dispute.branches.iter().copied().filter(|id| Some(*id) != stands);
    let mut lost: BTreeSet<EventId> = walk::descendants(losers.clone(), evidence);
    // Where nothing moved, another move of the same head is looked at by itself.
    lost.extend(losers.filter(|id| !nothing_moved || heard.contains(id)));
    let (set_aside, unheard): (Vec<EventId>, Vec<EventId>) = lost.into_iter().partition(|id| heard.contains(id));
    if let Some(step) = branch {
        let Some(state) = table::state_after(custody.state, step.kind, step.hat, custody.kind) else {
            return (Some(dispute), false);
        };
        let packed = walk::packed_as_ruled(custody, step, evidence);
        walk::go(custody, step, (state, packed), evidence);
        // Two people said so: nobody waits for the giver's release.
        custody.provisional = false;
    } else if let Some(party) = moved {
        put(custody, ruling, party);
    } else {
        let before = dismissed.len();
        dismissed.extend(set_aside.iter().copied());
        if dismissed.len() == before {
            return (Some(dispute), false);
        }
    }
    custody.settled.push(Settled {
        id: ruling.id,
        stands,
        found,
        set_aside,
    });
    let open_again = (!unheard.is_empty()).then(|| {
        let branches: BTreeSet<EventId> = dispute.branches.iter().copied().chain(unheard).collect();
        Dispute {
            branches: branches.into_iter().collect(),
            ..dispute
        }
    });
    (open_again, true)
}

/// The item is with whom it was found.
fn put(custody: &mut ItemCustody, ruling: &Ruling, party: Holder) {
    let by = match party {
        Holder::Citizen => MoveKind::Deliver,
        _ => MoveKind::Accept { by: party.class() },
    };
    // Where the table knows no way there, the state stays and only the hands change.
    let state = custody.state.after(by, custody.kind).unwrap_or(custody.state);
    custody.applied.push(Applied {
        id: ruling.id,
        kind: Kind::Correction,
        at_ms: ruling.at_ms,
        from: custody.holder,
        to: Some(party),
        state,
        reason: None,
    });
    custody.state = state;
    custody.holder = Some(party);
    custody.head = Some(ruling.id);
    custody.since_ms = Some(ruling.at_ms);
    custody.provisional = false;
}

impl ItemCustody {
    /// Every move that whoever rules on the open dispute has to have looked at; none where nothing is in dispute.
    pub fn to_be_heard(&self) -> Option<BTreeSet<EventId>> {
        let dispute = self.disputed.as_ref()?;
        let behind = self.parked.iter().filter(|(_, why)| *why == ParkReason::BehindDispute);
        let applied = self.applied.iter().map(|applied| applied.id);
        let all = dispute.branches.iter().copied().chain(behind.map(|(id, _)| *id));
        Some(all.chain(applied).collect())
    }
}
