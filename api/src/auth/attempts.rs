//! Wrong passwords and codes are counted, for logins that do not exist as for those that do.
//!
//! The count is this process's memory: it slows a guesser down, and a restart or a second process gives them a few more tries.

use crate::App;
use crate::problem::{Kind, Problem};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Names counted at once. A guesser who floods it with made-up names loses their own counts last used, not ours.
const NAMES: usize = 50_000;

/// Failures by what was tried.
#[derive(Clone)]
pub(crate) struct Attempts(Arc<Cache<[u8; 32], Arc<Mutex<Failed>>>>);

/// How many, and since when (milliseconds UTC). Counted under a lock: whoever tries a hundred at once is counted a hundred times.
#[derive(Default)]
struct Failed {
    count: u32,
    since_ms: i64,
}

impl Default for Attempts {
    fn default() -> Self {
        Self(Arc::new(Cache::new(NAMES)))
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attempts")
    }
}

/// One try, counted as a failure until it is said to have succeeded.
pub(crate) struct Attempt<'a> {
    app: &'a App,
    key: [u8; 32],
}

/// Begins a try, unless there were too many that failed.
pub(crate) fn begin<'a>(app: &'a App, what: &str, whose: &[u8]) -> Result<Attempt<'a>, Problem> {
    let mut hash = Sha256::new();
    hash.update(what);
    hash.update([0]);
    hash.update(whose);
    let key: [u8; 32] = hash.finalize().into();
    let now = app.store.now_ms();
    let window = i64::try_from(app.config.attempts_window.as_millis()).unwrap_or(i64::MAX);
    let found: Result<_, Infallible> = app.attempts.0.get_or_insert_with(&key, || Ok(Arc::default()));
    let Ok(found) = found;
    let mut failed = found.lock().unwrap_or_else(PoisonError::into_inner);
    if failed.count == 0 || now.saturating_sub(failed.since_ms) >= window {
        *failed = Failed {
            count: 0,
            since_ms: now,
        };
    }
    if failed.count >= app.config.attempts {
        return Err(Kind::TooManyAttempts.into());
    }
    failed.count += 1;
    Ok(Attempt { app, key })
}

impl Attempt<'_> {
    /// It was the right password or code: what failed before is forgotten.
    pub(crate) fn succeeded(self) {
        self.app.attempts.0.remove(&self.key);
    }
}
