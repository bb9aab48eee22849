//! A courier's phone: the real core, a key in memory, and a network that can be away.

use crate::Http;
use domain::hat::Hat;
use mobile_ffi::core::{Core, Finished, HostError, Manner, Reply, Seen, SoftPlatform, SyncReport, Transport};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tempfile::TempDir;

/// The way from a phone to the server.
#[derive(Debug)]
pub struct Network {
    http: Http,
    online: AtomicBool,
    requests: AtomicU64,
}

impl Network {
    /// A way that is there.
    pub fn new(http: &Http) -> Self {
        Self {
            http: http.clone(),
            online: AtomicBool::new(true),
            requests: AtomicU64::new(0),
        }
    }

    /// Goes away or comes back.
    pub fn set_online(&self, online: bool) {
        self.online.store(online, Ordering::SeqCst);
    }

    /// How many requests got through.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Transport for Network {
    fn send(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<Reply, HostError> {
        if !self.online.load(Ordering::SeqCst) {
            return Err(HostError::new("no network"));
        }
        self.requests.fetch_add(1, Ordering::SeqCst);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = self
            .http
            .send(method, path, &headers, body)
            .map_err(|error| HostError::new(format!("{method} {path} {error}")))?;
        Ok(Reply {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        })
    }
}

/// A phone, its owner's key and its store.
pub struct Phone {
    /// The core.
    pub core: Core,
    /// Its clocks and key.
    pub host: Arc<SoftPlatform>,
    /// Its way to the server.
    pub network: Network,
    _folder: TempDir,
}

impl Phone {
    /// A phone nobody enrolled.
    ///
    /// # Panics
    /// When its store cannot be made.
    pub fn blank(http: &Http, now_ms: i64) -> Self {
        let host = Arc::new(SoftPlatform::generate(now_ms).expect("a key"));
        let folder = tempfile::tempdir().expect("a folder");
        let core = Core::open(folder.path().join("phone.db"), host.clone()).expect("opens");
        Self {
            core,
            host,
            network: Network::new(http),
            _folder: folder,
        }
    }

    /// Exchanges a one-time code for a credential.
    ///
    /// # Panics
    /// When it is refused.
    pub fn enrol(&self, code: &str) {
        self.core.enrol(code, &self.network).expect("the code is good");
    }

    /// Uploads and downloads.
    ///
    /// # Panics
    /// When the server cannot be reached.
    pub fn sync(&self) -> SyncReport {
        self.core.sync(&self.network).expect("the server answers")
    }

    /// Hands items to another phone by three scans, without a network.
    ///
    /// # Panics
    /// When one of the scans is refused.
    pub fn hand_over(&self, as_giver: Hat, to: &Self, as_receiver: Hat, codes: &[&str]) -> Finished {
        let hello = to.core.hello(as_receiver).expect("hello");
        let offer = self.core.offer(&hello, codes, &Manner::of(as_giver)).expect("offer");
        let seen: Vec<Seen> = codes.iter().map(|code| Seen::intact(code)).collect();
        let accept = to.core.accept(&offer.picture, &seen, &[]).expect("accept");
        let release = self.core.release(&accept.envelope).expect("release");
        to.core.finish(&release.envelope).expect("finish")
    }

    /// How many events wait on it.
    ///
    /// # Panics
    /// When its store fails.
    pub fn unsent(&self) -> u64 {
        self.core.status().expect("status").unsent
    }
}
