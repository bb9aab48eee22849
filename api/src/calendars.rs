//! The calendar book in memory, read again when reference data change.

use crate::kept::Kept;
use domain::calendar::CalendarBook;
use entity::repo::calendar;
use entity::{Store, StoreError};
use std::sync::Arc;

/// The last book read.
#[derive(Debug, Default)]
pub(crate) struct Calendars(Kept<CalendarBook>);

impl Calendars {
    /// The book as of now.
    pub(crate) async fn book(&self, store: &Store) -> Result<Arc<CalendarBook>, StoreError> {
        self.0.of(store, calendar::book(store.open())).await
    }
}
