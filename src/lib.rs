//! The program `traotay`: subcommands and wiring, nothing else.
//!
//! `api` and `worker` never know of each other; [`serve`] composes them into one process or starts either alone. The demo day
//! ([`demo`]) plays the whole system through its own HTTP surface.

pub mod backup;
pub mod cli;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod due;
pub mod import;
pub mod inspect;
mod log;
pub mod report;
pub mod restore;
pub mod salvage;
mod sample;
pub mod serve;
mod trace;
pub mod user;
pub mod verify;
pub mod witness;
