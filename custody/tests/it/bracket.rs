//! The interval in which an event truly happened: always around the truth, whatever a phone's clock shows.

use std::collections::BTreeMap;

use custody::bracket::{Bracket, TOLERANCE_MS, TRIP_MS, brackets, wary_brackets};
use custody::event::{About, Beacon, Event, Mono};
use custody::fold::Known;
use custody::ids::{DeviceId, EventId};
use custody::kind::Kind;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const START_MS: u64 = 1_790_000_000_000;
const HOUR: u64 = 3_600_000;
const MARK: [u8; 8] = [7; 8];

fn is_ours(_: &DeviceId, beacon: &Beacon) -> bool {
    beacon.tag == MARK
}

/// A phone, its true hour, and what it believes.
struct Phone {
    device: DeviceId,
    now_ms: u64,
    wall_off_ms: i64,
    boot: u8,
    booted_ms: u64,
    /// By how many millionths its monotonic clock runs too fast.
    fast_ppm: i64,
    beacon: Option<Beacon>,
    seq: u64,
    prev: EventId,
}

/// What was signed, and when in truth.
type Signed = (EventId, Event, u64);

impl Phone {
    fn new(number: u8) -> Self {
        Self {
            device: DeviceId([number; 16]),
            now_ms: START_MS,
            wall_off_ms: 0,
            boot: 1,
            booted_ms: START_MS - 5 * HOUR,
            fast_ppm: 0,
            beacon: None,
            seq: 0,
            prev: EventId::ZERO,
        }
    }

    fn mono_ms(&self) -> u64 {
        let up = self.now_ms - self.booted_ms;
        up.saturating_add_signed(up.cast_signed() * self.fast_ppm / 1_000_000)
    }

    fn reboot(&mut self) {
        self.boot += 1;
        self.booted_ms = self.now_ms;
        self.beacon = None;
    }

    /// A server time that was so long under way.
    fn greet(&mut self, trip_ms: u64) {
        let server_ms = self.now_ms;
        self.now_ms += trip_ms;
        self.beacon = Some(Beacon {
            server_ms,
            mono_ms: self.mono_ms(),
            tag: MARK,
        });
    }

    fn sign(&mut self) -> Signed {
        self.sign_about(None)
    }

    fn sign_about(&mut self, about: Option<EventId>) -> Signed {
        self.seq += 1;
        let id = EventId([u8::try_from(self.seq).expect("few") ^ (self.device.0[0] << 5); 32]);
        let event = Event {
            wall_ms: Some(self.now_ms.saturating_add_signed(self.wall_off_ms)),
            mono: Some(Mono {
                boot_id: [self.boot; 16],
                ms: self.mono_ms(),
            }),
            beacon: self.beacon,
            about: about.map(About::Event),
            ..Event::new(Kind::Note, self.device, self.seq, self.prev)
        };
        self.prev = id;
        (id, event, self.now_ms)
    }
}

fn received(signed: &[Signed], at_ms: u64) -> Vec<Known<'_>> {
    let known = signed.iter().map(|(id, event, _)| Known {
        id: *id,
        event,
        received_ms: at_ms.cast_signed(),
    });
    known.collect()
}

fn found(signed: &[Signed], at_ms: u64) -> BTreeMap<EventId, Bracket> {
    brackets(&received(signed, at_ms), &is_ours)
}

#[test]
fn an_event_lies_between_the_last_server_time_and_its_receipt() {
    let mut phone = Phone::new(1);
    phone.greet(200);
    phone.now_ms += HOUR;
    let signed = [phone.sign()];
    let bracket = found(&signed, phone.now_ms + 2 * HOUR)[&signed[0].0];
    let truth = signed[0].2.cast_signed();
    let earliest = bracket.earliest_ms.expect("a server time is known");
    assert!((truth - 1_000..=truth).contains(&earliest), "{}", truth - earliest);
    assert!(
        bracket.latest_ms <= truth + 60_000 + 1_000,
        "the arrival of the server time bounds it too"
    );
}

#[test]
fn a_clock_six_hours_off_is_told_and_a_right_one_is_not() {
    for (off_ms, told) in [
        (6 * HOUR.cast_signed(), true),
        (-6 * HOUR.cast_signed(), true),
        (0, false),
        (20_000, false),
    ] {
        let mut phone = Phone::new(1);
        phone.greet(100);
        phone.wall_off_ms = off_ms;
        phone.now_ms += HOUR;
        let signed = [phone.sign()];
        let bracket = found(&signed, phone.now_ms + 1_000)[&signed[0].0];
        let off = bracket.clock_off_ms();
        assert_eq!(off.is_some(), told, "{off_ms}: {bracket:?}");
        assert!(
            off.is_none_or(|off| (off - off_ms).abs() < 120_000),
            "about as much: {off:?} of {off_ms}"
        );
    }
}

#[test]
fn over_a_restart_without_network_an_event_lies_between_its_neighbours() {
    let mut phone = Phone::new(1);
    phone.greet(100);
    phone.now_ms += HOUR;
    let before = phone.sign();
    phone.reboot();
    phone.wall_off_ms = -6 * HOUR.cast_signed();
    phone.now_ms += HOUR;
    let (first, truth) = (phone.sign(), phone.now_ms.cast_signed());
    phone.now_ms += HOUR;
    let later = phone.sign();
    let received_ms = phone.now_ms + HOUR;
    let signed = [before, first, later];
    let bracket = found(&signed, received_ms)[&signed[1].0];
    let hour = HOUR.cast_signed();
    assert!(
        bracket
            .earliest_ms
            .is_some_and(|earliest| (truth - hour - 1_000..=truth - hour).contains(&earliest))
    );
    assert!(
        (truth + hour..=truth + hour + 1_000).contains(&bracket.latest_ms),
        "an hour before the one after it: {bracket:?}"
    );
    assert!(bracket.clock_off_ms().is_some_and(|off| off < 0));
}

#[test]
fn a_later_server_time_bounds_what_came_before_it_whenever_it_is_received() {
    let mut phone = Phone::new(1);
    let early = phone.sign();
    phone.now_ms += HOUR;
    phone.greet(500);
    let late = phone.sign();
    let truth = early.2.cast_signed();
    let signed = [early, late];
    let bracket = found(&signed, phone.now_ms + 1_000 * HOUR)[&signed[0].0];
    assert!(
        bracket.latest_ms <= truth + TRIP_MS.cast_signed() + 1_000,
        "{bracket:?}"
    );
    assert!(
        bracket
            .earliest_ms
            .is_some_and(|earliest| earliest <= truth && truth - earliest < 2_000),
        "{bracket:?}"
    );
}

#[test]
fn a_forged_server_time_brackets_nothing() {
    let mut phone = Phone::new(1);
    phone.greet(100);
    let forged = phone.beacon.map(|beacon| Beacon {
        server_ms: beacon.server_ms - 100 * HOUR,
        tag: [8; 8],
        ..beacon
    });
    phone.beacon = forged;
    let signed = [phone.sign()];
    let bracket = found(&signed, phone.now_ms + HOUR)[&signed[0].0];
    assert_eq!(
        (bracket.earliest_ms, bracket.latest_ms),
        (None, (phone.now_ms + HOUR).cast_signed())
    );
}

#[test]
fn whoever_names_an_event_and_was_received_says_that_it_was_before() {
    let (mut giver, mut receiver) = (Phone::new(1), Phone::new(2));
    let offer = giver.sign();
    receiver.now_ms += 60_000;
    receiver.greet(50);
    let accept = receiver.sign_about(Some(offer.0));
    let synced_ms = receiver.now_ms + 1_000;
    let mut known = received(std::slice::from_ref(&offer), synced_ms + 1_000 * HOUR);
    known.extend(received(std::slice::from_ref(&accept), synced_ms));
    let brackets = brackets(&known, &is_ours);
    assert_eq!(
        brackets[&offer.0].latest_ms,
        synced_ms.cast_signed(),
        "though the giver's phone was lost for weeks"
    );
}

#[test]
fn a_device_that_lies_about_its_clock_narrows_nobody_elses_events() {
    let (mut honest, mut liar) = (Phone::new(1), Phone::new(2));
    let named = honest.sign();
    honest.now_ms += 10 * HOUR;
    liar.greet(10);
    // It claims that an event ten hours later was before that server time arrived.
    liar.now_ms += 10 * HOUR;
    let (id, event, at) = liar.sign_about(Some(named.0));
    let mono = event.beacon.map(|beacon| Mono {
        boot_id: [1; 16],
        ms: beacon.mono_ms,
    });
    let lie = (id, Event { mono, ..event }, at);
    let later = honest.now_ms + 20 * HOUR;
    let signed = [named, lie];
    assert_eq!(found(&signed, later)[&signed[0].0].latest_ms, later.cast_signed());
}

#[test]
fn what_a_stolen_phone_says_of_its_own_clock_makes_nothing_older() {
    let mut phone = Phone::new(1);
    phone.greet(10);
    let early = phone.sign();
    phone.now_ms += 1_000;
    let late = phone.sign();
    let synced_ms = phone.now_ms + 100 * HOUR;
    let mut known = received(std::slice::from_ref(&early), phone.now_ms);
    known.extend(received(std::slice::from_ref(&late), synced_ms));
    assert!(brackets(&known, &is_ours)[&late.0].latest_ms < synced_ms.cast_signed() - 99 * HOUR.cast_signed());
    assert_eq!(
        wary_brackets(&known, &is_ours)[&late.0].latest_ms,
        synced_ms.cast_signed()
    );
    // A server time it saw afterwards does bound it.
    phone.now_ms += 1_000;
    phone.greet(10);
    let last = phone.sign();
    known.extend(received(std::slice::from_ref(&last), synced_ms));
    let bound = wary_brackets(&known, &is_ours)[&late.0].latest_ms;
    assert!(bound <= (late.2 + TRIP_MS + 1_000).cast_signed(), "{bound}");
}

#[test]
fn a_clock_that_contradicts_itself_leaves_what_is_certain() {
    let mut phone = Phone::new(1);
    phone.greet(10);
    phone.now_ms += HOUR;
    let one = phone.sign();
    let (id, event, at) = phone.sign();
    let back = event.mono.map(|mono| Mono {
        ms: mono.ms - 100,
        ..mono
    });
    let signed = [one, (id, Event { mono: back, ..event }, at)];
    for bracket in found(&signed, phone.now_ms + HOUR).values() {
        assert_eq!(
            bracket.earliest_ms,
            Some(START_MS.cast_signed()),
            "signed after the server's time, no more"
        );
    }
}

/// What happens to a phone.
#[derive(Debug, Clone, Copy)]
enum Life {
    Waits(u64),
    Signs,
    Greets(u64),
    Reboots,
    Clock(i64),
}

fn life() -> impl Strategy<Value = Life> {
    let hours = 6 * HOUR.cast_signed();
    prop_oneof![
        (0..12 * HOUR).prop_map(Life::Waits),
        Just(Life::Signs),
        Just(Life::Signs),
        (0..=TRIP_MS).prop_map(Life::Greets),
        Just(Life::Reboots),
        select(vec![hours, -hours, 0, 24 * 365 * HOUR.cast_signed()]).prop_map(Life::Clock),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Must show 5: the phone's clock moved by six hours either way, restarts without network, syncs now and then: the true hour is
    /// in every interval, and a claim that is shown as wrong is wrong.
    #[test]
    fn the_true_hour_is_in_every_interval(
        life in vec(life(), 1..40),
        syncs in vec(0..8 * HOUR, 40),
        kept in vec(prop::bool::weighted(0.8), 40),
        fast_ppm in -90..90_i64,
    ) {
        let (mut phone, mut signed, mut syncs) = (Phone::new(1), Vec::new(), syncs.into_iter());
        let mut received_ms = Vec::new();
        phone.fast_ppm = fast_ppm;
        for step in life {
            match step {
                Life::Waits(ms) => phone.now_ms += ms,
                Life::Signs => {
                    signed.push(phone.sign());
                    received_ms.push(phone.now_ms + syncs.next().unwrap_or(0));
                }
                Life::Greets(trip_ms) => phone.greet(trip_ms),
                Life::Reboots => phone.reboot(),
                Life::Clock(off_ms) => phone.wall_off_ms = off_ms,
            }
        }
        let known: Vec<Known<'_>> = signed
            .iter()
            .zip(&received_ms)
            .zip(&kept)
            .filter(|(_, kept)| **kept)
            .map(|(((id, event, _), received_ms), _)| Known { id: *id, event, received_ms: received_ms.cast_signed() })
            .collect();
        let found = brackets(&known, &is_ours);
        prop_assert_eq!(found.len(), known.len());
        for (id, event, truth) in &signed {
            let Some(bracket) = found.get(id) else { continue };
            let truth = truth.cast_signed();
            prop_assert!(bracket.latest_ms >= truth, "{bracket:?} of {truth}");
            prop_assert!(bracket.earliest_ms.is_none_or(|earliest| earliest <= truth), "{bracket:?} of {truth}");
            let claimed = event.wall_ms.map_or(0, u64::cast_signed);
            if bracket.clock_off_ms().is_some() {
                prop_assert!((claimed - truth).abs() > TOLERANCE_MS, "an honest clock is never blamed");
            }
        }
    }

    #[test]
    fn intervals_depend_on_the_set_alone(life in vec(life(), 1..30), turn in any::<prop::sample::Index>()) {
        let (mut phone, mut signed) = (Phone::new(1), Vec::new());
        for step in life {
            match step {
                Life::Waits(ms) => phone.now_ms += ms,
                Life::Signs => signed.push(phone.sign()),
                Life::Greets(trip_ms) => phone.greet(trip_ms),
                Life::Reboots => phone.reboot(),
                Life::Clock(off_ms) => phone.wall_off_ms = off_ms,
            }
        }
        let known = received(&signed, phone.now_ms);
        let mut turned = known.clone();
        turned.extend(known.iter().copied());
        let by = turn.index(turned.len().max(1)).min(turned.len());
        turned.rotate_left(by);
        prop_assert_eq!(brackets(&known, &is_ours), brackets(&turned, &is_ours));
    }
}
