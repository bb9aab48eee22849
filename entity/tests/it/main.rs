//! The storage room, held to its promises on SQLite and on PostgreSQL.
//!
//! Each test runs on both databases unless its name says otherwise. PostgreSQL comes from the test run
//! (`scripts/with-postgres`). Nothing waits for a fixed time; chance comes from seeds that failures name.

#[macro_use]
mod support;

mod access;
mod backup;
mod bags;
mod bit_rot;
mod chain;
mod disk_full;
mod dispute;
mod enrolment;
mod feed;
mod inbox;
mod intake;
mod intake_race;
mod lanes;
mod lanes_ruled;
mod list;
mod migration;
mod migration_cut;
mod money;
mod order;
mod outbox;
mod poison;
mod rebuild;
mod report;
mod scope;
mod search;
mod sequencer;
mod serial;
mod server_time;
mod session;
mod start;
mod tlog;
mod tlog_damage;
mod world;
mod write;
mod write_lost;
