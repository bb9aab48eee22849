//! The phone's local database: one SQLite file, one connection, every act one transaction.
//!
//! `disk` or `browser` says where it lies, [`database`] opens it and lends out transactions, `vault` seals what rows carry; the other modules are plain functions that take a connection to
//! read and a transaction to write. No function here reads a clock or the network.

pub mod assignment;
#[cfg(target_arch = "wasm32")]
pub mod browser;
mod count;
pub mod database;
pub mod device;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod disk;
pub mod event;
pub mod exchange;
pub mod handover;
pub(crate) mod heads;
pub mod item;
pub mod numbers;
pub mod photograph;
pub mod retention;
pub mod revoked;
pub mod till;
mod vault;

#[cfg(target_arch = "wasm32")]
pub(crate) use browser as place;
pub use database::{Store, StoreError};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use disk as place;
pub use vault::StoreKey;
