//! A fact with the hour it became known.
//!
//! When something happened and when it was recorded are two hours; a report of a past
//! date asks for the second.
//!
//! Source: Quy ước Trao Tay, báo cáo lập lại được cho mọi thời điểm

use std::collections::BTreeSet;

use super::Subject;

/// A fact and when it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recorded<T> {
    /// When it was recorded, in milliseconds UTC.
    pub recorded_at_ms: i64,
    /// The fact.
    pub fact: T,
}

impl<T> Recorded<T> {
    /// A fact recorded at an hour.
    pub const fn new(recorded_at_ms: i64, fact: T) -> Self {
        Self { recorded_at_ms, fact }
    }

    /// The fact, if it was known at an hour.
    pub fn known(&self, as_of_ms: i64) -> Option<&T> {
        (self.recorded_at_ms <= as_of_ms).then_some(&self.fact)
    }
}

/// Why a report cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// Two histories have the same name, so something would be counted from half its facts.
    #[error("two histories are given for {subject}")]
    Twice {
        /// Which.
        subject: Subject,
    },
}

/// Refuses two histories of the same thing.
pub(super) fn each_once(subjects: impl IntoIterator<Item = Subject>) -> Result<(), ReportError> {
    let mut seen = BTreeSet::new();
    for subject in subjects {
        if !seen.insert(subject.clone()) {
            return Err(ReportError::Twice { subject });
        }
    }
    Ok(())
}
