//! Citizens' feedback on the agency, as its staff handle it.

pub(super) mod give;
pub(super) mod list;
pub(super) mod steps;
