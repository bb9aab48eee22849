//! What a dispatcher works through: what nobody could place, what the sweep found, what is kept but not applied, which jobs
//! were given up.

pub(super) mod assign;
pub(in crate::routes) mod contested;
pub(super) mod dead_jobs;
pub(super) mod findings;
pub(super) mod gaps;
pub(super) mod missing_evidence;
pub(super) mod quarantine;
pub(super) mod unplaced;
