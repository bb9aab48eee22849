//! The public log's part of the configuration.

use super::source::Found;
use super::{Config, ConfigError, value};
use custody::log::VerifierKey;
use entity::tlog::LogSigner;
use std::fmt::Write as _;
use std::path::PathBuf;
use worker::{LogSettings, Witness};

/// What `traotay.toml` says of the log.
#[derive(Debug, Default)]
pub(super) struct FromFile {
    pub(super) origin: Option<String>,
    pub(super) state: Option<PathBuf>,
    pub(super) witnesses: Option<Vec<String>>,
    pub(super) quorum: Option<usize>,
}

/// How the log is signed and witnessed.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// What every origin of the log begins with, without a scheme; the public address and `/log` when not set.
    origin: Option<String>,
    /// Where the signer remembers what it signed.
    state: PathBuf,
    /// Witnesses: key and address.
    witnesses: Vec<(VerifierKey, String)>,
    /// How many of them a receipt needs.
    quorum: usize,
}

impl LogConfig {
    pub(super) fn load(found: &mut Found, file: FromFile, data: &std::path::Path) -> Result<Self, ConfigError> {
        let origin = found.take("TRAOTAY_LOG_ORIGIN", None, file.origin);
        if origin.as_ref().is_some_and(|origin| !is_origin(origin)) {
            let why = "a host and a path, without scheme, spaces, plus and final slash, as post.example/log";
            return Err(value("TRAOTAY_LOG_ORIGIN", why));
        }
        let state = found.or(
            "TRAOTAY_LOG_STATE",
            None,
            file.state.map(|path| path.display().to_string()),
            || data.join("log.signed").display().to_string(),
        );
        let text = found.take("TRAOTAY_LOG_WITNESSES", None, file.witnesses.map(|list| list.join(",")));
        let words = text.iter().flat_map(|text| text.split(',')).map(str::trim);
        let witnesses = words
            .filter(|word| !word.is_empty())
            .map(witness)
            .collect::<Result<Vec<_>, _>>()?;
        let quorum = found.or(
            "TRAOTAY_LOG_QUORUM",
            None,
            file.quorum.map(|count| count.to_string()),
            || {
                // More than half: two of three.
                (witnesses.len() / 2 + usize::from(!witnesses.is_empty())).to_string()
            },
        );
        let quorum = quorum.parse().ok().filter(|quorum| *quorum <= witnesses.len());
        Ok(Self {
            origin,
            state: state.into(),
            quorum: quorum.ok_or_else(|| value("TRAOTAY_LOG_QUORUM", "a number, at most that of the witnesses"))?,
            witnesses,
        })
    }

    /// The lines of a policy after that of the log's key.
    pub fn policy_lines(&self) -> String {
        let mut lines = String::new();
        for (at, (key, _)) in self.witnesses.iter().enumerate() {
            let _ = writeln!(lines, "witness w{} {key}", at + 1);
        }
        if self.quorum == 0 {
            lines.push_str("quorum none\n");
        } else {
            let names: Vec<String> = (1..=self.witnesses.len()).map(|at| format!("w{at}")).collect();
            let _ = writeln!(lines, "group enough {} {}\nquorum enough", self.quorum, names.join(" "));
        }
        lines
    }
}

fn witness(word: &str) -> Result<(VerifierKey, String), ConfigError> {
    let bad = || {
        let why = "each is a verifier key, a space and an address, as w.example+0a1b2c3d+… https://w.example";
        value("TRAOTAY_LOG_WITNESSES", why)
    };
    let (key, address) = word.split_once(' ').ok_or_else(bad)?;
    let address = address.trim();
    if !address.starts_with("https://") && !address.starts_with("http://") {
        return Err(bad());
    }
    Ok((key.parse().map_err(|_| bad())?, address.to_owned()))
}

fn is_origin(origin: &str) -> bool {
    !origin.is_empty() && !origin.ends_with('/') && !origin.contains("://") && !origin.contains([' ', '+'])
}

impl Config {
    /// What signs the log.
    pub fn log_signer(&self) -> LogSigner {
        let address = self
            .public_url
            .split_once("://")
            .map_or(self.public_url.as_str(), |(_, rest)| rest);
        let of_address = || format!("{}/log", address.trim_end_matches('/'));
        LogSigner {
            base: self.public_log.origin.clone().unwrap_or_else(of_address),
            state: self.public_log.state.clone(),
        }
    }

    /// What signs the log and who is asked to sign too.
    ///
    /// # Errors
    /// [`ConfigError`] when no client for the witnesses can be made.
    pub fn log_settings(&self) -> Result<LogSettings, ConfigError> {
        let witnesses = self.public_log.witnesses.iter().map(|(key, address)| {
            Witness::new(key.clone(), address).map_err(|why| value("TRAOTAY_LOG_WITNESSES", why))
        });
        Ok(LogSettings {
            signer: self.log_signer(),
            witnesses: witnesses.collect::<Result<_, _>>()?,
        })
    }
}
