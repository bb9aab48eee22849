//! Passing State fees on to the agency: per hand-over, with a statement that is the sum of
//! its receipts, each receipt in exactly one.
//!
//! When a remittance is due and to which account is agreed between post and agency and is
//! part of the rule set, not of this module.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 15

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::amount::{Amount, AmountError, StateFee};
use super::receipt::{FeeReceipt, ReceiptNumber};

/// Names one remittance: the hand-over it goes with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RemittanceId(pub String);

impl fmt::Display for RemittanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why receipts make no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// No receipt, no statement.
    #[error("a statement needs a receipt")]
    Empty,
    /// A receipt is of another agency.
    #[error("receipt {0} belongs to another agency")]
    OtherAgency(ReceiptNumber),
    /// A receipt is void.
    #[error("receipt {0} is void")]
    Void(ReceiptNumber),
    /// A receipt stands twice.
    #[error("receipt {0} stands twice in the statement")]
    Twice(ReceiptNumber),
    /// The sum does not fit.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

/// What is handed over to one agency, receipt by receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemittanceStatement {
    id: RemittanceId,
    agency_code: String,
    receipts: Vec<FeeReceipt>,
    total: Amount<StateFee>,
}

impl RemittanceStatement {
    /// Makes the statement of a hand-over.
    ///
    /// # Errors
    /// [`StatementError`] names the first receipt that does not belong in it.
    pub fn new(id: RemittanceId, agency_code: &str, receipts: Vec<FeeReceipt>) -> Result<Self, StatementError> {
        if receipts.is_empty() {
            return Err(StatementError::Empty);
        }
        let mut seen = BTreeSet::new();
        for receipt in &receipts {
            let number = receipt.number().clone();
            if receipt.agency_code() != agency_code {
                return Err(StatementError::OtherAgency(number));
            }
            if receipt.void_reason().is_some() {
                return Err(StatementError::Void(number));
            }
            if !seen.insert(number.clone()) {
                return Err(StatementError::Twice(number));
            }
        }
        let total = Amount::sum(receipts.iter().map(FeeReceipt::amount))?;
        Ok(Self {
            id,
            agency_code: agency_code.to_owned(),
            receipts,
            total,
        })
    }

    /// The hand-over it goes with.
    pub const fn id(&self) -> &RemittanceId {
        &self.id
    }

    /// The agency it goes to.
    pub fn agency_code(&self) -> &str {
        &self.agency_code
    }

    /// The receipts, in the order given.
    pub fn receipts(&self) -> &[FeeReceipt] {
        &self.receipts
    }

    /// The sum of the receipts.
    pub const fn total(&self) -> Amount<StateFee> {
        self.total
    }
}

/// Why a statement is not remitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemitError {
    /// A receipt went with another remittance.
    #[error("receipt {receipt} was remitted with {with}")]
    Remitted {
        /// The receipt.
        receipt: ReceiptNumber,
        /// The remittance it is in.
        with: RemittanceId,
    },
    /// The remittance is in the register.
    #[error("remittance {0} was made already")]
    Made(RemittanceId),
    /// The agency counted another sum.
    #[error("the agency counted another sum than the receipts have")]
    Counted,
}

/// Which receipt went with which remittance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemittanceRegister {
    remitted: BTreeMap<ReceiptNumber, RemittanceId>,
    totals: BTreeMap<RemittanceId, Amount<StateFee>>,
}

impl RemittanceRegister {
    /// Enters a statement whose money the agency counted and took.
    ///
    /// # Errors
    /// [`RemitError`]; the register is as before.
    pub fn remit(&mut self, statement: &RemittanceStatement, counted: Amount<StateFee>) -> Result<(), RemitError> {
        if self.totals.contains_key(statement.id()) {
            return Err(RemitError::Made(statement.id().clone()));
        }
        for receipt in statement.receipts() {
            if let Some(with) = self.remitted.get(receipt.number()) {
                return Err(RemitError::Remitted {
                    receipt: receipt.number().clone(),
                    with: with.clone(),
                });
            }
        }
        if counted != statement.total() {
            return Err(RemitError::Counted);
        }
        for receipt in statement.receipts() {
            self.remitted.insert(receipt.number().clone(), statement.id().clone());
        }
        self.totals.insert(statement.id().clone(), statement.total());
        Ok(())
    }

    /// The remittance a receipt went with.
    pub fn of(&self, receipt: &ReceiptNumber) -> Option<&RemittanceId> {
        self.remitted.get(receipt)
    }

    /// The sum of a remittance.
    pub fn total(&self, id: &RemittanceId) -> Option<Amount<StateFee>> {
        self.totals.get(id).copied()
    }

    /// The receipts that are not void and went with none yet.
    pub fn outstanding<'a>(&'a self, receipts: &'a [FeeReceipt]) -> impl Iterator<Item = &'a FeeReceipt> {
        receipts
            .iter()
            .filter(|receipt| receipt.void_reason().is_none() && !self.remitted.contains_key(receipt.number()))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::DossierId;
    use crate::money::{Dong, ReceiptSeries};

    fn fee(dong: i64) -> Amount<StateFee> {
        Amount::new(Dong::new(dong)).expect("not negative")
    }

    fn receipts() -> Vec<FeeReceipt> {
        let mut series = ReceiptSeries::new("AG-TB", "AA/26P", 1, 99).expect("a series");
        let mut receipts = Vec::new();
        for (agency, dong) in [("A", 8_000), ("A", 50_000), ("B", 100_000)] {
            let (next, receipt) = series
                .issue(DossierId(Uuid::from_u128(1)), agency, fee(dong), 0)
                .expect("a receipt");
            series = next;
            receipts.push(receipt);
        }
        receipts
    }

    fn id(text: &str) -> RemittanceId {
        RemittanceId(text.to_owned())
    }

    #[test]
    fn the_statement_is_the_sum_of_its_receipts() {
        let receipts = receipts();
        let statement = RemittanceStatement::new(id("BB-1"), "A", receipts[..2].to_vec()).expect("a statement");
        assert_eq!(statement.total(), fee(58_000));
        let mut register = RemittanceRegister::default();
        assert_eq!(register.remit(&statement, fee(57_999)), Err(RemitError::Counted));
        assert_eq!(register.remit(&statement, fee(58_000)), Ok(()));
        assert_eq!(register.outstanding(&receipts).count(), 1);
    }

    #[test]
    fn refuses_a_receipt_in_two_remittances() {
        let receipts = receipts();
        let mut register = RemittanceRegister::default();
        let first = RemittanceStatement::new(id("BB-1"), "A", receipts[..1].to_vec()).expect("a statement");
        register.remit(&first, first.total()).expect("new");
        let second = RemittanceStatement::new(id("BB-2"), "A", receipts[..2].to_vec()).expect("a statement");
        let before = register.clone();
        assert_eq!(
            register.remit(&second, second.total()),
            Err(RemitError::Remitted {
                receipt: receipts[0].number().clone(),
                with: id("BB-1")
            })
        );
        assert_eq!(register, before);
    }

    #[test]
    fn refuses_receipts_of_another_agency_void_or_twice() {
        let receipts = receipts();
        let new = |receipts: Vec<FeeReceipt>| RemittanceStatement::new(id("BB-1"), "A", receipts).expect_err("refused");
        let number = |at: usize| receipts[at].number().clone();
        assert_eq!(new(receipts.clone()), StatementError::OtherAgency(number(2)));
        let void = receipts[0].clone().void("in hỏng").expect("not void yet");
        assert_eq!(new(vec![void]), StatementError::Void(number(0)));
        assert_eq!(
            new(vec![receipts[1].clone(), receipts[1].clone()]),
            StatementError::Twice(number(1))
        );
        assert_eq!(new(vec![]), StatementError::Empty);
    }
}
