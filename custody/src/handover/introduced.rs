//! An OFFER as the giver shows it: with the credential of who made it.

use ciborium::Value;
use domain::hat::Hat;
use ed25519_dalek::VerifyingKey;

use crate::cbor;
use crate::credential::{Credential, CredentialError};
use crate::envelope::Envelope;

/// Why a picture is not that of a colleague.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StrangerError {
    /// The bytes are something else.
    #[error("not a picture of a hand-over")]
    Unreadable,
    /// No server we know vouches for the device.
    #[error("no server vouches for this device")]
    Unknown,
    /// The credential is another device's, or the hat not this person's.
    #[error("the credential is not for this device and hat")]
    NotTheirs,
    /// The credential has ended.
    #[error("the credential has ended")]
    Ended,
}

impl From<CredentialError> for StrangerError {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::Unreadable => Self::Unreadable,
            CredentialError::Forged => Self::Unknown,
        }
    }
}

/// Puts a signed offer and the giver's credential into one message.
pub fn introduce(offer: &[u8], credential: &[u8]) -> Vec<u8> {
    cbor::encode(&Value::Array(vec![
        cbor::uint(1),
        cbor::bytes(offer),
        cbor::bytes(credential),
    ]))
}

/// The offer in the message, whoever made it: for a message that was answered before.
///
/// # Errors
/// [`StrangerError::Unreadable`] when it is something else.
pub fn offer_in(bytes: &[u8]) -> Result<Vec<u8>, StrangerError> {
    let value = cbor::decode(bytes).map_err(|_| StrangerError::Unreadable)?;
    let (offer, _) = read(value).ok_or(StrangerError::Unreadable)?;
    Ok(offer)
}

/// An offer and who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduced {
    /// The offer's envelope, verbatim.
    pub offer: Vec<u8>,
    /// Its giver.
    pub giver: Credential,
    /// The hat the giver signed under.
    pub hat: Hat,
}

impl Introduced {
    /// Reads the message, and who made the offer. The offer's own signature is the [`Receiver`](super::Receiver)'s to check,
    /// with the key found here.
    ///
    /// # Errors
    /// [`StrangerError`] when it is something else, or no credential of these servers for the offer's device and hat now.
    pub fn decode(bytes: &[u8], issuers: &[VerifyingKey], now_ms: i64) -> Result<Self, StrangerError> {
        let value = cbor::decode(bytes).map_err(|_| StrangerError::Unreadable)?;
        let (offer, credential) = read(value).ok_or(StrangerError::Unreadable)?;
        let envelope = Envelope::parse(&offer).map_err(|_| StrangerError::Unreadable)?;
        let hat = envelope.event().hat().ok_or(StrangerError::NotTheirs)?;
        let giver = meet(&credential, issuers, hat, now_ms)?;
        if giver.key.device_id() == envelope.kid() {
            Ok(Self { offer, giver, hat })
        } else {
            Err(StrangerError::NotTheirs)
        }
    }
}

fn read(value: Value) -> Option<(Vec<u8>, Vec<u8>)> {
    let [version, offer, credential]: [Value; 3] = value.into_array().ok()?.try_into().ok()?;
    (version == cbor::uint(1)).then_some(())?;
    Some((offer.into_bytes().ok()?, credential.into_bytes().ok()?))
}

/// Who shows a credential, for this hat, now.
pub(super) fn meet(
    credential: &[u8],
    issuers: &[VerifyingKey],
    hat: Hat,
    now_ms: i64,
) -> Result<Credential, StrangerError> {
    let credential = Credential::open(credential, issuers)?;
    if credential.party(hat).is_none() {
        return Err(StrangerError::NotTheirs);
    }
    if now_ms > credential.until_ms {
        return Err(StrangerError::Ended);
    }
    Ok(credential)
}
