//! Money: three ledgers that never mix.
//!
//! Postage is the post's own revenue. A State fee belongs to the agency and passes through
//! the post's hands whole. Other obligations (tax, land-use fee) are not taken unless the
//! agency instructs. The ledger is part of the type of an amount, so adding a fee to
//! postage does not compile; the only place where the three stand together is
//! [`ThreeLines`], which every screen and slip shows line by line.
//!
//! What this module does not do: it moves no money, knows no bank and no clock.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 11; Thông tư 17/2017/TT-BTTTT, điều 5

mod account;
mod amount;
mod book;
mod dong;
mod receipt;
mod remittance;
mod sheet;
mod shift;
mod three_lines;

pub use account::{Account, Balances, Entry, EntryKind, Method};
pub use amount::{
    AgencyDecision, AgencyInstruction, Amount, AmountError, Ledger, LedgerKind, OtherObligation, Postage,
    PostageDecision, StateFee,
};
pub use book::{Book, BookError};
pub use dong::{Dong, DongError};
pub use receipt::{FeeReceipt, IssueReceiptError, ReceiptNumber, ReceiptSeries, SeriesFault, check_series};
pub use remittance::{RemitError, RemittanceId, RemittanceRegister, RemittanceStatement, StatementError};
pub use sheet::{Doing, Hand, Line, LineError, Paper, Sheet, Tender, Totals};
pub use shift::{ClosedShift, CountersignError, ShiftCloseError, close_shift, countersign};
pub use three_lines::ThreeLines;
