//! The calls of a phone (trust §3.2).

pub(super) mod blobs;
pub(super) mod changes;
pub(super) mod events;
pub(super) mod gaps;
pub(super) mod hello;
pub(super) mod numbers;
pub(super) mod receipts;
pub(super) mod salvage;
pub(super) mod schema;

use domain::wire::v1::Limits;

/// Most events in one batch.
fn most_events() -> usize {
    usize::try_from(Limits::default().batch_events).unwrap_or(usize::MAX)
}

/// A number of a device's chain, as the wire counts.
fn seq(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Ranges as the wire writes them.
fn ranges(ranges: Vec<(i64, i64)>) -> Vec<(u64, u64)> {
    ranges.into_iter().map(|(from, to)| (seq(from), seq(to))).collect()
}
