//! The worker, held to its promises on SQLite and on PostgreSQL.
//!
//! Each test runs on both databases unless its name says otherwise. PostgreSQL comes from the test run
//! (`scripts/with-postgres`). Nothing waits for a fixed time: clocks are moved by hand, progress is waited for.

#[macro_use]
mod support;

mod assign;
mod messages;
mod notify;
mod phone;
mod poison;
mod purge;
mod relay;
mod runner;
mod schedule;
mod second_delivery;
mod sequence;
mod sweep;
mod tickets;
