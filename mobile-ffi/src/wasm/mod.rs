//! The skin for browsers: the same names as `ffi` in JavaScript's spelling, over the same core. It holds no logic.
//!
//! It runs in a dedicated worker, where a host may answer at once and files can be written at once; a page talks to that worker
//! (`mobile-ffi/web`). Records are plain objects, bytes are `Uint8Array`, and numbers are numbers: every count and every
//! millisecond here is below 2^53. `types.ts` beside this file is what an editor sees, so it changes with the records.
//!
//! A change in this folder is a change of API for every page.

pub mod error;
pub mod money;
pub mod object;
pub mod picture;
pub mod platform;
mod record;
pub mod shared;
pub mod storage;

pub use record::{attempt_reasons, backoff_ms};
