//! Laws that hold for any facts.

use domain::calendar::Calendar;
use domain::report::kpi766::{self, Kpi766};
use domain::report::post::{self, ItemHistory, PostQuality, Tt17Report};
use domain::report::{DossierHistory, Figure, Hundredths, Recorded, ReportPeriod, Unit, Value};
use proptest::prelude::*;
use time::macros::date;

use crate::any::{any_as_of, any_dossiers, any_items};
use crate::build::{later, may, weekdays};

fn index(dossiers: &[DossierHistory], as_of_ms: i64) -> Kpi766 {
    let input = kpi766::Input {
        dossiers,
        procedures: &[],
        feedback: &[],
        calendar: &Calendar::default(),
    };
    kpi766::report(input, &may(), as_of_ms, &kpi766::Policy::default()).expect("a report")
}

fn post_input<'a>(items: &'a [ItemHistory], dossiers: &'a [DossierHistory], calendar: &'a Calendar) -> post::Input<'a> {
    post::Input {
        items,
        receipts: &[],
        complaints: &[],
        compensation: &[],
        dossiers,
        calendar,
    }
}

fn quality(items: &[ItemHistory], dossiers: &[DossierHistory], as_of_ms: i64) -> PostQuality {
    let calendar = weekdays();
    let input = post_input(items, dossiers, &calendar);
    post::quality(input, &may(), as_of_ms, &post::Policy::default()).expect("a report")
}

fn periodic(items: &[ItemHistory], period: &ReportPeriod, as_of_ms: i64) -> Tt17Report {
    let calendar = weekdays();
    let input = post_input(items, &[], &calendar);
    post::tt17(input, period, as_of_ms, &post::Policy::default()).expect("a report")
}

/// The same histories, and the facts in each, the other way round.
fn reversed<T: Clone>(all: &[T], turn: impl Fn(&mut T)) -> Vec<T> {
    let mut all: Vec<T> = all.iter().rev().cloned().collect();
    all.iter_mut().for_each(turn);
    all
}

fn turn_dossier(history: &mut DossierHistory) {
    history.facts.reverse();
    history.attributes.reverse();
}

/// What a history was when only the facts up to an hour had been written down.
fn up_to<T>(facts: &mut Vec<Recorded<T>>, as_of_ms: i64) {
    facts.retain(|fact| fact.recorded_at_ms <= as_of_ms);
}

fn check_share(figure: &Figure) -> Result<(), TestCaseError> {
    prop_assert!(figure.numerator >= 0);
    if figure.measure.unit == Unit::Percent {
        prop_assert!(figure.numerator <= figure.denominator, "{}", figure.measure.code);
        if let Value::Known(value) = figure.value {
            prop_assert!((Hundredths(0)..=Hundredths(10_000)).contains(&value));
        }
        prop_assert!(figure.counted.iter().all(|subject| figure.base.contains(subject)));
    }
    prop_assert_eq!(i64::try_from(figure.base.len()).ok(), Some(figure.denominator));
    Ok(())
}

proptest! {
    #[test]
    fn the_order_of_input_changes_no_figure(
        dossiers in any_dossiers(), items in any_items(), as_of_ms in any_as_of(),
    ) {
        let turned = reversed(&dossiers, turn_dossier);
        prop_assert_eq!(index(&dossiers, as_of_ms), index(&turned, as_of_ms));
        let turned_items = reversed(&items, |item| item.facts.reverse());
        prop_assert_eq!(
            quality(&items, &dossiers, as_of_ms),
            quality(&turned_items, &turned, as_of_ms)
        );
        prop_assert_eq!(periodic(&items, &may(), as_of_ms), periodic(&turned_items, &may(), as_of_ms));
    }

    #[test]
    fn facts_recorded_later_never_change_an_earlier_report(
        dossiers in any_dossiers(), items in any_items(), as_of_ms in any_as_of(),
    ) {
        let mut then = dossiers.clone();
        for history in &mut then {
            up_to(&mut history.facts, as_of_ms);
            up_to(&mut history.attributes, as_of_ms);
        }
        prop_assert_eq!(index(&dossiers, as_of_ms), index(&then, as_of_ms));
        let mut items_then = items.clone();
        for item in &mut items_then {
            up_to(&mut item.facts, as_of_ms);
        }
        prop_assert_eq!(quality(&items, &dossiers, as_of_ms), quality(&items_then, &then, as_of_ms));
        prop_assert_eq!(periodic(&items, &may(), as_of_ms), periodic(&items_then, &may(), as_of_ms));
    }

    #[test]
    fn every_share_lies_between_nothing_and_all_and_names_what_it_counts(
        dossiers in any_dossiers(), items in any_items(), as_of_ms in any_as_of(),
    ) {
        for figure in index(&dossiers, as_of_ms).figures.iter().chain(&quality(&items, &dossiers, as_of_ms).figures) {
            check_share(figure)?;
        }
    }

    #[test]
    fn volumes_of_parts_add_up_to_the_whole(items in any_items(), cut in 0..70_i32) {
        let (first, last) = (date!(2026 - 04 - 01), date!(2026 - 07 - 31));
        let middle = time::Date::from_julian_day(date!(2026 - 04 - 20).to_julian_day() + cut).expect("a day");
        let part = |from, to| {
            let period = ReportPeriod::custom(from, to).expect("a period");
            periodic(&items, &period, later())
        };
        let (whole, before, after) =
            (part(first, last), part(first, middle), part(middle.next_day().expect("a day"), last));
        let volumes = |report: &Tt17Report| {
            let volume = report.volume;
            [volume.dossiers, volume.results, volume.others]
        };
        let incidents = |report: &Tt17Report| [report.lost.len(), report.misplaced.len(), report.damaged.len()];
        for at in 0..3 {
            prop_assert_eq!(volumes(&before)[at] + volumes(&after)[at], volumes(&whole)[at]);
            prop_assert_eq!(incidents(&before)[at] + incidents(&after)[at], incidents(&whole)[at]);
        }
        let by_procedure: u64 = whole.procedures.iter().map(|line| line.volume.total()).sum();
        prop_assert_eq!(by_procedure, whole.volume.total());
    }
}
