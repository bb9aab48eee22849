//! What holds of the fold for every history: order, repetition, splitting and clocks do not matter, and there is
//! always exactly one holder or an open dispute.

use std::collections::BTreeSet;

use custody::event::{Beacon, Event, Excepted, exception_code};
use custody::fold::{ItemCustody, Known, fold_item};
use custody::ids::{DeviceId, EventId, ItemId};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::ItemKind;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::world::{COUNTER, COURIER, DESK, Ending, SECOND_COURIER, World, bag_line, cases, item, line, party};

const PEOPLE: [usize; 4] = [COURIER, COUNTER, SECOND_COURIER, DESK];

/// What somebody does, with the head as the fold sees it or any older event as the head.
#[derive(Debug, Clone)]
enum Step {
    HandOver {
        from: usize,
        to: usize,
        ending: Ending,
        stale: Option<usize>,
    },
    Photographed {
        from: usize,
        to: usize,
        by: usize,
    },
    Excepted {
        from: usize,
        to: usize,
    },
    Act {
        who: usize,
        kind: Kind,
        stale: Option<usize>,
    },
    Pack {
        who: usize,
        label: &'static str,
        stale: Option<usize>,
    },
    HandOverBag {
        from: usize,
        to: usize,
        label: &'static str,
        ending: Ending,
        stale: Option<usize>,
    },
    Open {
        who: usize,
        label: &'static str,
        takes: bool,
        stale: Option<usize>,
    },
    /// The bag is not taken: torn.
    ExceptBag {
        from: usize,
        to: usize,
        label: &'static str,
    },
}

const BAGS: [&str; 2] = ["MB000000011VN", "MB000000025VN"];

fn label() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(BAGS[0]), 1 => Just(BAGS[1])]
}

fn who() -> impl Strategy<Value = usize> {
    select(PEOPLE.to_vec())
}

fn one_party() -> impl Strategy<Value = Kind> {
    select(vec![
        Kind::TakeIn,
        Kind::Deliver,
        Kind::AttemptFailed,
        Kind::Hold,
        Kind::Refused,
        Kind::Return,
        Kind::Redirect,
        Kind::Withdraw,
        Kind::Observe,
        Kind::Note,
        Kind::Exception,
        Kind::from_code(50),
    ])
}

fn stale() -> impl Strategy<Value = Option<usize>> {
    prop_oneof![5 => Just(None), 1 => (0..50_usize).prop_map(Some)]
}

fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![
        4 => Just(Ending::Released),
        2 => Just(Ending::NotReleased),
        1 => Just(Ending::Revoked),
        1 => Just(Ending::NotAccepted),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (who(), label(), stale()).prop_map(|(who, label, stale)| Step::Pack { who, label, stale }),
        3 => (who(), who(), label(), ending(), stale())
            .prop_map(|(from, to, label, ending, stale)| Step::HandOverBag { from, to, label, ending, stale }),
        2 => (who(), label(), prop::bool::weighted(0.8), stale())
            .prop_map(|(who, label, takes, stale)| Step::Open { who, label, takes, stale }),
        1 => (who(), who(), label()).prop_map(|(from, to, label)| Step::ExceptBag { from, to, label }),
        4 => (who(), who(), ending(), stale()).prop_map(|(from, to, ending, stale)| Step::HandOver { from, to, ending, stale }),
        1 => (who(), who(), who()).prop_map(|(from, to, by)| Step::Photographed { from, to, by }),
        1 => (who(), who()).prop_map(|(from, to)| Step::Excepted { from, to }),
        4 => (who(), one_party(), stale()).prop_map(|(who, kind, stale)| Step::Act { who, kind, stale }),
    ]
}

/// Plays the steps; mostly the holder acts on the current head, sometimes anybody on anything.
fn play(steps: &[Step], honest: bool) -> World {
    let mut world = World::new();
    world.act(COURIER, Kind::TakeIn, EventId::ZERO);
    for step in steps {
        let custody = world.fold();
        let head = custody.head.unwrap_or(EventId::ZERO);
        let any_head =
            |stale: Option<usize>, world: &World| stale.map_or(head, |at| world.events[at % world.events.len()].0);
        let actor = |who: usize| if honest { holding(&custody).unwrap_or(who) } else { who };
        match *step {
            Step::HandOver {
                from,
                to,
                ending,
                stale,
            } => {
                let head = any_head(stale, &world);
                world.hand_over(actor(from), to, head, ending);
            }
            Step::Photographed { from, to, by } => {
                let offer = world.offer(actor(from), to, head);
                world.accept(by, offer, vec![]);
            }
            Step::Excepted { from, to } => {
                let offer = world.offer(actor(from), to, head);
                world.accept(
                    to,
                    offer,
                    vec![Excepted {
                        item: item(),
                        code: exception_code::DAMAGED,
                    }],
                );
            }
            Step::Pack { who, label, stale } => {
                let head = any_head(stale, &world);
                world.pack(actor(who), label, vec![line(head)]);
            }
            Step::HandOverBag {
                from,
                to,
                label,
                ending,
                stale,
            } => {
                let head = any_head(stale, &world);
                world.hand_over_line(actor(from), to, bag_line(label, head), ending);
            }
            Step::Open {
                who,
                label,
                takes,
                stale,
            } => {
                let head = any_head(stale, &world);
                let out = takes.then(|| line(head)).into_iter().collect();
                world.open(actor(who), label, head, out);
            }
            Step::ExceptBag { from, to, label } => {
                let offer = world.offer_lines(actor(from), to, vec![bag_line(label, head)]);
                let torn = Excepted {
                    item: ItemId::of(label),
                    code: exception_code::SEAL,
                };
                world.accept(to, offer, vec![torn]);
            }
            Step::Act { who, kind, stale } => {
                let head = any_head(stale, &world);
                world.sign(actor(who), kind, |event| Event {
                    items: vec![line(head)],
                    reason: Some(1),
                    ..event
                });
            }
        }
    }
    world
}

/// Which person holds the item.
fn holding(custody: &ItemCustody) -> Option<usize> {
    PEOPLE
        .into_iter()
        .zip(1_u8..)
        .find(|(_, number)| custody.holder == Some(party(*number)))
        .map(|(who, _)| who)
}

fn history() -> impl Strategy<Value = Vec<(EventId, Event)>> {
    (vec(step(), 0..11), prop::bool::weighted(0.8)).prop_map(|(steps, honest)| play(&steps, honest).events)
}

fn fold(events: &[Known<'_>]) -> ItemCustody {
    let parties = World::new().parties();
    fold_item(
        item(),
        ItemKind::ResultToApplicant,
        events,
        &|device: &DeviceId, _: Hat| parties.get(device).copied(),
    )
}

fn received(events: &[(EventId, Event)]) -> Vec<Known<'_>> {
    crate::world::known(events)
}

/// Moves every claim of a clock: what the phone showed, and nothing the server said.
fn skewed(events: &[(EventId, Event)], skews: &[i64]) -> Vec<(EventId, Event)> {
    let skewed = events.iter().zip(skews.iter().cycle()).map(|((id, event), skew)| {
        let wall_ms = event.wall_ms.map(|wall_ms| wall_ms.saturating_add_signed(*skew));
        (
            *id,
            Event {
                wall_ms,
                ..event.clone()
            },
        )
    });
    skewed.collect()
}

/// Whether a move has to be accounted for: it names the item, or a bag whose story is still the item's own.
fn is_owed(known: &Known<'_>, events: &[Known<'_>], custody: &ItemCustody) -> bool {
    let offer = events.iter().find(|other| Some(other.id) == known.event.about_event());
    let lines = offer.map_or(&known.event.items, |offer| &offer.event.items);
    if known.event.item(item()).is_some() || lines.iter().any(|line| line.item == item()) {
        return true;
    }
    let bags: BTreeSet<_> = events
        .iter()
        .filter(|other| other.event.kind == Kind::Aggregate && other.event.item(item()).is_some())
        .filter_map(|other| other.event.bag())
        .collect();
    let left = custody.applied.iter().any(|step| step.kind == Kind::Disaggregate);
    let is_excepted = known
        .event
        .exceptions()
        .iter()
        .any(|excepted| bags.contains(&excepted.item));
    !left
        && !is_excepted
        && (known.event.kind == Kind::Accept && offer.is_none() || lines.iter().any(|line| bags.contains(&line.item)))
}

/// One holder or none yet, reached by an unbroken row of moves; anything else would be a silent choice.
fn assert_one_holder(custody: &ItemCustody, events: &[Known<'_>]) -> Result<(), TestCaseError> {
    let mut holder: Option<Holder> = None;
    for (at, applied) in custody.applied.iter().enumerate() {
        prop_assert!(
            holder.is_none() || applied.from == holder,
            "move {at} starts where the last one ended"
        );
        holder = applied.to;
    }
    prop_assert_eq!(holder, custody.holder);
    prop_assert_eq!(custody.applied.last().map(|applied| applied.id), custody.head);

    prop_assert!(custody.disputed.iter().all(|dispute| dispute.branches.is_sorted()));
    let last_packing = custody.applied.iter().rev().find(|step| step.is_packing());
    prop_assert!(
        custody.packed.is_none() || last_packing.is_some(),
        "what lies in a bag was packed"
    );

    // every move in the set is applied, a branch of the open dispute or parked: none is dropped
    let applied = custody.applied.iter().map(|applied| applied.id);
    let branches = custody.disputed.iter().flat_map(|dispute| dispute.branches.clone());
    let parked = custody.parked.iter().map(|(id, _)| *id);
    let mut excepted = custody.incidents.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>();
    excepted.extend(applied.chain(branches).chain(parked));
    let moves = events
        .iter()
        .filter(|known| custody::fold::table::moves(known.event.kind));
    for known in moves.filter(|known| is_owed(known, events, custody)) {
        prop_assert!(excepted.contains(&known.id), "{:?} is accounted for", known.event.kind);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(128)))]

    #[test]
    fn order_repetition_and_clocks_do_not_change_a_byte(
        events in history(),
        turns in vec(any::<prop::sample::Index>(), 40),
        again in vec(any::<prop::sample::Index>(), 0..10),
        skews in vec(select(vec![0, 300_000, -300_000, 86_400_000, -86_400_000, 31_536_000_000, -31_536_000_000]), 1..8),
    ) {
        let expected = fold(&received(&events)).to_bytes();
        let other_clocks = skewed(&events, &skews);
        let mut shuffled = received(&other_clocks);
        let copies: Vec<Known<'_>> = again.iter().map(|at| shuffled[at.index(shuffled.len())]).collect();
        shuffled.extend(copies);
        for (at, turn) in turns.iter().enumerate().take(shuffled.len()) {
            let other = turn.index(shuffled.len());
            shuffled.swap(at, other);
        }
        prop_assert_eq!(fold(&shuffled).to_bytes(), expected);
    }

    #[test]
    fn sets_that_arrive_in_parts_end_as_the_whole(
        events in history(),
        parts in vec(0..4_usize, 60),
        order in Just(vec![0, 1, 2, 3]).prop_shuffle(),
    ) {
        let all = received(&events);
        let mut arrived: Vec<Known<'_>> = Vec::new();
        for part in order {
            arrived.extend(all.iter().zip(&parts).filter(|(_, of)| **of == part).map(|(known, _)| *known));
            assert_one_holder(&fold(&arrived), &arrived)?;
        }
        prop_assert_eq!(arrived.len(), all.len());
        prop_assert_eq!(fold(&arrived).to_bytes(), fold(&all).to_bytes());
    }

    #[test]
    fn there_is_one_holder_or_an_open_dispute_whatever_is_known(events in history(), kept in vec(any::<bool>(), 60)) {
        let some: Vec<Known<'_>> =
            received(&events).into_iter().zip(&kept).filter(|(_, keep)| **keep).map(|(known, _)| known).collect();
        assert_one_holder(&fold(&some), &some)?;
    }

    #[test]
    fn honest_hand_overs_end_with_the_last_receiver_and_no_doubt(
        receivers in vec(select(vec![COURIER, COUNTER, SECOND_COURIER]), 0..8),
        released in any::<bool>(),
    ) {
        let mut world = World::new();
        let mut head = world.act(COURIER, Kind::TakeIn, EventId::ZERO);
        let (mut holder, mut moves) = (COURIER, 1);
        for to in receivers {
            let ending = if released { Ending::Released } else { Ending::NotReleased };
            head = world.hand_over(holder, to, head, ending);
            holder = to;
            moves += 1;
        }
        let custody = fold(&received(&world.events));
        prop_assert_eq!(holding(&custody), Some(holder));
        prop_assert_eq!(custody.head, Some(head));
        prop_assert_eq!(custody.applied.len(), moves);
        prop_assert_eq!(custody.provisional, moves > 1 && !released);
        prop_assert!(custody.disputed.is_none() && custody.parked.is_empty());
    }

    #[test]
    fn a_servers_time_moves_only_times(events in history(), by_ms in 1..3_600_000_u64) {
        let later = events.iter().map(|(id, event)| {
            let beacon = event.beacon.map(|seen| Beacon { server_ms: seen.server_ms.saturating_sub(by_ms), ..seen });
            (*id, Event { beacon, ..event.clone() })
        });
        let later: Vec<(EventId, Event)> = later.collect();
        let (one, two) = (fold(&received(&events)), fold(&received(&later)));
        prop_assert_eq!((one.holder, one.head, one.state), (two.holder, two.head, two.state));
        prop_assert_eq!(one.parked, two.parked);
    }

    #[test]
    fn whoever_holds_the_bag_holds_what_lies_in_it_until_it_is_taken_out(
        receivers in vec(select(vec![COURIER, COUNTER, SECOND_COURIER]), 0..6),
        opened in any::<bool>(),
    ) {
        let mut world = World::new();
        let taken = world.act(COURIER, Kind::TakeIn, EventId::ZERO);
        let mut head = world.pack(COURIER, BAGS[0], vec![line(taken)]);
        let mut holder = COURIER;
        for to in receivers {
            head = world.hand_over_line(holder, to, bag_line(BAGS[0], head), Ending::Released);
            holder = to;
        }
        if opened {
            head = world.open(holder, BAGS[0], head, vec![line(head)]);
        }
        let custody = fold(&received(&world.events));
        prop_assert_eq!((holding(&custody), custody.head), (Some(holder), Some(head)));
        prop_assert_eq!(custody.packed.is_none(), opened);
        prop_assert!(custody.disputed.is_none() && custody.parked.is_empty());
    }
}
