//! Talks to the server: proves the device, reads answers, and turns what is no answer into [`CourierError`].
//!
//! The store is never locked while a request is under way.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use custody::envelope::PublicKey;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::CourierError;
use super::platform::{Platform, Reply, Transport, random};
use super::store::{Store, exchange};

/// Requests of one enrolled device during one sync.
pub(crate) struct Client<'a> {
    pub(crate) store: &'a Store,
    pub(crate) platform: &'a dyn Platform,
    pub(crate) transport: &'a dyn Transport,
    pub(crate) key: PublicKey,
}

/// A body and what it is.
pub(crate) struct Body<'a> {
    pub(crate) content_type: &'a str,
    pub(crate) bytes: &'a [u8],
    /// One more header: its name and value.
    pub(crate) more: Option<(&'static str, String)>,
}

impl<'a> Body<'a> {
    /// A message of ours.
    pub(crate) const fn json(bytes: &'a [u8]) -> Self {
        Self {
            content_type: "application/json",
            bytes,
            more: None,
        }
    }
}

impl Client<'_> {
    /// Sends one request with a device proof; once more with a fresh nonce where the server asks for one.
    pub(crate) fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        target: &str,
        body: Option<&Body<'_>>,
    ) -> Result<T, CourierError> {
        read(&self.answer(method, target, body)?)
    }

    /// The text of a good answer; `None` where the server has no such page.
    pub(crate) fn text(&self, target: &str) -> Result<Option<String>, CourierError> {
        let reply = self.answer("GET", target, None)?;
        match reply.status {
            404 => Ok(None),
            200..=299 => Ok(String::from_utf8(reply.body).ok()),
            _ => Err(refused(&reply)),
        }
    }

    fn answer(&self, method: &str, target: &str, body: Option<&Body<'_>>) -> Result<Reply, CourierError> {
        let first = self.send(method, target, body)?;
        if asks_for_nonce(&first) {
            return self.send(method, target, body);
        }
        Ok(first)
    }

    fn send(&self, method: &str, target: &str, body: Option<&Body<'_>>) -> Result<Reply, CourierError> {
        let mut headers = vec![("DPoP".to_owned(), self.proof(method, target)?)];
        if let Some(body) = body {
            headers.push(("Content-Type".to_owned(), body.content_type.to_owned()));
            headers.extend(
                body.more
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone())),
            );
        }
        let bytes = body.map_or(&[][..], |body| body.bytes);
        let reply = send(self.transport, method, target, &headers, bytes)?;
        if let Some(nonce) = reply.header("DPoP-Nonce") {
            self.store.write(|tx| exchange::save_nonce(tx, nonce))?;
        }
        Ok(reply)
    }

    /// A JWT over method, path and the server's last nonce, signed by the device key.
    fn proof(&self, method: &str, target: &str) -> Result<String, CourierError> {
        let nonce = self.store.read(exchange::load)?.nonce.unwrap_or_default();
        let jti: [u8; 16] = random(self.platform)?;
        let path = target.split('?').next().unwrap_or(target);
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "kid": self.key.device_id().to_string()});
        let claims = json!({"jti": hex::encode(jti), "htm": method, "htu": path, "nonce": nonce});
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.platform.sign(signed.as_bytes())?;
        Ok(format!("{signed}.{}", encode(signature)))
    }
}

/// Sends one request as it is.
pub(crate) fn send(
    transport: &dyn Transport,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<Reply, CourierError> {
    let sent = transport.send(method, target, headers, body);
    sent.map_err(|error| CourierError::Unreachable {
        why: error.reason,
        retry_after_ms: None,
    })
}

/// The JSON of a good answer; anything else as the kind of failure it is.
pub(crate) fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, CourierError> {
    match reply.status {
        200..=299 => serde_json::from_slice(&reply.body).map_err(|error| CourierError::Unreachable {
            why: format!("the answer is not readable: {error}"),
            retry_after_ms: None,
        }),
        _ => Err(refused(reply)),
    }
}

/// An answer that is none, as the kind of failure it is.
fn refused(reply: &Reply) -> CourierError {
    match reply.status {
        401 | 403 if !asks_for_nonce(reply) => CourierError::NotEnrolled { why: problem(reply) },
        _ => CourierError::Unreachable {
            why: problem(reply),
            retry_after_ms: retry_after_ms(reply),
        },
    }
}

fn asks_for_nonce(reply: &Reply) -> bool {
    reply.status == 401 && problem(reply).ends_with("use-nonce") && reply.header("DPoP-Nonce").is_some()
}

/// `status type` of a problem; never its detail, which may name things.
fn problem(reply: &Reply) -> String {
    let body: Option<Value> = serde_json::from_slice(&reply.body).ok();
    let slug = body
        .as_ref()
        .and_then(|value| value.get("type")?.as_str())
        .unwrap_or_default();
    format!("{} {slug}", reply.status)
}

fn retry_after_ms(reply: &Reply) -> Option<u64> {
    reply
        .header("Retry-After")?
        .trim()
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000)
}

/// A message of ours as JSON.
pub(crate) fn json_bytes(message: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(message).expect("plain strings and numbers always serialize")
}

/// Base64url without padding.
pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url without padding.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A query value that survives any proxy.
pub(crate) fn percent(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a string cannot fail");
        }
        out
    })
}

impl CourierError {
    /// Whether the server answered that it will not do this, so that asking again now is no use: any 4xx but the two that speak
    /// of the device.
    pub(crate) fn is_declined(&self) -> bool {
        matches!(self, Self::Unreachable { why, .. } if why.starts_with('4'))
    }

    /// Whether what was sent is more than the server ever takes.
    pub(crate) fn is_too_large(&self) -> bool {
        matches!(self, Self::Unreachable { why, .. } if why.starts_with("413 "))
    }

    /// Whether the server says that the cursor is no longer valid and the feed starts anew.
    pub(crate) fn asks_for_resync(&self) -> bool {
        matches!(self, Self::Unreachable { why, .. } if why.starts_with("410 "))
    }
}
