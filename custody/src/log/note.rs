//! Signed notes: the log's checkpoints and the witnesses' cosignatures under them.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use signed_note::{Note, Signature as Line, Signer, Verifier, VerifierList, is_key_name_valid, key_id};
use tlog_tiles::checkpoint;
use tlog_tiles::tlog::Hash;

use super::policy::Policy;

/// What a key of a note signs (C2SP signed-note, tlog-cosignature).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 over the note's text: a log.
    Log,
    /// Ed25519 over a time and the note's text: a witness.
    Cosignature,
}

impl Algorithm {
    const fn byte(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Cosignature => 4,
        }
    }

    const fn of(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Log),
            4 => Some(Self::Cosignature),
            _ => None,
        }
    }
}

/// A public key of a note: `name+id+base64(algorithm ‖ key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    key: VerifyingKey,
}

/// A text that is no verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a verifier key")]
pub struct NotAKey;

impl VerifierKey {
    /// Whose it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The same key under the name of a part of the log: `post.example/log` stands for `post.example/log/2026` too.
    pub fn under(&self, name: &str) -> Option<Self> {
        let rest = name.strip_prefix(&self.name)?;
        let fits = rest.is_empty() || rest.starts_with('/') && is_key_name_valid(name);
        fits.then(|| Self {
            name: name.to_owned(),
            ..self.clone()
        })
    }

    fn material(&self) -> Vec<u8> {
        [&[self.algorithm.byte()][..], self.key.as_bytes()].concat()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            self.key_id(),
            STANDARD.encode(self.material())
        )
    }
}

impl FromStr for VerifierKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let mut parts = text.splitn(3, '+');
        let (name, id, material) = (parts.next(), parts.next(), parts.next());
        let name = name.filter(|name| is_key_name_valid(name)).ok_or(NotAKey)?;
        let material = STANDARD.decode(material.ok_or(NotAKey)?).map_err(|_| NotAKey)?;
        let (algorithm, key) = material.split_first().ok_or(NotAKey)?;
        let key: &[u8; 32] = key.try_into().map_err(|_| NotAKey)?;
        let read = Self {
            name: name.to_owned(),
            algorithm: Algorithm::of(*algorithm).ok_or(NotAKey)?,
            key: VerifyingKey::from_bytes(key).map_err(|_| NotAKey)?,
        };
        let is_its_id = id.is_some_and(|id| id == format!("{:08x}", read.key_id()));
        if is_its_id { Ok(read) } else { Err(NotAKey) }
    }
}

impl Verifier for VerifierKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        key_id(&self.name, &self.material())
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let strict = |message: &[u8], signature: &[u8]| {
            let signature = Signature::from_slice(signature);
            signature.is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
        };
        match self.algorithm {
            Algorithm::Log => strict(message, signature),
            Algorithm::Cosignature => signature.split_first_chunk::<8>().is_some_and(|(time, signature)| {
                let time = u64::from_be_bytes(*time);
                time <= i64::MAX.unsigned_abs() && strict(&cosigned(time, message), signature)
            }),
        }
    }
}

/// What a witness signs: a time in seconds, and the text.
fn cosigned(time_s: u64, text: &[u8]) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time_s}\n").as_bytes(), text].concat()
}

/// A private key of a note.
#[derive(Clone)]
pub struct NoteKey {
    name: String,
    algorithm: Algorithm,
    key: SigningKey,
}

impl fmt::Debug for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteKey({})", self.name)
    }
}

/// A name with a space or a plus in it, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key's name has no spaces and no plus, and is not empty")]
pub struct BadName;

impl NoteKey {
    /// A key under a name.
    ///
    /// # Errors
    /// [`BadName`] when no note can carry the name.
    pub fn new(name: &str, algorithm: Algorithm, key: SigningKey) -> Result<Self, BadName> {
        if !is_key_name_valid(name) {
            return Err(BadName);
        }
        Ok(Self {
            name: name.to_owned(),
            algorithm,
            key,
        })
    }

    /// Its public half.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey {
            name: self.name.clone(),
            algorithm: self.algorithm,
            key: self.key.verifying_key(),
        }
    }

    /// The signature line under a text. The time, in seconds, is what a witness vouches for; a log's key signs without one.
    pub fn line(&self, text: &str, time_s: u64) -> String {
        let signer = AtTime { key: self, time_s };
        let signature = signer.sign(text.as_bytes()).unwrap_or_default();
        Line::new(self.name.clone(), signer.key_id(), signature)
            .map(|line| String::from_utf8_lossy(&line.to_bytes()).into_owned())
            .unwrap_or_default()
    }
}

struct AtTime<'a> {
    key: &'a NoteKey,
    time_s: u64,
}

impl Signer for AtTime<'_> {
    fn name(&self) -> &str {
        &self.key.name
    }

    fn key_id(&self) -> u32 {
        self.key.verifier().key_id()
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(match self.key.algorithm {
            Algorithm::Log => self.key.key.sign(text).to_bytes().to_vec(),
            Algorithm::Cosignature => {
                let signed = self.key.key.sign(&cosigned(self.time_s, text));
                [&self.time_s.to_be_bytes()[..], &signed.to_bytes()].concat()
            }
        })
    }
}

/// A head of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: [u8; 32],
}

impl Checkpoint {
    /// The three lines that are signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads the three lines; lines after them are refused: our log has none, and what nobody reads proves nothing.
    fn read(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let mut lines = text.split_terminator('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let known = checkpoint::Checkpoint::new(origin, size.parse().ok()?, Hash::parse_hash(root).ok()?, "").ok()?;
        let read = Self {
            origin: known.origin().to_owned(),
            size: known.size(),
            root: known.hash().0,
        };
        (read.text() == text).then_some(read)
    }
}

/// Why a note does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a note with a checkpoint in it.
    #[error("not a signed checkpoint")]
    Malformed,
    /// A signature of a known key does not verify, or no known log signed.
    #[error("not signed by a log we know")]
    NotSigned,
}

/// A checkpoint whose signatures were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The head of the tree.
    pub checkpoint: Checkpoint,
    /// Which known witnesses cosigned it, and when, in seconds UTC.
    pub witnesses: Vec<(String, u64)>,
}

/// Opens a signed note: the log has to have signed it, and no signature of a key we know may be wrong. Whether enough witnesses
/// signed says [`Policy::is_met`].
///
/// # Errors
/// [`NoteError`].
pub fn open(note: &[u8], policy: &Policy) -> Result<Opened, NoteError> {
    let note = Note::from_bytes(note).map_err(|_| NoteError::Malformed)?;
    let checkpoint = Checkpoint::read(note.text()).ok_or(NoteError::Malformed)?;
    let log = &policy.log(&checkpoint.origin).ok_or(NoteError::NotSigned)?;
    let keys = policy.witnesses().chain([log]);
    let known = VerifierList::new(keys.map(|key| Box::new(key.clone()) as Box<dyn Verifier>).collect());
    let (verified, _) = note.verify(&known).map_err(|_| NoteError::NotSigned)?;
    let is_of = |line: &Line, key: &VerifierKey| line.name() == key.name() && line.id() == key.key_id();
    if !verified.iter().any(|line| is_of(line, log)) {
        return Err(NoteError::NotSigned);
    }
    let witnesses = verified.iter().filter(|line| !is_of(line, log)).map(|line| {
        let time = line.signature().first_chunk::<8>().copied().unwrap_or_default();
        (line.name().to_owned(), u64::from_be_bytes(time))
    });
    Ok(Opened {
        witnesses: witnesses.collect(),
        checkpoint,
    })
}
