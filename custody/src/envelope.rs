//! The signed envelope: a `COSE_Sign1` (RFC 9052) around one event.
//!
//! Protected header `{alg: ES256, kid: device}`, empty unprotected header, tag 18. The signature also covers the kind
//! (external data `custody/<kind>/v1`). The event's id is the hash of what was signed, never of the signature: the
//! twin `(r, n−s)` of a signature is the same event. [`Envelope::parse`] is cheap and checks no signature;
//! [`Envelope::verify`] does. The received bytes are what to store; nothing here rewrites them.

use coset::iana::Algorithm;
use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable};

use crate::event::{Event, EventError};
use crate::ids::{DeviceId, EventId};
use crate::key;

pub use crate::key::{InvalidKey, PublicKey, SignError, Signer, SoftSigner};

/// The largest envelope made or read.
pub const MAX_BYTES: usize = 64 * 1024;

/// A new signed event, ready to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Its id.
    pub id: EventId,
    /// The envelope, to be kept and sent as it is.
    pub bytes: Vec<u8>,
}

/// Why an event could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The event names another device than the key's.
    #[error("the event names device {event}, the key is of {key}")]
    WrongDevice {
        /// The device in the event.
        event: DeviceId,
        /// The device of the key.
        key: DeviceId,
    },
    /// The event would not be read back.
    #[error("the event is larger than {MAX_BYTES} bytes")]
    TooLong,
    /// The key did not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The key gave a signature that is not its own.
    #[error("the key gave a signature that does not verify")]
    BadSignature,
}

/// Signs an event.
///
/// The signature is checked before it is given out: an event that was shown as recorded can always be verified.
///
/// # Errors
/// [`SealError`] when the key is not the event's device, does not sign or signs wrongly.
pub fn seal(event: &Event, signer: &dyn Signer) -> Result<Sealed, SealError> {
    let key = signer.public_key();
    if key.device_id() != event.device {
        return Err(SealError::WrongDevice {
            event: event.device,
            key: key.device_id(),
        });
    }
    let header = HeaderBuilder::new()
        .algorithm(Algorithm::ES256)
        .key_id(event.device.0.to_vec())
        .build();
    let mut sign1 = CoseSign1Builder::new()
        .protected(header)
        .payload(event.encode())
        .build();
    let message = sign1.tbs_data(&event.kind.aad(event.v));
    let signature = key::low_s(&signer.sign(&message)?);
    if !key.verifies(&message, &signature) {
        return Err(SealError::BadSignature);
    }
    sign1.signature = signature.to_vec();
    let bytes = to_bytes(sign1);
    if bytes.len() > MAX_BYTES {
        return Err(SealError::TooLong);
    }
    Ok(Sealed {
        id: EventId::of_signed(&message),
        bytes,
    })
}

/// Why bytes are not an envelope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Larger than [`MAX_BYTES`].
    #[error("larger than {MAX_BYTES} bytes")]
    TooLong,
    /// Not a tagged `COSE_Sign1` with a payload and 64 bytes of signature.
    #[error("not a COSE_Sign1 envelope")]
    NotCose,
    /// The headers are not exactly `{alg: ES256, kid}` and nothing.
    #[error("the headers are not those of a custody event")]
    Header,
    /// The payload is no event.
    #[error("the payload is not a custody event")]
    Event(#[from] EventError),
}

/// Why an envelope does not prove what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Header, payload and key do not name one device.
    #[error("the header, the event and the key name different devices")]
    WrongKey,
    /// The signature is not this key's over this event.
    #[error("the signature does not verify")]
    BadSignature,
}

/// An envelope that was read, its signature not looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    id: EventId,
    kid: DeviceId,
    event: Event,
    signed: Vec<u8>,
    signature: [u8; 64],
    sign1: CoseSign1,
}

impl Envelope {
    /// Reads an envelope without checking its signature.
    ///
    /// # Errors
    /// [`EnvelopeError`] for anything but the one form we write.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > MAX_BYTES {
            return Err(EnvelopeError::TooLong);
        }
        let sign1 = CoseSign1::from_tagged_slice(bytes).map_err(|_| EnvelopeError::NotCose)?;
        let signature = sign1
            .signature
            .as_slice()
            .try_into()
            .map_err(|_| EnvelopeError::NotCose)?;
        let kid = kid_of(&sign1).ok_or(EnvelopeError::Header)?;
        let event = Event::decode(sign1.payload.as_deref().ok_or(EnvelopeError::NotCose)?)?;
        let signed = sign1.tbs_data(&event.kind.aad(event.v));
        Ok(Self {
            id: EventId::of_signed(&signed),
            kid,
            event,
            signed,
            signature,
            sign1,
        })
    }

    /// The event's id.
    pub fn id(&self) -> EventId {
        self.id
    }

    /// The device the header names.
    pub fn kid(&self) -> DeviceId {
        self.kid
    }

    /// The event.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The event, by value.
    pub fn into_event(self) -> Event {
        self.event
    }

    /// The raw r‖s signature, as received.
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// Checks that `key` signed this event and that header, event and key name one device.
    ///
    /// # Errors
    /// [`VerifyError`] when they do not.
    pub fn verify(&self, key: &PublicKey) -> Result<(), VerifyError> {
        if self.kid != self.event.device || self.kid != key.device_id() {
            return Err(VerifyError::WrongKey);
        }
        if key.verifies(&self.signed, &self.signature) {
            Ok(())
        } else {
            Err(VerifyError::BadSignature)
        }
    }

    /// The same envelope with the smaller `s`, to keep beside the received bytes.
    pub fn low_s_bytes(&self) -> Vec<u8> {
        let sign1 = CoseSign1 {
            signature: key::low_s(&self.signature).to_vec(),
            ..self.sign1.clone()
        };
        to_bytes(sign1)
    }
}

/// The tagged form.
pub(crate) fn to_bytes(sign1: CoseSign1) -> Vec<u8> {
    sign1
        .to_tagged_vec()
        .expect("an envelope made or read here always encodes")
}

/// The device in a header that is exactly `{alg: ES256, kid: 16 bytes}` in deterministic CBOR, with nothing unprotected.
fn kid_of(sign1: &CoseSign1) -> Option<DeviceId> {
    const BEFORE_KID: [u8; 5] = [0xa2, 0x01, 0x26, 0x04, 0x50];
    let protected = sign1.protected.original_data.as_deref()?;
    let kid = protected.strip_prefix(&BEFORE_KID)?;
    sign1.unprotected.is_empty().then_some(DeviceId::try_from(kid).ok()?)
}
