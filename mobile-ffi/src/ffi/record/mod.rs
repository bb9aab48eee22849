//! Plain records and enums of the skin, with their conversions. Ids are lower-case hex, times UTC milliseconds.

mod event;
mod exchange;
mod item;
mod money;
mod person;
mod word;

pub use event::{EventCard, Finished, NotTaken, OpenHandover, Peer, Recorded, Seen};
pub use exchange::{Banner, HttpHeader, HttpReply, MonoReading, SyncReport, SyncStatus, backoff_ms};
pub use item::{ItemCard, Permitted, Scanned, Stop};
pub use money::{Collected, Ledger, NumbersLeft, Sums, Tender, Till, TillLine};
pub use person::{Enrolment, Hat, Manner, Recipient};
pub use word::attempt_reasons;
pub(super) use word::{id, reason};
