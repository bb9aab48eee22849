//! Wrong passwords and codes are counted, for logins that do not exist as for those that do.
//!
//! The count is this process's memory: it slows a guesser down, and a restart or a second process gives them a few more tries.

use crate::App;
use crate::problem::{Kind, Problem};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// Names counted at once. A guesser who floods it with made-up names loses their own counts last used, not ours.
const NAMES: usize = 50_000;

/// Failures by what was tried: how many, and since when (milliseconds UTC).
#[derive(Clone)]
pub(crate) struct Attempts(Arc<Cache<[u8; 32], (u32, i64)>>);

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
    let (failed, since) = app
        .attempts
        .0
        .get(&key)
        .filter(|(_, since)| now.saturating_sub(*since) < window)
        .unwrap_or((0, now));
    if failed >= app.config.attempts {
        return Err(Kind::TooManyAttempts.into());
    }
    app.attempts.0.insert(key, (failed + 1, since));
    Ok(Attempt { app, key })
}

impl Attempt<'_> {
    /// It was the right password or code: what failed before is forgotten.
    pub(crate) fn succeeded(self) {
        self.app.attempts.0.remove(&self.key);
    }
}
