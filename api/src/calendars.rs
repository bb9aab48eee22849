//! The calendar book in memory, read again when reference data change.

use domain::calendar::CalendarBook;
use entity::repo::calendar;
use entity::{Store, StoreError};
use std::sync::{Arc, Mutex, PoisonError};

/// The last book read, and after how many loads of reference data.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calendars(Arc<Mutex<Option<(u64, Arc<CalendarBook>)>>>);

impl Calendars {
    /// The book as of now.
    pub(crate) async fn book(&self, store: &Store) -> Result<Arc<CalendarBook>, StoreError> {
        // Read before the database is asked: a book kept under this number is at least as new as it.
        let reference = store.tide().map(|tide| tide.reference);
        if let Some((known, book)) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && Some(*known) == reference
        {
            return Ok(Arc::clone(book));
        }
        let book = Arc::new(calendar::book(store.read()).await?);
        if let Some(reference) = reference {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((reference, Arc::clone(&book)));
        }
        Ok(book)
    }
}
