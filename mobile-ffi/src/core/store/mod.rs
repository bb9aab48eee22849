//! The phone's local database: one SQLite file, one connection, every act one transaction.
//!
//! [`database`] opens it and lends out transactions, `vault` seals what rows carry; the other modules are plain functions that take a connection to
//! read and a transaction to write. No function here reads a clock or the network.

pub mod assignment;
mod count;
pub mod database;
pub mod device;
pub mod event;
pub mod exchange;
pub mod handover;
pub mod item;
pub mod numbers;
pub mod photograph;
pub mod retention;
pub mod revoked;
pub mod till;
mod vault;

pub use database::{Store, StoreError};
pub use vault::StoreKey;
