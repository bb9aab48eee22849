//! The delay ledger closes to the minute for any timeline, and gives each minute to one keeper.

use std::collections::BTreeMap;

use domain::calendar::{Calendar, DayNote, SaturdayRule, local_ms};
use domain::delay::{Calendars, DelayLedger, Holding, Keeper, KeeperLimit, Spent, Standing, Window};
use domain::dossier::words::Language;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use time::Date;
use time::macros::date;

fn at(date: Date, hour: u16, minute: u16) -> i64 {
    local_ms(date, hour * 60 + minute)
}

fn since(keeper: Keeper, from_ms: i64) -> Holding {
    Holding {
        keeper,
        from_ms,
        to_ms: None,
    }
}

fn agency() -> Keeper {
    Keeper::Agency("AG-01".to_owned())
}

/// The dossier of Tịnh Biên: slip on Friday 24/04/2026, minutes on Tuesday 28/04, result on Monday 04/05, in hand on Thursday
/// 07/05.
fn facts() -> Vec<Holding> {
    vec![
        since(Keeper::Post, at(date!(2026 - 04 - 24), 9, 10)),
        since(Keeper::Desk, at(date!(2026 - 04 - 28), 8, 20)),
        since(agency(), at(date!(2026 - 04 - 28), 10, 0)),
        since(Keeper::Desk, at(date!(2026 - 05 - 04), 15, 40)),
        since(Keeper::Post, at(date!(2026 - 05 - 05), 8, 0)),
    ]
}

fn calendar() -> Calendar {
    let off = [
        (date!(2026 - 04 - 27), "Nghỉ bù"),
        (date!(2026 - 04 - 30), "Ngày Chiến thắng"),
        (date!(2026 - 05 - 01), "Ngày Quốc tế lao động"),
    ];
    Calendar {
        days_off: off.map(|(date, why)| (date, DayNote::new(why, "Holiday", ""))).into(),
        ..Calendar::default()
    }
}

fn whole() -> Window {
    Window {
        from_ms: at(date!(2026 - 04 - 24), 9, 10),
        to_ms: at(date!(2026 - 05 - 07), 9, 0),
    }
}

fn working(ledger: &DelayLedger) -> BTreeMap<Keeper, i64> {
    let sums = ledger.by_keeper();
    sums.into_iter()
        .map(|(keeper, spent)| (keeper.clone(), spent.working))
        .collect()
}

#[test]
fn each_party_has_the_working_minutes_it_held_the_dossier() {
    let calendar = calendar();
    let calendars = Calendars {
        state: &calendar,
        post: &calendar,
    };
    let ledger = DelayLedger::new(whole(), &facts(), calendars);
    // Post: Friday 110 + 240, Tuesday 80; then Tuesday 180 + 240, Wednesday 480, Thursday 120. Desk: 100, then 80 + 60.
    // Agency: Tuesday 60 + 240, Wednesday 480, Monday 240 + 160.
    assert_eq!(
        working(&ledger),
        BTreeMap::from([
            (Keeper::Post, 430 + 1_020),
            (Keeper::Desk, 100 + 140),
            (agency(), 1_180)
        ])
    );
    assert_eq!(ledger.total_minutes(), 12 * 1_440 + 23 * 60 + 50);
    assert!(ledger.closes());
    let lodged = Window {
        from_ms: at(date!(2026 - 04 - 28), 8, 20),
        ..whole()
    };
    let ledger = DelayLedger::new(lodged, &facts(), calendars);
    assert_eq!(working(&ledger).get(&Keeper::Post), Some(&1_020));
}

#[test]
fn a_party_is_early_or_late_against_its_own_limit() {
    let calendar = calendar();
    let calendars = Calendars {
        state: &calendar,
        post: &calendar,
    };
    let ledger = DelayLedger::new(whole(), &facts(), calendars);
    let standing = |keeper: &Keeper, limit| ledger.standing(keeper, limit, calendars);
    assert_eq!(
        standing(&agency(), KeeperLimit::WorkingMinutes(3 * 480)),
        Some(Standing {
            spent: 1_180,
            early: 260,
            late: 0
        })
    );
    assert_eq!(
        standing(&agency(), KeeperLimit::Until(at(date!(2026 - 04 - 29), 17, 0))),
        Some(Standing {
            spent: 1_180,
            early: 0,
            late: 400
        })
    );
    assert_eq!(
        standing(&agency(), KeeperLimit::Until(at(date!(2026 - 05 - 05), 24, 0))).map(|standing| standing.early),
        Some(80 + 480)
    );
    assert_eq!(standing(&Keeper::Payment, KeeperLimit::WorkingMinutes(480)), None);
}

#[test]
fn the_post_runs_by_its_own_calendar() {
    let state = calendar();
    let post = calendar().with_saturday(SaturdayRule::Worked);
    let calendars = Calendars {
        state: &state,
        post: &post,
    };
    let weekend = Window {
        from_ms: at(date!(2026 - 05 - 09), 0, 0),
        to_ms: at(date!(2026 - 05 - 11), 0, 0),
    };
    let minutes = |keeper: Keeper| {
        let ledger = DelayLedger::new(weekend, &[since(keeper, 0)], calendars);
        ledger.stretches()[0].spent.working
    };
    assert_eq!((minutes(Keeper::Post), minutes(Keeper::Desk)), (480, 0));
}

#[test]
fn gaps_are_not_known_and_a_later_fact_wins() {
    let calendar = Calendar::default();
    let calendars = Calendars {
        state: &calendar,
        post: &calendar,
    };
    let minute = |minute: i64| minute * 60_000;
    let held = |keeper, from, to| Holding {
        keeper,
        from_ms: minute(from),
        to_ms: Some(minute(to)),
    };
    let facts = [
        held(Keeper::Desk, 10, 40),
        held(Keeper::Supplement, 20, 30),
        held(Keeper::Payment, 35, 5),
        held(Keeper::Desk, 30, 50),
    ];
    let window = Window {
        from_ms: minute(0) + 59_999,
        to_ms: minute(60) + 1,
    };
    let ledger = DelayLedger::new(window, &facts, calendars);
    let stretches: Vec<(&Keeper, i64, i64)> = ledger
        .stretches()
        .iter()
        .map(|stretch| (&stretch.keeper, stretch.from_minute, stretch.to_minute))
        .collect();
    assert_eq!(
        stretches,
        [
            (&Keeper::Unknown, 0, 10),
            (&Keeper::Desk, 10, 20),
            (&Keeper::Supplement, 20, 30),
            (&Keeper::Desk, 30, 50),
            (&Keeper::Unknown, 50, 60),
        ]
    );
    assert_eq!(Keeper::Unknown.text(Language::Vietnamese), "chưa rõ");
}

fn keeper() -> impl Strategy<Value = Keeper> {
    prop_oneof![
        Just(Keeper::Applicant),
        Just(Keeper::Post),
        Just(Keeper::Desk),
        "[A-C]".prop_map(Keeper::Agency),
        Just(Keeper::Payment),
        Just(Keeper::Supplement),
    ]
}

const SOME_TIME: std::ops::Range<i64> = 1_764_500_000_000..1_772_500_000_000;

prop_compose! {
    fn holding()(keeper in keeper(), from_ms in SOME_TIME, to_ms in proptest::option::of(SOME_TIME)) -> Holding {
        Holding { keeper, from_ms, to_ms }
    }
}

prop_compose! {
    fn some_calendar()(offsets in btree_set(0..90_i32, 0..30), saturday in any::<bool>()) -> Calendar {
        let first = date!(2025 - 12 - 01).to_julian_day();
        let day = |offset| Date::from_julian_day(first + offset).expect("a date");
        let saturday = if saturday { SaturdayRule::Worked } else { SaturdayRule::Rest };
        let days_off = offsets.into_iter().map(|offset| (day(offset), DayNote::new("Nghỉ", "Off", "")));
        Calendar { days_off: days_off.collect(), ..Calendar::default() }.with_saturday(saturday)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_sums_close_for_any_timeline_and_calendar(
        facts in vec(holding(), 0..20), from_ms in SOME_TIME, to_ms in SOME_TIME, state in some_calendar(), post in some_calendar(),
    ) {
        let calendars = Calendars { state: &state, post: &post };
        let ledger = DelayLedger::new(Window { from_ms, to_ms }, &facts, calendars);
        let total = (to_ms.div_euclid(60_000) - from_ms.div_euclid(60_000)).max(0);
        prop_assert_eq!(ledger.total_minutes(), total);
        prop_assert_eq!(ledger.by_keeper().values().map(Spent::total).sum::<i64>(), total);
        prop_assert!(ledger.closes());
        for stretch in ledger.stretches() {
            prop_assert!(stretch.spent.working >= 0 && stretch.spent.resting >= 0);
        }
        for pair in ledger.stretches().windows(2) {
            prop_assert_eq!(pair[0].to_minute, pair[1].from_minute);
            prop_assert_ne!(&pair[0].keeper, &pair[1].keeper);
        }
    }

    #[test]
    fn each_minute_is_of_the_last_fact_that_speaks_of_it(
        facts in vec(holding(), 0..12), from_ms in SOME_TIME, to_ms in SOME_TIME, minute in any::<prop::sample::Index>(),
    ) {
        // Whichever way round they were drawn; throwing half of the cases away would sometimes be too many.
        let (from_ms, to_ms) = (from_ms.min(to_ms), from_ms.max(to_ms));
        let calendar = Calendar::default();
        let calendars = Calendars { state: &calendar, post: &calendar };
        let ledger = DelayLedger::new(Window { from_ms, to_ms }, &facts, calendars);
        let total = usize::try_from(ledger.total_minutes()).expect("not negative");
        prop_assume!(total > 0);
        let minute = from_ms.div_euclid(60_000) + i64::try_from(minute.index(total)).expect("small");
        let speaks = |fact: &&Holding| {
            fact.from_ms.div_euclid(60_000) <= minute && fact.to_ms.is_none_or(|to_ms| minute < to_ms.div_euclid(60_000))
        };
        let expected = facts.iter().rev().find(speaks).map_or(Keeper::Unknown, |fact| fact.keeper.clone());
        let found = ledger.stretches().iter().find(|stretch| (stretch.from_minute..stretch.to_minute).contains(&minute));
        prop_assert_eq!(found.map(|stretch| stretch.keeper.clone()), Some(expected));
    }
}
