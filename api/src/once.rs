//! `Idempotency-Key`, and the digest of a body that does not depend on how it was typed.

use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entity::repo::idempotency::Once;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// The longest key. A UUID has 36 characters.
const LONGEST: usize = 128;

/// The key of a request that may be repeated, when there is one.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        match value.to_str() {
            Ok(key) if (1..=LONGEST).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            _ => Err(Problem::with(
                Kind::InvalidRequest,
                "Idempotency-Key has 1 to 128 visible ASCII characters",
            )),
        }
    }
}

impl IdempotencyKey {
    /// Binds the key to what is asked, by whom, with which body.
    pub(crate) fn once(&self, operation: &str, caller: &str, body: &Value) -> Option<Once> {
        let key = self.0.as_ref()?;
        let mut hash = Sha256::new();
        for part in [operation, caller, key] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Some(Once {
            key: hash.finalize().into(),
            digest: digest(body),
        })
    }
}

/// SHA-256 of a body's canonical form.
pub(crate) fn digest(body: &Value) -> [u8; 32] {
    Sha256::digest(canonical(body).to_string()).into()
}

/// Keys folded to lower case and sorted, texts composed (NFC) and trimmed, `1.0` written as `1`, nothing that is empty.
pub(crate) fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<(String, Value)> = fields
                .iter()
                .map(|(key, value)| (key.to_lowercase(), canonical(value)))
                .filter(|(_, value)| !is_empty(value))
                .collect();
            sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(sorted.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(values) => values.iter().map(canonical).collect(),
        Value::String(text) => Value::String(text.trim().nfc().collect()),
        Value::Number(number) => number
            .as_f64()
            .filter(|_| number.is_f64())
            .and_then(whole)
            .map_or_else(|| value.clone(), Value::from),
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

/// A number without a fraction that an `f64` holds exactly.
pub(crate) fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{IdempotencyKey, canonical, digest};
    use serde_json::json;

    #[test]
    fn a_body_has_one_digest_however_it_is_typed() {
        let typed = json!({ "OrderNumber": "A1", "SenderName": "Nguyễn ", "CODAmount": 5.0, "Note": null });
        let again = json!({ "senderName": "Nguye\u{302}\u{303}n", "ordernumber": "A1", "codAmount": 5, "x": "" });
        assert_eq!(digest(&typed), digest(&again));
        assert_ne!(digest(&typed), digest(&json!({ "OrderNumber": "A1" })));
    }

    #[test]
    fn lists_keep_their_order() {
        assert_eq!(canonical(&json!(["b", " a "])), json!(["b", "a"]));
    }

    #[test]
    fn a_key_belongs_to_one_operation_and_one_caller() {
        let key = IdempotencyKey(Some("k".to_owned()));
        let hash = |operation, caller| key.once(operation, caller, &json!({})).expect("a key").key;
        assert_eq!(hash("a", "b"), hash("a", "b"));
        assert_ne!(hash("a", "b"), hash("ab", ""));
        assert_ne!(hash("a", "b"), hash("a", "c"));
        assert!(IdempotencyKey(None).once("a", "b", &json!({})).is_none());
    }
}
