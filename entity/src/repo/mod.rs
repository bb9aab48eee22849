//! Questions and commands, one file per noun. Writers take a transaction, readers any connection; what touches a person's
//! data starts from a [`crate::Scope`].

pub mod access;
pub mod assignment;
pub mod audit;
pub mod calendar;
pub mod catalogue;
pub mod change_request;
pub mod changes;
pub mod citizen_act;
pub mod citizen_code;
pub mod compensation;
pub mod complaint;
pub mod dead_job;
pub mod device;
pub mod directory;
pub mod dossier;
pub mod due;
pub mod evidence;
pub mod feedback;
pub mod finding;
pub mod glass;
pub mod handover;
pub mod health;
pub mod idempotency;
pub mod intake;
pub mod item;
pub mod job;
pub mod lgsp;
pub mod life;
pub mod manifest;
pub mod matter;
pub mod money;
pub mod notification;
pub mod order;
pub mod order_file;
pub mod progress;
pub mod province_file;
pub mod receipt;
pub mod receiver;
pub mod reference;
pub mod remittance;
pub mod report;
pub mod rules;
pub mod scan;
pub mod search;
pub mod second_factor;
pub mod serial;
pub mod session;
pub mod setting;
pub mod shift;
pub mod staff;
pub mod staff_change;
pub mod tariff;
pub mod tracking;

/// What a writer takes: the open transaction of [`crate::Store::write`].
pub use sea_orm::DatabaseTransaction as Tx;
