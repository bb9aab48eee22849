//! What a witness does with a head that is shown to it (C2SP tlog-witness): everything but keeping it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::note::{NoteError, Opened, open};
use super::policy::Policy;
use super::tiles::check_consistency;

/// More hashes than any two heads need.
const MOST_HASHES: usize = 63;

/// A head that is shown, with the proof that it goes on from an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The size of the older one; 0 for none.
    pub old: u64,
    /// That the older one is its beginning.
    pub proof: Vec<[u8; 32]>,
    /// The signed head.
    pub note: String,
}

/// Why a witness does not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a request of this protocol, or one that goes backwards.
    #[error("not a request to cosign")]
    Malformed,
    /// A log nobody told the witness of.
    #[error("an unknown log")]
    UnknownLog,
    /// The log did not sign it.
    #[error("not signed by its log")]
    NotSigned,
    /// The witness last saw another size, this one.
    #[error("the last head had {0} leaves")]
    Conflict(u64),
    /// It does not go on from what the witness saw.
    #[error("not a continuation")]
    NotConsistent,
}

impl Shown {
    /// The body of the request.
    pub fn to_body(&self) -> String {
        let mut lines = vec![format!("old {}", self.old)];
        lines.extend(self.proof.iter().map(|hash| STANDARD.encode(hash)));
        format!("{}\n\n{}", lines.join("\n"), self.note)
    }

    /// Reads the body of a request.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn parse(body: &str) -> Result<Self, Refused> {
        let (head, note) = body.split_once("\n\n").ok_or(Refused::Malformed)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let proof: Option<Vec<[u8; 32]>> = lines.map(|line| STANDARD.decode(line).ok()?.try_into().ok()).collect();
        let shown = Self {
            old: old.and_then(|old| old.parse().ok()).ok_or(Refused::Malformed)?,
            proof: proof
                .filter(|proof| proof.len() <= MOST_HASHES)
                .ok_or(Refused::Malformed)?,
            note: note.to_owned(),
        };
        if shown.to_body() == body {
            Ok(shown)
        } else {
            Err(Refused::Malformed)
        }
    }

    /// Which log it is of, as it says.
    pub fn origin(&self) -> &str {
        self.note.lines().next().unwrap_or_default()
    }

    /// Whether a witness that believes these logs and last saw this head (size and root) signs. Whoever asks keeps the head it
    /// returns before signing, and lets nobody else in between.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn judge(&self, logs: &Policy, last: Option<(u64, [u8; 32])>) -> Result<Opened, Refused> {
        if logs.log(self.origin()).is_none() {
            return Err(Refused::UnknownLog);
        }
        let opened = open(self.note.as_bytes(), logs).map_err(|error| match error {
            NoteError::Malformed => Refused::Malformed,
            NoteError::NotSigned => Refused::NotSigned,
        })?;
        let new = (opened.checkpoint.size, opened.checkpoint.root);
        if self.old > new.0 {
            return Err(Refused::Malformed);
        }
        let known = last.map_or(0, |(size, _)| size);
        if self.old != known {
            return Err(Refused::Conflict(known));
        }
        let old = last.unwrap_or((0, [0; 32]));
        if old.0 == new.0 && old.0 > 0 && old.1 != new.1 {
            return Err(Refused::Conflict(known));
        }
        check_consistency(&self.proof, old, new).map_err(|_| Refused::NotConsistent)?;
        Ok(opened)
    }
}
