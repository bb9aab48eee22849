//! The door for one-stop software as it is: token, order, document, price, cancellation and tracking in every form its clients
//! send.
//!
//! Refusals of business are `{"Status", "Message"}`; whether they come with HTTP 200 or an error status is the client's
//! profile (`errorMode`). Codes of the order interface: 100 accepted (again, for the same content), 102 this number has other
//! content (ours), 110 cancelled, 111 already collected (ours), 400 not understood, 403 not this client's, 404 unknown, 500 not
//! stored and to be sent again.
//!
//! Start at [`dispatch`]; one call passes [`operation`], [`fields`], and [`order`], [`document`], [`cancel`], [`tracking`] or
//! [`price`].

mod cancel;
pub(super) mod dispatch;
mod document;
pub(super) mod fields;
mod operation;
pub(super) mod order;
mod price;
pub(super) mod reply;
pub(super) mod token;
mod tracking;
