//! Dossiers, as staff see them.

pub(super) mod act;
pub(super) mod chapter;
pub(super) mod chapters;
pub(super) mod checklist;
pub(super) mod due;
pub(super) mod evidence;
mod life;
pub(super) mod list;
pub(super) mod proofs;
pub(super) mod request;
pub(super) mod scans;
pub(super) mod search;
pub(super) mod show;
mod view;
pub(super) mod watch;
