//! Each device's own chain: events counted from 1 without gaps, each naming the one before.
//!
//! A gap is something the device still owes us; a fork is a cloned or rolled-back device; a broken link is a device
//! that lost its own past. [`judge`] says which, from the set alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::ids::EventId;

/// One event's place in its device's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// The device's count.
    pub seq: u64,
    /// The event.
    pub id: EventId,
    /// The event it names as the one before.
    pub prev: EventId,
}

/// What a set of events says about the device that signed them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceVerdict {
    /// Every count from 1 up to here is known.
    pub contiguous: u64,
    /// The counts below the highest known one that are not.
    pub missing: Vec<RangeInclusive<u64>>,
    /// The first count that two different events carry.
    pub fork_at: Option<u64>,
    /// The first count whose event does not name the event before it.
    pub broken_at: Option<u64>,
}

impl DeviceVerdict {
    /// Whether the event with this count is to be kept apart: it is at or after a fork or a broken link, or it has the
    /// impossible count 0.
    pub fn quarantines(&self, seq: u64) -> bool {
        let from = self.fork_at.into_iter().chain(self.broken_at).min();
        seq == 0 || from.is_some_and(|from| seq >= from)
    }
}

/// Judges one device by the set of its events; order and repetition do not matter.
pub fn judge(links: &[Link]) -> DeviceVerdict {
    let mut by_seq: BTreeMap<u64, BTreeSet<Link>> = BTreeMap::new();
    for link in links.iter().filter(|link| link.seq > 0) {
        by_seq.entry(link.seq).or_default().insert(*link);
    }
    DeviceVerdict {
        contiguous: by_seq
            .keys()
            .zip(1..)
            .take_while(|(seq, expected)| *seq == expected)
            .count() as u64,
        missing: missing(&by_seq),
        fork_at: by_seq.iter().find(|(_, at)| is_fork(at)).map(|(seq, _)| *seq),
        broken_at: by_seq
            .iter()
            .find(|(seq, at)| !is_linked(&by_seq, **seq, at))
            .map(|(seq, _)| *seq),
    }
}

fn missing(by_seq: &BTreeMap<u64, BTreeSet<Link>>) -> Vec<RangeInclusive<u64>> {
    let mut expected = 1;
    let mut gaps = Vec::new();
    for seq in by_seq.keys() {
        if *seq > expected {
            gaps.push(expected..=seq - 1);
        }
        expected = seq.saturating_add(1);
    }
    gaps
}

fn is_fork(at: &BTreeSet<Link>) -> bool {
    at.iter().map(|link| link.id).collect::<BTreeSet<_>>().len() > 1
}

/// Whether each event at this count names an event known one count earlier; true where nothing is known there.
fn is_linked(by_seq: &BTreeMap<u64, BTreeSet<Link>>, seq: u64, at: &BTreeSet<Link>) -> bool {
    if seq == 1 {
        return at.iter().all(|link| link.prev.is_zero());
    }
    let Some(before) = by_seq.get(&(seq - 1)) else {
        return true;
    };
    at.iter()
        .all(|link| before.iter().any(|earlier| earlier.id == link.prev))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(n: u8) -> EventId {
        if n == 0 { EventId::ZERO } else { EventId([n; 32]) }
    }

    fn link(seq: u64, this: u8, prev: u8) -> Link {
        Link {
            seq,
            id: id(this),
            prev: id(prev),
        }
    }

    #[test]
    fn a_whole_chain_is_contiguous_and_clean() {
        let verdict = judge(&[link(2, 2, 1), link(1, 1, 0), link(3, 3, 2), link(2, 2, 1)]);
        assert_eq!(
            verdict,
            DeviceVerdict {
                contiguous: 3,
                ..DeviceVerdict::default()
            }
        );
        assert!(!verdict.quarantines(3));
    }

    #[test]
    fn a_gap_is_named_and_quarantines_nothing() {
        let verdict = judge(&[link(1, 1, 0), link(4, 4, 3), link(9, 9, 8)]);
        assert_eq!(verdict.contiguous, 1);
        assert_eq!(verdict.missing, [2..=3, 5..=8]);
        assert!(!verdict.quarantines(9));
    }

    #[test]
    fn the_first_event_may_be_the_missing_one() {
        let verdict = judge(&[link(2, 2, 1)]);
        assert_eq!((verdict.contiguous, verdict.missing), (0, vec![1..=1]));
    }

    #[test]
    fn two_events_with_one_count_are_a_fork_and_quarantine_what_follows() {
        let verdict = judge(&[link(1, 1, 0), link(2, 2, 1), link(2, 7, 1), link(3, 3, 7)]);
        assert_eq!((verdict.fork_at, verdict.broken_at), (Some(2), None));
        assert!(!verdict.quarantines(1));
        assert!(verdict.quarantines(2) && verdict.quarantines(3));
    }

    #[test]
    fn an_event_that_names_another_predecessor_breaks_the_chain() {
        let verdict = judge(&[link(1, 1, 0), link(2, 2, 9), link(3, 3, 2)]);
        assert_eq!(verdict.broken_at, Some(2));
        assert_eq!(judge(&[link(1, 1, 5)]).broken_at, Some(1));
    }

    #[test]
    fn the_count_zero_is_kept_apart_and_harms_no_other_event() {
        let verdict = judge(&[link(0, 9, 0), link(1, 1, 0)]);
        assert!(verdict.quarantines(0) && !verdict.quarantines(1));
    }

    proptest! {
        #[test]
        fn the_verdict_depends_on_the_set_alone(
            links in prop::collection::vec((0..6_u64, 0..5_u8, 0..5_u8), 0..12)
                .prop_map(|all| all.into_iter().map(|(seq, this, prev)| link(seq, this, prev)).collect::<Vec<_>>()),
            order in any::<prop::sample::Index>(),
        ) {
            let mut other = links.clone();
            other.extend(links.clone());
            let turn = order.index(other.len().max(1)).min(other.len());
            other.rotate_left(turn);
            prop_assert_eq!(judge(&links), judge(&other));
        }

        #[test]
        fn counts_up_to_the_largest_number_are_no_trouble(seq in 1..=u64::MAX) {
            let verdict = judge(&[link(seq, 1, 0)]);
            prop_assert_eq!(verdict.missing, if seq == 1 { vec![] } else { vec![1..=seq - 1] });
        }
    }
}
