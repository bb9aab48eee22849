//! Passwords and client secrets: argon2id, off the async threads, the same work for a login that does not exist.

use crate::App;
use crate::problem::{Kind, Problem};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use entity::clock::random;
use std::sync::{Arc, LazyLock};

/// What an unknown login's password is compared with.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("a password nobody has"));

/// A password a person can type: 20 characters without look-alikes, about 96 bits.
pub fn generate() -> String {
    const SYMBOLS: &[u8; 28] = b"abcdefghkmnpqrstuvwxyz234567";
    let raw = random::<20>();
    raw.iter()
        .map(|byte| char::from(SYMBOLS[usize::from(*byte) % SYMBOLS.len()]))
        .collect()
}

/// A new password and its argon2id string.
pub(crate) async fn make(app: &App) -> Result<(String, String), Problem> {
    let place = Arc::clone(&app.password_checks).acquire_owned().await;
    let _place = place.map_err(|error| Problem::caused(Kind::Busy, error))?;
    let made = tokio::task::spawn_blocking(|| {
        let password = generate();
        let hash = hash(&password);
        (password, hash)
    });
    made.await.map_err(|error| Problem::caused(Kind::Internal, error))
}

/// The argon2id string of a password (19 MiB, 2 passes, as OWASP recommends). Takes a good part of a second and 19 MiB: not for async threads.
#[expect(
    clippy::missing_panics_doc,
    reason = "the default parameters are valid and salts come from the operating system"
)]
pub fn hash(password: &str) -> String {
    Argon2::default()
        .hash_password(password.as_bytes())
        .expect("default parameters are valid")
        .to_string()
}

/// Whether `given` is the password of `stored`; with nothing stored it takes as long and is wrong.
pub(crate) async fn check(app: &App, stored: Option<String>, given: String) -> Result<bool, Problem> {
    let place = Arc::clone(&app.password_checks).acquire_owned().await;
    let _place = place.map_err(|error| Problem::caused(Kind::Busy, error))?;
    let checked = tokio::task::spawn_blocking(move || {
        let is_somebody = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        let fits = PasswordHash::new(&stored)
            .is_ok_and(|hash| Argon2::default().verify_password(given.as_bytes(), &hash).is_ok());
        fits && is_somebody
    });
    checked.await.map_err(|error| Problem::caused(Kind::Internal, error))
}

#[cfg(test)]
mod tests {
    use super::{generate, hash};

    #[test]
    fn passwords_differ_and_their_hash_does_not_show_them() {
        let (one, other) = (generate(), generate());
        assert_ne!(one, other);
        assert!(!hash(&one).contains(&one));
        assert_ne!(hash(&one), hash(&one), "salted");
    }
}
