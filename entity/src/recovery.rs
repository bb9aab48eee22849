//! The recovery key: for whom phones seal a second copy of what they have not sent, and how their files are opened.
//!
//! It is derived from the server's own secret, so it is kept, backed up and put back together with it, and there is nothing
//! to set up. Copies are HPKE (RFC 9180, base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305); a file is a line that names its
//! version, then one copy a line in base64url. `mobile-ffi` writes them.

use crate::ServerKeys;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, Serializable, single_shot_open};

/// First line of a file.
pub const HEAD: &str = "traotay salvage v1";

/// What the copies are bound to.
const INFO: &[u8] = b"traotay/salvage/v1";

/// Length of an encapsulated key.
const KEY: usize = 32;

/// The key that opens what phones sealed for this server.
pub struct RecoveryKey {
    secret: <X25519HkdfSha256 as Kem>::PrivateKey,
    public: <X25519HkdfSha256 as Kem>::PublicKey,
}

impl std::fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryKey")
    }
}

impl RecoveryKey {
    /// The recovery key of these server's keys; the same each time.
    pub fn of(keys: &ServerKeys) -> Self {
        let (secret, public) = X25519HkdfSha256::derive_keypair(&keys.derive("recovery", b""));
        Self { secret, public }
    }

    /// Its public half as phones are told: base64url.
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.public.to_bytes())
    }

    /// What is inside one copy; nothing if it was not sealed for this key or was changed.
    pub fn open(&self, copy: &[u8]) -> Option<Vec<u8>> {
        let (key, sealed) = copy.split_at_checked(KEY)?;
        let key = Deserializable::from_bytes(key).ok()?;
        single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.secret,
            &key,
            INFO,
            sealed,
            b"",
        )
        .ok()
    }

    /// The envelopes in a file, in its order, and how many of its lines do not open.
    pub fn open_file(&self, file: &str) -> (Vec<Vec<u8>>, usize) {
        let opened: Vec<Option<Vec<u8>>> = copies(file)
            .map(|line| self.open(&URL_SAFE_NO_PAD.decode(line).ok()?))
            .collect();
        let unopened = opened.iter().filter(|copy| copy.is_none()).count();
        (opened.into_iter().flatten().collect(), unopened)
    }
}

/// Whether some bytes are a file of this kind: what is not, is not taken.
pub fn is_file(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.lines().next() == Some(HEAD) && copies(text).next().is_some())
}

fn copies(file: &str) -> impl Iterator<Item = &str> {
    file.lines().skip(1).map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{HEAD, INFO, KEY, RecoveryKey, is_file};
    use crate::ServerKeys;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hpke::aead::ChaCha20Poly1305;
    use hpke::kdf::HkdfSha256;
    use hpke::kem::X25519HkdfSha256;
    use hpke::{Deserializable, OpModeS, Serializable, single_shot_seal};

    fn seal(key: &RecoveryKey, text: &[u8]) -> String {
        let public = Deserializable::from_bytes(&URL_SAFE_NO_PAD.decode(key.public()).expect("base64")).expect("a key");
        let (encapsulated, sealed) = single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &public,
            INFO,
            text,
            b"",
        )
        .expect("seals");
        assert_eq!(encapsulated.to_bytes().len(), KEY);
        URL_SAFE_NO_PAD.encode([encapsulated.to_bytes().as_slice(), &sealed].concat())
    }

    #[test]
    fn a_file_opens_with_its_own_servers_keys_line_by_line() {
        let keys = ServerKeys::generate();
        let (key, other) = (RecoveryKey::of(&keys), RecoveryKey::of(&ServerKeys::generate()));
        assert_eq!(
            RecoveryKey::of(&keys).public(),
            key.public(),
            "after a restart it is the same"
        );
        let file = format!(
            "{HEAD}\n{}\nAAAA\n{}\n{}\n",
            seal(&key, b"one"),
            seal(&other, b"not ours"),
            seal(&key, b"two")
        );
        assert!(is_file(file.as_bytes()));
        assert_eq!(key.open_file(&file), (vec![b"one".to_vec(), b"two".to_vec()], 2));
    }

    #[test]
    fn what_is_no_such_file_is_told_apart() {
        for other in [
            &b""[..],
            b"traotay salvage v1\n",
            b"traotay salvage v2\nAAAA\n",
            b"\xff\xfe",
            b"{}",
        ] {
            assert!(!is_file(other));
        }
    }
}
