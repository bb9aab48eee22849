//! The courier's core: what a phone, a desk and a counter do without a network, and how it reaches the server later.
//!
//! Start at [`Core`]. Every act is written to the phone's own disk in one transaction and returns; [`Core::sync`]
//! uploads. The host lends clocks, key, randomness and network through [`platform`]; tests and the demo use [`soft`].
//! This module knows nothing of the languages it is called from.
//!
//! **Invariant:** what an act returned as recorded is on disk, and stays there whatever happens afterwards.
//!
//! **Invariant:** the store is never locked while the network is used.

pub mod act;
pub mod credential;
mod enrol;
pub mod error;
mod gate;
pub mod guard;
mod http;
mod photograph;
pub mod platform;
mod record;
mod retention;
mod root;
pub mod salvage;
pub mod scan;
pub mod shared;
pub mod soft;
pub mod store;
pub mod sync;
pub mod work;

pub use act::cash::{Collected, Sum, Till};
pub use act::handover::{Exception, Finished, Peer, Seen};
pub use act::one_party::{AUTHORISATION, Manner, Recipient, TakeIn};
pub use credential::Credential;
pub use error::{CourierError, HandoverFault, Refusal};
pub use guard::Act;
pub use platform::{HostError, Mono, Platform, Reply, Transport};
pub use record::Recorded;
pub use root::Core;
pub use salvage::Salvage;
pub use scan::{Permitted, Scanned};
pub use shared::{SharedPhone, Slot};
pub use soft::SoftPlatform;
pub use store::event::{EventState, StoredEvent};
pub use store::item::LocalItem;
pub use store::numbers::NumbersLeft;
pub use store::till::TillLine;
pub use sync::{Banner, SyncReport, SyncStatus};
pub use work::Stop;
