//! One item: where it is, and the whole story of who had it.

pub(super) mod custody;
pub(super) mod show;

pub(super) use show::ItemView;
