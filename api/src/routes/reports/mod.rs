//! The reports: the national index, and the post's own.

pub(super) mod make;
mod schema;
