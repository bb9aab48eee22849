//! What can happen to money of one ledger, and between which two accounts it moves.
//!
//! Every entry debits one account and credits another by the same amount, so the accounts
//! of a ledger always sum to nothing.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 11; Quyết định 45/2016/QĐ-TTg, điều 15

use std::collections::BTreeMap;

use super::amount::{Amount, Ledger};
use super::dong::{Dong, DongError};
use crate::ids::DossierId;

/// Where money of a ledger stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Owed by the people who send and receive.
    Payer,
    /// Cash in the drawer or bag of whoever took it.
    Drawer,
    /// Handed over at the end of a shift, or received by transfer.
    Office,
    /// Owed to whom it belongs: the post for postage, the agency for all else.
    Owner,
    /// Not asked for because the law exempts.
    Waived,
}

/// How money was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// In cash.
    Cash,
    /// By transfer to the post for onward transfer.
    Transfer,
}

impl Method {
    /// The account that holds what was paid this way.
    pub(super) const fn account(self) -> Account {
        match self {
            Self::Cash => Account::Drawer,
            Self::Transfer => Account::Office,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind<L: Ledger> {
    /// It became due; other obligations show the instruction.
    Charged(L::Charge),
    /// It is not asked for, wholly or in part.
    Exempted,
    /// It was paid.
    Collected(Method),
    /// It was given back, with the decision that allows it.
    Refunded(Method, L::Refund),
    /// It went from the drawer to the office at the end of a shift.
    HandedOver,
    /// It went from the office to whom it belongs.
    Remitted,
}

impl<L: Ledger> EntryKind<L> {
    /// The account debited and the account credited.
    pub const fn accounts(&self) -> (Account, Account) {
        match self {
            Self::Charged(_) => (Account::Payer, Account::Owner),
            Self::Exempted => (Account::Waived, Account::Payer),
            Self::Collected(method) => (method.account(), Account::Payer),
            Self::Refunded(method, _) => (Account::Owner, method.account()),
            Self::HandedOver => (Account::Office, Account::Drawer),
            Self::Remitted => (Account::Owner, Account::Office),
        }
    }
}

/// One line of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<L: Ledger> {
    /// What happened.
    pub kind: EntryKind<L>,
    /// How much.
    pub amount: Amount<L>,
    /// For which dossier; none for a handing over at the end of a shift.
    pub dossier: Option<DossierId>,
    /// When, in milliseconds UTC.
    pub at: i64,
}

/// What stands on each account, debits above zero and credits below.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balances(BTreeMap<Account, Dong>);

impl Balances {
    /// What stands on an account.
    pub fn of(&self, account: Account) -> Dong {
        self.0.get(&account).copied().unwrap_or_default()
    }

    /// The sum of all accounts: nothing, always.
    ///
    /// # Errors
    /// [`DongError::Overflow`].
    pub fn sum(&self) -> Result<Dong, DongError> {
        Dong::sum(self.0.values().copied())
    }

    /// Moves an amount from the credited to the debited account.
    pub(super) fn post(&mut self, (debit, credit): (Account, Account), dong: Dong) -> Result<(), DongError> {
        let (to, from) = (self.of(debit).plus(dong)?, self.of(credit).minus(dong)?);
        self.0.insert(debit, to);
        self.0.insert(credit, from);
        Ok(())
    }
}
