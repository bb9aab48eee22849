//! sea-orm entities, one module per table, grouped by the question they answer. Columns are documented in the migrations.

mod access;
mod calendar;
mod effect;
mod evidence;
mod log;
mod money;
mod order;
mod projection;
mod reference;

pub use access::{
    access_log, broken_glass, change_request, citizen_code, enrolment_code, idempotency_key, ruling_request,
    second_factor, staff_session,
};
pub use calendar::{calendar_notice, province_file};
pub use effect::{finding, notification, outbox};
pub use evidence::{blob, inbox, salvage, sequencer, unreadable_deposit};
pub use log::{log_checkpoint, log_leaf, log_shard, log_tile};
pub use money::{fee_receipt, matter_act, matter_text, money_line};
pub use order::{
    assignment, client_assertion, dossier, lgsp_client, lgsp_token, order_file, postal_item, postal_order,
    result_receiver, scan, search_word, serial_block, unplaced,
};
pub use projection::{
    change, custody_event, device, dossier_act, dossier_state, event_evidence, holding, item_custody, item_event,
    parked, quarantine, ruling, tracking_event,
};
pub use reference::{agency, commune, courier, desk, postal_operator, procedure, service_point, setting, staff};
