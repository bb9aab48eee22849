//! Receipt numbers of an office.

pub(super) mod series;
pub(super) mod void;
