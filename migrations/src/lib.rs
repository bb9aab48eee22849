//! How the schema got here: an ordered list of small changes that run on SQLite and PostgreSQL alike.
//!
//! Rules: a merged migration is never edited; columns are added, back-filled and only then tightened (expand, backfill,
//! contract); every migration is one transaction on both databases, so that a crash leaves the old schema or the new one;
//! every `down` is exercised by a test that goes up, down and up again on both databases. Timestamps are `BIGINT`
//! milliseconds UTC, identifiers of things are UUIDs, identifiers of evidence are raw bytes.
//!
//! Start reading at [`Migrator`].

use sea_orm_migration::prelude::*;

mod column;
mod m20261123_000001_create_reference;
mod m20261123_000002_create_inbox;
mod m20261123_000003_create_orders;
mod m20261123_000004_create_projections;
mod m20261123_000005_create_outbox;
mod m20261123_000006_create_access;
mod m20261126_000007_let_decisions_end;
mod m20261126_000010_create_calendar;
mod m20261126_000011_add_procedure_terms;
mod m20261126_000012_spare_waiting_rows_an_index;
mod m20261126_000013_shorten_the_index_of_waiting_rows;
mod m20261126_000014_remember_how_a_dossier_is_lodged;
mod m20261126_000015_cut_serials_into_blocks;
mod m20261126_000016_keep_sessions;
mod m20261126_000017_tell_operators_apart;
mod m20261126_000018_remember_who_looked;
mod m20261126_000020_name_who_receives_a_result;
mod m20261126_000021_keep_order_files;
mod m20261126_000040_create_money;
mod m20261127_000048_keep_evidence;
mod m20261127_000049_find_by_words;
mod m20261127_000050_keep_change_requests;
mod m20261127_000051_break_the_glass;
mod m20261127_000052_send_citizens_codes;
mod m20261127_000053_keep_scans;
mod m20261127_000054_let_clients_sign;
mod m20261127_000055_weigh_items;
mod m20261127_000056_keep_the_log;
mod m20261127_000060_show_bags;
mod m20261127_000063_keep_salvage;
mod m20261127_000064_tell_browsers_apart;
mod m20261127_000067_keep_rulings;
mod m20261127_000070_judge_server_times;

/// Every migration in the order it is applied.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_create_reference::Migration),
            Box::new(m20261123_000002_create_inbox::Migration),
            Box::new(m20261123_000003_create_orders::Migration),
            Box::new(m20261123_000004_create_projections::Migration),
            Box::new(m20261123_000005_create_outbox::Migration),
            Box::new(m20261123_000006_create_access::Migration),
            Box::new(m20261126_000007_let_decisions_end::Migration),
            Box::new(m20261126_000010_create_calendar::Migration),
            Box::new(m20261126_000011_add_procedure_terms::Migration),
            Box::new(m20261126_000012_spare_waiting_rows_an_index::Migration),
            Box::new(m20261126_000013_shorten_the_index_of_waiting_rows::Migration),
            Box::new(m20261126_000014_remember_how_a_dossier_is_lodged::Migration),
            Box::new(m20261126_000015_cut_serials_into_blocks::Migration),
            Box::new(m20261126_000016_keep_sessions::Migration),
            Box::new(m20261126_000017_tell_operators_apart::Migration),
            Box::new(m20261126_000018_remember_who_looked::Migration),
            Box::new(m20261126_000020_name_who_receives_a_result::Migration),
            Box::new(m20261126_000021_keep_order_files::Migration),
            Box::new(m20261126_000040_create_money::Migration),
            Box::new(m20261127_000048_keep_evidence::Migration),
            Box::new(m20261127_000049_find_by_words::Migration),
            Box::new(m20261127_000050_keep_change_requests::Migration),
            Box::new(m20261127_000051_break_the_glass::Migration),
            Box::new(m20261127_000052_send_citizens_codes::Migration),
            Box::new(m20261127_000053_keep_scans::Migration),
            Box::new(m20261127_000054_let_clients_sign::Migration),
            Box::new(m20261127_000055_weigh_items::Migration),
            Box::new(m20261127_000056_keep_the_log::Migration),
            Box::new(m20261127_000060_show_bags::Migration),
            Box::new(m20261127_000063_keep_salvage::Migration),
            Box::new(m20261127_000064_tell_browsers_apart::Migration),
            Box::new(m20261127_000067_keep_rulings::Migration),
            Box::new(m20261127_000070_judge_server_times::Migration),
        ]
    }
}
