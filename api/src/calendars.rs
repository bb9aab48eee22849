//! The calendar book in memory, read again when reference data change.

use domain::calendar::CalendarBook;
use entity::repo::calendar;
use entity::{Store, StoreError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The last book read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calendars(Arc<Mutex<Option<Known>>>);

/// A book, and after how many loads of reference data it was read.
#[derive(Debug, Clone)]
struct Known {
    reference: u64,
    book: Arc<CalendarBook>,
}

impl Calendars {
    /// The book as of now.
    pub(crate) async fn book(&self, store: &Store) -> Result<Arc<CalendarBook>, StoreError> {
        // Read before the database is asked: a book kept under this number is at least as new as it.
        let reference = store.tide().map(|tide| tide.reference);
        if let Some(known) = &*self.lock()
            && Some(known.reference) == reference
        {
            return Ok(Arc::clone(&known.book));
        }
        let book = Arc::new(calendar::book(store.read()).await?);
        if let Some(reference) = reference {
            let book = Arc::clone(&book);
            *self.lock() = Some(Known { reference, book });
        }
        Ok(book)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
