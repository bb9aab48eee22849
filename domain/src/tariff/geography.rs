//! Which relation lies between two communes.
//!
//! Source: Thông tư 22/2017/TT-BTTTT, phụ lục; Thông tư 17/2017/TT-BTTTT, điều 7

use std::collections::BTreeMap;

use super::price::Relation;
use crate::money::{Amount, Postage};
use crate::place::Zones;

/// A place the post names as special: an island, a border strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialArea {
    /// What is added to the price; nothing until the post publishes it.
    pub surcharge: Amount<Postage>,
    /// The postal days the post publishes; none until it does.
    pub sla_days: Option<u16>,
    /// Why it is special, and what is unsure.
    pub source: String,
}

/// Zones, regions and special areas, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Geography {
    /// The zone (former district) of each commune of the province.
    pub zones: Zones,
    /// The region of each province.
    pub regions: BTreeMap<String, String>,
    /// Special areas by commune.
    pub special: BTreeMap<String, SpecialArea>,
}

/// One end of a carriage: a province and, in our own, a commune.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End<'a> {
    /// The province's code of today's list.
    pub province: &'a str,
    /// The commune's code of today's list.
    pub commune: &'a str,
}

/// One end as systems tell it that still count in districts. Two ends in one list tell
/// whether they lie in one district, whichever list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormerEnd<'a> {
    /// The province's code of today's list.
    pub province: &'a str,
    /// The district of before July 2025, where told.
    pub district: Option<&'a str>,
}

/// Why a relation is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RelationError {
    /// A commune has no zone.
    #[error("commune {0} has no zone")]
    NoZone(String),
    /// A province has no region.
    #[error("province {0} has no region")]
    NoRegion(String),
    /// Both ends are in one province, and not both say the district.
    #[error("within province {0} both ends must say their district")]
    NoDistrict(String),
}

impl Geography {
    /// The relation between two ends.
    ///
    /// # Errors
    /// [`RelationError`] names the commune or province nothing is known of.
    pub fn relation(&self, from: End<'_>, to: End<'_>) -> Result<Relation, RelationError> {
        if from.province != to.province {
            return self.between_provinces(from.province, to.province);
        }
        if from.commune == to.commune {
            return Ok(Relation::IntraDistrict);
        }
        let is_one = self.zones.is_one(from.commune, to.commune);
        let without = || match self.zones.of(from.commune) {
            Some(_) => to.commune,
            None => from.commune,
        };
        match is_one {
            Some(true) => Ok(Relation::IntraDistrict),
            Some(false) => Ok(Relation::InterDistrict),
            None => Err(RelationError::NoZone(without().to_owned())),
        }
    }

    /// The relation between two ends of which the former districts are known. A district
    /// is only compared with the other one, so it may be of any list.
    ///
    /// # Errors
    /// [`RelationError::NoDistrict`] or [`RelationError::NoRegion`].
    pub fn relation_by_district(&self, from: FormerEnd<'_>, to: FormerEnd<'_>) -> Result<Relation, RelationError> {
        if from.province != to.province {
            return self.between_provinces(from.province, to.province);
        }
        match from.district.zip(to.district) {
            Some((one, other)) if one == other => Ok(Relation::IntraDistrict),
            Some(_) => Ok(Relation::InterDistrict),
            None => Err(RelationError::NoDistrict(from.province.to_owned())),
        }
    }

    fn between_provinces(&self, from: &str, to: &str) -> Result<Relation, RelationError> {
        let region = |province: &str| {
            let found = self.regions.get(province);
            found.ok_or_else(|| RelationError::NoRegion(province.to_owned()))
        };
        if region(from)? == region(to)? {
            Ok(Relation::IntraRegion)
        } else {
            Ok(Relation::InterRegion)
        }
    }

    /// What is special about a commune.
    pub fn special(&self, commune: &str) -> Option<&SpecialArea> {
        self.special.get(commune)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Zone;

    #[test]
    fn zones_tell_within_a_province_and_regions_between_provinces() {
        let pairs = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect()
        };
        let geography = Geography {
            zones: Zones::new(
                [("30520", "890"), ("30502", "890"), ("30544", "891")].map(|(commune, code)| {
                    let zone = Zone {
                        code: code.to_owned(),
                        name: String::new(),
                    };
                    (commune.to_owned(), zone)
                }),
            )
            .expect("no commune twice"),
            regions: pairs(&[("91", "2"), ("92", "2"), ("01", "1")]),
            special: BTreeMap::new(),
        };
        let end = |province, commune| End { province, commune };
        let here = end("91", "30520");
        for (to, relation) in [
            (end("91", "30520"), Relation::IntraDistrict),
            (end("91", "30502"), Relation::IntraDistrict),
            (end("91", "30544"), Relation::InterDistrict),
            (end("92", "31666"), Relation::IntraRegion),
            (end("01", "00004"), Relation::InterRegion),
        ] {
            assert_eq!(geography.relation(here, to), Ok(relation));
        }
        assert_eq!(
            geography.relation(here, end("91", "30316")),
            Err(RelationError::NoZone("30316".to_owned()))
        );
        assert_eq!(
            geography.relation(here, end("99", "1")),
            Err(RelationError::NoRegion("99".to_owned()))
        );
    }
    #[test]
    fn former_districts_tell_within_a_province_and_nothing_is_guessed_without_them() {
        let geography = Geography {
            regions: [("91", "2"), ("92", "2")]
                .map(|(province, region)| (province.to_owned(), region.to_owned()))
                .into(),
            ..Geography::default()
        };
        let end = |province, district| FormerEnd { province, district };
        let relation = |from, to| geography.relation_by_district(from, to);
        let here = end("91", Some("8810"));
        assert_eq!(relation(here, end("91", Some("8810"))), Ok(Relation::IntraDistrict));
        assert_eq!(relation(here, end("91", Some("8820"))), Ok(Relation::InterDistrict));
        assert_eq!(relation(here, end("92", None)), Ok(Relation::IntraRegion));
        let unsaid = RelationError::NoDistrict("91".to_owned());
        assert_eq!(relation(here, end("91", None)), Err(unsaid));
        let unknown = RelationError::NoRegion("99".to_owned());
        assert_eq!(relation(here, end("99", None)), Err(unknown));
    }
}
