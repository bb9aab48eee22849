//! Staff access tokens: short, signed by this server, with nothing in them but who and as what.

use crate::problem::{Kind, Problem};
use domain::ids::StaffId;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use ed25519_dalek::pkcs8::spki::EncodePublicKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const ISSUER: &str = "traotay";
const AUDIENCE: &str = "traotay-api";
const TYPE: &str = "at+jwt";

/// Makes and reads access tokens.
#[derive(Clone)]
pub(crate) struct Tokens(Arc<Keys>);

struct Keys {
    sign: EncodingKey,
    check: DecodingKey,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    /// The member of staff.
    pub(crate) sub: String,
    iat: i64,
    /// Seconds since 1970.
    pub(crate) exp: i64,
    /// The session.
    pub(crate) sid: Uuid,
    /// The one role of the session now.
    pub(crate) role: String,
    /// Whether they still have to set up a second factor and may do nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) limited: bool,
}

/// Whom a token is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bearer<'a> {
    pub(crate) staff: StaffId,
    pub(crate) session: Uuid,
    pub(crate) role: &'a str,
    pub(crate) is_limited: bool,
}

impl Tokens {
    pub(crate) fn new(key: &SigningKey) -> Self {
        let secret = key
            .to_pkcs8_pem(LineEnding::LF)
            .expect("an Ed25519 key is always encodable");
        let public = key
            .verifying_key()
            .to_public_key_pem(LineEnding::LF)
            .expect("an Ed25519 key is always encodable");
        let sign = EncodingKey::from_ed_pem(secret.as_bytes()).expect("made by the line above");
        let check = DecodingKey::from_ed_pem(public.as_bytes()).expect("made by the line above");
        Self(Arc::new(Keys { sign, check }))
    }

    /// A token for a person in one of their roles.
    pub(crate) fn issue(&self, bearer: Bearer<'_>, now_ms: i64, life: Duration) -> String {
        let iat = now_ms.div_euclid(1000);
        let exp = iat.saturating_add(i64::try_from(life.as_secs()).unwrap_or(i64::MAX));
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: bearer.staff.to_string(),
            iat,
            exp,
            sid: bearer.session,
            role: bearer.role.to_owned(),
            limited: bearer.is_limited,
        };
        let header = Header {
            typ: Some(TYPE.to_owned()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, &claims, &self.0.sign).expect("plain claims under our own key always encode")
    }

    /// Reads a token back.
    pub(crate) fn read(&self, token: &str, now_ms: i64) -> Result<Claims, Problem> {
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The time is the store's, below; the library would ask the machine's clock.
        rules.validate_exp = false;
        let read = jsonwebtoken::decode::<Claims>(token, &self.0.check, &rules)
            .map_err(|error| Problem::caused(Kind::Unauthenticated, error))?;
        let is_access = read.header.typ.as_deref() == Some(TYPE);
        if is_access && read.claims.exp > now_ms.div_euclid(1000) {
            Ok(read.claims)
        } else {
            Err(Kind::Unauthenticated.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bearer, Tokens};
    use domain::ids::StaffId;
    use entity::ServerKeys;
    use std::time::Duration;
    use uuid::Uuid;

    const NOW: i64 = 1_800_000_000_000;
    const LIFE: Duration = Duration::from_mins(10);

    fn tokens() -> Tokens {
        Tokens::new(&ServerKeys::generate().tokens)
    }

    fn somebody() -> Bearer<'static> {
        Bearer {
            staff: StaffId(Uuid::from_u128(7)),
            session: Uuid::from_u128(8),
            role: "desk_agent",
            is_limited: false,
        }
    }

    #[test]
    fn a_token_says_who_and_as_what_until_it_expires() {
        let tokens = tokens();
        let token = tokens.issue(somebody(), NOW, LIFE);
        let claims = tokens.read(&token, NOW + 599_000).expect("fresh");
        assert_eq!(
            (claims.sub, claims.sid, claims.role.as_str(), claims.limited),
            (somebody().staff.to_string(), Uuid::from_u128(8), "desk_agent", false)
        );
        assert!(tokens.read(&token, NOW + 600_000).is_err());
    }

    #[test]
    fn a_token_of_another_server_or_with_another_algorithm_is_refused() {
        let mine = tokens();
        let theirs = tokens().issue(somebody(), NOW, LIFE);
        assert!(mine.read(&theirs, NOW).is_err());
        let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.";
        assert!(mine.read(none, NOW).is_err());
        assert!(mine.read("", NOW).is_err());
    }
}
