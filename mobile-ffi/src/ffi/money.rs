//! Money, numbers and photographs on the root object.

#![expect(
    clippy::needless_pass_by_value,
    reason = "arguments arrive by value from the other language"
)]

use super::error::CourierError;
use super::object::Courier;
use super::record::{Collected, Hat, Ledger, Manner, NumbersLeft, Recorded, Sums, Tender, Till};
use crate::core::Sum;

#[uniffi::export]
impl Courier {
    /// Keeps a photograph and gives its SHA-256, to be named as evidence of the act it belongs to.
    pub fn keep_photograph(&self, bytes: Vec<u8>) -> Result<Vec<u8>, CourierError> {
        Ok(self.core.keep_photograph(&bytes)?.to_vec())
    }

    /// How many photographs named by events the server does not have yet.
    pub fn photographs_waiting(&self) -> Result<u64, CourierError> {
        Ok(self.core.photographs_waiting()?)
    }

    /// How many labels and receipt numbers this phone can give without the server.
    pub fn numbers_left(&self) -> Result<NumbersLeft, CourierError> {
        Ok(self.core.numbers_left()?.into())
    }

    /// The next label for papers that have none; nobody gets it twice.
    pub fn take_label(&self) -> Result<String, CourierError> {
        Ok(self.core.take_label()?)
    }

    /// Collects a sum for an item; a State fee gets the next receipt number, if one is left.
    pub fn collect(
        &self,
        item_code: String,
        ledger: Ledger,
        amount: i64,
        tender: Tender,
        manner: Manner,
    ) -> Result<Collected, CourierError> {
        let sum = Sum {
            ledger: ledger.into(),
            amount,
            tender: tender.into(),
        };
        Ok(self.core.collect(&item_code, sum, &manner.try_into()?)?.into())
    }

    /// What was collected in this hat and not handed over yet.
    pub fn till(&self, hat: Hat) -> Result<Till, CourierError> {
        Ok(self.core.till(hat.into())?.into())
    }

    /// The keeper counts: show the envelope to whoever counts after them.
    pub fn count_till(&self, hat: Hat, counted: Sums, explanation: Option<String>) -> Result<Recorded, CourierError> {
        let counted = counted.try_into()?;
        Ok(self
            .core
            .count_till(hat.into(), counted, explanation.as_deref())?
            .into())
    }

    /// Another person counted the same and signs: show the envelope to the keeper.
    pub fn sign_count(&self, hat: Hat, count: Vec<u8>, counted: Sums) -> Result<Recorded, CourierError> {
        Ok(self.core.sign_count(hat.into(), &count, counted.try_into()?)?.into())
    }

    /// The keeper keeps the second signature: the till is empty. Gives its event.
    pub fn settled(&self, signature: Vec<u8>) -> Result<String, CourierError> {
        Ok(self.core.settled(&signature)?.to_string())
    }
}
