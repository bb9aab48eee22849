//! The server's own keys: one to sign dossier acts, one to sign access tokens, one to derive secrets.
//!
//! They live in a file that only its owner may read, made on first start. Losing it does not lose evidence: old acts stay
//! verifiable with the public halves in the file `server.keys.retired` beside it, which a backup carries along; new acts get a
//! new key.

use crate::StoreError;
use crate::clock::{new_id, random};
use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The server's keys. Debug shows nothing of them.
#[derive(Clone)]
pub struct ServerKeys {
    /// Signs dossier acts.
    pub acts: SigningKey,
    /// Signs access tokens.
    pub tokens: SigningKey,
    secret: [u8; 32],
    retired: Vec<VerifyingKey>,
}

impl std::fmt::Debug for ServerKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKeys")
    }
}

impl ServerKeys {
    /// Fresh keys.
    pub fn generate() -> Self {
        Self::from_seed(&random::<96>())
    }

    fn from_seed(seed: &[u8; 96]) -> Self {
        let part = |n: usize| -> [u8; 32] {
            seed[n * 32..(n + 1) * 32]
                .try_into()
                .expect("a third of 96 bytes is 32")
        };
        Self {
            acts: SigningKey::from_bytes(&part(0)),
            tokens: SigningKey::from_bytes(&part(1)),
            secret: part(2),
            retired: Vec::new(),
        }
    }

    /// Reads the key file, or makes it when it is not there.
    ///
    /// # Errors
    /// [`StoreError::File`] when it cannot be read or written, [`StoreError::Refused`] when it is not a key file.
    pub fn load_or_create(path: &Path) -> Result<Self, StoreError> {
        if let Some(keys) = Self::load(path)? {
            return Ok(keys);
        }
        match create(path, &hex::encode(random::<96>())) {
            Ok(()) => {}
            // Another process was quicker; its keys are the keys.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(file_error(path)(error)),
        }
        Self::load_or_create(path)
    }

    /// Reads the key file, when there is one.
    ///
    /// # Errors
    /// [`StoreError::File`] when it cannot be read, [`StoreError::Refused`] when it is not a key file.
    pub fn load(path: &Path) -> Result<Option<Self>, StoreError> {
        let Some(text) = read(path)? else { return Ok(None) };
        let mut keys = Self::parse(&text).ok_or_else(|| not_keys(path))?;
        let retired = retired_path(path);
        for line in read(&retired)?.unwrap_or_default().lines() {
            let key = hex::decode(line.trim()).ok().and_then(|bytes| bytes.try_into().ok());
            let key = key.and_then(|bytes: [u8; 32]| VerifyingKey::from_bytes(&bytes).ok());
            keys.retired.push(key.ok_or_else(|| not_keys(&retired))?);
        }
        Ok(Some(keys))
    }

    /// Reads what a key file holds.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = hex::decode(text.trim()).ok()?;
        Some(Self::from_seed(&<[u8; 96]>::try_from(bytes).ok()?))
    }

    /// Puts a key file where there is none, as it was kept elsewhere.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when it is not a key file, [`StoreError::File`] when one is there or it cannot be written.
    pub fn put_back(path: &Path, text: &str) -> Result<Self, StoreError> {
        let keys = Self::parse(text)
            .ok_or_else(|| StoreError::Refused("what should be the server's keys is not".to_owned()))?;
        create(path, text.trim()).map_err(file_error(path))?;
        Ok(keys)
    }

    /// Remembers the public halves, in hex, of keys that signed acts and are lost: what they signed stays genuine.
    ///
    /// # Errors
    /// [`StoreError::File`] when they cannot be written or some are remembered already.
    pub fn retire(path: &Path, public: &[String]) -> Result<(), StoreError> {
        let path = retired_path(path);
        create(&path, &public.join("\n")).map_err(file_error(&path))
    }

    /// The public halves of every key this server signed or signs acts with.
    pub fn act_keys(&self) -> Vec<VerifyingKey> {
        std::iter::once(self.acts.verifying_key())
            .chain(self.retired.iter().copied())
            .collect()
    }

    /// Signs the heads of the public log. Made of the same secret: whoever keeps the one file keeps everything.
    pub fn log(&self) -> SigningKey {
        SigningKey::from_bytes(&self.derive("log", b"v1"))
    }

    /// Thirty-two bytes that only this server can derive, bound to a purpose and a subject.
    ///
    /// # Panics
    /// When the purpose has more than 255 bytes; purposes are short words of ours.
    pub fn derive(&self, purpose: &str, subject: &[u8]) -> [u8; 32] {
        // A prefix-free encoding under a secret key; SHA-256 length extension gains nothing because outputs are truncated
        // or compared as hashes and the subject is of fixed length for each purpose.
        let mut hash = Sha256::new();
        hash.update(self.secret);
        hash.update([u8::try_from(purpose.len()).expect("purposes are short words")]);
        hash.update(purpose.as_bytes());
        hash.update(subject);
        hash.update(self.secret);
        hash.finalize().into()
    }

    /// The mark on a server time that a device is told: nobody else can make it, and it is for this device alone.
    pub fn beacon_tag(&self, device: custody::ids::DeviceId, server_ms: i64) -> [u8; 8] {
        let subject = [&device.0[..], &server_ms.to_be_bytes()].concat();
        let mut tag = [0; 8];
        tag.copy_from_slice(&self.derive("beacon", &subject)[..8]);
        tag
    }

    /// Whether an event may be dated by its server time: it names none, or one that we told its device. Once the keys were lost nobody
    /// can tell any more, and what was believed before stays so.
    pub(crate) fn believes(&self, event: &custody::event::Event) -> bool {
        let is_ours = |beacon| custody::bracket::Beacons::is_ours(self, &event.device, beacon);
        !self.retired.is_empty() || event.beacon.as_ref().is_none_or(is_ours)
    }

    /// The secret of a citizen's page: 26 Crockford characters, 130 bits, never stored in the clear.
    pub fn capability(&self, dossier: uuid::Uuid) -> String {
        crockford(&self.derive("capability", dossier.as_bytes()))
    }
}

impl custody::bracket::Beacons for ServerKeys {
    fn is_ours(&self, device: &custody::ids::DeviceId, beacon: &custody::event::Beacon) -> bool {
        let server_ms = i64::try_from(beacon.server_ms);
        server_ms.is_ok_and(|server_ms| self.beacon_tag(*device, server_ms) == beacon.tag)
    }
}

fn retired_path(path: &Path) -> PathBuf {
    let mut retired = path.as_os_str().to_owned();
    retired.push(".retired");
    PathBuf::from(retired)
}

fn file_error(path: &Path) -> impl Fn(std::io::Error) -> StoreError + use<> {
    let path = path.display().to_string();
    move |source| StoreError::File {
        path: path.clone(),
        source,
    }
}

fn not_keys(path: &Path) -> StoreError {
    StoreError::Refused(format!("{} is not a key file", path.display()))
}

fn read(path: &Path) -> Result<Option<String>, StoreError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_error(path)(error)),
    }
}

/// Makes a file that is there whole and to stay, or not at all, wherever the power is cut: half a key would be refused at every
/// start from then on.
fn create(path: &Path, text: &str) -> std::io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", new_id()));
    let draft = Path::new(&draft);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(draft)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        // Unlike a renaming, this never takes the place of a file that is there.
        .and_then(|()| std::fs::hard_link(draft, path));
    // A draft that stays behind is a key nobody uses.
    let _ = std::fs::remove_file(draft);
    written?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// What is stored of a capability.
pub fn capability_hash(capability: &str) -> [u8; 32] {
    Sha256::digest(capability.as_bytes()).into()
}

/// The first 26 symbols of Crockford's base 32.
fn crockford(bytes: &[u8; 32]) -> String {
    const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..26)
        .map(|n| {
            let bit = n * 5;
            let pair = u16::from_be_bytes([bytes[bit / 8], bytes[bit / 8 + 1]]);
            let symbol = (pair >> (11 - bit % 8)) & 31;
            char::from(SYMBOLS[usize::from(symbol)])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ServerKeys, capability_hash, crockford};

    #[test]
    fn a_capability_is_26_symbols_and_belongs_to_one_dossier() {
        let keys = ServerKeys::generate();
        let (one, other) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        assert_eq!(keys.capability(one).len(), 26);
        assert_eq!(keys.capability(one), keys.capability(one));
        assert_ne!(keys.capability(one), keys.capability(other));
        assert_ne!(
            capability_hash(&keys.capability(one)),
            capability_hash(&keys.capability(other))
        );
    }

    #[test]
    fn crockford_takes_five_bits_at_a_time() {
        let mut bytes = [0u8; 32];
        bytes[0] = 0b0000_1000;
        bytes[1] = 0b0100_0000;
        assert!(crockford(&bytes).starts_with("110"));
    }

    #[test]
    fn keys_survive_a_restart_and_a_stranger_file_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys");
        let first = ServerKeys::load_or_create(&path).expect("made");
        let again = ServerKeys::load_or_create(&path).expect("read");
        assert_eq!(first.acts.to_bytes(), again.acts.to_bytes());
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("a folder").count(),
            1,
            "no draft stays"
        );
        std::fs::write(&path, "hello").expect("written");
        assert!(ServerKeys::load_or_create(&path).is_err());
    }

    #[test]
    fn what_a_lost_key_signed_stays_genuine() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys");
        let lost = ServerKeys::generate().acts.verifying_key();
        ServerKeys::retire(&path, &[hex::encode(lost.to_bytes())]).expect("written");
        let keys = ServerKeys::load_or_create(&path).expect("made");
        assert_eq!(keys.act_keys(), [keys.acts.verifying_key(), lost]);
    }

    #[test]
    fn keys_are_put_back_where_there_are_none_and_never_over_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let (kept, path) = (folder.path().join("kept"), folder.path().join("keys"));
        let first = ServerKeys::load_or_create(&kept).expect("made");
        let text = std::fs::read_to_string(&kept).expect("there");
        let back = ServerKeys::put_back(&path, &text).expect("put back");
        assert_eq!(back.acts.to_bytes(), first.acts.to_bytes());
        assert!(ServerKeys::put_back(&path, &text).is_err());
        assert!(ServerKeys::put_back(&folder.path().join("other"), "hello").is_err());
    }

    #[test]
    fn processes_that_start_at_once_have_the_same_keys() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys");
        let all: Vec<[u8; 32]> = std::thread::scope(|scope| {
            let starting: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| ServerKeys::load_or_create(&path).expect("made or read").acts.to_bytes()))
                .collect();
            starting.into_iter().map(|one| one.join().expect("no panic")).collect()
        });
        assert!(all.iter().all(|one| *one == all[0]));
    }
}
