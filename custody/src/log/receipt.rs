//! A receipt: one signed fact, whose key signed it, and the proof that it is in the log.
//!
//! As text it is a C2SP tlog-proof whose `extra` holds what makes the leaf: the salt, the signed bytes and the signer's public
//! key. The same in CBOR goes into a QR code, in letters a QR code packs well ([`Receipt::to_code`]). Without a proof it is
//! provisional: signed, not in the log yet.
//!
//! A receipt says nothing of persons: a signed fact holds ids only.

use ciborium::Value;

use super::proof::Proof;
use crate::cbor;

/// The largest receipt read, bytes.
const MOST_BYTES: usize = 256 * 1024;

/// What a party holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The signed bytes, as they were deposited.
    pub signed: Vec<u8>,
    /// The signer's public key: 33 bytes of P-256 for a device, 32 of Ed25519 for the server.
    pub signer: Vec<u8>,
    /// What makes the leaf, and that it is in the log; none while it is not.
    pub logged: Option<Logged>,
}

/// The part of a receipt that the log gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The salt of the leaf.
    pub salt: [u8; 32],
    /// The number of the leaf, from 0.
    pub index: u64,
    /// Its siblings, from the leaf to the root.
    pub hashes: Vec<[u8; 32]>,
    /// The signed checkpoint.
    pub note: String,
}

/// Bytes or a text that is no receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a receipt")]
pub struct NotAReceipt;

impl Receipt {
    /// The text of a receipt that is in the log; none for a provisional one.
    pub fn to_text(&self) -> Option<String> {
        let logged = self.logged.as_ref()?;
        let extra = cbor::encode(&Value::Map(vec![
            (cbor::uint(1), cbor::bytes(logged.salt)),
            (cbor::uint(2), cbor::bytes(&self.signed)),
            (cbor::uint(3), cbor::bytes(&self.signer)),
        ]));
        let proof = Proof {
            extra: Some(extra),
            index: logged.index,
            hashes: logged.hashes.clone(),
            note: logged.note.clone(),
        };
        Some(proof.to_text())
    }

    /// The same without its place in the log: small enough for a printed slip.
    #[must_use]
    pub fn provisional(self) -> Self {
        Self { logged: None, ..self }
    }

    /// Reads a receipt in any of its forms: the text, the letters of a code, or a link that ends in `#` and those letters.
    ///
    /// # Errors
    /// [`NotAReceipt`].
    pub fn parse(text: &str) -> Result<Self, NotAReceipt> {
        if text.len() > MOST_BYTES {
            return Err(NotAReceipt);
        }
        let Ok(proof) = Proof::parse(text) else {
            let code = text.rsplit('#').next().unwrap_or_default();
            return Self::from_code(code.trim());
        };
        let extra = cbor::decode(proof.extra.as_deref().unwrap_or_default()).map_err(|_| NotAReceipt)?;
        let mut fields = Fields::of(extra)?;
        let salt = fields.bytes(1)?.try_into().map_err(|_| NotAReceipt)?;
        let read = Self {
            signed: fields.bytes(2)?,
            signer: fields.bytes(3)?,
            logged: Some(Logged {
                salt,
                index: proof.index,
                hashes: proof.hashes,
                note: proof.note,
            }),
        };
        fields.end()?;
        Ok(read)
    }

    /// The letters of a code: CBOR in base 32 without padding, which a QR code holds at 5½ bits a letter and a link carries as it is.
    pub fn to_code(&self) -> String {
        let mut entries = vec![
            (cbor::uint(2), cbor::bytes(&self.signed)),
            (cbor::uint(3), cbor::bytes(&self.signer)),
        ];
        if let Some(logged) = &self.logged {
            entries.insert(0, (cbor::uint(1), cbor::bytes(logged.salt)));
            entries.push((cbor::uint(4), cbor::uint(logged.index)));
            entries.push((cbor::uint(5), cbor::bytes(logged.hashes.concat())));
            entries.push((cbor::uint(6), cbor::text(logged.note.as_str())));
        }
        base32::encode(ALPHABET, &cbor::encode(&Value::Map(entries)))
    }

    fn from_code(code: &str) -> Result<Self, NotAReceipt> {
        let bytes = base32::decode(ALPHABET, code).ok_or(NotAReceipt)?;
        let mut fields = Fields::of(cbor::decode(&bytes).map_err(|_| NotAReceipt)?)?;
        let salt = fields.bytes(1);
        let (signed, key) = (fields.bytes(2)?, fields.bytes(3)?);
        let logged = match salt {
            Err(NotAReceipt) => None,
            Ok(salt) => {
                let index = fields
                    .take(4)?
                    .as_integer()
                    .and_then(|number| u64::try_from(number).ok());
                let (hashes, rest) = fields.bytes(5).map(|all| {
                    let (hashes, rest) = all.as_chunks::<32>();
                    (hashes.to_vec(), rest.len())
                })?;
                if rest > 0 {
                    return Err(NotAReceipt);
                }
                Some(Logged {
                    salt: salt.try_into().map_err(|_| NotAReceipt)?,
                    index: index.ok_or(NotAReceipt)?,
                    hashes,
                    note: fields.take(6)?.into_text().map_err(|_| NotAReceipt)?,
                })
            }
        };
        fields.end()?;
        let read = Self {
            signed,
            signer: key,
            logged,
        };
        if read.to_code() == code {
            Ok(read)
        } else {
            Err(NotAReceipt)
        }
    }
}

const ALPHABET: base32::Alphabet = base32::Alphabet::Rfc4648 { padding: false };

/// The fields of a map, each read once.
struct Fields(Vec<(Value, Value)>);

impl Fields {
    fn of(value: Value) -> Result<Self, NotAReceipt> {
        value.into_map().map(Self).map_err(|_| NotAReceipt)
    }

    fn take(&mut self, key: u64) -> Result<Value, NotAReceipt> {
        let at = self.0.iter().position(|(known, _)| *known == cbor::uint(key));
        at.map(|at| self.0.swap_remove(at).1).ok_or(NotAReceipt)
    }

    fn bytes(&mut self, key: u64) -> Result<Vec<u8>, NotAReceipt> {
        self.take(key)?.into_bytes().map_err(|_| NotAReceipt)
    }

    fn end(self) -> Result<(), NotAReceipt> {
        if self.0.is_empty() { Ok(()) } else { Err(NotAReceipt) }
    }
}
