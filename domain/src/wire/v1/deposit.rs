//! What became of deposited events.

use serde::{Deserialize, Serialize};

/// What became of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepositResult {
    /// It is on disk for the first time.
    Stored,
    /// It was on disk before.
    Duplicate,
    /// It could not be kept now; send it again.
    Retry,
}

impl DepositResult {
    /// Whether the server has the event, so that the device need not send it again.
    pub const fn is_kept(self) -> bool {
        match self {
            Self::Stored | Self::Duplicate => true,
            Self::Retry => false,
        }
    }
}

/// The answer for one event of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposited {
    /// The event, in hex.
    pub event_id: String,
    /// What became of it.
    pub result: DepositResult,
    /// Why, when it must be sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The answer to a deposit: one line per event, in the order sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositView {
    /// One line per event.
    pub results: Vec<Deposited>,
}

/// What the server lacks of a device's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapsView {
    /// The device, in hex.
    pub device_id: String,
    /// The newest event before the first gap; 0 when there is none.
    pub contiguous: u64,
    /// The missing ranges, both ends included.
    pub missing: Vec<(u64, u64)>,
    /// The number at which two events claim the same place.
    pub fork_at: Option<u64>,
}
