//! Where it is kept: tables, the detached write helper, the inbox, the sequencer and its projections, the outbox, and every
//! query of the program.
//!
//! This is the only crate that speaks SQL. Rules of law and custody live in `domain` and `custody`; this crate stores their
//! input, runs their folds and hands out what a [`Scope`] may see. It deliberately knows nothing of HTTP, and it starts no
//! background work by itself: `worker` drives the [`sequencer`] and the [`outbox`].
//!
//! Start reading at [`store::Store`], then [`inbox`], [`sequencer`] and [`project`].

pub mod backup;
pub mod blob;
pub mod clock;
mod error;
pub mod fence;
pub mod fsck;
pub mod inbox;
pub mod keys;
pub mod outbox;
pub mod project;
pub mod rebuild;
pub mod recovery;
pub mod repo;
pub mod room;
pub mod scope;
pub mod sequencer;
pub mod store;
pub mod table;
pub mod testing;
pub mod tlog;

pub use blob::Blobs;
pub use error::StoreError;
pub use keys::ServerKeys;
pub use scope::Scope;
pub use store::Store;
