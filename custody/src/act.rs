//! Administrative acts, signed by the server and kept in the same log as custody events.
//!
//! What a desk, a one-stop system or a citizen did has no device key of its own; the server signs that it was told so,
//! and by whom. A `COSE_Sign1` with EdDSA, external data `dossier/<kind>/v1`, ids as for custody events.

use ciborium::Value;
use coset::iana::Algorithm;
use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::cbor::{self, CborError};
use crate::envelope::{self, MAX_BYTES, Sealed, VerifyError};
use crate::ids::{EventId, Nonce, first16};

/// An administrative fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What was done, lower snake case.
    pub kind: String,
    /// The dossier (or other thing) it was done to.
    pub subject: [u8; 16],
    /// Who did it, as the server knows them: `user:<uuid>`, `client:<uuid>`, `citizen`.
    pub actor: String,
    /// When the server recorded it, milliseconds UTC.
    pub at_ms: i64,
    /// The rest, as JSON. No personal data.
    pub data: String,
    /// Makes two equal acts two events.
    pub nonce: Nonce,
}

/// Why bytes are not a signed act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// Larger than an envelope may be.
    #[error("larger than {MAX_BYTES} bytes")]
    TooLong,
    /// Not a tagged `COSE_Sign1` with a payload and 64 bytes of signature.
    #[error("not a COSE_Sign1 envelope")]
    NotCose,
    /// The headers are not exactly `{alg: EdDSA, kid}` and nothing.
    #[error("the headers are not those of an act")]
    Header,
    /// The payload is not deterministic CBOR.
    #[error("the payload is refused")]
    Cbor(#[from] CborError),
    /// The payload lacks a key of an act, or the key has the wrong type.
    #[error("the payload is not an act")]
    NotAnAct,
}

/// A signed act that was read, its signature not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAct {
    /// Its id.
    pub id: EventId,
    /// Which server key the header names; see [`server_key_id`].
    pub kid: [u8; 16],
    /// The act.
    pub act: Act,
    signed: Vec<u8>,
    signature: [u8; 64],
}

/// How headers name a server key: the first 16 bytes of SHA-256 of the public key.
pub fn server_key_id(key: &VerifyingKey) -> [u8; 16] {
    first16(&Sha256::digest(key.as_bytes()).into())
}

/// Signs an act.
pub fn seal_act(act: &Act, key: &SigningKey) -> Sealed {
    sign_as_server(encode(act), &aad(&act.kind), key)
}

/// What a server key signs in this context. Its id is the hash of what was signed, as everywhere.
pub(crate) fn sign_as_server(payload: Vec<u8>, context: &[u8], key: &SigningKey) -> Sealed {
    let kid = server_key_id(&key.verifying_key()).to_vec();
    let header = HeaderBuilder::new().algorithm(Algorithm::EdDSA).key_id(kid).build();
    let mut sign1 = CoseSign1Builder::new().protected(header).payload(payload).build();
    let signed = sign1.tbs_data(context);
    sign1.signature = key.sign(&signed).to_bytes().to_vec();
    Sealed {
        id: EventId::of_signed(&signed),
        bytes: envelope::to_bytes(sign1),
    }
}

/// Reads a signed act without checking its signature.
///
/// # Errors
/// [`ActError`] for anything but the one form we write.
pub fn parse_act(bytes: &[u8]) -> Result<SignedAct, ActError> {
    if bytes.len() > MAX_BYTES {
        return Err(ActError::TooLong);
    }
    let sign1 = CoseSign1::from_tagged_slice(bytes).map_err(|_| ActError::NotCose)?;
    let signature = sign1.signature.as_slice().try_into().map_err(|_| ActError::NotCose)?;
    let kid = kid_of(&sign1).ok_or(ActError::Header)?;
    let payload = cbor::decode(sign1.payload.as_deref().ok_or(ActError::NotCose)?)?;
    let act = decode(payload).ok_or(ActError::NotAnAct)?;
    let signed = sign1.tbs_data(&aad(&act.kind));
    Ok(SignedAct {
        id: EventId::of_signed(&signed),
        kid,
        act,
        signed,
        signature,
    })
}

/// Checks that `key` signed this act.
///
/// # Errors
/// [`VerifyError`] when the header names another key or the signature is not this key's.
pub fn verify_act(signed: &SignedAct, key: &VerifyingKey) -> Result<(), VerifyError> {
    if signed.kid != server_key_id(key) {
        return Err(VerifyError::WrongKey);
    }
    let signature = Signature::from_bytes(&signed.signature);
    key.verify_strict(&signed.signed, &signature)
        .map_err(|_| VerifyError::BadSignature)
}

fn aad(kind: &str) -> Vec<u8> {
    format!("dossier/{kind}/v1").into_bytes()
}

fn kid_of(sign1: &CoseSign1) -> Option<[u8; 16]> {
    const BEFORE_KID: [u8; 5] = [0xa2, 0x01, 0x27, 0x04, 0x50];
    let kid = sign1.protected.original_data.as_deref()?.strip_prefix(&BEFORE_KID)?;
    sign1.unprotected.is_empty().then_some(kid.try_into().ok()?)
}

fn encode(act: &Act) -> Vec<u8> {
    let Act {
        kind,
        subject,
        actor,
        at_ms,
        data,
        nonce,
    } = act;
    cbor::encode(&Value::Map(vec![
        (cbor::uint(1), cbor::uint(1)),
        (cbor::uint(2), cbor::text(kind.as_str())),
        (cbor::uint(11), Value::Integer((*at_ms).into())),
        (cbor::uint(23), cbor::bytes(subject)),
        (cbor::uint(24), cbor::text(actor.as_str())),
        (cbor::uint(25), cbor::text(data.as_str())),
        (cbor::uint(26), cbor::bytes(nonce.0)),
    ]))
}

fn decode(payload: Value) -> Option<Act> {
    let mut take = cbor::taken(payload)?;
    (take(1)? == cbor::uint(1)).then_some(())?;
    Some(Act {
        kind: take(2)?.into_text().ok()?,
        at_ms: take(11)?.into_integer().ok()?.try_into().ok()?,
        subject: take(23)?.into_bytes().ok()?.try_into().ok()?,
        actor: take(24)?.into_text().ok()?,
        data: take(25)?.into_text().ok()?,
        nonce: Nonce(take(26)?.into_bytes().ok()?.try_into().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lodged() -> Act {
        Act {
            kind: "lodged".into(),
            subject: [7; 16],
            actor: "user:1".into(),
            at_ms: 1_790_000_000_000,
            data: r#"{"minutes":"BB-1"}"#.into(),
            nonce: Nonce([9; 16]),
        }
    }

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    #[test]
    fn a_signed_act_reads_back_and_verifies_under_its_key_only() {
        let sealed = seal_act(&lodged(), &key(1));
        let read = parse_act(&sealed.bytes).expect("an act of our own is readable");
        assert_eq!((&read.act, read.id), (&lodged(), sealed.id));
        assert_eq!(verify_act(&read, &key(1).verifying_key()), Ok(()));
        assert_eq!(verify_act(&read, &key(2).verifying_key()), Err(VerifyError::WrongKey));
    }

    #[test]
    fn a_changed_act_does_not_verify() {
        let sealed = seal_act(&lodged(), &key(1));
        let text = b"BB-1";
        let at = sealed
            .bytes
            .windows(4)
            .position(|found| found == text)
            .expect("the data is in the envelope");
        let mut forged = sealed.bytes;
        forged[at + 3] = b'2';
        let read = parse_act(&forged).expect("still an act");
        assert_ne!(read.id, sealed.id);
        assert_eq!(
            verify_act(&read, &key(1).verifying_key()),
            Err(VerifyError::BadSignature)
        );
    }

    #[test]
    fn the_signature_covers_the_kind_as_context() {
        let sealed = seal_act(&lodged(), &key(1));
        let mut read = parse_act(&sealed.bytes).expect("an act of our own is readable");
        let sign1 = CoseSign1::from_tagged_slice(&sealed.bytes).expect("a COSE_Sign1");
        read.signed = sign1.tbs_data(&aad("received"));
        assert_eq!(
            verify_act(&read, &key(1).verifying_key()),
            Err(VerifyError::BadSignature)
        );
    }

    #[test]
    fn two_equal_acts_are_two_events_when_their_nonces_differ() {
        let again = Act {
            nonce: Nonce([8; 16]),
            ..lodged()
        };
        assert_ne!(seal_act(&lodged(), &key(1)).id, seal_act(&again, &key(1)).id);
    }

    #[test]
    fn a_custody_envelope_is_no_act_and_the_other_way_round() {
        let sealed = seal_act(&lodged(), &key(1));
        assert_eq!(
            crate::envelope::Envelope::parse(&sealed.bytes),
            Err(crate::envelope::EnvelopeError::Header)
        );
    }
}
