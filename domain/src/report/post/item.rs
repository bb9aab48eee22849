//! What the reports know of one postal item.
//!
//! Custody itself is told elsewhere; here are only the hours that quality is measured by.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 3; Thông tư 17/2017/TT-BTTTT, điều 7

use std::collections::BTreeMap;

use time::Date;

use super::keep_first;
use crate::item::{Incident, ItemKind};
use crate::procedure_code::ProcedureCode;
use crate::report::{Part, Recorded, Subject};

/// Between where and where an item goes; the time J+n depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostRelation {
    /// Within one former district, or zone that takes its place.
    WithinDistrict,
    /// Between two of them in one province.
    BetweenDistricts,
    /// Between special-class or class-I cities of different provinces.
    BetweenMajorCities,
    /// Otherwise between provinces.
    BetweenProvinces,
    /// An area for which the post publishes its own time.
    SpecialArea,
    /// Not known: an end, or the zone it lies in, is not.
    Unknown,
}

impl PostRelation {
    /// Every relation, nearest first; the one that is not known is last.
    pub const ALL: [Self; 6] = [
        Self::WithinDistrict,
        Self::BetweenDistricts,
        Self::BetweenMajorCities,
        Self::BetweenProvinces,
        Self::SpecialArea,
        Self::Unknown,
    ];

    /// Its names.
    pub const fn part(self) -> Part {
        let (code, vietnamese, english) = match self {
            Self::WithinDistrict => ("within_district", "Nội huyện (cũ)", "Within a former district"),
            Self::BetweenDistricts => ("between_districts", "Liên huyện (cũ)", "Between former districts"),
            Self::BetweenMajorCities => ("between_major_cities", "Liên tỉnh, đô thị lớn", "Between major cities"),
            Self::BetweenProvinces => ("between_provinces", "Liên tỉnh", "Between provinces"),
            Self::SpecialArea => ("special_area", "Địa bàn đặc thù", "Special area"),
            Self::Unknown => ("unknown", "Chưa xác định", "Not known"),
        };
        Part {
            code,
            vietnamese,
            english,
        }
    }
}

/// Who caused that something had to be carried again, and so pays.
///
/// Source: Quyết định 45/2016/QĐ-TTg, điều 12
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultParty {
    /// The agency.
    Agency,
    /// The post.
    Post,
    /// The applicant.
    Applicant,
}

impl FaultParty {
    /// Every party.
    pub const ALL: [Self; 3] = [Self::Agency, Self::Post, Self::Applicant];

    /// Its names.
    pub const fn part(self) -> Part {
        let (code, vietnamese, english) = match self {
            Self::Agency => ("agency", "Do cơ quan", "By the agency"),
            Self::Post => ("post", "Do bưu chính", "By the post"),
            Self::Applicant => ("applicant", "Do người nộp", "By the applicant"),
        };
        Part {
            code,
            vietnamese,
            english,
        }
    }
}

/// One fact of an item. Hours are milliseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "every `at_ms` is the hour of the fact")]
pub enum ItemFact {
    /// The slip was signed: day J, with the promises made.
    Accepted {
        at_ms: i64,
        relation: PostRelation,
        /// The last day by J+n.
        promised_on: Option<Date>,
        /// The last day for the appointment slip to reach the applicant.
        slip_promised_on: Option<Date>,
    },
    /// The agency signed the minutes.
    HandedOver {
        at_ms: i64,
        /// Whether what was counted differed from the slip.
        discrepancy: bool,
    },
    /// The applicant has the appointment slip of this dossier.
    SlipInHands { at_ms: i64 },
    /// An attempt to deliver failed.
    AttemptFailed { at_ms: i64 },
    /// The person was told to collect it at the office.
    PickupNotified { at_ms: i64 },
    /// The person signed.
    Delivered { at_ms: i64 },
    /// Undelivered, it is back with the agency or the sender.
    BroughtBack { at_ms: i64 },
    /// Force majeure held it up.
    ForceMajeure { at_ms: i64 },
    /// Papers must be surrendered against it.
    SurrenderListed { papers: u32 },
    /// Papers were surrendered.
    SurrenderCollected { papers: u32 },
    /// Something was wrong with it.
    Incident { at_ms: i64, incident: Incident },
    /// It carries again what was carried before.
    CarriedAgain { fault: FaultParty },
}

/// Everything recorded of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemHistory {
    /// The code on its label.
    pub code: String,
    /// What it carries.
    pub kind: ItemKind,
    /// The procedure it is for, where known.
    pub procedure: Option<ProcedureCode>,
    /// What happened.
    pub facts: Vec<Recorded<ItemFact>>,
}

/// The hours of one item as known, the first of each sort.
#[derive(Debug, Clone)]
pub(super) struct ItemRecord<'a> {
    pub(super) history: &'a ItemHistory,
    pub(super) accepted_at_ms: i64,
    pub(super) relation: PostRelation,
    pub(super) promised_on: Option<Date>,
    pub(super) slip_promised_on: Option<Date>,
    pub(super) handed_over_at_ms: Option<i64>,
    pub(super) has_discrepancy: bool,
    pub(super) slip_in_hands_at_ms: Option<i64>,
    pub(super) attempt_failed_at_ms: Option<i64>,
    pub(super) notified_at_ms: Option<i64>,
    pub(super) delivered_at_ms: Option<i64>,
    pub(super) brought_back_at_ms: Option<i64>,
    pub(super) had_force_majeure: bool,
    pub(super) surrender_listed: u32,
    pub(super) surrender_collected: u32,
    pub(super) incidents: BTreeMap<Incident, i64>,
    pub(super) carried_again: Option<FaultParty>,
}

impl ItemHistory {
    /// Its name in a trace.
    pub(super) fn subject(&self) -> Subject {
        Subject::Item(self.code.clone())
    }

    /// The item as known at an hour; `None` until it is known to be accepted.
    pub(super) fn record(&self, as_of_ms: i64) -> Option<ItemRecord<'_>> {
        let mut known: Vec<&ItemFact> = self.facts.iter().filter_map(|fact| fact.known(as_of_ms)).collect();
        known.sort();
        known.dedup();
        let mut accepted = None;
        for fact in &known {
            if let ItemFact::Accepted {
                at_ms,
                relation,
                promised_on,
                slip_promised_on,
            } = fact
            {
                accepted = Some((*at_ms, *relation, *promised_on, *slip_promised_on));
                break;
            }
        }
        let (accepted_at_ms, relation, promised_on, slip_promised_on) = accepted?;
        let mut record = ItemRecord {
            history: self,
            accepted_at_ms,
            relation,
            promised_on,
            slip_promised_on,
            handed_over_at_ms: None,
            has_discrepancy: false,
            slip_in_hands_at_ms: None,
            attempt_failed_at_ms: None,
            notified_at_ms: None,
            delivered_at_ms: None,
            brought_back_at_ms: None,
            had_force_majeure: false,
            surrender_listed: 0,
            surrender_collected: 0,
            incidents: BTreeMap::new(),
            carried_again: None,
        };
        for fact in known {
            record.take(fact);
        }
        Some(record)
    }
}

impl ItemRecord<'_> {
    fn take(&mut self, fact: &ItemFact) {
        match fact {
            ItemFact::Accepted { .. } => {}
            ItemFact::HandedOver { at_ms, discrepancy } => {
                keep_first(&mut self.handed_over_at_ms, *at_ms);
                self.has_discrepancy |= discrepancy;
            }
            ItemFact::SlipInHands { at_ms } => keep_first(&mut self.slip_in_hands_at_ms, *at_ms),
            ItemFact::AttemptFailed { at_ms } => keep_first(&mut self.attempt_failed_at_ms, *at_ms),
            ItemFact::PickupNotified { at_ms } => keep_first(&mut self.notified_at_ms, *at_ms),
            ItemFact::Delivered { at_ms } => keep_first(&mut self.delivered_at_ms, *at_ms),
            ItemFact::BroughtBack { at_ms } => keep_first(&mut self.brought_back_at_ms, *at_ms),
            ItemFact::ForceMajeure { .. } => self.had_force_majeure = true,
            ItemFact::SurrenderListed { papers } => self.surrender_listed = self.surrender_listed.max(*papers),
            ItemFact::SurrenderCollected { papers } => {
                self.surrender_collected = self.surrender_collected.saturating_add(*papers);
            }
            ItemFact::Incident { at_ms, incident } => {
                let first = self.incidents.entry(*incident).or_insert(*at_ms);
                *first = (*first).min(*at_ms);
            }
            ItemFact::CarriedAgain { fault } => self.carried_again = Some(*fault),
        }
    }

    pub(super) fn subject(&self) -> Subject {
        self.history.subject()
    }

    /// When the postal time of a result ends: the first attempt, or the hour the person was
    /// told to collect it.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 3
    pub(super) fn first_offer_at_ms(&self) -> Option<i64> {
        [self.attempt_failed_at_ms, self.notified_at_ms, self.delivered_at_ms]
            .into_iter()
            .flatten()
            .min()
    }

    /// When it was delivered or came back.
    pub(super) fn ended_at_ms(&self) -> Option<i64> {
        self.delivered_at_ms.or(self.brought_back_at_ms)
    }
}
