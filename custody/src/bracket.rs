//! When an event truly happened: the interval that its signatures prove, whatever the phone's clock claims (trust §3.5).
//!
//! Three things are known for certain. An event that carries a server time was signed after that time, since nobody can make the
//! server's mark beforehand. It was signed before it was received. And an event that names another, by its hash, is the later of
//! the two. Between those a device's monotonic clock counts: it says how long after a server time, or before a receipt, something
//! was, as far as one start of the device reaches. What a device says of its own clock narrows its own events only.
//!
//! [`brackets`] is a function of the set of events. It decides no order: that comes from heads alone ([`crate::fold`]). A claim
//! outside its interval is shown as a clock that is wrong, and nothing else follows from it.

use std::collections::BTreeMap;

use crate::event::{Beacon, Event, Mono};
use crate::fold::Known;
use crate::ids::{DeviceId, EventId};

/// The longest a server's time may have been under way for a phone to use it, milliseconds. Phones drop what took longer.
pub const TRIP_MS: u64 = 60_000;

/// How far outside its interval a claim may be before the clock is called wrong, milliseconds: people set clocks by the minute.
pub const TOLERANCE_MS: i64 = 60_000;

/// A phone's monotonic clock is this exact: one part in so many (nine seconds a day).
const EXACT: u64 = 10_000;

/// When an event happened, both ends included, milliseconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bracket {
    /// Not before; nothing where no server time is known.
    pub earliest_ms: Option<i64>,
    /// Not after.
    pub latest_ms: i64,
    /// What the device's clock claimed.
    pub claimed_ms: Option<i64>,
}

impl Bracket {
    /// By how much the claim is outside, as much as that is certain: positive for a clock that is ahead. Nothing where the claim
    /// may be true.
    pub fn clock_off_ms(&self) -> Option<i64> {
        let claimed = self.claimed_ms?;
        let ahead = claimed.saturating_sub(self.latest_ms);
        let behind = self.earliest_ms.map_or(0, |earliest| earliest.saturating_sub(claimed));
        if ahead > TOLERANCE_MS {
            Some(ahead)
        } else if behind > TOLERANCE_MS {
            Some(-behind)
        } else {
            None
        }
    }

    /// How wide it is, milliseconds; nothing where it has no beginning.
    pub fn width_ms(&self) -> Option<i64> {
        Some(self.latest_ms.saturating_sub(self.earliest_ms?))
    }
}

/// Whether a server time is the server's own: its mark is over this device and this time.
pub trait Beacons {
    /// Whether the mark holds.
    fn is_ours(&self, device: &DeviceId, beacon: &Beacon) -> bool;
}

impl<F: Fn(&DeviceId, &Beacon) -> bool> Beacons for F {
    fn is_ours(&self, device: &DeviceId, beacon: &Beacon) -> bool {
        self(device, beacon)
    }
}

/// The interval of each of these events. The more of a device's chain and of the events that name each other is in the set, the
/// narrower they are; none is ever wrong for want of another.
pub fn brackets(events: &[Known<'_>], beacons: &dyn Beacons) -> BTreeMap<EventId, Bracket> {
    told(events, beacons, false)
}

/// The same, for whoever asks whether a device that was stolen signed something before it was: how long after an earlier event it says
/// that something was is then believed of nobody. A later server time, and what others named, still bound it.
pub fn wary_brackets(events: &[Known<'_>], beacons: &dyn Beacons) -> BTreeMap<EventId, Bracket> {
    told(events, beacons, true)
}

fn told(events: &[Known<'_>], beacons: &dyn Beacons, is_wary: bool) -> BTreeMap<EventId, Bracket> {
    let mut set: BTreeMap<EventId, Known<'_>> = BTreeMap::new();
    for known in events {
        let kept = set.entry(known.id).or_insert(*known);
        kept.received_ms = kept.received_ms.min(known.received_ms);
    }
    let certain = certain(&set, beacons);
    let mut by_device: BTreeMap<DeviceId, Vec<Known<'_>>> = BTreeMap::new();
    for known in set.values() {
        by_device.entry(known.event.device).or_default().push(*known);
    }
    let mut found = certain.clone();
    for mut chain in by_device.into_values() {
        chain.sort_by_key(|known| (known.event.seq, known.id));
        if is_one_story(&chain) {
            narrow(&chain, beacons, (&certain, is_wary), &mut found);
        }
    }
    let told = found.into_iter().map(|(id, span)| {
        let claimed = set[&id].event.wall_ms.and_then(|wall_ms| i64::try_from(wall_ms).ok());
        let bracket = Bracket {
            earliest_ms: span.earliest,
            latest_ms: span.latest,
            claimed_ms: claimed,
        };
        (id, bracket)
    });
    told.collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    earliest: Option<i64>,
    latest: i64,
}

impl Span {
    fn not_before(&mut self, ms: Option<i64>) -> bool {
        let changes = ms > self.earliest;
        self.earliest = self.earliest.max(ms);
        changes
    }

    fn not_after(&mut self, ms: i64) -> bool {
        let changes = ms < self.latest;
        self.latest = self.latest.min(ms);
        changes
    }

    fn is_possible(&self) -> bool {
        self.earliest.is_none_or(|earliest| earliest <= self.latest)
    }
}

/// What no device can say otherwise: server times, receipts, and that who names an event by its hash came after it.
fn certain(set: &BTreeMap<EventId, Known<'_>>, beacons: &dyn Beacons) -> BTreeMap<EventId, Span> {
    let mut spans: BTreeMap<EventId, Span> = set
        .iter()
        .map(|(id, known)| {
            let earliest = genuine(known.event, beacons).map(|beacon| signed(beacon.server_ms));
            let latest = known.received_ms;
            (*id, Span { earliest, latest })
        })
        .collect();
    let edges: Vec<(EventId, EventId)> = set
        .iter()
        .flat_map(|(id, known)| named(known.event).map(|before| (before, *id)))
        .filter(|(before, after)| before != after && set.contains_key(before))
        .collect();
    // Hashes make no circles; should bytes of an unknown origin claim one, it ends after as many rounds as there are events.
    for _ in 0..=set.len() {
        let mut changed = false;
        for (before, after) in &edges {
            let (first, then) = (spans[before], spans[after]);
            changed |= spans.get_mut(after).is_some_and(|span| span.not_before(first.earliest));
            changed |= spans.get_mut(before).is_some_and(|span| span.not_after(then.latest));
        }
        if !changed {
            break;
        }
    }
    spans
}

/// The events that one names by their hashes.
fn named(event: &Event) -> impl Iterator<Item = EventId> {
    let heads = event.items.iter().map(|item| item.head);
    heads
        .chain([event.prev])
        .chain(event.about_event())
        .filter(|id| !id.is_zero())
        .collect::<Vec<_>>()
        .into_iter()
}

fn genuine(event: &Event, beacons: &dyn Beacons) -> Option<Beacon> {
    event.beacon.filter(|beacon| beacons.is_ours(&event.device, beacon))
}

/// No number twice: of a device with two stories nothing is known but what is certain.
fn is_one_story(chain: &[Known<'_>]) -> bool {
    chain
        .iter()
        .zip(chain.iter().skip(1))
        .all(|(one, next)| one.event.seq < next.event.seq)
}

/// A moment of a device: an event, or the arrival of a server time.
#[derive(Debug)]
struct Moment {
    event: Option<EventId>,
    mono_ms: u64,
    span: Span,
}

/// Narrows the spans of one device's events by its own clock, one start of the device after the other.
fn narrow(
    chain: &[Known<'_>],
    beacons: &dyn Beacons,
    (certain, is_wary): (&BTreeMap<EventId, Span>, bool),
    found: &mut BTreeMap<EventId, Span>,
) {
    let Some(starts) = starts(chain, beacons, certain) else {
        return;
    };
    let mut moments: Vec<(usize, Moment)> = Vec::new();
    for (start, one) in starts.into_iter().enumerate() {
        moments.extend(one.into_iter().map(|moment| (start, moment)));
    }
    for _ in 0..=moments.len() {
        let mut changed = false;
        for at in 1..moments.len() {
            let (left, right) = moments.split_at_mut(at);
            let ((start, before), (next_start, after)) = (&mut left[at - 1], &mut right[0]);
            changed |= relax(before, after, start == next_start, is_wary);
        }
        if !changed {
            break;
        }
    }
    // A clock that contradicts the server or itself narrows nothing.
    if moments.iter().all(|(_, moment)| moment.span.is_possible()) {
        for (_, moment) in moments {
            if let Some(event) = moment.event {
                found.insert(event, moment.span);
            }
        }
    }
}

/// What two moments one after the other say of each other.
fn relax(before: &mut Moment, after: &mut Moment, is_same_start: bool, is_wary: bool) -> bool {
    if !is_same_start {
        return after.span.not_before(before.span.earliest) | before.span.not_after(after.span.latest);
    }
    let counted = after.mono_ms.saturating_sub(before.mono_ms);
    // Besides, whole milliseconds were rounded at both ends.
    let slack = counted / EXACT + 2;
    let (least, most) = (
        signed(counted.saturating_sub(slack)),
        signed(counted.saturating_add(slack)),
    );
    let plus = |ms: Option<i64>, by: i64| ms.map(|ms| ms.saturating_add(by));
    after.span.not_before(plus(before.span.earliest, least))
        | before.span.not_before(plus(after.span.earliest, -most))
        | before.span.not_after(after.span.latest.saturating_sub(least))
        | (!is_wary && after.span.not_after(before.span.latest.saturating_add(most)))
}

/// The moments of each start of the device, in order; nothing where the clock ran backwards or a start came again.
fn starts(chain: &[Known<'_>], beacons: &dyn Beacons, certain: &BTreeMap<EventId, Span>) -> Option<Vec<Vec<Moment>>> {
    let mut starts: Vec<([u8; 16], Vec<Moment>)> = Vec::new();
    for known in chain {
        let Mono { boot_id, ms } = known.event.mono?;
        if starts.last().is_none_or(|(last, _)| *last != boot_id) {
            if starts.iter().any(|(seen, _)| *seen == boot_id) {
                return None;
            }
            starts.push((boot_id, Vec::new()));
        }
        let (_, moments) = starts.last_mut()?;
        let last = moments.iter().rev().find(|moment| moment.event.is_some());
        if last.is_some_and(|last| last.mono_ms > ms) {
            return None;
        }
        if let Some(beacon) = genuine(known.event, beacons) {
            if beacon.mono_ms > ms {
                return None;
            }
            let arrived = Moment {
                event: None,
                mono_ms: beacon.mono_ms,
                span: Span {
                    earliest: Some(signed(beacon.server_ms)),
                    latest: signed(beacon.server_ms.saturating_add(TRIP_MS)),
                },
            };
            moments.push(arrived);
        }
        moments.push(Moment {
            event: Some(known.id),
            mono_ms: ms,
            span: certain[&known.id],
        });
    }
    let in_order = |(_, mut moments): ([u8; 16], Vec<Moment>)| {
        moments.sort_by_key(|moment| moment.mono_ms);
        moments
    };
    Some(starts.into_iter().map(in_order).collect())
}

fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}
