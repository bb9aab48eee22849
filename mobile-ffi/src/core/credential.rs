//! Who this device speaks for, as the server said at enrolment.

use custody::credential;
use custody::ids::DeviceId;
use domain::hat::Hat;
use domain::holder::Holder;
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use super::http::{decode, encode};

/// The credential of an enrolled device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The device.
    pub device_id: DeviceId,
    /// The person who signs with it.
    pub staff_id: String,
    /// That person's name, for the screen only.
    pub name: String,
    /// Their office.
    pub office_id: String,
    /// The office's name.
    pub office_name: String,
    /// The hats they may wear, each with the party it speaks for.
    pub hats: Vec<(Hat, Holder)>,
    /// Until when new two-party handovers may be started, server time.
    pub until_ms: i64,
    /// The same as the server signed it, for other devices to see; empty until the server sent one.
    pub signed: Vec<u8>,
    /// The server's keys, under which credentials of other devices are believed.
    pub issuers: Vec<[u8; 32]>,
}

impl Credential {
    /// The party this person is when wearing `hat`; `None` if the hat is not theirs.
    pub fn party(&self, hat: Hat) -> Option<Holder> {
        self.hats
            .iter()
            .find(|(worn, _)| *worn == hat)
            .map(|(_, holder)| *holder)
    }

    /// Whether `holder` is this person under any of their hats.
    pub fn is_ours(&self, holder: Holder) -> bool {
        self.hats.iter().any(|(_, party)| *party == holder)
    }

    /// The server's keys in the form that checks signatures; what is no key is passed over.
    pub(crate) fn issuers(&self) -> Vec<VerifyingKey> {
        let keys = self.issuers.iter();
        keys.filter_map(|bytes| VerifyingKey::from_bytes(bytes).ok()).collect()
    }

    /// The same with what the server sent anew: its keys, and the credential it signed for this device.
    #[must_use]
    pub(crate) fn renewed(mut self, issuers: &[String], signed: Option<&str>) -> Self {
        let sent: Vec<[u8; 32]> = issuers
            .iter()
            .filter_map(|text| decode(text)?.try_into().ok())
            .collect();
        if !sent.is_empty() {
            self.issuers = sent;
        }
        if let Some(bytes) = signed.and_then(decode)
            && let Ok(told) = credential::Credential::open(&bytes, &self.issuers())
            && told.key.device_id() == self.device_id
        {
            self.name = told.name;
            self.office_name = told.office;
            self.hats = told.hats;
            self.signed = bytes;
        }
        self
    }

    pub(crate) fn to_json(&self) -> String {
        let stored = Stored {
            device_id: self.device_id.to_string(),
            staff_id: self.staff_id.clone(),
            name: self.name.clone(),
            office_id: self.office_id.clone(),
            office_name: self.office_name.clone(),
            hats: self
                .hats
                .iter()
                .map(|(hat, holder)| (hat.to_string(), holder.to_string()))
                .collect(),
            until_ms: self.until_ms,
            signed: encode(&self.signed),
            issuers: self.issuers.iter().map(encode).collect(),
        };
        serde_json::to_string(&stored).expect("plain strings and numbers always serialize")
    }

    pub(crate) fn from_json(text: &[u8]) -> Option<Self> {
        let stored: Stored = serde_json::from_slice(text).ok()?;
        let hats = stored
            .hats
            .iter()
            .map(|(hat, holder)| Some((hat.parse().ok()?, holder.parse().ok()?)));
        Some(Self {
            device_id: stored.device_id.parse().ok()?,
            staff_id: stored.staff_id,
            name: stored.name,
            office_id: stored.office_id,
            office_name: stored.office_name,
            hats: hats.collect::<Option<_>>()?,
            until_ms: stored.until_ms,
            signed: decode(&stored.signed)?,
            issuers: stored
                .issuers
                .iter()
                .map(|text| decode(text)?.try_into().ok())
                .collect::<Option<_>>()?,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    device_id: String,
    staff_id: String,
    name: String,
    office_id: String,
    office_name: String,
    hats: Vec<(String, String)>,
    until_ms: i64,
    #[serde(default)]
    signed: String,
    #[serde(default)]
    issuers: Vec<String>,
}

#[cfg(test)]
mod tests {
    use custody::ids::DeviceId;
    use domain::hat::Hat;
    use domain::holder::Holder;

    use super::Credential;

    #[test]
    fn reads_back_what_was_stored() {
        let credential = Credential {
            device_id: DeviceId([7; 16]),
            staff_id: "s".into(),
            name: "An".into(),
            office_id: "o".into(),
            office_name: "Tịnh Biên".into(),
            hats: vec![(Hat::Carrier, Holder::Citizen)],
            until_ms: 12,
            signed: vec![1, 2, 3],
            issuers: vec![[9; 32]],
        };
        assert_eq!(Credential::from_json(credential.to_json().as_bytes()), Some(credential));
    }
}
