//! TLS of our own, for an installation without a proxy before it.
//!
//! A renewed certificate is read as soon as its files change; one that cannot be used is told in the log, and the old one stays.

use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Where the certificate and its key are, both as PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificate, and after it those between it and the root.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Why the files cannot be used. Says nothing of what is in the key.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate's file.
    #[error("the certificate cannot be used: {0}")]
    Cert(String),
    /// The key's file.
    #[error("the key cannot be used: {0}")]
    Key(String),
    /// The two together.
    #[error("certificate and key do not belong together: {0}")]
    Pair(String),
}

impl TlsFiles {
    /// Whether they can be used.
    ///
    /// # Errors
    /// [`TlsError`] naming the file at fault.
    pub fn check(&self) -> Result<(), TlsError> {
        self.load().map(drop)
    }

    fn load(&self) -> Result<ServerConfig, TlsError> {
        let certs: Vec<_> = CertificateDer::pem_file_iter(&self.cert)
            .and_then(Iterator::collect)
            .map_err(|error| TlsError::Cert(error.to_string()))?;
        if certs.is_empty() {
            return Err(TlsError::Cert("no certificate is in the file".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| TlsError::Key(error.to_string()))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(certs, key))
            .map_err(|error| TlsError::Pair(error.to_string()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// What is in the files. Their times would not do: a file that is read half-written may be whole within the same tick.
    fn content(&self) -> [Option<[u8; 32]>; 2] {
        let of = |path: &Path| std::fs::read(path).ok().map(|bytes| Sha256::digest(bytes).into());
        [of(&self.cert), of(&self.key)]
    }
}

/// The certificate in use.
#[derive(Clone)]
pub(crate) struct Tls {
    files: TlsFiles,
    current: Arc<Mutex<Current>>,
}

struct Current {
    acceptor: TlsAcceptor,
    of: [Option<[u8; 32]>; 2],
}

impl Tls {
    pub(crate) fn load(files: TlsFiles) -> io::Result<Self> {
        let of = files.content();
        let config = files.load().map_err(io::Error::other)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self {
            files,
            current: Arc::new(Mutex::new(Current { acceptor, of })),
        })
    }

    /// What a new connection is greeted with.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.acceptor.clone()
    }

    /// Reads the files again when they changed.
    pub(crate) fn refresh(&self) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let of = self.files.content();
        if of == current.of {
            return;
        }
        current.of = of;
        match self.files.load() {
            Ok(config) => {
                current.acceptor = TlsAcceptor::from(Arc::new(config));
                tracing::info!("the certificate was renewed");
            }
            Err(error) => tracing::error!(error = %error, "the renewed certificate cannot be used; the old one stays"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Tls, TlsError, TlsFiles};
    use std::sync::Arc;

    fn made(folder: &std::path::Path) -> TlsFiles {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let files = TlsFiles {
            cert: folder.join("cert.pem"),
            key: folder.join("key.pem"),
        };
        std::fs::write(&files.cert, made.cert.pem()).expect("written");
        std::fs::write(&files.key, made.signing_key.serialize_pem()).expect("written");
        files
    }

    #[test]
    fn a_renewed_pair_is_used_and_half_a_pair_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let (files, other) = (made(folder.path()), tempfile::tempdir().expect("a folder"));
        let tls = Tls::load(files.clone()).expect("it can be used");
        let first = tls.acceptor();
        tls.refresh();
        assert!(Arc::ptr_eq(first.config(), tls.acceptor().config()), "nothing changed");
        std::fs::copy(made(other.path()).key, &files.key).expect("copied");
        assert!(matches!(files.check(), Err(TlsError::Pair(_))), "{:?}", files.check());
        tls.refresh();
        assert!(
            Arc::ptr_eq(first.config(), tls.acceptor().config()),
            "the old pair stays"
        );
        std::fs::copy(other.path().join("cert.pem"), &files.cert).expect("copied");
        tls.refresh();
        assert!(
            !Arc::ptr_eq(first.config(), tls.acceptor().config()),
            "the new pair is whole"
        );
    }

    #[test]
    fn the_file_at_fault_is_named_and_nothing_of_the_key_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = made(folder.path());
        std::fs::write(
            &files.key,
            "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
        )
        .expect("written");
        let fault = files.check().expect_err("no key");
        assert!(
            !fault.to_string().contains("c2VjcmV0") && !fault.to_string().contains("secret"),
            "{fault}"
        );
        std::fs::write(&files.cert, "nothing").expect("written");
        assert!(matches!(files.check(), Err(TlsError::Cert(_))));
    }
}
