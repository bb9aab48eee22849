//! Nonces of device proofs, without memory: a bucket of time and a tag only this server can make.
//!
//! They make a proof fresh by the server's clock, so a phone whose clock is a year off can still prove itself.

use crate::App;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::ServerKeys;
use subtle::ConstantTimeEq;

/// A nonce is good in its own bucket and the next one: ten to twenty minutes.
const BUCKET_MS: i64 = 10 * 60 * 1000;

/// The nonce of this moment.
fn nonce(keys: &ServerKeys, now_ms: i64) -> String {
    of_bucket(keys, now_ms.div_euclid(BUCKET_MS))
}

/// The nonce a caller should use next.
pub(crate) fn nonce_now(app: &App) -> String {
    nonce(&app.keys, app.store.now_ms())
}

/// Whether `given` is of this bucket or the one before.
pub(crate) fn is_fresh(keys: &ServerKeys, given: &str, now_ms: i64) -> bool {
    let bucket = now_ms.div_euclid(BUCKET_MS);
    [bucket, bucket - 1]
        .iter()
        .any(|bucket| of_bucket(keys, *bucket).as_bytes().ct_eq(given.as_bytes()).into())
}

fn of_bucket(keys: &ServerKeys, bucket: i64) -> String {
    let bucket = bucket.to_be_bytes();
    let tag = keys.derive("dpop-nonce", &bucket);
    URL_SAFE_NO_PAD.encode([&bucket[..], &tag[..16]].concat())
}

/// Puts a fresh nonce on every answer of the sync routes, refusals included.
pub(crate) async fn give_nonce(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let value = HeaderValue::from_str(&nonce_now(&app)).expect("base64url is visible ASCII");
    response.headers_mut().insert("dpop-nonce", value);
    response
}

#[cfg(test)]
mod tests {
    use super::{BUCKET_MS, is_fresh, nonce};
    use entity::ServerKeys;

    #[test]
    fn a_nonce_lasts_at_least_ten_and_at_most_twenty_minutes() {
        let keys = ServerKeys::generate();
        let now = 1_800_000_123_456;
        let made = nonce(&keys, now);
        assert!(is_fresh(&keys, &made, now));
        assert!(is_fresh(&keys, &made, now + BUCKET_MS));
        assert!(!is_fresh(&keys, &made, now + 2 * BUCKET_MS));
        assert!(!is_fresh(&keys, &made, now - BUCKET_MS));
        assert!(!is_fresh(&ServerKeys::generate(), &made, now));
        assert!(!is_fresh(&keys, "", now));
    }
}
