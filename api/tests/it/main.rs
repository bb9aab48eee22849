//! The HTTP surface driven as its callers drive it, on a real store.

mod access;
mod calendar;
mod citizen;
mod complaints;
mod desk;
mod device;
mod dispatch;
mod document;
mod etiquette;
mod evidence;
mod full;
mod imports;
mod lgsp;
mod lgsp_document;
mod lgsp_token;
mod limits;
mod matrix;
mod money;
mod phone;
mod policy;
mod scope;
mod serving;
mod session;
mod sync;
mod world;
