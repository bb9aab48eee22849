//! Who held an item, and how to prove it.
//!
//! Every change of hands is an [`event::Event`], signed on a device into an [`envelope::Envelope`] whose bytes are kept
//! for ever as they were made. [`fold::fold_item`] reads the set of events about one item, in whatever order they came,
//! and says who holds it, or that this is in dispute: never a silent choice between two stories. [`chain::judge`] says
//! whether a device's own events hang together, [`handover`] is the three-scan exchange between two phones, [`act`] the
//! server-signed administrative facts that enter the same log.
//!
//! The crate is pure. Clock readings, random ids, private keys and stored rows come in as arguments.
//!
//! **Invariant:** an event's id is the hash of what was signed. Whoever reads the same bytes computes the same id.
//!
//! **Invariant:** folding a set of events gives the same bytes for every order, repetition and split of the set.

pub mod act;
pub mod bag;
pub mod bracket;
mod cbor;
pub mod chain;
pub mod credential;
pub mod envelope;
pub mod event;
pub mod fold;
pub mod handover;
pub mod ids;
mod key;
pub mod kind;
pub mod log;
pub mod till;

pub use cbor::CborError;
