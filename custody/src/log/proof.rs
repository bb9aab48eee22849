//! A proof that a leaf is in the log, as text (C2SP tlog-proof).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The first line of the text.
const HEAD: &str = "c2sp.org/tlog-proof@v1";
/// More hashes than any tree of 2⁶³ leaves needs.
const MOST_HASHES: usize = 63;

/// A proof, its parts not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What is needed besides to make the leaf; proves nothing by itself.
    pub extra: Option<Vec<u8>>,
    /// The number of the leaf, from 0.
    pub index: u64,
    /// Its siblings, from the leaf to the root.
    pub hashes: Vec<[u8; 32]>,
    /// The signed checkpoint, as it was published.
    pub note: String,
}

/// A text that is no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a proof of a transparency log")]
pub struct NotAProof;

impl Proof {
    /// The text, each line ended.
    pub fn to_text(&self) -> String {
        let mut lines = vec![HEAD.to_owned()];
        lines.extend(
            self.extra
                .iter()
                .map(|extra| format!("extra {}", STANDARD.encode(extra))),
        );
        lines.push(format!("index {}", self.index));
        lines.extend(self.hashes.iter().map(|hash| STANDARD.encode(hash)));
        format!("{}\n\n{}", lines.join("\n"), self.note)
    }

    /// Reads the text, and nothing that would be written otherwise.
    ///
    /// # Errors
    /// [`NotAProof`].
    pub fn parse(text: &str) -> Result<Self, NotAProof> {
        let (head, note) = text.split_once("\n\n").ok_or(NotAProof)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEAD) {
            return Err(NotAProof);
        }
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let extra = extra.map(|line| STANDARD.decode(&line["extra ".len()..]));
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let hashes: Option<Vec<[u8; 32]>> = lines.map(|line| STANDARD.decode(line).ok()?.try_into().ok()).collect();
        let read = Self {
            extra: extra.transpose().map_err(|_| NotAProof)?,
            index: index.and_then(|number| number.parse().ok()).ok_or(NotAProof)?,
            hashes: hashes.filter(|hashes| hashes.len() <= MOST_HASHES).ok_or(NotAProof)?,
            note: note.to_owned(),
        };
        if read.to_text() == text {
            Ok(read)
        } else {
            Err(NotAProof)
        }
    }
}
