//! How far the log is folded, as this process knows it: answers made from projections can be kept until that changes.
//!
//! It is a hint for caches and nothing else. It is never ahead of what a later read shows: it is read from a committed row, or
//! raised after this process committed a fold.

use super::Store;
use crate::repo::setting;
use crate::{StoreError, sequencer};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What every projection and every name shown with it depend on. Two equal tides mean equal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tide {
    /// The number of the last fact that was folded.
    pub folded: i64,
    /// How often reference data (offices, agencies, calendars) were loaded.
    pub reference: u64,
}

/// The last look at the tide.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<Option<(Tide, Instant)>>);

impl Seen {
    fn fresh(&self, at_most: Duration) -> Option<Tide> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.filter(|(_, at)| at.elapsed() <= at_most).map(|(tide, _)| tide)
    }

    /// A look may have been overtaken by a fold of this process, so the number only grows.
    fn look(&self, tide: Tide, began: Instant) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let folded = seen.map_or(tide.folded, |(before, _)| before.folded.max(tide.folded));
        *seen = Some((Tide { folded, ..tide }, began));
    }

    fn raise(&self, folded: i64) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((tide, _)) = seen.as_mut() {
            tide.folded = tide.folded.max(folded);
        }
    }
}

impl Store {
    /// The tide, or nothing when this process has not looked for longer than [`super::Settings::tide_fresh`]: then an answer
    /// must be made anew.
    pub fn tide(&self) -> Option<Tide> {
        self.inner.tide.fresh(self.inner.settings.tide_fresh)
    }

    /// Reads the tide. Called regularly by whoever keeps answers.
    ///
    /// # Errors
    /// When the database fails; what was seen before then grows old by itself.
    pub async fn look_at_tide(&self) -> Result<Tide, StoreError> {
        let began = Instant::now();
        let folded = sequencer::state(self.read()).await?.applied_index;
        let reference = setting::reference(self.read()).await?;
        let tide = Tide { folded, reference };
        self.inner.tide.look(tide, began);
        Ok(tide)
    }

    /// Tells this process that facts up to `index` were folded and committed.
    pub(crate) fn folded_to(&self, index: i64) {
        self.inner.tide.raise(index);
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, Tide};
    use std::time::{Duration, Instant};

    const LONG: Duration = Duration::from_hours(1);

    #[test]
    fn a_fold_is_known_at_once_and_an_older_look_does_not_take_it_back() {
        let seen = Seen::default();
        seen.raise(5);
        assert_eq!(seen.fresh(LONG), None, "nobody has looked yet");
        let old = Tide {
            folded: 3,
            reference: 1,
        };
        seen.look(old, Instant::now());
        seen.raise(7);
        seen.look(
            Tide {
                folded: 4,
                reference: 2,
            },
            Instant::now(),
        );
        assert_eq!(
            seen.fresh(LONG),
            Some(Tide {
                folded: 7,
                reference: 2
            })
        );
    }

    #[test]
    fn a_look_grows_old() {
        let seen = Seen::default();
        seen.look(
            Tide {
                folded: 1,
                reference: 0,
            },
            Instant::now(),
        );
        assert!(seen.fresh(LONG).is_some());
        assert_eq!(seen.fresh(Duration::ZERO), None);
    }
}
