//! Whom to believe: the keys of logs and witnesses, and how many of whom have to have signed (C2SP tlog-policy).
//!
//! ```text
//! log     log.example/custody/2026+…
//! witness W1 witness.example/w1+…
//! witness W2 witness.example/w2+…
//! group   any-two 2 W1 W2 W3
//! quorum  any-two
//! ```

use super::note::{Algorithm, VerifierKey};

/// A policy, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<VerifierKey>,
    members: Vec<(String, Member)>,
    quorum: Option<usize>,
    signers: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Member {
    Witness(VerifierKey),
    Group { needed: usize, of: Vec<usize> },
}

/// A line that cannot be read, by its number from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct PolicyError {
    /// Which line.
    pub line: usize,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Policy {
    /// Reads a policy. Names are defined before they are used; without a `quorum` line, or with `quorum none`, no witness is asked
    /// for.
    ///
    /// # Errors
    /// [`PolicyError`] with the first line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let mut policy = Self::default();
        for (at, line) in text.lines().enumerate() {
            let line_of = |why| PolicyError { line: at + 1, why };
            let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
            match words.as_slice() {
                [] => {}
                ["log", key, ..] => {
                    let key: VerifierKey = key.parse().map_err(|_| line_of("not a verifier key"))?;
                    if key.algorithm() != Algorithm::Log {
                        return Err(line_of("a log signs with another algorithm"));
                    }
                    policy.logs.push(key);
                }
                ["witness", name, key, ..] => {
                    let key: VerifierKey = key.parse().map_err(|_| line_of("not a verifier key"))?;
                    if key.algorithm() != Algorithm::Cosignature {
                        return Err(line_of("a witness signs with another algorithm"));
                    }
                    policy.define(name, Member::Witness(key)).map_err(line_of)?;
                }
                ["group", name, needed, of @ ..] => {
                    let of: Option<Vec<usize>> = of.iter().map(|name| policy.find(name)).collect();
                    let of = of.ok_or_else(|| line_of("a name that no line before defines"))?;
                    let needed = match *needed {
                        "all" => of.len(),
                        "any" => 1,
                        number => number.parse().map_err(|_| line_of("how many of them?"))?,
                    };
                    if needed == 0 || needed > of.len() {
                        return Err(line_of("more than there are, or none"));
                    }
                    policy.define(name, Member::Group { needed, of }).map_err(line_of)?;
                }
                ["quorum", "none"] => policy.quorum = None,
                ["quorum", name] => {
                    let found = policy.find(name);
                    policy.quorum = Some(found.ok_or_else(|| line_of("a name that no line before defines"))?);
                }
                _ => return Err(line_of("not a line of a policy")),
            }
        }
        Ok(policy)
    }

    /// A policy that believes one log, and asks for no witness.
    pub fn of_log(key: VerifierKey) -> Self {
        Self {
            logs: vec![key],
            ..Self::default()
        }
    }

    /// Adds the keys that sign facts, as `/log/keys` lists them. A receipt that is in the log needs none: the log took the fact from a key it
    /// knew. One that is not can be made by anybody with a key of their own, and only these tell.
    ///
    /// # Errors
    /// [`PolicyError`] with the first line that cannot be read.
    pub fn with_signers(mut self, text: &str) -> Result<Self, PolicyError> {
        for (at, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let key = match words.as_slice() {
                [] => continue,
                ["server", key] | ["device", _, key, ..] => hex::decode(key).ok(),
                _ => None,
            };
            self.signers.push(key.ok_or(PolicyError {
                line: at + 1,
                why: "not a line of keys",
            })?);
        }
        Ok(self)
    }

    /// Whether a key may sign facts; true for a sort of key of which none was told.
    pub(super) fn believes(&self, signer: &[u8]) -> bool {
        let mut told = self.signers.iter().filter(|key| key.len() == signer.len()).peekable();
        told.peek().is_none() || told.any(|key| key == signer)
    }

    fn define(&mut self, name: &str, member: Member) -> Result<(), &'static str> {
        if name == "none" || self.find(name).is_some() {
            return Err("a name that is taken");
        }
        self.members.push((name.to_owned(), member));
        Ok(())
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|(known, _)| known == name)
    }

    /// The key of the log of this origin. A key named `post.example/log` is that of every part of it, `post.example/log/2026` and so
    /// on: the key stays when a year ends.
    pub fn log(&self, origin: &str) -> Option<VerifierKey> {
        self.logs.iter().find_map(|key| key.under(origin))
    }

    /// The keys of every log.
    pub fn logs(&self) -> &[VerifierKey] {
        &self.logs
    }

    /// The keys of the witnesses.
    pub fn witnesses(&self) -> impl Iterator<Item = &VerifierKey> {
        self.members.iter().filter_map(|(_, member)| match member {
            Member::Witness(key) => Some(key),
            Member::Group { .. } => None,
        })
    }

    /// Whether the witnesses of these key names are enough.
    pub fn is_met(&self, signed: &[(String, u64)]) -> bool {
        self.quorum.is_none_or(|quorum| self.counts(quorum, signed))
    }

    // A group names only what was defined before it, so this ends.
    fn counts(&self, member: usize, signed: &[(String, u64)]) -> bool {
        match &self.members[member].1 {
            Member::Witness(key) => signed.iter().any(|(name, _)| name == key.name()),
            Member::Group { needed, of } => of.iter().filter(|one| self.counts(**one, signed)).count() >= *needed,
        }
    }
}
