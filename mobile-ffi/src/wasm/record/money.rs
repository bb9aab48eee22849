//! Money, the count of it, and the numbers a browser may give.

use domain::money::{Amount, Dong, ThreeLines};
use serde::{Deserialize, Serialize};

use super::Recorded;
use crate::core;
use crate::wasm::error::{Thrown, unreadable};

/// Sums of the three ledgers, whole đồng.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::wasm) struct Sums {
    postage: i64,
    state_fee: i64,
    other: i64,
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
    type Error = Thrown;

    fn try_from(sums: Sums) -> Result<Self, Thrown> {
        let below = |_| unreadable("sum", "below zero");
        Ok(Self {
            postage: Amount::new(Dong::new(sums.postage)).map_err(below)?,
            state_fee: Amount::new(Dong::new(sums.state_fee)).map_err(below)?,
            other: Amount::new(Dong::new(sums.other)).map_err(below)?,
        })
    }
}

record!(Collected from core::Collected as collected {
    recorded: Recorded = collected.recorded.into(),
    receipt: Option<String> = collected.receipt.map(|number| number.to_string()),
});

record!(TillLine from core::TillLine as line {
    event_id: String = line.event_id.to_string(),
    item_code: String = line.item_code,
    ledger: &'static str = line.ledger.as_str(),
    amount: i64 = line.amount.as_i64(),
    tender: &'static str = line.tender.as_str(),
    receipt: Option<String> = line.receipt,
    is_counted: bool = line.closing.is_some(),
});

record!(Till from core::Till as till {
    cash: Sums = till.cash.into(),
    not_cash: Sums = till.not_cash.into(),
    lines: Vec<TillLine> = till.lines.into_iter().map(Into::into).collect(),
});

record!(NumbersLeft from core::NumbersLeft as left {
    labels: u64 = left.labels,
    receipts: u64 = left.receipts,
});
