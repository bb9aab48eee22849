//! Plain HTTP to the server under test, with the patience of a client that knows it may be restarted.

use crate::cli::Failure;
use mobile_ffi::core::{HostError, Reply};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How long a client keeps asking before the day counts as not playable.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two tries.
const BETWEEN: Duration = Duration::from_millis(60);

/// Waits a moment before a condition is looked at again. Never the reason why something works.
pub(super) fn pause(time: Duration) {
    #[expect(
        clippy::disallowed_methods,
        reason = "between two looks at another process, which cannot notify us"
    )]
    std::thread::sleep(time);
}

/// A client of one server.
#[derive(Debug, Clone)]
pub(super) struct Http {
    agent: ureq::Agent,
    base: String,
}

/// A request that may be sent again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) headers: &'a [(String, String)],
    pub(super) body: &'a [u8],
}

impl Http {
    pub(super) fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .http_status_as_error(false)
            .build();
        Self {
            agent: config.into(),
            base: base.to_owned(),
        }
    }

    /// Sends once.
    pub(super) fn send(&self, ask: Ask<'_>) -> Result<Reply, HostError> {
        let url = format!("{}{}", self.base, ask.path);
        let failed = |error: ureq::Error| HostError::new(error.to_string());
        let mut answer = if ask.method == "GET" {
            let request = ask
                .headers
                .iter()
                .fold(self.agent.get(&url), |request, (key, value)| request.header(key, value));
            request.call().map_err(failed)?
        } else {
            let request = ask.headers.iter().fold(self.agent.post(&url), |request, (key, value)| {
                request.header(key, value)
            });
            request.send(ask.body).map_err(failed)?
        };
        let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = answer
            .headers()
            .iter()
            .map(|(key, value)| (key.to_string(), text(value)))
            .collect();
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_vec().map_err(failed)?;
        Ok(Reply { status, headers, body })
    }

    pub(super) fn get(&self, path: &str) -> Result<Reply, HostError> {
        self.send(Ask {
            method: "GET",
            path,
            headers: &[],
            body: &[],
        })
    }

    /// Sends until there is an answer that is not the server's own trouble. Only for requests that may be repeated.
    pub(super) fn insist(&self, ask: Ask<'_>) -> Result<Reply, Failure> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let why = match self.send(ask) {
                Ok(reply) if reply.status < 500 => return Ok(reply),
                Ok(reply) => format!("answered {}", reply.status),
                Err(error) => error.reason,
            };
            if Instant::now() > deadline {
                return Err(Failure::Refused(format!("{} {}: {why}", ask.method, ask.path)));
            }
            pause(BETWEEN);
        }
    }
}

/// The JSON of an answer with one of these statuses.
pub(super) fn json(reply: &Reply, path: &str, expected: &[u16]) -> Result<Value, Failure> {
    let value: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    if expected.contains(&reply.status) {
        return Ok(value);
    }
    // The type of a problem names the fault; its detail is left out, it is written for people.
    let kind = value["type"].as_str().unwrap_or("no problem document").to_owned();
    Err(Failure::Refused(format!("{path} answered {} {kind}", reply.status)))
}

/// A header.
pub(super) fn header(key: &str, value: impl Into<String>) -> (String, String) {
    (key.to_owned(), value.into())
}
