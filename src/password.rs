//! Passwords and secrets of people and one-stop clients: made, hashed, never kept in the clear.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use entity::clock::random;

/// A password a person can type: 20 characters without look-alikes, about 96 bits.
pub fn generate() -> String {
    const SYMBOLS: &[u8; 28] = b"abcdefghkmnpqrstuvwxyz234567";
    let raw = random::<20>();
    raw.iter()
        .map(|byte| char::from(SYMBOLS[usize::from(*byte) % SYMBOLS.len()]))
        .collect()
}

/// The argon2id string of a password, with the parameters OWASP recommends (19 MiB, 2 passes).
///
/// # Panics
/// Never: the parameters are constants within the allowed range.
pub fn hash(password: &str) -> String {
    let params = Params::new(19 * 1024, 2, 1, None).expect("constants within range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password.as_bytes())
        .expect("constants within range")
        .to_string()
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
