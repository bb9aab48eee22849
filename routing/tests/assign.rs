//! Who takes a stop.

use domain::ids::{ServicePointId, StaffId};
use proptest::prelude::*;
use routing::assign::{Assignment, Courier, Settings, UnplacedReason, Whereabouts, assign, next_shifts};
use routing::place::Place;
use routing::shift::Shift;
use routing::territory::ServicePoint;
use uuid::Uuid;

const NINE: u16 = 9 * 60;

fn office(number: u128) -> ServicePointId {
    ServicePointId(Uuid::from_u128(number))
}

fn person(number: u128) -> StaffId {
    StaffId(Uuid::from_u128(number))
}

/// Offices in a row, some eleven kilometres apart, without territories.
fn offices(how_many: u128) -> Vec<ServicePoint> {
    (0..how_many)
        .zip([105.0, 105.1, 105.2, 105.3, 105.4])
        .map(|(number, lon)| ServicePoint {
            id: office(number),
            at: Place::new(10.5, lon).expect("a place"),
            territory: None,
        })
        .collect()
}

fn courier(number: u128, office_number: u128) -> Courier {
    Courier {
        id: person(number),
        service_point: office(office_number),
        areas: Vec::new(),
        shift: Shift::new(7 * 60, 17 * 60).expect("a day shift"),
        load: 0,
        capacity: 10,
        at: None,
    }
}

/// A stop beside the first office, in commune 30520.
fn stop() -> Whereabouts {
    Whereabouts::Known {
        commune: "30520".to_owned(),
        place: Place::new(10.5, 105.0).expect("a place"),
    }
}

fn who(couriers: &[Courier]) -> Result<StaffId, UnplacedReason> {
    match assign(&stop(), NINE, &offices(3), couriers, Settings::default()) {
        Assignment::Assigned { courier, .. } => Ok(courier),
        Assignment::Unplaced { reason } => Err(reason),
    }
}

#[test]
fn one_who_knows_the_commune_goes_before_one_with_fewer_stops() {
    let local = Courier {
        areas: vec!["30520".to_owned()],
        load: 8,
        ..courier(2, 0)
    };
    assert_eq!(who(&[courier(1, 0), local]), Ok(person(2)));
}

#[test]
fn among_equals_the_fewest_stops_then_the_nearest_then_the_smallest_id_decide() {
    let busy = Courier {
        load: 1,
        ..courier(1, 0)
    };
    assert_eq!(who(&[busy, courier(2, 0)]), Ok(person(2)));
    let far = Courier {
        at: Place::new(10.6, 105.0).ok(),
        ..courier(1, 0)
    };
    assert_eq!(who(&[far, courier(2, 0)]), Ok(person(2)));
    assert_eq!(who(&[courier(3, 0), courier(2, 0)]), Ok(person(2)));
}

#[test]
fn a_neighbour_helps_only_when_the_own_office_cannot() {
    let local = Courier {
        areas: vec!["30520".to_owned()],
        ..courier(2, 1)
    };
    assert_eq!(who(&[courier(1, 0), local.clone()]), Ok(person(1)));
    let full = Courier {
        load: 10,
        ..courier(1, 0)
    };
    let Assignment::Assigned { courier, why } = assign(&stop(), NINE, &offices(3), &[full, local], Settings::default())
    else {
        panic!("a neighbour has room");
    };
    assert_eq!(
        (courier, why.neighbour, why.served.id),
        (person(2), Some(office(1)), office(0))
    );
}

#[test]
fn an_office_too_far_away_does_not_help() {
    assert_eq!(who(&[courier(1, 2)]), Err(UnplacedReason::NobodyOnShift));
}

#[test]
fn every_reason_is_told_apart() {
    assert_eq!(who(&[]), Err(UnplacedReason::NobodyOnShift));
    let asleep = Courier {
        shift: Shift::new(18 * 60, 20 * 60).expect("an evening"),
        ..courier(1, 0)
    };
    assert_eq!(who(&[asleep]), Err(UnplacedReason::NobodyOnShift));
    assert_eq!(
        who(&[Courier {
            load: 10,
            ..courier(1, 0)
        }]),
        Err(UnplacedReason::AllFull)
    );
    assert_eq!(
        who(&[Courier {
            capacity: 0,
            ..courier(1, 0)
        }]),
        Err(UnplacedReason::AllFull)
    );

    let ask =
        |stop: &Whereabouts, points: &[ServicePoint]| assign(stop, NINE, points, &[courier(1, 0)], Settings::default());
    let communes = vec!["30337".to_owned(), "30520".to_owned()];
    for (answer, reason) in [
        (ask(&Whereabouts::Unknown, &offices(3)), UnplacedReason::AddressUnknown),
        (
            ask(
                &Whereabouts::Ambiguous {
                    communes: communes.clone(),
                },
                &offices(3),
            ),
            UnplacedReason::AddressAmbiguous { communes },
        ),
        (ask(&stop(), &[]), UnplacedReason::NoServicePoint),
    ] {
        assert_eq!(answer, Assignment::Unplaced { reason });
    }
}

#[test]
fn the_reason_for_a_courier_reads_as_a_sentence() {
    let Assignment::Assigned { why, .. } = assign(&stop(), NINE, &offices(3), &[courier(1, 0)], Settings::default())
    else {
        panic!("somebody is there");
    };
    assert_eq!(
        why.to_string(),
        "bưu cục gần nhất; khác tuyến; đang có 0 điểm; cách 0,0 km; chọn trong 1 bưu tá"
    );
}

fn any_courier() -> impl Strategy<Value = Courier> {
    (
        0..40_u128,
        0..4_u128,
        0..2_u8,
        0..1440_u16,
        0..=1440_u16,
        0..4_u32,
        0..4_u32,
    )
        .prop_map(|(number, office_number, knows, from, to, load, capacity)| Courier {
            areas: (0..knows).map(|_| "30520".to_owned()).collect(),
            shift: Shift::new(from, to).expect("within a day"),
            load,
            capacity,
            ..courier(number, office_number)
        })
}

fn any_stop() -> impl Strategy<Value = Whereabouts> {
    prop_oneof![
        1 => Just(Whereabouts::Unknown),
        1 => Just(Whereabouts::Ambiguous { communes: vec!["30337".to_owned(), "30520".to_owned()] }),
        8 => (10.3..10.7_f64, 104.8..105.6_f64).prop_map(|(lat, lon)| Whereabouts::Known {
            commune: "30520".to_owned(),
            place: Place::new(lat, lon).expect("a place"),
        }),
    ]
}

/// Couriers with distinct ids.
fn roster() -> impl Strategy<Value = Vec<Courier>> {
    prop::collection::vec(any_courier(), 0..30).prop_map(|mut couriers| {
        couriers.sort_by_key(|one| one.id);
        couriers.dedup_by_key(|one| one.id);
        couriers
    })
}

proptest! {
    #[test]
    fn a_day_of_stops_never_exceeds_a_capacity_or_leaves_a_shift(
        stops in prop::collection::vec((any_stop(), 0..1440_u16), 0..60),
        mut couriers in roster(),
    ) {
        let full_before: Vec<StaffId> =
            couriers.iter().filter(|one| one.load >= one.capacity).map(|one| one.id).collect();
        for (stop, minute) in stops {
            let answer = assign(&stop, minute, &offices(4), &couriers, Settings::default());
            if let Assignment::Assigned { courier, why } = answer {
                let chosen = couriers.iter_mut().find(|one| one.id == courier).expect("one of those asked about");
                prop_assert!(chosen.shift.covers(minute));
                prop_assert_eq!(why.load, chosen.load);
                chosen.load += 1;
                prop_assert!(chosen.load <= chosen.capacity);
                prop_assert!(!full_before.contains(&courier));
            }
        }
    }

    #[test]
    fn the_order_of_the_lists_does_not_matter(
        stop in any_stop(),
        minute in 0..1440_u16,
        couriers in roster(),
        turn in 0..30_usize,
    ) {
        let answer = assign(&stop, minute, &offices(4), &couriers, Settings::default());
        let mut turned = couriers.clone();
        turned.reverse();
        let by = turn % turned.len().max(1);
        turned.rotate_left(by);
        let mut points = offices(4);
        points.reverse();
        prop_assert_eq!(assign(&stop, minute, &points, &turned, Settings::default()), answer);
    }

    #[test]
    fn nobody_is_left_out_who_could_go(stop in any_stop(), minute in 0..1440_u16, couriers in roster()) {
        let everywhere = Settings { max_distance_m: u32::MAX, neighbour_distance_m: u32::MAX };
        let answer = assign(&stop, minute, &offices(4), &couriers, everywhere);
        let on_shift = couriers.iter().any(|one| one.shift.covers(minute));
        let can_go = couriers.iter().any(|one| one.shift.covers(minute) && one.load < one.capacity);
        let expected = match (&stop, can_go, on_shift) {
            (Whereabouts::Unknown, _, _) => Some("address_unknown"),
            (Whereabouts::Ambiguous { .. }, _, _) => Some("address_ambiguous"),
            (Whereabouts::Known { .. }, true, _) => None,
            (Whereabouts::Known { .. }, false, true) => Some("all_full"),
            (Whereabouts::Known { .. }, false, false) => Some("nobody_on_shift"),
        };
        let found = match &answer {
            Assignment::Unplaced { reason } => Some(reason.as_str()),
            Assignment::Assigned { .. } => None,
        };
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn at_night_the_next_shifts_are_those_of_the_morning_earliest_first() {
    let works = |number, from, to| Courier {
        shift: Shift::new(from, to).expect("within a day"),
        ..courier(number, 0)
    };
    let couriers = [
        works(1, 7 * 60, 17 * 60),
        works(2, 6 * 60, 14 * 60),
        works(3, 7 * 60, 12 * 60),
    ];
    assert_eq!(next_shifts(&couriers, 22 * 60), [6 * 60, 7 * 60]);
    assert_eq!(next_shifts(&couriers, 6 * 60 + 30), [7 * 60, 6 * 60]);
    assert!(next_shifts(&[], 0).is_empty());
}
