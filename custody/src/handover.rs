//! The hand-over between two phones in three scans, without a network.
//!
//! 1. The receiver shows a [`Hello`]: its credential and a fresh challenge.
//! 2. The giver answers with an OFFER ([`Giver::offer`]) that names this receiver, carries its challenge and lists the
//!    items, and shows it with its own credential ([`introduce`]). The receiver checks both ([`Introduced::decode`],
//!    [`Receiver::read`]) and scans the same labels.
//! 3. The receiver shows an ACCEPT ([`Receiver::accept`]). The giver checks it, turns green and signs a RELEASE
//!    ([`Giver::release`]). Only now do the papers change hands.
//!
//! Fair exchange without a third party is impossible, so whoever loses the papers gets the last proof: after step 2 the
//! receiver has both signatures, after step 3 the giver has them too. Because the offer names the receiver and its
//! challenge, a photograph of it over somebody's shoulder and an old copy are worthless.
//!
//! A message that is too long for one picture is shown as several ([`frame`]). What led to the items travels along once
//! the giver is green ([`trail`]), so that either phone alone can tell the whole story.
//!
//! Nothing here does I/O or remembers beyond the exchange: bytes go in, bytes come out, the caller stores what was
//! signed before showing it.

pub mod frame;
mod giver;
mod hello;
mod introduced;
mod receiver;
pub mod trail;

pub use giver::{Giver, OfferError, ReleaseError, Released};
pub use hello::Hello;
pub use introduced::{Introduced, StrangerError, introduce, offer_in};
pub use receiver::{AcceptError, Difference, Offered, Receiver, Seen};

/// For how long after its HELLO a receiver takes an offer, in seconds.
pub const TTL_S: u64 = 600;

/// The most items one offer lists; more go into a sealed bag, which is one item.
pub const MAX_ITEMS: usize = 20;

/// The most items one bag holds: the event that packs them has to fit an envelope.
pub const MAX_PACKED: usize = 500;
