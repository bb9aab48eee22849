//! Agencies and their codes by day, with what became of those that ended.
//!
//! When the districts went, their agencies' tasks went to communes or to the province, and
//! dossiers of before still name the old ones. The list is data; this module only walks it.
//! How a code is written is not its business.
//!
//! Source: Quyết định 20/2020/QĐ-TTg, điều 4; Nghị quyết 202/2025/QH15, điều 1

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use crate::validity::Validity;

/// An agency, or the code of one, for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// When it exists.
    pub validity: Validity,
    /// The code of the one that took over.
    pub successor: Option<String>,
    /// Where this is from, and what is unsure.
    pub source: String,
}

/// Agencies by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgencyList(BTreeMap<String, AgencyEntry>);

/// Why entries make no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgencyListError {
    /// A code stands twice.
    #[error("{0} stands twice")]
    Twice(String),
    /// A successor is not in the list.
    #[error("{0} was taken over by {1}, which is not in the list")]
    NoSuccessor(String, String),
    /// It was taken over, and yet has no last day.
    #[error("{0} was taken over and has no last day")]
    NoEnd(String),
    /// Agencies take each other over in a ring.
    #[error("the successors of {0} lead back to it")]
    Ring(String),
}

impl AgencyList {
    /// Gathers entries.
    ///
    /// # Errors
    /// [`AgencyListError`] names the entry that does not fit.
    pub fn new(entries: impl IntoIterator<Item = AgencyEntry>) -> Result<Self, AgencyListError> {
        let mut list = BTreeMap::new();
        for entry in entries {
            let code = entry.code.clone();
            if list.insert(code.clone(), entry).is_some() {
                return Err(AgencyListError::Twice(code));
            }
        }
        for entry in list.values() {
            let mut seen = BTreeSet::from([&entry.code]);
            let mut at = entry;
            while let Some(next) = &at.successor {
                if at.validity.to().is_none() {
                    return Err(AgencyListError::NoEnd(at.code.clone()));
                }
                if !seen.insert(next) {
                    return Err(AgencyListError::Ring(entry.code.clone()));
                }
                let no_successor = || AgencyListError::NoSuccessor(at.code.clone(), next.clone());
                at = list.get(next).ok_or_else(no_successor)?;
            }
        }
        Ok(Self(list))
    }

    /// Every entry, by code.
    pub fn entries(&self) -> impl Iterator<Item = &AgencyEntry> {
        self.0.values()
    }

    /// The entry with a code, whether it still exists or not.
    pub fn find(&self, code: &str) -> Option<&AgencyEntry> {
        self.0.get(code)
    }

    /// Who answers for a code on a day: the agency itself or the one that took over.
    pub fn in_charge(&self, code: &str, day: Date) -> Option<&AgencyEntry> {
        let mut at = self.find(code)?;
        while !at.validity.holds_on(day) {
            at = self.find(at.successor.as_deref()?)?;
        }
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn entry(code: &str, to: Option<Date>, successor: Option<&str>) -> AgencyEntry {
        AgencyEntry {
            code: code.to_owned(),
            name: code.to_owned(),
            validity: Validity::new(date!(2020 - 01 - 01), to).expect("a period"),
            successor: successor.map(str::to_owned),
            source: "thử nghiệm".to_owned(),
        }
    }

    const ENDED: Option<Date> = Some(date!(2025 - 06 - 30));

    #[test]
    fn the_successor_answers_from_the_day_after() {
        let list = AgencyList::new([entry("OLD", ENDED, Some("NEW")), entry("NEW", None, None)]).expect("a list");
        let in_charge = |day| list.in_charge("OLD", day).map(|entry| entry.code.as_str());
        assert_eq!(in_charge(date!(2025 - 06 - 30)), Some("OLD"));
        assert_eq!(in_charge(date!(2025 - 07 - 01)), Some("NEW"));
    }

    #[test]
    fn refuses_a_ring_a_missing_successor_and_one_without_an_end() {
        let new = |entries: Vec<AgencyEntry>| AgencyList::new(entries).expect_err("refused");
        assert_eq!(
            new(vec![entry("A", ENDED, Some("B")), entry("B", ENDED, Some("A"))]),
            AgencyListError::Ring("A".to_owned())
        );
        assert_eq!(
            new(vec![entry("A", ENDED, Some("B"))]),
            AgencyListError::NoSuccessor("A".to_owned(), "B".to_owned())
        );
        assert_eq!(
            new(vec![entry("A", None, Some("B")), entry("B", None, None)]),
            AgencyListError::NoEnd("A".to_owned())
        );
    }
}
