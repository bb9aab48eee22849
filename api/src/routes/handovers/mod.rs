//! Minutes of hand-overs (biên bản bàn giao).

pub(super) mod list;
pub(super) mod show;
mod view;
