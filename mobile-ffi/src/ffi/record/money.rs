//! Money, the count of it, and the numbers a phone may give.

use domain::money::{Amount, Dong, LedgerKind, ThreeLines};

use super::Recorded;
use super::word::unreadable;
use crate::core;
use crate::ffi::error::CourierError;

/// Which sum a line is of; never two in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Ledger {
    /// The post's price.
    Postage,
    /// The State's fee, held for the agency.
    StateFee,
    /// What the agency instructed to take besides.
    Other,
}

impl From<Ledger> for LedgerKind {
    fn from(ledger: Ledger) -> Self {
        match ledger {
            Ledger::Postage => Self::Postage,
            Ledger::StateFee => Self::StateFee,
            Ledger::Other => Self::Other,
        }
    }
}

impl From<LedgerKind> for Ledger {
    fn from(ledger: LedgerKind) -> Self {
        match ledger {
            LedgerKind::Postage => Self::Postage,
            LedgerKind::StateFee => Self::StateFee,
            LedgerKind::Other => Self::Other,
        }
    }
}

/// How a sum is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Tender {
    /// In cash.
    Cash,
    /// By a transfer with a code shown at the door.
    Qr,
    /// On the national portal.
    NationalPortal,
    /// Through the post's own gateway.
    OwnGateway,
}

impl From<Tender> for domain::money::Tender {
    fn from(tender: Tender) -> Self {
        match tender {
            Tender::Cash => Self::Cash,
            Tender::Qr => Self::Qr,
            Tender::NationalPortal => Self::NationalPortal,
            Tender::OwnGateway => Self::OwnGateway,
        }
    }
}

impl From<domain::money::Tender> for Tender {
    fn from(tender: domain::money::Tender) -> Self {
        match tender {
            domain::money::Tender::Cash => Self::Cash,
            domain::money::Tender::Qr => Self::Qr,
            domain::money::Tender::NationalPortal => Self::NationalPortal,
            domain::money::Tender::OwnGateway => Self::OwnGateway,
        }
    }
}

/// Sums of the three ledgers, whole đồng.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Sums {
    /// The post's price.
    pub postage: i64,
    /// The State's fee.
    pub state_fee: i64,
    /// Everything else.
    pub other: i64,
}

impl From<ThreeLines> for Sums {
    fn from(lines: ThreeLines) -> Self {
        Self {
            postage: lines.postage.dong().as_i64(),
            state_fee: lines.state_fee.dong().as_i64(),
            other: lines.other.dong().as_i64(),
        }
    }
}

impl TryFrom<Sums> for ThreeLines {
    type Error = CourierError;

    fn try_from(sums: Sums) -> Result<Self, CourierError> {
        let below = |_| unreadable("sum", "below zero");
        Ok(Self {
            postage: Amount::new(Dong::new(sums.postage)).map_err(below)?,
            state_fee: Amount::new(Dong::new(sums.state_fee)).map_err(below)?,
            other: Amount::new(Dong::new(sums.other)).map_err(below)?,
        })
    }
}

/// What was collected.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Collected {
    /// The event.
    pub recorded: Recorded,
    /// The receipt number to write out, point, series and serial; none where none was left or none is due.
    pub receipt: Option<String>,
}

impl From<core::Collected> for Collected {
    fn from(collected: core::Collected) -> Self {
        Self {
            recorded: collected.recorded.into(),
            receipt: collected.receipt.map(|number| number.to_string()),
        }
    }
}

/// A line of the till.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TillLine {
    /// The cash event.
    pub event_id: String,
    /// The item it was collected for.
    pub item_code: String,
    /// Which sum.
    pub ledger: Ledger,
    /// How much, whole đồng.
    pub amount: i64,
    /// How it was paid.
    pub tender: Tender,
    /// The receipt that was given.
    pub receipt: Option<String>,
    /// Counted, and waiting for the second signature.
    pub is_counted: bool,
}

/// The money that was not handed over yet.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Till {
    /// What has to be in the bag, in cash.
    pub cash: Sums,
    /// What was paid otherwise.
    pub not_cash: Sums,
    /// The lines, in the order of recording.
    pub lines: Vec<TillLine>,
}

impl From<core::Till> for Till {
    fn from(till: core::Till) -> Self {
        let lines = till.lines.into_iter().map(|line| TillLine {
            event_id: line.event_id.to_string(),
            item_code: line.item_code,
            ledger: line.ledger.into(),
            amount: line.amount.as_i64(),
            tender: line.tender.into(),
            receipt: line.receipt,
            is_counted: line.closing.is_some(),
        });
        Self {
            cash: till.cash.into(),
            not_cash: till.not_cash.into(),
            lines: lines.collect(),
        }
    }
}

/// How many numbers this phone can give without the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct NumbersLeft {
    /// Labels.
    pub labels: u64,
    /// Receipt numbers.
    pub receipts: u64,
}

impl From<core::NumbersLeft> for NumbersLeft {
    fn from(left: core::NumbersLeft) -> Self {
        Self {
            labels: left.labels,
            receipts: left.receipts,
        }
    }
}
