//! A line of a dossier's money as the data of a signed act, and of a courier's cash event.
//!
//! The hour and the dossier travel beside it. Every member ever written is read for ever.
//!
//! Source: Quy ước Trao Tay, dạng lưu của khoản thu

use serde::{Deserialize, Serialize};

use crate::calendar::{read_date, write_date};
use crate::money::{
    Amount, AmountError, Doing, Dong, Hand, LedgerKind, Line, Paper, ReceiptNumber, Tender, ThreeLines,
};

/// The only currency.
pub const VND: &str = "VND";

/// A paper by who issued it, its number and its date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperRecord {
    /// The code of the agency; empty for the post's own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// Its date, `2026-05-04`.
    pub date: String,
}

impl PaperRecord {
    /// The paper, when the date is one.
    pub fn paper(&self) -> Option<Paper> {
        Some(Paper {
            issuer: self.issuer.clone(),
            number: self.number.clone(),
            date: read_date(&self.date)?,
        })
    }
}

impl From<&Paper> for PaperRecord {
    fn from(paper: &Paper) -> Self {
        let Paper { issuer, number, date } = paper;
        Self {
            issuer: issuer.clone(),
            number: number.clone(),
            date: write_date(*date),
        }
    }
}

/// The number of a fee receipt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReceiptRecord {
    /// The code of the service point.
    pub point: String,
    /// The series printed on the book.
    pub series: String,
    /// The number in the series.
    pub serial: u32,
}

impl From<&ReceiptNumber> for ReceiptRecord {
    fn from(number: &ReceiptNumber) -> Self {
        let ReceiptNumber { point, series, serial } = number;
        Self {
            point: point.clone(),
            series: series.clone(),
            serial: *serial,
        }
    }
}

impl From<ReceiptRecord> for ReceiptNumber {
    fn from(record: ReceiptRecord) -> Self {
        let ReceiptRecord { point, series, serial } = record;
        Self { point, series, serial }
    }
}

/// Sums of the three ledgers, in whole đồng.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThreeLinesRecord {
    /// The post's price.
    #[serde(default)]
    pub postage: i64,
    /// Held for the agency.
    #[serde(default)]
    pub state_fee: i64,
    /// What the agency instructed to take besides.
    #[serde(default)]
    pub other: i64,
}

impl From<ThreeLines> for ThreeLinesRecord {
    fn from(lines: ThreeLines) -> Self {
        let ThreeLines {
            postage,
            state_fee,
            other,
        } = lines;
        Self {
            postage: postage.dong().as_i64(),
            state_fee: state_fee.dong().as_i64(),
            other: other.dong().as_i64(),
        }
    }
}

impl TryFrom<ThreeLinesRecord> for ThreeLines {
    type Error = AmountError;

    fn try_from(record: ThreeLinesRecord) -> Result<Self, AmountError> {
        let ThreeLinesRecord {
            postage,
            state_fee,
            other,
        } = record;
        Ok(Self {
            postage: Amount::new(Dong::new(postage))?,
            state_fee: Amount::new(Dong::new(state_fee))?,
            other: Amount::new(Dong::new(other))?,
        })
    }
}

/// The data of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRecord {
    /// `postage`, `state_fee` or `other`.
    pub ledger: String,
    /// Whole đồng.
    pub amount: i64,
    /// `VND`.
    pub currency: String,
    /// How it was paid; with what was collected or refunded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tender: Option<String>,
    /// Whose hands it came into: a service point, a courier, an agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<String>,
    /// What allows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<PaperRecord>,
    /// The tariff or fee schedule it is from; with what was charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<String>,
    /// The class of people; with postage that is not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The collection that is given back, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The receipt that was issued for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptRecord>,
}

/// The name of a doing in the log.
pub const fn kind(doing: Doing) -> &'static str {
    match doing {
        Doing::Charged => "money.charged",
        Doing::Exempted => "money.exempted",
        Doing::Collected(..) => "money.collected",
        Doing::Refunded(_) => "money.refunded",
        Doing::Remitted => "money.remitted",
    }
}

impl LineRecord {
    /// A record of so much of a ledger, with nothing else known.
    pub fn new(ledger: LedgerKind, amount: Dong) -> Self {
        Self {
            ledger: ledger.as_str().to_owned(),
            amount: amount.as_i64(),
            currency: VND.to_owned(),
            tender: None,
            taken_by: None,
            paper: None,
            tariff: None,
            class: None,
            of: None,
            receipt: None,
        }
    }

    /// The line of this kind; none when a member is missing or makes no sense.
    pub fn line(&self, kind: &str, at_ms: i64) -> Option<Line> {
        let tender = || self.tender.as_deref().and_then(Tender::parse);
        let hand = if self.taken_by.as_deref().is_some_and(|by| by.starts_with("agency:")) {
            Hand::Agency
        } else {
            Hand::Post
        };
        let doing = match kind {
            "money.charged" => Doing::Charged,
            "money.exempted" => Doing::Exempted,
            "money.collected" => Doing::Collected(tender()?, hand),
            "money.refunded" => Doing::Refunded(tender()?),
            _ => return None,
        };
        let paper = match &self.paper {
            Some(record) => Some(record.paper()?),
            None => None,
        };
        let is_sum = self.amount > 0 && self.currency == VND;
        let line = Line {
            ledger: LedgerKind::parse(&self.ledger)?,
            doing,
            amount: Dong::new(self.amount),
            paper,
            at_ms,
        };
        is_sum.then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_and_one_that_makes_no_sense_is_none() {
        let record = LineRecord {
            tender: Some("cash".to_owned()),
            taken_by: Some("agency:00000000-0000-0000-0000-000000000009".to_owned()),
            ..LineRecord::new(LedgerKind::StateFee, Dong::new(8_000))
        };
        let text = serde_json::to_string(&record).expect("plain data");
        let read: LineRecord = serde_json::from_str(&text).expect("its own text");
        assert_eq!(read, record);
        let line = read.line("money.collected", 7).expect("a line");
        assert_eq!(line.doing, Doing::Collected(Tender::Cash, Hand::Agency));
        for wrong in [
            LineRecord {
                amount: 0,
                ..record.clone()
            },
            LineRecord {
                currency: "USD".to_owned(),
                ..record.clone()
            },
            LineRecord {
                ledger: "gold".to_owned(),
                ..record.clone()
            },
            LineRecord {
                tender: None,
                ..record.clone()
            },
        ] {
            assert_eq!(wrong.line("money.collected", 7), None, "{wrong:?}");
        }
        assert_eq!(record.line("money.buried", 7), None);
    }
}
