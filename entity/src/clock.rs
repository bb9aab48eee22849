//! The one place of the server that reads the time and makes identifiers.
//!
//! Everything else receives a [`Clock`], so that a test can choose the time of day. Nothing here knows of time zones.

use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// Tells the time and makes identifiers.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Milliseconds UTC since 1970.
    fn now_ms(&self) -> i64;

    /// A fresh time-ordered identifier (UUIDv7).
    fn new_id(&self) -> Uuid {
        new_id()
    }
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
        let now = time::OffsetDateTime::now_utc();
        i64::try_from(now.unix_timestamp_nanos() / 1_000_000)
            .expect("milliseconds since 1970 fit in 64 bits for 292 million years")
    }
}

/// A clock a test sets by hand.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Starts at `now_ms`.
    pub const fn at(now_ms: i64) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Moves the clock by `ms`, backwards when negative.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A fresh time-ordered identifier.
pub fn new_id() -> Uuid {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes identifiers")]
    Uuid::now_v7()
}

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system has none: nothing could be made safely then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bytes
}
