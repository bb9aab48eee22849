//! Rule sets by day and by id.
//!
//! Source: Quy ước Trao Tay, bộ quy tắc theo ngày

use std::fmt;

use time::Date;

use super::delivery::DeliveryRules;
use super::law::LawRules;
use super::money::MoneyRules;
use crate::validity::{Validity, first_overlap};

/// Names a rule set; a dossier keeps it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleSetId(String);

impl RuleSetId {
    /// A name of letters, digits and hyphens.
    ///
    /// # Errors
    /// [`RuleSetError::Id`].
    pub fn new(text: &str) -> Result<Self, RuleSetError> {
        let is_name = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && text.len() <= 40;
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err(RuleSetError::Id)
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleSetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every parameter that held at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    /// Its name.
    pub id: RuleSetId,
    /// When it holds for dossiers that are accepted.
    pub validity: Validity,
    /// The clock, the forms and the terms.
    pub law: LawRules,
    /// The delivery policy.
    pub delivery: DeliveryRules,
    /// When fees go to the agency.
    pub money: MoneyRules,
}

impl RuleSet {
    /// A rule set of defaults.
    pub fn with_defaults(id: RuleSetId, validity: Validity) -> Self {
        Self {
            id,
            validity,
            law: LawRules::default(),
            delivery: DeliveryRules::default(),
            money: MoneyRules::default(),
        }
    }
}

/// Why rule sets are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleSetError {
    /// A name is none.
    #[error("a rule set is named with letters, digits and hyphens, at most 40")]
    Id,
    /// Two have one name.
    #[error("rule set {0} stands twice")]
    Twice(RuleSetId),
    /// Two hold on the same day.
    #[error("rule sets {0} and {1} hold on the same day")]
    Overlap(RuleSetId, RuleSetId),
}

/// The rule sets of a province.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleSets(Vec<RuleSet>);

impl RuleSets {
    /// Gathers rule sets.
    ///
    /// # Errors
    /// [`RuleSetError::Twice`] and [`RuleSetError::Overlap`].
    pub fn new(mut sets: Vec<RuleSet>) -> Result<Self, RuleSetError> {
        sets.sort_by_key(|set| set.validity);
        for (at, set) in sets.iter().enumerate() {
            if sets.iter().take(at).any(|earlier| earlier.id == set.id) {
                return Err(RuleSetError::Twice(set.id.clone()));
            }
        }
        let periods: Vec<Validity> = sets.iter().map(|set| set.validity).collect();
        let overlap = first_overlap(&periods).and_then(|(one, other)| Some((sets.get(one)?, sets.get(other)?)));
        if let Some((one, other)) = overlap {
            return Err(RuleSetError::Overlap(one.id.clone(), other.id.clone()));
        }
        Ok(Self(sets))
    }

    /// All of them, the oldest first.
    pub fn all(&self) -> &[RuleSet] {
        &self.0
    }

    /// The one a dossier accepted on a day is under; none when no rules are known for it.
    pub fn in_force(&self, day: Date) -> Option<&RuleSet> {
        self.0.iter().find(|set| set.validity.holds_on(day))
    }

    /// The one a dossier says it was accepted under.
    pub fn get(&self, id: &RuleSetId) -> Option<&RuleSet> {
        self.0.iter().find(|set| set.id == *id)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn id(text: &str) -> RuleSetId {
        RuleSetId::new(text).expect("a name")
    }

    fn set(name: &str, from: Date, to: Option<Date>) -> RuleSet {
        RuleSet::with_defaults(id(name), Validity::new(from, to).expect("a period"))
    }

    #[test]
    fn a_dossier_stays_under_the_rules_it_was_accepted_under() {
        let old = set("ND61", date!(2018 - 06 - 21), Some(date!(2025 - 06 - 30)));
        let new = set("ND118", date!(2025 - 07 - 01), None);
        let sets = RuleSets::new(vec![new, old]).expect("no overlap");
        let found = |day| sets.in_force(day).map(|set| set.id.as_str());
        assert_eq!(found(date!(2025 - 06 - 30)), Some("ND61"));
        assert_eq!(found(date!(2025 - 07 - 01)), Some("ND118"));
        assert_eq!(found(date!(2018 - 06 - 20)), None);
        assert!(sets.get(&id("ND61")).is_some());
    }

    #[test]
    fn refuses_two_sets_for_one_day_or_under_one_name() {
        let (one, other) = (
            set("A", date!(2025 - 01 - 01), None),
            set("B", date!(2026 - 01 - 01), None),
        );
        assert_eq!(
            RuleSets::new(vec![one.clone(), other]),
            Err(RuleSetError::Overlap(id("A"), id("B")))
        );
        let again = set("A", date!(2020 - 01 - 01), Some(date!(2020 - 12 - 31)));
        assert_eq!(RuleSets::new(vec![one, again]), Err(RuleSetError::Twice(id("A"))));
        assert_eq!(RuleSetId::new("a b"), Err(RuleSetError::Id));
    }
}
