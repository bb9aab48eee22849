//! What an acceptance promises: the relation it goes by and the last day by J + n.
//!
//! No store keeps the promise of a slip yet, so it is worked out from where the envelope goes, with the table and the
//! calendar that held when it was accepted. Where an end is not known, so is the relation, and nothing is promised: the
//! figures name such items and judge none of them.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 7

use super::{ItemFact, PostRelation};
use crate::calendar::{Calendar, PostalRelation, PostalTable, due};
use crate::report::day::local_date;
use crate::tariff::{End, Geography, Relation};

/// From where to where an envelope goes, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way<'a> {
    /// Where the post took it.
    pub from: Option<End<'a>>,
    /// Where it is to be delivered.
    pub to: Option<End<'a>>,
}

/// The acceptance of an envelope at an hour (ms UTC), with its relation and last day.
///
/// `post` is the post's calendar as known then. Which cities are major is in no file, so between provinces no relation is
/// known either. The slip's own last day is not promised: nobody records that a slip reached the applicant.
pub fn accepted(at_ms: i64, way: Way<'_>, geography: &Geography, table: &PostalTable, post: &Calendar) -> ItemFact {
    let taken_on = local_date(at_ms);
    let by = |relation: &PostalRelation| table.due(taken_on, relation, post).map(|due| due.date);
    let (relation, promised_on) = match relation(way, geography) {
        Known::Nothing => (PostRelation::Unknown, None),
        Known::WithinDistrict => (PostRelation::WithinDistrict, by(&PostalRelation::WithinDistrict)),
        Known::BetweenDistricts => (PostRelation::BetweenDistricts, by(&PostalRelation::BetweenDistricts)),
        Known::Special(days) => {
            let calendar = table.counting_days(post);
            let promised_on = days.map(|days| due(taken_on, days, &calendar).date);
            (PostRelation::SpecialArea, promised_on)
        }
    };
    ItemFact::Accepted {
        at_ms,
        relation,
        promised_on,
        slip_promised_on: None,
    }
}

enum Known {
    Nothing,
    WithinDistrict,
    BetweenDistricts,
    Special(Option<u16>),
}

fn relation(way: Way<'_>, geography: &Geography) -> Known {
    let (Some(from), Some(to)) = (way.from, way.to) else {
        return Known::Nothing;
    };
    let special = [to, from].into_iter().find_map(|end| geography.special(end.commune));
    if let Some(area) = special {
        return Known::Special(area.sla_days);
    }
    match geography.relation(from, to) {
        Ok(Relation::IntraDistrict) => Known::WithinDistrict,
        Ok(Relation::InterDistrict) => Known::BetweenDistricts,
        Ok(Relation::IntraRegion | Relation::InterRegion) | Err(_) => Known::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use time::Date;
    use time::macros::{date, datetime};

    use super::*;
    use crate::money::Amount;
    use crate::place::{Zone, Zones};
    use crate::tariff::SpecialArea;

    fn geography() -> Geography {
        let zone = |code: &str| Zone {
            code: code.to_owned(),
            name: String::new(),
        };
        let zones = [("30520", "890"), ("30502", "890"), ("30544", "891"), ("31105", "911")];
        let zones = zones.map(|(commune, code)| (commune.to_owned(), zone(code)));
        let island = SpecialArea {
            surcharge: Amount::ZERO,
            sla_days: Some(7),
            source: String::new(),
        };
        Geography {
            zones: Zones::new(zones).expect("no commune twice"),
            regions: [("91".to_owned(), "2".to_owned()), ("92".to_owned(), "2".to_owned())].into(),
            special: [("31105".to_owned(), island)].into(),
        }
    }

    fn promised(to: Option<End<'_>>) -> (PostRelation, Option<Date>) {
        let from = Some(End {
            province: "91",
            commune: "30520",
        });
        // Friday 02/10/2026, at nine in the morning
        let at_ms = datetime!(2026-10-02 09:00 +7).unix_timestamp() * 1000;
        let fact = accepted(
            at_ms,
            Way { from, to },
            &geography(),
            &PostalTable::default(),
            &Calendar::default(),
        );
        match fact {
            ItemFact::Accepted {
                relation, promised_on, ..
            } => (relation, promised_on),
            other => panic!("{other:?} is no acceptance"),
        }
    }

    #[test]
    fn the_zones_of_both_ends_tell_by_when() {
        let here = |commune| {
            Some(End {
                province: "91",
                commune,
            })
        };
        let monday = Some(date!(2026 - 10 - 05));
        assert_eq!(promised(here("30502")), (PostRelation::WithinDistrict, monday));
        let tuesday = Some(date!(2026 - 10 - 06));
        assert_eq!(promised(here("30544")), (PostRelation::BetweenDistricts, tuesday));
        let seven_days = Some(date!(2026 - 10 - 13));
        assert_eq!(promised(here("31105")), (PostRelation::SpecialArea, seven_days));
    }

    #[test]
    fn an_end_that_is_not_known_promises_nothing() {
        let nothing = (PostRelation::Unknown, None);
        assert_eq!(promised(None), nothing);
        let no_zone = End {
            province: "91",
            commune: "30316",
        };
        assert_eq!(promised(Some(no_zone)), nothing);
        let elsewhere = End {
            province: "92",
            commune: "31666",
        };
        assert_eq!(promised(Some(elsewhere)), nothing);
    }
}
