//! What surrounds every request: its id, its line in the log, its place among the others, its time limit.

mod admission;
mod client;
mod crowd;
mod etag;
mod limit;
mod observe;
mod panic;
mod rate;
mod shrink;

pub(crate) use admission::{Admission, admit};
pub(crate) use client::{Client, Connection, recognise};
pub(crate) use crowd::Crowd;
pub(crate) use etag::{TAGGED, tag};
pub(crate) use limit::{BodyLimit, in_time};
pub(crate) use observe::observe;
pub(crate) use panic::on_panic;
pub(crate) use rate::rate;
pub(crate) use shrink::{may_shrink, shrink};
