//! How a device becomes known.

use serde::{Deserialize, Serialize};

/// A device asks to act for a member of staff.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The one-time code the supervisor gave.
    pub code: String,
    /// The compressed public key, base64url without padding.
    pub public_key: String,
    /// The signature over the code and the key, base64url without padding.
    pub proof: String,
    /// The key is a browser's and not a key store's: its credential is shorter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_browser: Option<bool>,
}

impl std::fmt::Debug for EnrolRequest {
    /// Leaves the one-time code out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolRequest")
            .field("public_key", &self.public_key)
            .finish_non_exhaustive()
    }
}

/// One hat a device may wear and the party it then signs for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HatView {
    /// The hat's text form, for example `carrier`.
    pub hat: String,
    /// The holder's text form, for example `staff:<uuid>`.
    pub holder: String,
}

/// What an enrolled device learns about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolView {
    /// The device, in hex.
    pub device_id: String,
    /// The member of staff it acts for.
    pub staff_id: String,
    /// Their name.
    pub name: String,
    /// Their office.
    pub office_id: String,
    /// Its name.
    pub office_name: String,
    /// The hats the device may wear.
    pub hats: Vec<HatView>,
    /// The epoch of the credential.
    pub epoch: u64,
    /// Until when the credential is good, in milliseconds UTC.
    pub credential_until_ms: i64,
    /// For whom a phone seals a second copy of what it has not sent, in case its key store fails: an X25519 key, base64url
    /// without padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_key: Option<String>,
    /// What this device shows another one: who its person is, signed by the server; base64url without padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// The keys under which the server signs credentials: Ed25519, base64url without padding. A device believes no other
    /// device's credential under another key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuers: Vec<String>,
}
