//! Shows the heads of the log to witnesses: other organisations that sign what they have seen, so that nobody is shown another
//! history (C2SP tlog-witness).

use crate::error::told;
use custody::log::note::open;
use custody::log::witness::Shown;
use custody::log::{Policy, VerifierKey};
use entity::tlog::{self, Head, LogSigner};
use entity::{Store, StoreError};
use reqwest::redirect;
use reqwest::{Client, StatusCode};
use std::time::Duration;

/// How long a witness may take. All of them together must be shorter than a job may think.
const TIMEOUT: Duration = Duration::from_secs(4);

/// What a job of the log needs.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// What signs.
    pub signer: LogSigner,
    /// Who is asked to sign too.
    pub witnesses: Vec<Witness>,
}

/// A witness.
#[derive(Debug, Clone)]
pub struct Witness {
    key: VerifierKey,
    address: String,
    client: Client,
}

/// A witness did not sign.
#[derive(Debug, thiserror::Error)]
#[error("{witness}: {why}")]
pub(crate) struct NotCosigned {
    pub(crate) witness: String,
    why: String,
}

impl Witness {
    /// A witness of this key at this address, the part of it before `/add-checkpoint`.
    ///
    /// # Errors
    /// When no client for HTTPS can be made here.
    pub fn new(key: VerifierKey, address: &str) -> Result<Self, String> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| told(&error))?;
        Ok(Self {
            key,
            address: address.trim_end_matches('/').to_owned(),
            client,
        })
    }

    /// Shows it a head and returns the lines it signed, checked.
    pub(crate) async fn cosign(&self, store: &Store, head: &Head) -> Result<String, NotCosigned> {
        let failed = |why: String| NotCosigned {
            witness: self.key.name().to_owned(),
            why,
        };
        let mut old = head.before;
        // A witness that saw another size last says which; a second time would be another log's.
        for _ in 0..2 {
            let proof = tlog::proof_between(store.read(), &head.shard, old.min(head.size), head.size).await;
            let shown = Shown {
                old,
                proof: proof.map_err(|error: StoreError| failed(told(&error)))?,
                note: bare(&head.note, &head.key),
            };
            let request = self.client.post(format!("{}/add-checkpoint", self.address));
            let answer = request.body(shown.to_body()).send().await;
            let answer = answer.map_err(|error| failed(told(&error.without_url())))?;
            let status = answer.status();
            let text = answer
                .text()
                .await
                .map_err(|error| failed(told(&error.without_url())))?;
            match status {
                StatusCode::OK => {
                    return self
                        .check(head, &text)
                        .ok_or_else(|| failed("not its signature".to_owned()));
                }
                StatusCode::CONFLICT => {
                    let size = text
                        .trim()
                        .parse::<u64>()
                        .ok()
                        .filter(|size| *size <= head.size && *size != old);
                    old = size.ok_or_else(|| failed("it saw another history".to_owned()))?;
                }
                other => return Err(failed(format!("answered {other}"))),
            }
        }
        Err(failed("it saw another history".to_owned()))
    }

    /// The lines of this witness in an answer, when they are its signature of this head.
    fn check(&self, head: &Head, lines: &str) -> Option<String> {
        let policy = format!("log {}\nwitness W {}\nquorum W\n", head.key, self.key);
        let policy = Policy::parse(&policy).ok()?;
        let own = lines
            .lines()
            .filter(|line| line.starts_with(&format!("\u{2014} {} ", self.key.name())));
        let own = lines_of(own);
        let opened = open(format!("{}{own}", bare(&head.note, &head.key)).as_bytes(), &policy).ok()?;
        policy.is_met(&opened.witnesses).then_some(own)
    }

    /// Whether it signed this note already.
    pub(crate) fn has_signed(&self, note: &str) -> bool {
        let begins = format!("\u{2014} {} ", self.key.name());
        note.lines().any(|line| line.starts_with(&begins))
    }

    /// A head's note with this witness's line in it, an older one of it taken out.
    pub(crate) fn put(&self, note: &str, line: &str) -> String {
        let (text, lines) = note.split_once("\n\n").unwrap_or((note, ""));
        let others = lines
            .lines()
            .filter(|known| !known.starts_with(&format!("\u{2014} {} ", self.key.name())));
        let others = lines_of(others);
        format!("{text}\n\n{others}{line}")
    }
}

/// A note with the log's own signature alone.
fn bare(note: &str, key: &VerifierKey) -> String {
    let (text, lines) = note.split_once("\n\n").unwrap_or((note, ""));
    let own = lines
        .lines()
        .filter(|line| line.starts_with(&format!("\u{2014} {} ", key.name())));
    let own = lines_of(own);
    format!("{text}\n\n{own}")
}

/// These lines, each ended.
fn lines_of<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.fold(String::new(), |all, line| all + line + "\n")
}
