//! What is read from reference data and kept in memory until they change.

use entity::{Store, StoreError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The last reading. Cheap to clone.
#[derive(Debug)]
pub(crate) struct Kept<T>(Arc<Mutex<Option<Known<T>>>>);

/// A reading, and after how many loads of reference data it was made.
#[derive(Debug)]
struct Known<T> {
    reference: u64,
    value: Arc<T>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Kept<T> {
    /// What was read last if it still stands, else what `read` gives now.
    pub(crate) async fn of(
        &self,
        store: &Store,
        read: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<Arc<T>, StoreError> {
        // Read before the database is asked: what is kept under this number is at least as new as it.
        let reference = store.tide().map(|tide| tide.reference);
        if let Some(known) = &*self.lock()
            && Some(known.reference) == reference
        {
            return Ok(Arc::clone(&known.value));
        }
        let value = Arc::new(read.await?);
        if let Some(reference) = reference {
            let value = Arc::clone(&value);
            *self.lock() = Some(Known { reference, value });
        }
        Ok(value)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Known<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
