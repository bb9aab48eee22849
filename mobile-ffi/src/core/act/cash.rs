//! Money that changes hands at the door, and the receipt given for it.
//!
//! Every sum is one line of one ledger: postage is never taken together with the State's fee. A receipt number comes from what the
//! server lent before; without one the fee is taken all the same and the office issues the receipt.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 11

use custody::event::Detail;
use custody::ids::HandoverId;
use custody::kind::Kind;
use domain::hat::Hat;
use domain::money::{Amount, Dong, LedgerKind, OtherObligation, Postage, ReceiptNumber, StateFee, Tender, ThreeLines};

use super::one_party::{Manner, dress, known, parse, put, reference};
use crate::core::Core;
use crate::core::error::{CourierError, Refusal};
use crate::core::record::Recorded;
use crate::core::store::till::{self, TillLine};
use crate::core::store::{StoreError, numbers};

/// The largest sum one line takes: far above any fee, far below what a slip of the finger makes of one.
pub const LARGEST_SUM: i64 = 1_000_000_000;

/// A sum that changes hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// Which sum.
    pub ledger: LedgerKind,
    /// How much, whole đồng.
    pub amount: i64,
    /// How it is paid.
    pub tender: Tender,
}

/// What was collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected {
    /// The event.
    pub recorded: Recorded,
    /// The receipt to write out: for a State fee, where the phone had a number left.
    pub receipt: Option<ReceiptNumber>,
}

/// The money in a bag or drawer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Till {
    /// Cash by ledger: what has to be in the bag.
    pub cash: ThreeLines,
    /// What was paid otherwise, by ledger: to be compared with the bank.
    pub not_cash: ThreeLines,
    /// The lines, in the order of recording.
    pub lines: Vec<TillLine>,
}

impl Core {
    /// Collects a sum for an item. A State fee gets the next receipt number this phone was lent, in the same transaction.
    ///
    /// # Errors
    /// [`CourierError::Refused`] when the sum is nothing or absurd, or the hat takes no money; nothing was recorded then.
    pub fn collect(&self, item_code: &str, sum: Sum, manner: &Manner) -> Result<Collected, CourierError> {
        let code = parse(item_code)?;
        if !(1..=LARGEST_SUM).contains(&sum.amount) {
            return Err(Refusal::BadSum { most: LARGEST_SUM }.into());
        }
        self.act(manner.hat, |recorder, _| {
            takes_money(manner.hat)?;
            let item = known(recorder, code)?;
            let receipt = match sum.ledger {
                LedgerKind::StateFee => numbers::take_receipt(recorder.tx)?,
                LedgerKind::Postage | LedgerKind::Other => None,
            };
            let id = HandoverId(recorder.random16()?);
            let recorded = recorder.record(manner.hat, Kind::Cash, id, &[], |event| {
                dress(event, manner);
                event.items = vec![reference(&item)];
                put(event, "ledger", sum.ledger.as_str());
                put(event, "tender", sum.tender.as_str());
                event.details.insert("amount".to_owned(), Detail::Int(sum.amount));
                if let Some(number) = &receipt {
                    put(event, "receipt_point", &number.point);
                    put(event, "receipt_series", &number.series);
                    let serial = Detail::Int(number.serial.into());
                    event.details.insert("receipt_serial".to_owned(), serial);
                }
            })?;
            let line = TillLine {
                event_id: recorded.event_id,
                item_code: code.to_string(),
                ledger: sum.ledger,
                amount: Dong::new(sum.amount),
                tender: sum.tender,
                receipt: receipt.as_ref().map(ToString::to_string),
                closing: None,
            };
            till::insert(recorder.tx, manner.hat, &line)?;
            Ok(Collected { recorded, receipt })
        })
    }

    /// What was collected in this hat and not handed over yet.
    ///
    /// # Errors
    /// [`CourierError::Store`].
    pub fn till(&self, hat: Hat) -> Result<Till, CourierError> {
        self.enter()?;
        let lines = self.store.read(|db| till::open_lines(db, hat))?;
        Ok(sums(lines)?)
    }

    /// The next label for papers that have none; nobody gets it twice.
    ///
    /// # Errors
    /// [`Refusal::NoNumbers`] when none is left: use a printed label, or sync.
    pub fn take_label(&self) -> Result<String, CourierError> {
        self.enter()?;
        let label = self.store.write(numbers::take_label)?;
        label.ok_or_else(|| Refusal::NoNumbers.into())
    }
}

/// Couriers and counters take money; desks and agencies have their own cashier.
pub(super) fn takes_money(hat: Hat) -> Result<(), CourierError> {
    match hat {
        Hat::Carrier | Hat::PostAgent => Ok(()),
        Hat::DeskAgent | Hat::AgencyReceiver => Err(Refusal::NotThisHat { hat, act: "cash" }.into()),
    }
}

/// The sums of these lines.
pub(super) fn sums(lines: Vec<TillLine>) -> Result<Till, StoreError> {
    let of = |is_cash: bool| {
        let sum = |ledger: LedgerKind| {
            let amounts = lines
                .iter()
                .filter(|line| line.ledger == ledger && (line.tender == Tender::Cash) == is_cash)
                .map(|line| line.amount);
            Dong::sum(amounts).ok()
        };
        Some(ThreeLines {
            postage: Amount::<Postage>::new(sum(LedgerKind::Postage)?).ok()?,
            state_fee: Amount::<StateFee>::new(sum(LedgerKind::StateFee)?).ok()?,
            other: Amount::<OtherObligation>::new(sum(LedgerKind::Other)?).ok()?,
        })
    };
    let corrupt = || StoreError::Corrupt {
        what: "sum of the till",
    };
    let (cash, not_cash) = (of(true).ok_or_else(corrupt)?, of(false).ok_or_else(corrupt)?);
    Ok(Till { cash, not_cash, lines })
}
