//! Codes of second factors (RFC 6238: SHA-1, six digits, thirty seconds, one step of patience either way).

use entity::ServerKeys;
use entity::repo::second_factor::{self, Factor};
use totp_rs::{Algorithm, Builder, Secret};

/// Seconds of one step.
const STEP_S: u64 = 30;

/// The step a code was made for, when it is a code of this factor around now.
pub(crate) fn step_of(keys: &ServerKeys, factor: &Factor, code: &str, now_ms: i64) -> Option<i64> {
    let seconds = u64::try_from(now_ms.div_euclid(1000)).ok()?;
    let typed: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
    let reckoner = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP_S)
        .with_secret(Secret::new_stack(second_factor::secret(keys, factor)))
        .build()
        .ok()?;
    i64::try_from(reckoner.check(&typed, seconds)?).ok()
}

/// Base 32 without padding (RFC 4648), as authenticators read it.
pub(crate) fn typed(secret: &[u8; 20]) -> String {
    base32::encode(base32::Alphabet::Rfc4648 { padding: false }, secret)
}
