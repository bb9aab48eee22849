//! What the host lends to the core: clocks, the signing key, randomness and the network.
//!
//! The core reads no clock, holds no private key and opens no socket of its own, so a test decides what time it is
//! and what the network does. Every method may fail or be slow: a failing host leaves the store as it was.

/// The host could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct HostError {
    /// What went wrong, in the host's words; never personal data.
    pub reason: String,
}

impl HostError {
    /// A failure with the host's own words.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// A reading of the monotonic clock; comparable only with readings of the same boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mono {
    /// Random id that changes at every boot.
    pub boot_id: [u8; 16],
    /// Milliseconds since that boot.
    pub ms: u64,
}

/// Clocks, key and randomness of the device.
///
/// [`sign`](Platform::sign) is called while the store is locked for the record being written, so an implementation
/// must not call back into the core.
pub trait Platform: Send + Sync {
    /// The wall clock, UTC milliseconds. A claim: it may be years off.
    ///
    /// # Errors
    /// [`HostError`] if the host cannot tell.
    fn now_ms(&self) -> Result<i64, HostError>;

    /// The monotonic clock.
    ///
    /// # Errors
    /// [`HostError`] if the host cannot tell.
    fn mono(&self) -> Result<Mono, HostError>;

    /// The device's public key, compressed P-256.
    ///
    /// # Errors
    /// [`HostError`] if the key store has no key.
    fn public_key(&self) -> Result<[u8; 33], HostError>;

    /// ECDSA P-256 over the SHA-256 of `message`, as r‖s.
    ///
    /// # Errors
    /// [`HostError`] if the key store refuses, for instance because the user did not unlock it.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HostError>;

    /// The key of the local store, thirty-two bytes: made at random once per person, kept by the phone's key store, the
    /// same at every start. Asked for once, when the store is opened.
    ///
    /// # Errors
    /// [`HostError`] if the key store has lost it or will not give it.
    fn store_key(&self) -> Result<[u8; 32], HostError>;

    /// Bytes free where the store lies; `None` if the host cannot tell.
    ///
    /// # Errors
    /// [`HostError`] if asking failed, which stops nothing.
    fn free_bytes(&self) -> Result<Option<u64>, HostError> {
        Ok(None)
    }

    /// Whether a browser keeps the signing key, which no hardware guards: the server gives it a shorter credential.
    fn is_browser(&self) -> bool {
        false
    }

    /// `len` random bytes fit for nonces.
    ///
    /// # Errors
    /// [`HostError`] if the host has no randomness.
    fn random(&self, len: usize) -> Result<Vec<u8>, HostError>;
}

/// `N` random bytes from the host.
///
/// # Errors
/// [`HostError`] if the host fails or answers another length.
pub(crate) fn random<const N: usize>(platform: &dyn Platform) -> Result<[u8; N], HostError> {
    platform
        .random(N)?
        .try_into()
        .map_err(|_| HostError::new("random bytes of the wrong length"))
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers in any case and order.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The first value of a header, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// One HTTP request to the server and its whole answer. Never called while the store is locked.
pub trait Transport: Send + Sync {
    /// Sends one request. `path` starts with a slash and may carry a query; the host adds scheme and authority.
    ///
    /// # Errors
    /// [`HostError`] if no complete answer came back; the request may or may not have arrived.
    fn send(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<Reply, HostError>;
}
