//! A one-stop system that signs instead of showing a secret: `private_key_jwt` (RFC 7523 §2.2 and §3, under the rules of RFC 8725).
//!
//! Which algorithm is right says the key that was entered for the client, never the assertion; it is meant for this server alone,
//! lives five minutes at most, and is taken once.

use crate::App;
use crate::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::repo::lgsp::{self, Client};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;

/// How a form says that it brings one.
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The longest an assertion may live, in seconds: it goes over the network at once.
const LONGEST_S: i64 = 300;
/// How far a client's clock may be ahead, in seconds.
const SKEW_S: i64 = 30;
/// Bytes of the smallest RSA modulus: 2048 bits.
const SMALLEST_RSA: usize = 256;

/// A key and what it may sign with.
pub(crate) struct Key {
    check: DecodingKey,
    algorithms: Vec<Algorithm>,
}

/// Reads a public key; none when signatures cannot be checked with it or it is too weak.
pub(crate) fn key(jwk: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(jwk.clone()).ok()?;
    let algorithms = match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => vec![Algorithm::ES256],
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => vec![Algorithm::EdDSA],
        AlgorithmParameters::RSA(rsa) => {
            let modulus = URL_SAFE_NO_PAD.decode(&rsa.n).ok()?;
            let length = modulus.iter().skip_while(|byte| **byte == 0).count();
            (length >= SMALLEST_RSA).then(|| vec![Algorithm::PS256, Algorithm::RS256])?
        }
        _ => return None,
    };
    let check = DecodingKey::from_jwk(&jwk).ok()?;
    Some(Key { check, algorithms })
}

/// What an assertion says.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: Option<i64>,
    jti: String,
}

/// For whom: one server, however it is written.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    List([String; 1]),
}

/// The client an assertion says it is of, before anything of it is believed.
pub(crate) fn claimed(assertion: &str) -> Option<String> {
    let payload = assertion.split('.').nth(1)?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    claims["sub"].as_str().map(str::to_owned)
}

/// Whether an assertion proves that this client, who signs in with `client_key`, sent it, and was not used before.
pub(crate) async fn proves(app: &App, client: &Client, client_key: &str, assertion: &str) -> Result<bool, Problem> {
    let now = app.store.now_ms().div_euclid(1000);
    let key = client.public_key.as_ref().and_then(key);
    let Some(claims) = key.and_then(|key| read(&key, assertion)) else {
        return Ok(false);
    };
    let (Audience::One(audience) | Audience::List([audience])) = &claims.aud;
    let here = app.config.public_url.trim_end_matches('/');
    let is_for_us = audience == here || *audience == format!("{here}/lgsp/token");
    let is_theirs = claims.iss == client_key && claims.sub == client_key;
    let is_fresh = claims.exp > now
        && claims.exp <= now.saturating_add(LONGEST_S + SKEW_S)
        && claims.iat.is_none_or(|iat| iat <= now.saturating_add(SKEW_S));
    if !(is_for_us && is_theirs && is_fresh && (8..=128).contains(&claims.jti.len())) {
        return Ok(false);
    }
    let (id, ends_ms, now_ms) = (client.id, claims.exp.saturating_mul(1000), app.store.now_ms());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                lgsp::use_assertion(tx, id, &claims.jti, ends_ms, now_ms)
                    .await
                    .map_err(Problem::from)
            })
        })
        .await
}

/// What an assertion says, when this key signed it.
fn read(key: &Key, assertion: &str) -> Option<Claims> {
    let header = jsonwebtoken::decode_header(assertion).ok()?;
    let is_typed = header.typ.as_deref().is_none_or(|typ| {
        ["jwt", "client-authentication+jwt"]
            .iter()
            .any(|known| typ.eq_ignore_ascii_case(known))
    });
    if !is_typed || !key.algorithms.contains(&header.alg) {
        return None;
    }
    let mut rules = Validation::new(header.alg);
    rules.algorithms.clone_from(&key.algorithms);
    rules.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    // Times are the store's, and whom it is for is compared by the caller.
    rules.validate_exp = false;
    rules.validate_aud = false;
    let read = jsonwebtoken::decode::<Claims>(assertion, &key.check, &rules);
    read.ok().map(|read| read.claims)
}

#[cfg(test)]
mod tests {
    use super::key;
    use serde_json::json;

    #[test]
    fn a_key_that_is_weak_or_secret_or_of_a_strange_curve_is_none() {
        let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
        let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
        assert!(key(&json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })).is_some());
        assert!(key(&json!({ "kty": "EC", "crv": "P-384", "x": x, "y": y })).is_none());
        assert!(key(&json!({ "kty": "oct", "k": "c2VjcmV0" })).is_none());
        let short = "AAAA".repeat(40);
        assert!(key(&json!({ "kty": "RSA", "n": short, "e": "AQAB" })).is_none());
        assert!(key(&json!({})).is_none());
    }
}
