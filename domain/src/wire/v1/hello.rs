//! The greeting that opens a sync.

use serde::{Deserialize, Serialize};

/// The versions of the sync protocol a device speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtocolRange {
    /// The oldest.
    pub min: u32,
    /// The newest.
    pub max: u32,
}

/// What a device says first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloRequest {
    /// The versions it speaks.
    pub protocol: ProtocolRange,
    /// Which build of the app this is.
    pub app_build: String,
    /// The number of its newest event; 0 before the first.
    pub seq_head: u64,
    /// The epoch of the credentials it knows.
    pub epoch: u64,
    /// Up to which number of the server's log it knows who was revoked; 0 for nothing yet.
    #[serde(default)]
    pub revoked_after: u64,
}

/// The server's hour, tied to the device by a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beacon {
    /// The server's clock in milliseconds UTC.
    pub server_ms: i64,
    /// Eight bytes, base64url without padding.
    pub tag: String,
}

/// How much one deposit may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Events in a batch.
    pub batch_events: u32,
    /// Bytes in a batch.
    pub batch_bytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch_events: 200,
            batch_bytes: 1_048_576,
        }
    }
}

/// The answer to a greeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloView {
    /// The version both will speak.
    pub protocol: u32,
    /// The current epoch of credentials.
    pub epoch: u64,
    /// The server's hour.
    pub beacon: Beacon,
    /// The nonce for the next device proof.
    pub nonce: String,
    /// The ranges of the device's own events the server lacks, both ends included.
    pub want: Vec<(u64, u64)>,
    /// How much one deposit may carry.
    pub limits: Limits,
    /// Until when the device may start hand-overs without asking again; absent when its credential is not renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_until_ms: Option<i64>,
    /// For whom a phone seals a second copy of what it has not sent, in case its key store fails: an X25519 key, base64url
    /// without padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_key: Option<String>,
    /// The credential anew, signed by the server, for other devices to see; base64url without padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// The keys under which the server signs credentials: Ed25519, base64url without padding. A device believes no other
    /// device's credential under another key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuers: Vec<String>,
    /// Devices revoked since the number the phone named, in hex: no papers to them, none from them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<String>,
    /// Up to which number of its log the server has told that; absent where it does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_through: Option<u64>,
}
