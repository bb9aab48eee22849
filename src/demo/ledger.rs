//! The driver's own book of everything a phone said it had recorded, kept apart from the phones and from the server.

use custody::ids::EventId;
use mobile_ffi::core::Recorded;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One event a phone said is on its disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Which event.
    pub(super) id: EventId,
    /// Whose phone, by login.
    pub(super) by: String,
    /// What it was.
    pub(super) act: &'static str,
}

/// The book.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Mutex<Vec<Entry>>,
    /// Attempts that failed, at the door and on delivery.
    pub(super) failed_attempts: AtomicU64,
    /// Hand-overs that both sides signed.
    pub(super) handovers: AtomicU64,
    /// Hand-overs that broke off and were begun again.
    pub(super) broken_off: AtomicU64,
    /// Requests sent a second time on purpose.
    pub(super) repeated: AtomicU64,
    /// Syncs that ended well.
    pub(super) syncs: AtomicU64,
    /// Syncs that did not get through.
    pub(super) syncs_cut: AtomicU64,
}

impl Ledger {
    /// Writes down what was recorded.
    pub(super) fn note(&self, by: &str, act: &'static str, recorded: &Recorded) {
        self.lock().push(Entry {
            id: recorded.event_id,
            by: by.to_owned(),
            act,
        });
    }

    /// Everything so far.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    /// How many so far.
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts one more.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
