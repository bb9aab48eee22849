//! Version 1 of the messages between a device and the server, under `/api/v1/sync`
//! and `/api/v1/devices`.

mod changes;
mod deposit;
mod enrol;
mod hello;

pub use changes::{AssignmentChange, Change, ChangesView, ItemChange, Leg, WithdrawnChange};
pub use deposit::{DepositResult, DepositView, Deposited, GapsView};
pub use enrol::{EnrolRequest, EnrolView, HatView};
pub use hello::{Beacon, HelloRequest, HelloView, Limits, ProtocolRange};
