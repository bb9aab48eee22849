//! The book of one ledger at one place.
//!
//! A book only grows. An entry that would take more than is owed, give back more than was
//! taken, or pay out what is not there is refused and leaves the book as it was.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 11; Quyết định 45/2016/QĐ-TTg, điều 15

use std::collections::BTreeMap;

use super::account::{Account, Balances, Entry, EntryKind, Method};
use super::amount::{Amount, AmountError, Ledger};
use super::dong::DongError;
use crate::ids::DossierId;

/// Why an entry is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// An entry of nothing says nothing.
    #[error("an entry needs an amount above zero")]
    Nothing,
    /// More would be taken or exempted than the dossier still owes.
    #[error("more than this dossier owes")]
    MoreThanOwed,
    /// More would be given back or remitted than was taken for the dossier and is still held.
    #[error("more than is held for this dossier; what was remitted is given back by the agency itself")]
    MoreThanHeld,
    /// The drawer does not hold so much of this ledger.
    #[error("more than the drawer holds of this ledger")]
    MoreThanInDrawer,
    /// The office does not hold so much of this ledger.
    #[error("more than the office holds of this ledger")]
    MoreThanInOffice,
    /// A sum does not fit.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

impl From<DongError> for BookError {
    fn from(error: DongError) -> Self {
        Self::Amount(AmountError::Dong(error))
    }
}

/// What stands open for one dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing<L: Ledger> {
    owed: Amount<L>,
    held: Amount<L>,
}

/// The entries of one ledger, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book<L: Ledger> {
    entries: Vec<Entry<L>>,
    balances: Balances,
    dossiers: BTreeMap<DossierId, Standing<L>>,
}

impl<L: Ledger> Default for Book<L> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            balances: Balances::default(),
            dossiers: BTreeMap::new(),
        }
    }
}

impl<L: Ledger> Book<L> {
    /// Every entry, oldest first.
    pub fn entries(&self) -> &[Entry<L>] {
        &self.entries
    }

    /// What stands on each account.
    pub const fn balances(&self) -> &Balances {
        &self.balances
    }

    /// What a dossier still owes.
    pub fn owed(&self, dossier: DossierId) -> Amount<L> {
        self.standing(dossier).owed
    }

    /// What is held for a dossier: taken, and neither given back nor remitted.
    pub fn held(&self, dossier: DossierId) -> Amount<L> {
        self.standing(dossier).held
    }

    /// Makes an amount due. Other obligations need the agency's instruction, the two other
    /// ledgers need `&()`.
    ///
    /// # Errors
    /// [`BookError::Nothing`] or a sum that does not fit.
    pub fn charge(
        &mut self,
        dossier: DossierId,
        amount: Amount<L>,
        warrant: &L::Charge,
        at: i64,
    ) -> Result<(), BookError> {
        let mut standing = self.standing(dossier);
        standing.owed = standing.owed.plus(amount)?;
        self.write(
            EntryKind::Charged(warrant.clone()),
            amount,
            Some((dossier, standing)),
            at,
        )
    }

    /// Does not ask for an amount that is due.
    ///
    /// # Errors
    /// [`BookError::MoreThanOwed`] among others.
    pub fn exempt(&mut self, dossier: DossierId, amount: Amount<L>, at: i64) -> Result<(), BookError> {
        let mut standing = self.standing(dossier);
        standing.owed = standing.owed.minus(amount).map_err(|_| BookError::MoreThanOwed)?;
        self.write(EntryKind::Exempted, amount, Some((dossier, standing)), at)
    }

    /// Takes an amount that is due.
    ///
    /// # Errors
    /// [`BookError::MoreThanOwed`] among others.
    pub fn collect(&mut self, dossier: DossierId, amount: Amount<L>, method: Method, at: i64) -> Result<(), BookError> {
        let mut standing = self.standing(dossier);
        standing.owed = standing.owed.minus(amount).map_err(|_| BookError::MoreThanOwed)?;
        standing.held = standing.held.plus(amount)?;
        self.write(EntryKind::Collected(method), amount, Some((dossier, standing)), at)
    }

    /// Gives back what is still held for a dossier, by the decision of whose money it is.
    ///
    /// # Errors
    /// [`BookError::MoreThanHeld`], also when it has gone to the agency already;
    /// [`BookError::MoreThanInDrawer`] and [`BookError::MoreThanInOffice`].
    pub fn refund(
        &mut self,
        dossier: DossierId,
        amount: Amount<L>,
        method: Method,
        decision: &L::Refund,
        at: i64,
    ) -> Result<(), BookError> {
        let mut standing = self.standing(dossier);
        standing.held = standing.held.minus(amount).map_err(|_| BookError::MoreThanHeld)?;
        self.check(method.account(), amount)?;
        let kind = EntryKind::Refunded(method, decision.clone());
        self.write(kind, amount, Some((dossier, standing)), at)
    }

    /// Hands cash over to the office at the end of a shift.
    ///
    /// # Errors
    /// [`BookError::MoreThanInDrawer`].
    pub fn hand_over(&mut self, amount: Amount<L>, at: i64) -> Result<(), BookError> {
        self.check(Account::Drawer, amount)?;
        self.write(EntryKind::HandedOver, amount, None, at)
    }

    /// Passes what was taken for a dossier on to whom it belongs.
    ///
    /// # Errors
    /// [`BookError::MoreThanHeld`] and [`BookError::MoreThanInOffice`].
    pub fn remit(&mut self, dossier: DossierId, amount: Amount<L>, at: i64) -> Result<(), BookError> {
        let mut standing = self.standing(dossier);
        standing.held = standing.held.minus(amount).map_err(|_| BookError::MoreThanHeld)?;
        self.check(Account::Office, amount)?;
        self.write(EntryKind::Remitted, amount, Some((dossier, standing)), at)
    }

    fn standing(&self, dossier: DossierId) -> Standing<L> {
        self.dossiers.get(&dossier).copied().unwrap_or(Standing {
            owed: Amount::ZERO,
            held: Amount::ZERO,
        })
    }

    fn check(&self, account: Account, amount: Amount<L>) -> Result<(), BookError> {
        let is_there = amount.dong() <= self.balances.of(account);
        match account {
            Account::Drawer if !is_there => Err(BookError::MoreThanInDrawer),
            Account::Office if !is_there => Err(BookError::MoreThanInOffice),
            Account::Drawer | Account::Office | Account::Payer | Account::Owner | Account::Waived => Ok(()),
        }
    }

    fn write(
        &mut self,
        kind: EntryKind<L>,
        amount: Amount<L>,
        standing: Option<(DossierId, Standing<L>)>,
        at: i64,
    ) -> Result<(), BookError> {
        if amount.is_zero() {
            return Err(BookError::Nothing);
        }
        self.balances.post(kind.accounts(), amount.dong())?;
        let dossier = standing.map(|(dossier, standing)| {
            self.dossiers.insert(dossier, standing);
            dossier
        });
        self.entries.push(Entry {
            kind,
            amount,
            dossier,
            at,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;
    use crate::money::{AgencyDecision, AgencyInstruction, Dong, OtherObligation, StateFee};

    const DOSSIER: DossierId = DossierId(Uuid::from_u128(1));

    fn fee(dong: i64) -> Amount<StateFee> {
        Amount::new(Dong::new(dong)).expect("not negative")
    }

    fn decision() -> AgencyDecision {
        AgencyDecision::new("AG-UB-30520", "12/QĐ-UBND", date!(2026 - 05 - 04)).expect("named")
    }

    #[test]
    fn a_fee_goes_from_the_payer_through_drawer_and_office_to_the_agency() {
        let mut book = Book::<StateFee>::default();
        book.charge(DOSSIER, fee(8_000), &(), 1).expect("due");
        book.collect(DOSSIER, fee(8_000), Method::Cash, 2).expect("paid");
        assert_eq!(book.remit(DOSSIER, fee(8_000), 3), Err(BookError::MoreThanInOffice));
        book.hand_over(fee(8_000), 4).expect("in the drawer");
        book.remit(DOSSIER, fee(8_000), 5).expect("in the office");
        for account in [Account::Payer, Account::Drawer, Account::Office, Account::Owner] {
            assert_eq!(book.balances().of(account), Dong::ZERO, "{account:?}");
        }
    }

    #[test]
    fn refuses_to_take_more_than_is_owed() {
        let mut book = Book::<StateFee>::default();
        book.charge(DOSSIER, fee(8_000), &(), 1).expect("due");
        book.exempt(DOSSIER, fee(4_000), 1).expect("half");
        let before = book.clone();
        assert_eq!(
            book.collect(DOSSIER, fee(4_001), Method::Cash, 2),
            Err(BookError::MoreThanOwed)
        );
        assert_eq!(book, before);
    }

    #[test]
    fn what_was_remitted_is_not_refunded_from_anothers_money() {
        let other = DossierId(Uuid::from_u128(2));
        let mut book = Book::<StateFee>::default();
        for dossier in [DOSSIER, other] {
            book.charge(dossier, fee(8_000), &(), 1).expect("due");
            book.collect(dossier, fee(8_000), Method::Transfer, 2).expect("paid");
        }
        book.remit(DOSSIER, fee(8_000), 3).expect("in the office");
        assert_eq!(
            book.refund(DOSSIER, fee(8_000), Method::Transfer, &decision(), 4),
            Err(BookError::MoreThanHeld)
        );
        assert_eq!(book.refund(other, fee(8_000), Method::Transfer, &decision(), 4), Ok(()));
    }

    #[test]
    fn another_obligation_carries_its_instruction() {
        let instruction = AgencyInstruction::new("AG-THUE", "05/TB", date!(2026 - 05 - 04)).expect("named");
        let mut book = Book::<OtherObligation>::default();
        let amount = Amount::new(Dong::new(1_000)).expect("not negative");
        book.charge(DOSSIER, amount, &instruction, 1).expect("instructed");
        assert_eq!(book.entries()[0].kind, EntryKind::Charged(instruction));
    }
}
