//! How long the post may take: J + n working days, by relation.
//!
//! J is the day the post takes the envelope. Districts were abolished on 01/07/2025 and the
//! text was not rewritten: which communes share a former district is data, so the relation
//! comes in. Whether a Saturday counts is not said in the text and is configuration.
//! Source: Thông tư 17/2017/TT-BTTTT, điều 7

use std::borrow::Cow;
use std::collections::BTreeMap;

use time::Date;

use super::day::Calendar;
use super::office::SaturdayRule;
use super::walk::{Due, due};

/// From where to where an envelope goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PostalRelation {
    /// Within one (former) district, town or provincial city.
    WithinDistrict,
    /// Between districts of one province.
    BetweenDistricts,
    /// Between special-class or class-I cities of different provinces.
    BetweenMajorCities,
    /// Between provinces otherwise.
    BetweenProvinces,
    /// To or from an area for which the post publishes its own times, by the area's code.
    SpecialArea(String),
}

/// Working days after J.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostalLimit {
    /// For the envelope itself.
    pub days: u16,
    /// By which the appointment slip, or notice of the due date, must reach the applicant.
    pub slip_days: u16,
}

/// The limits of every relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalTable {
    /// Within one (former) district.
    pub within_district: PostalLimit,
    /// Between districts of one province.
    pub between_districts: PostalLimit,
    /// Between major cities of different provinces.
    pub between_major_cities: PostalLimit,
    /// Between provinces otherwise.
    pub between_provinces: PostalLimit,
    /// What the post publishes for special areas, by code.
    pub special_areas: BTreeMap<String, PostalLimit>,
    /// Whether ordinary Saturdays count as working days.
    pub saturday_counts: bool,
}

impl Default for PostalTable {
    /// The limits of the circular; no special area, Saturdays do not count.
    fn default() -> Self {
        let limit = |days, slip_days| PostalLimit { days, slip_days };
        Self {
            within_district: limit(1, 2),
            between_districts: limit(2, 4),
            between_major_cities: limit(3, 6),
            between_provinces: limit(4, 8),
            special_areas: BTreeMap::new(),
            saturday_counts: false,
        }
    }
}

impl PostalTable {
    /// The limit of a relation; `None` for a special area for which none is published.
    pub fn limit(&self, relation: &PostalRelation) -> Option<PostalLimit> {
        match relation {
            PostalRelation::WithinDistrict => Some(self.within_district),
            PostalRelation::BetweenDistricts => Some(self.between_districts),
            PostalRelation::BetweenMajorCities => Some(self.between_major_cities),
            PostalRelation::BetweenProvinces => Some(self.between_provinces),
            PostalRelation::SpecialArea(code) => self.special_areas.get(code).copied(),
        }
    }

    /// By when an envelope taken on J arrives, by the post's calendar.
    pub fn due(&self, taken_on: Date, relation: &PostalRelation, post: &Calendar) -> Option<Due> {
        let days = self.limit(relation)?.days;
        Some(due(taken_on, days, &self.counting_days(post)))
    }

    /// By when the appointment slip of an envelope taken on J reaches the applicant, by the post's calendar.
    pub fn slip_due(&self, taken_on: Date, relation: &PostalRelation, post: &Calendar) -> Option<Due> {
        let days = self.limit(relation)?.slip_days;
        Some(due(taken_on, days, &self.counting_days(post)))
    }

    /// The post's calendar with Saturdays as this table counts them.
    pub fn counting_days<'a>(&self, post: &'a Calendar) -> Cow<'a, Calendar> {
        if self.saturday_counts {
            Cow::Owned(post.clone().with_saturday(SaturdayRule::Worked))
        } else {
            Cow::Borrowed(post)
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const RELATIONS: [PostalRelation; 4] = [
        PostalRelation::WithinDistrict,
        PostalRelation::BetweenDistricts,
        PostalRelation::BetweenMajorCities,
        PostalRelation::BetweenProvinces,
    ];

    #[test]
    fn the_envelope_has_one_to_four_days_and_the_slip_twice_as_many() {
        let table = PostalTable::default();
        let limits = RELATIONS.map(|relation| {
            table
                .limit(&relation)
                .map(|PostalLimit { days, slip_days }| (days, slip_days))
        });
        assert_eq!(limits, [Some((1, 2)), Some((2, 4)), Some((3, 6)), Some((4, 8))]);
    }

    #[test]
    fn a_special_area_has_the_time_the_post_publishes_or_none() {
        let limit = PostalLimit { days: 7, slip_days: 14 };
        let table = PostalTable {
            special_areas: [("THO-CHU".to_owned(), limit)].into(),
            ..PostalTable::default()
        };
        let due = |code: &str| {
            table
                .due(
                    date!(2026 - 10 - 01),
                    &PostalRelation::SpecialArea(code.to_owned()),
                    &Calendar::default(),
                )
                .map(|due| due.date)
        };
        assert_eq!(due("THO-CHU"), Some(date!(2026 - 10 - 12)));
        assert_eq!(due("HON-NGHE"), None);
    }

    #[test]
    fn a_saturday_counts_only_where_configured() {
        let friday = date!(2026 - 10 - 09);
        let due = |saturday_counts| {
            let table = PostalTable {
                saturday_counts,
                ..PostalTable::default()
            };
            let due = table.due(friday, &PostalRelation::WithinDistrict, &Calendar::default());
            due.map(|due| due.date)
        };
        assert_eq!(due(false), Some(date!(2026 - 10 - 12)));
        assert_eq!(due(true), Some(date!(2026 - 10 - 10)));
    }
}
