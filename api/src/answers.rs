//! Answers that are made from projections, kept until the next fact is folded.
//!
//! Most looks at a page or a feed find nothing new. Such an answer is kept in memory with the [`Tide`] it was made at and given
//! again as long as that tide stands. It never outlives a change: what was made before a fold has another tide. Refusals are
//! not kept, so guessing costs us no memory.

use crate::ApiConfig;
use bytes::Bytes;
use entity::Store;
use entity::store::Tide;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// Which answer. Secrets are here as their hash only.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Asked {
    /// A citizen's page.
    Page {
        /// SHA-256 of the link's secret.
        secret: [u8; 32],
        /// Whether in English.
        is_english: bool,
    },
    /// A page of a one-stop system's tracking feed.
    Feed {
        /// Whose feed.
        client: Uuid,
        /// After which row.
        last: i64,
        /// Rows at most.
        size: u64,
    },
}

/// An answer that may be kept.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Its body.
    pub(crate) body: Bytes,
    /// When it ends to be true by itself, in milliseconds UTC.
    pub(crate) ends_at_ms: i64,
}

#[derive(Clone)]
struct Kept {
    tide: Tide,
    answer: Answer,
}

/// Counts what an answer takes in memory.
#[derive(Clone)]
struct Weight;

impl Weighter<Asked, Kept> for Weight {
    fn weight(&self, _: &Asked, kept: &Kept) -> u64 {
        const OVERHEAD: u64 = 200;
        u64::try_from(kept.answer.body.len()).unwrap_or(u64::MAX / 2) + OVERHEAD
    }
}

/// The kept answers. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Answers(Arc<Cache<Asked, Kept, Weight>>);

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers")
            .field("count", &self.0.len())
            .finish_non_exhaustive()
    }
}

impl Answers {
    pub(crate) fn new(config: &ApiConfig) -> Self {
        const USUAL_BYTES: u64 = 6 * 1024;
        let bytes = config.answers_bytes;
        let count = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
        Self(Arc::new(Cache::with_weighter(count, bytes, Weight)))
    }

    /// The kept answer if it still stands, else the one `render` gives, which is kept. `None` is passed on and not kept.
    pub(crate) async fn of<E>(
        &self,
        store: &Store,
        asked: Asked,
        render: impl Future<Output = Result<Option<Answer>, E>>,
    ) -> Result<Option<Bytes>, E> {
        // Read before the database is asked: what is kept under this tide is at least as new as it.
        let tide = store.tide();
        if let Some(tide) = tide
            && let Some(kept) = self.0.get(&asked)
            && kept.tide == tide
            && store.now_ms() < kept.answer.ends_at_ms
        {
            return Ok(Some(kept.answer.body));
        }
        let made = render.await?;
        if let (Some(tide), Some(answer)) = (tide, &made) {
            let answer = answer.clone();
            self.0.insert(asked, Kept { tide, answer });
        }
        Ok(made.map(|answer| answer.body))
    }
}
