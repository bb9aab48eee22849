//! The public log of every fact: leaves and tiles as the sequencer numbers facts, heads that are signed, receipts, and what a
//! check finds.
//!
//! Whatever the inbox holds is in the log, acts and unreadable bytes too: an edited, removed or slipped-in row shows. The tree is
//! split into shards with an origin each. A year has one; after a restore a new one begins, because facts that come back then may
//! come in another order, and one origin must never have two histories (trust §2.4).
//!
//! Start at [`integrate`](integrate::integrate), then [`sign`]. What a leaf commits to and how a proof is checked is `custody::log`.

mod check;
mod gossip;
pub(crate) mod integrate;
mod read;
mod receipt;
mod seen;
mod shard;
mod sign;
mod story;

pub use check::{Damage, Found, check};
pub use read::{checkpoint, entries, proof_between, tile};
pub use receipt::{of_event, receipts};
pub use seen::Seen;
pub use shard::{Shard, all as shards, find};
pub use sign::{Head, LogSigner, SignError, keep_note, newest, sign};
pub use story::{Line, lines, of_dossier};
