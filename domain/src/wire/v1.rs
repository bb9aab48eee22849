//! Version 1 of the messages between a device and the server, under `/api/v1/sync`
//! and `/api/v1/devices`.

mod changes;
mod deposit;
mod enrol;
mod hello;
mod numbers;

pub use changes::{AssignmentChange, Change, ChangesView, ItemChange, Leg, WithdrawnChange};
pub use deposit::{DepositResult, DepositView, Deposited, GapsView};
pub use enrol::{EnrolRequest, EnrolView, HatView};
pub use hello::{Beacon, HelloRequest, HelloView, Limits, ProtocolRange};
pub use numbers::{MOST_LABELS, MOST_RECEIPTS, NumbersRequest, NumbersView, ReceiptRun};
