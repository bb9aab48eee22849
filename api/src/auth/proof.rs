//! The device proof of one request: a small JWT signed by the device's key (RFC 9449 with a server nonce).

use crate::problem::{Kind, Problem};
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use custody::envelope::PublicKey;
use custody::ids::DeviceId;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use p256::elliptic_curve::sec1::ToSec1Point;
use serde::Deserialize;

/// A proof that has been read but not checked.
pub(crate) struct Proof<'a> {
    token: &'a str,
    /// Who claims to have made it.
    pub(crate) device: DeviceId,
}

/// What a proof says.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    jti: String,
    htm: String,
    htu: String,
    /// The server's nonce; empty before the device has one.
    #[serde(default)]
    pub(crate) nonce: String,
}

fn bad(why: &'static str) -> Problem {
    Problem::caused(Kind::BadProof, why)
}

impl<'a> Proof<'a> {
    /// Finds the one proof of a request.
    pub(crate) fn read(headers: &'a HeaderMap) -> Result<Self, Problem> {
        let mut all = headers.get_all("dpop").iter();
        let (Some(value), None) = (all.next(), all.next()) else {
            return Err(bad("not exactly one DPoP header"));
        };
        let token = value.to_str().map_err(|_| bad("not visible ASCII"))?;
        let header = jsonwebtoken::decode_header(token).map_err(|_| bad("no JWT"))?;
        if header.alg != Algorithm::ES256 || header.typ.as_deref() != Some("dpop+jwt") {
            return Err(bad("another kind of JWT"));
        }
        let device = header
            .kid
            .as_deref()
            .and_then(|kid| kid.parse().ok())
            .ok_or_else(|| bad("no device in kid"))?;
        Ok(Self { token, device })
    }

    /// Checks the signature and that the proof was made for this very method and path.
    pub(crate) fn check(&self, key: &PublicKey, method: &str, path: &str) -> Result<Claims, Problem> {
        let mut rules = Validation::new(Algorithm::ES256);
        // A proof has no expiry of its own; the nonce bounds its life by the server's clock.
        rules.set_required_spec_claims::<&str>(&[]);
        rules.validate_exp = false;
        rules.validate_aud = false;
        let claims = jsonwebtoken::decode::<Claims>(self.token, &decoding_key(key)?, &rules)
            .map_err(|error| Problem::caused(Kind::BadProof, error))?
            .claims;
        if !(16..=64).contains(&claims.jti.len()) {
            return Err(bad("jti is not 16 to 64 characters"));
        }
        if claims.htm != method || path_of(&claims.htu) != path {
            return Err(bad("made for another request"));
        }
        Ok(claims)
    }
}

fn decoding_key(key: &PublicKey) -> Result<DecodingKey, Problem> {
    let point = p256::PublicKey::from_sec1_bytes(&key.0)
        .map_err(|_| bad("the stored key is no point"))?
        .to_sec1_point(false);
    let (Some(x), Some(y)) = (point.x(), point.y()) else {
        return Err(bad("the stored key is no point"));
    };
    DecodingKey::from_ec_components(&URL_SAFE_NO_PAD.encode(x), &URL_SAFE_NO_PAD.encode(y))
        .map_err(|error| Problem::caused(Kind::BadProof, error))
}

/// The path of `htu`, which may be a whole address: behind a proxy we do not know our own.
fn path_of(htu: &str) -> &str {
    let after_scheme = htu
        .split_once("://")
        .map_or(htu, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    after_scheme.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn the_path_of_an_address_is_found() {
        assert_eq!(path_of("/api/v1/sync/hello"), "/api/v1/sync/hello");
        assert_eq!(
            path_of("https://post.example/api/v1/sync/changes?cursor=x"),
            "/api/v1/sync/changes"
        );
        assert_eq!(path_of("https://post.example"), "/");
    }
}
