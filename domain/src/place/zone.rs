//! The zones of the tariff and of J + n: the former districts, kept as data.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 7

use std::collections::BTreeMap;

/// A former district, town or provincial city.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone {
    /// Its code; the former district's, where it was one.
    pub code: String,
    /// Its name with the kind in front.
    pub name: String,
}

/// The zone of each commune of today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zones(BTreeMap<String, Zone>);

impl Zones {
    /// Gathers communes and their zones; none when a commune stands twice.
    pub fn new(communes: impl IntoIterator<Item = (String, Zone)>) -> Option<Self> {
        let mut zones = BTreeMap::new();
        for (commune, zone) in communes {
            if zones.insert(commune, zone).is_some() {
                return None;
            }
        }
        Some(Self(zones))
    }

    /// The zone of a commune.
    pub fn of(&self, commune: &str) -> Option<&Zone> {
        self.0.get(commune)
    }

    /// Whether two communes lie in one zone; none when either has no zone.
    pub fn is_one(&self, commune: &str, other: &str) -> Option<bool> {
        Some(self.of(commune)?.code == self.of(other)?.code)
    }
}
