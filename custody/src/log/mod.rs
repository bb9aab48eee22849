//! The public log: every fact is a leaf of a Merkle tree that is only ever added to, and whoever holds a receipt can check that
//! without asking anybody.
//!
//! The tree is RFC 6962's, served as tiles (C2SP tlog-tiles), its heads signed as checkpoints (C2SP tlog-checkpoint) and
//! cosigned by witnesses (C2SP tlog-cosignature). A leaf holds a salted commitment and nothing of anyone ([`leaf`]). Hashing,
//! proofs and notes come from `tlog_tiles` and `signed_note`; this room says what our leaves, keys, receipts and policies
//! are. Start at [`receipt::Receipt`].
//!
//! Deliberately not here: where tiles are kept, when a checkpoint is signed, and by which process.

pub mod leaf;
pub mod note;
pub mod policy;
pub mod proof;
pub mod receipt;
pub mod tiles;
mod verdict;
pub mod witness;

pub use note::{Algorithm, Checkpoint, NoteKey, Opened, VerifierKey};
pub use policy::{Policy, PolicyError};
pub use proof::Proof;
pub use receipt::Receipt;
pub use verdict::{Fact, Reason, Verdict};
