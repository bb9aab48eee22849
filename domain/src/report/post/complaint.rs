//! Complaints against the post and compensation, as the reports know them.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 8; Nghị định 47/2011/NĐ-CP, điều 25

use uuid::Uuid;

use crate::dossier::words::Language;
use crate::report::{Recorded, Subject};

/// How a complaint was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComplaintOutcome {
    /// The citizen is right.
    Upheld,
    /// Right in part.
    PartlyUpheld,
    /// Not right.
    Dismissed,
    /// Taken back by the citizen.
    Withdrawn,
}

impl ComplaintOutcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Upheld, Self::PartlyUpheld, Self::Dismissed, Self::Withdrawn];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::PartlyUpheld => "partly_upheld",
            Self::Dismissed => "dismissed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }

    /// The outcome for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Upheld => ("khiếu nại đúng", "upheld"),
            Self::PartlyUpheld => ("khiếu nại đúng một phần", "upheld in part"),
            Self::Dismissed => ("khiếu nại không đúng", "not upheld"),
            Self::Withdrawn => ("đã rút khiếu nại", "taken back"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// One fact of a complaint. Hours are milliseconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "every `at_ms` is the hour of the fact")]
pub enum ComplaintFact {
    /// The post has it.
    Received {
        at_ms: i64,
        /// Whether the item went from one province to another.
        between_provinces: bool,
    },
    /// The post answered.
    Answered { at_ms: i64, outcome: ComplaintOutcome },
}

/// Everything recorded of one complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintHistory {
    /// Its name.
    pub id: Uuid,
    /// What became of it.
    pub facts: Vec<Recorded<ComplaintFact>>,
}

/// Working days to answer a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ComplaintTerms {
    /// Within a province.
    pub within_province: u16,
    /// Between provinces.
    pub between_provinces: u16,
}

impl Default for ComplaintTerms {
    /// 5 and 7 working days.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 8
    fn default() -> Self {
        Self {
            within_province: 5,
            between_provinces: 7,
        }
    }
}

/// Compensation that was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Compensation {
    /// Its name.
    pub id: Uuid,
    /// When it was paid (ms UTC).
    pub paid_at_ms: i64,
    /// How much, in whole đồng.
    pub amount_vnd: u64,
}

/// A complaint as known.
#[derive(Debug, Clone, Copy)]
pub(super) struct ComplaintRecord {
    pub(super) id: Uuid,
    pub(super) received_at_ms: i64,
    pub(super) between_provinces: bool,
    pub(super) answer: Option<(i64, ComplaintOutcome)>,
}

impl ComplaintHistory {
    pub(super) const fn subject(&self) -> Subject {
        Subject::Complaint(self.id)
    }

    /// The complaint as known at an hour: its first reception and its first answer.
    pub(super) fn record(&self, as_of_ms: i64) -> Option<ComplaintRecord> {
        let known = || self.facts.iter().filter_map(|fact| fact.known(as_of_ms));
        let received = known().filter_map(|fact| match fact {
            ComplaintFact::Received {
                at_ms,
                between_provinces,
            } => Some((*at_ms, *between_provinces)),
            ComplaintFact::Answered { .. } => None,
        });
        let answers = known().filter_map(|fact| match fact {
            ComplaintFact::Answered { at_ms, outcome } => Some((*at_ms, *outcome)),
            ComplaintFact::Received { .. } => None,
        });
        let (received_at_ms, between_provinces) = received.min()?;
        Some(ComplaintRecord {
            id: self.id,
            received_at_ms,
            between_provinces,
            answer: answers.min(),
        })
    }
}
