//! What is recorded when something is wrong with an envelope.
//!
//! An incident lies over the custody state and does not change who holds the item. Only
//! a declared loss ends it.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 11; Quyết định 45/2016/QĐ-TTg, điều 14

use time::Date;

use super::Incident;
use crate::compensation::LiabilityRecord;
use crate::dossier::WorkingDaysAfter;

/// Damaged wrapping and what was done about it.
///
/// Source: Thông tư 17/2017/TT-BTTTT, điều 11
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// When it was found, milliseconds UTC.
    pub at_ms: i64,
    /// The papers found inside, counted.
    pub inventory: Vec<String>,
    /// The number of the minutes; empty without.
    pub minutes: String,
    /// The number on the new seal; empty while not wrapped anew.
    pub new_seal: String,
}

impl Damage {
    /// Whether it was inventoried, put on record and sealed anew.
    pub fn is_complete(&self) -> bool {
        !self.inventory.is_empty() && !self.minutes.trim().is_empty() && !self.new_seal.trim().is_empty()
    }
}

/// An incident with its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IncidentRecord {
    /// X1.
    Damaged(Damage),
    /// X2: the seal found is not the seal recorded.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 11
    SealMismatch {
        /// When, milliseconds UTC.
        at_ms: i64,
        /// The number on record.
        recorded: String,
        /// The number found; empty without a seal.
        found: String,
    },
    /// X3: not scanned for longer than its time allows.
    Missing {
        /// The last scan, milliseconds UTC.
        last_seen_ms: i64,
    },
    /// X4: declared lost, with who is liable for what.
    ///
    /// Source: Nghị định 47/2011/NĐ-CP, điều 26
    Lost(LiabilityRecord),
}

impl IncidentRecord {
    /// Which incident it is.
    pub const fn incident(&self) -> Incident {
        match self {
            Self::Damaged(_) => Incident::Damaged,
            Self::SealMismatch { .. } => Incident::SealMismatch,
            Self::Missing { .. } => Incident::Missing,
            Self::Lost(_) => Incident::Lost,
        }
    }
}

/// Compares seals at a hand-over; a mismatch is an incident to record.
///
/// Source: Thông tư 17/2017/TT-BTTTT, điều 11
pub fn compare_seals(at_ms: i64, recorded: &str, found: &str) -> Option<IncidentRecord> {
    (recorded.trim() != found.trim()).then(|| IncidentRecord::SealMismatch {
        at_ms,
        recorded: recorded.to_owned(),
        found: found.to_owned(),
    })
}

/// Whether an item on the road counts as missing: no scan since more working days than
/// its total time allows.
///
/// Source: Thông tư 17/2017/TT-BTTTT, điều 7; Quy ước Trao Tay, X3
pub fn is_missing(last_seen: Date, total_time_days: u16, today: Date, after: WorkingDaysAfter<'_>) -> bool {
    today > after(last_seen, total_time_days)
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::date;

    use super::*;

    #[test]
    fn damage_is_complete_with_inventory_minutes_and_a_new_seal() {
        let mut damage = Damage {
            at_ms: 1,
            inventory: vec!["giấy khai sinh".to_owned()],
            minutes: "BB-01".to_owned(),
            new_seal: String::new(),
        };
        assert!(!damage.is_complete());
        damage.new_seal = "VN-0002".to_owned();
        assert!(damage.is_complete());
    }

    #[test]
    fn another_seal_is_an_incident_and_the_same_is_none() {
        assert_eq!(compare_seals(1, "VN-1", " VN-1"), None);
        let found = compare_seals(1, "VN-1", "").expect("no seal at all");
        assert_eq!(found.incident(), Incident::SealMismatch);
    }

    #[test]
    fn an_item_is_missing_the_day_after_its_time_is_over() {
        let after = |from: Date, days: u16| from + Duration::days(i64::from(days));
        let seen = date!(2026 - 05 - 05);
        assert!(!is_missing(seen, 2, date!(2026 - 05 - 07), &after));
        assert!(is_missing(seen, 2, date!(2026 - 05 - 08), &after));
    }
}
