//! What is contested, and why it waits for a person.

use custody::ids::{EventId, ItemId};
use std::fmt;
use std::str::FromStr;

/// What is contested: an item, or an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// An item in dispute.
    Item(ItemId),
    /// An event that is not applied.
    Event(EventId),
}

impl Case {
    /// Its bytes: 16 of an item, 32 of an event.
    pub fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Item(id) => id.0.to_vec(),
            Self::Event(id) => id.0.to_vec(),
        }
    }

    /// The case of these bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let item = || bytes.try_into().ok().map(|id| Self::Item(ItemId(id)));
        let event = || bytes.try_into().ok().map(|id| Self::Event(EventId(id)));
        item().or_else(event)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.to_bytes()))
    }
}

/// A text that names no case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a case is 32 or 64 hex digits")]
pub struct ParseCaseError;

impl FromStr for Case {
    type Err = ParseCaseError;

    fn from_str(text: &str) -> Result<Self, ParseCaseError> {
        let bytes = hex::decode(text).map_err(|_| ParseCaseError)?;
        // One spelling for one thing.
        let case = Self::from_bytes(&bytes).filter(|case| case.to_string() == text);
        case.ok_or(ParseCaseError)
    }
}

/// Why it waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Two stories about who holds an item.
    Dispute,
    /// An event that is kept and not applied.
    Quarantine,
    /// An event that waits for another one.
    Parked,
}

impl Lane {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dispute => "dispute",
            Self::Quarantine => "quarantine",
            Self::Parked => "parked",
        }
    }
}
