//! What a device shows before it takes or gives papers: who signs with it, under which hats, until when.
//!
//! The server signs it when a device is enrolled and anew at each greeting. Two phones without a network thus know of each
//! other what the server knew of both at most three days ago: an unenrolled phone can neither be named in an offer nor have
//! one taken. Revocation in between reaches a phone at its own next greeting.
//!
//! A `COSE_Sign1` with EdDSA under the key that signs the server's acts, external data `custody/credential/v1`. It names
//! staff and their office, nobody else, and travels in pictures between two phones only, never in an event.

use ciborium::Value;
use coset::{CoseSign1, TaggedCborSerializable};
use domain::hat::Hat;
use domain::holder::Holder;
use domain::ids::{AgencyId, ServicePointId, StaffId};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use uuid::Uuid;

use crate::act::sign_as_server;
use crate::cbor;
use crate::envelope::PublicKey;

/// The largest credential that is read, in bytes.
pub const MAX_BYTES: usize = 1024;
/// For how many bytes of UTF-8 a name is told; the rest is left out so that a picture stays readable.
const NAME_BYTES: usize = 60;
const AAD: &[u8] = b"custody/credential/v1";

/// Who signs with a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The device's key.
    pub key: PublicKey,
    /// The member of staff's name.
    pub name: String,
    /// Their office's name.
    pub office: String,
    /// The hats they may wear, each with the party they then are.
    pub hats: Vec<(Hat, Holder)>,
    /// Until when the device may begin to hand over or to receive, milliseconds UTC.
    pub until_ms: i64,
    /// The key is a browser's and not a key store's.
    pub in_browser: bool,
}

/// Why a credential is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// The bytes are no credential.
    #[error("not a credential")]
    Unreadable,
    /// No server we know signed it.
    #[error("the credential is not signed by the server")]
    Forged,
}

impl Credential {
    /// The party its person is under a hat; none where the hat is not theirs.
    pub fn party(&self, hat: Hat) -> Option<Holder> {
        self.hats.iter().find(|(worn, _)| *worn == hat).map(|(_, party)| *party)
    }

    /// Signs it with a server's key.
    pub fn issue(&self, server: &SigningKey) -> Vec<u8> {
        sign_as_server(self.encode(), AAD, server).bytes
    }

    /// Reads a credential that one of these servers' keys signed. Whether it has ended is the caller's to ask.
    ///
    /// # Errors
    /// [`CredentialError`].
    pub fn open(bytes: &[u8], issuers: &[VerifyingKey]) -> Result<Self, CredentialError> {
        if bytes.len() > MAX_BYTES {
            return Err(CredentialError::Unreadable);
        }
        let sign1 = CoseSign1::from_tagged_slice(bytes).map_err(|_| CredentialError::Unreadable)?;
        let payload = sign1.payload.as_deref().and_then(|payload| cbor::decode(payload).ok());
        let credential = payload.and_then(decode).ok_or(CredentialError::Unreadable)?;
        let signature = Signature::from_slice(&sign1.signature).map_err(|_| CredentialError::Unreadable)?;
        let signed = sign1.tbs_data(AAD);
        let is_issued = issuers
            .iter()
            .any(|issuer| issuer.verify_strict(&signed, &signature).is_ok());
        if is_issued && sign1.unprotected.is_empty() && credential.key.is_valid() {
            Ok(credential)
        } else {
            Err(CredentialError::Forged)
        }
    }

    fn encode(&self) -> Vec<u8> {
        let hats = self.hats.iter().filter_map(|(hat, party)| {
            let (class, id) = party_parts(*party)?;
            Some(Value::Array(vec![
                cbor::uint(hat.code()),
                cbor::uint(class),
                cbor::bytes(id.as_bytes()),
            ]))
        });
        cbor::encode(&Value::Map(vec![
            (cbor::uint(1), cbor::uint(1)),
            (cbor::uint(2), cbor::bytes(self.key.0)),
            (cbor::uint(3), cbor::text(start(&self.name))),
            (cbor::uint(4), cbor::text(start(&self.office))),
            (cbor::uint(5), Value::Array(hats.collect())),
            (cbor::uint(6), Value::Integer(self.until_ms.into())),
            (cbor::uint(7), Value::Bool(self.in_browser)),
        ]))
    }
}

/// The beginning of a name, whole characters only.
fn start(name: &str) -> &str {
    name.get(..name.floor_char_boundary(NAME_BYTES)).unwrap_or_default()
}

/// Citizens and bags have no device.
const fn party_parts(party: Holder) -> Option<(u64, Uuid)> {
    match party {
        Holder::Staff(StaffId(id)) => Some((1, id)),
        Holder::ServicePoint(ServicePointId(id)) => Some((2, id)),
        Holder::Agency(AgencyId(id)) => Some((3, id)),
        Holder::Citizen | Holder::Bag(_) => None,
    }
}

fn party_of(class: u64, id: Uuid) -> Option<Holder> {
    match class {
        1 => Some(Holder::Staff(StaffId(id))),
        2 => Some(Holder::ServicePoint(ServicePointId(id))),
        3 => Some(Holder::Agency(AgencyId(id))),
        _ => None,
    }
}

/// Keys and hats of a later version are passed over.
fn decode(payload: Value) -> Option<Credential> {
    let mut take = cbor::taken(payload)?;
    (take(1)? == cbor::uint(1)).then_some(())?;
    Some(Credential {
        key: PublicKey(take(2)?.into_bytes().ok()?.try_into().ok()?),
        name: take(3)?.into_text().ok()?,
        office: take(4)?.into_text().ok()?,
        hats: take(5)?.into_array().ok()?.into_iter().filter_map(hat_of).collect(),
        until_ms: take(6)?.into_integer().ok()?.try_into().ok()?,
        in_browser: take(7)?.into_bool().ok()?,
    })
}

fn hat_of(value: Value) -> Option<(Hat, Holder)> {
    let [hat, class, id]: [Value; 3] = value.into_array().ok()?.try_into().ok()?;
    let number = |value: Value| u64::try_from(value.into_integer().ok()?).ok();
    let id = Uuid::from_bytes(id.into_bytes().ok()?.try_into().ok()?);
    Some((Hat::from_code(number(hat)?)?, party_of(number(class)?, id)?))
}
