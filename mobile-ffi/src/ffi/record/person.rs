//! Who acts, in which hat and how.

use std::collections::HashMap;

use domain::hat::Hat as CoreHat;

use super::word::unreadable;
use crate::core;
use crate::ffi::error::CourierError;

/// In which capacity a person signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Hat {
    /// Post staff at a counter.
    PostAgent,
    /// One-stop desk staff.
    DeskAgent,
    /// The person an agency named to receive.
    AgencyReceiver,
    /// Whoever carries sealed items.
    Carrier,
}

impl From<Hat> for CoreHat {
    fn from(hat: Hat) -> Self {
        match hat {
            Hat::PostAgent => Self::PostAgent,
            Hat::DeskAgent => Self::DeskAgent,
            Hat::AgencyReceiver => Self::AgencyReceiver,
            Hat::Carrier => Self::Carrier,
        }
    }
}

impl From<CoreHat> for Hat {
    fn from(hat: CoreHat) -> Self {
        match hat {
            CoreHat::PostAgent => Self::PostAgent,
            CoreHat::DeskAgent => Self::DeskAgent,
            CoreHat::AgencyReceiver => Self::AgencyReceiver,
            CoreHat::Carrier => Self::Carrier,
        }
    }
}

/// Who received an item in person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Recipient {
    /// The person it is addressed to.
    Addressee,
    /// An adult of the same household.
    Household,
    /// Somebody with an authorisation.
    Representative,
}

impl From<Recipient> for core::Recipient {
    fn from(recipient: Recipient) -> Self {
        match recipient {
            Recipient::Addressee => Self::Addressee,
            Recipient::Household => Self::Household,
            Recipient::Representative => Self::Representative,
        }
    }
}

/// How an act is done.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Manner {
    /// The hat worn.
    pub hat: Hat,
    /// The papers have already moved: record it although the phone advises against it.
    #[uniffi(default = false)]
    pub force: bool,
    /// Small facts free of personal data.
    #[uniffi(default = None)]
    pub details: Option<HashMap<String, String>>,
    /// SHA-256 hashes of photos, signatures and proofs.
    #[uniffi(default = None)]
    pub evidence: Option<Vec<Vec<u8>>>,
}

impl TryFrom<Manner> for core::Manner {
    type Error = CourierError;

    fn try_from(manner: Manner) -> Result<Self, CourierError> {
        let hash = |bytes: Vec<u8>| {
            bytes
                .try_into()
                .map_err(|_| unreadable("evidence", "a hash has 32 bytes"))
        };
        let evidence = manner
            .evidence
            .unwrap_or_default()
            .into_iter()
            .map(hash)
            .collect::<Result<_, _>>()?;
        let details = manner.details.unwrap_or_default().into_iter().collect();
        Ok(Self {
            hat: manner.hat.into(),
            force: manner.force,
            details,
            evidence,
        })
    }
}

/// Who this device speaks for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Enrolment {
    /// The device.
    pub device_id: String,
    /// The person.
    pub staff_id: String,
    /// Their name.
    pub name: String,
    /// Their office.
    pub office_name: String,
    /// The hats they may wear.
    pub hats: Vec<Hat>,
    /// Until when handovers between devices may be started.
    pub until_ms: i64,
}

impl From<core::Credential> for Enrolment {
    fn from(credential: core::Credential) -> Self {
        Self {
            device_id: credential.device_id.to_string(),
            hats: credential.hats.iter().map(|(hat, _)| (*hat).into()).collect(),
            staff_id: credential.staff_id,
            name: credential.name,
            office_name: credential.office_name,
            until_ms: credential.until_ms,
        }
    }
}
