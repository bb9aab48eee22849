//! One ledger at a counter: its book, and the same counted beside it in plain numbers.

use domain::ids::DossierId;
use domain::money::{Account, Amount, Book, BookError, Dong, Ledger, Method};

pub(crate) fn amount<L: Ledger>(dong: i64) -> Amount<L> {
    Amount::new(Dong::new(dong)).expect("not negative")
}

/// What went in and out, in đồng.
#[derive(Debug, Clone, Copy, Default)]
struct Plain {
    charged: i64,
    exempted: i64,
    cash: i64,
    transfers: i64,
    cash_back: i64,
    transfers_back: i64,
    handed_over: i64,
    remitted: i64,
}

/// A book and its plain numbers.
pub(crate) struct Till<L: Ledger> {
    pub(crate) book: Book<L>,
    plain: Plain,
}

impl<L: Ledger> Default for Till<L> {
    fn default() -> Self {
        Self {
            book: Book::default(),
            plain: Plain::default(),
        }
    }
}

impl<L: Ledger> Till<L> {
    pub(crate) fn charge(&mut self, dossier: DossierId, dong: i64, warrant: &L::Charge, at: i64) {
        let charged = self.book.charge(dossier, amount(dong), warrant, at);
        charged.expect("anything can be charged");
        self.plain.charged += dong;
    }

    pub(crate) fn exempt(&mut self, dossier: DossierId, at: i64) {
        let owed = self.book.owed(dossier);
        self.book.exempt(dossier, owed, at).expect("it is owed");
        self.plain.exempted += owed.dong().as_i64();
    }

    /// Takes all that is owed and says how much that is.
    pub(crate) fn collect(&mut self, dossier: DossierId, method: Method, at: i64) -> Amount<L> {
        let owed = self.book.owed(dossier);
        if !owed.is_zero() {
            self.book.collect(dossier, owed, method, at).expect("it is owed");
            match method {
                Method::Cash => self.plain.cash += owed.dong().as_i64(),
                Method::Transfer => self.plain.transfers += owed.dong().as_i64(),
            }
        }
        owed
    }

    /// Gives back all that is held, from where it is: what was paid in two parts may lie partly in the drawer and partly in the
    /// office.
    pub(crate) fn refund(&mut self, dossier: DossierId, decision: &L::Refund, at: i64) {
        let held = self.book.held(dossier).dong().as_i64();
        let cash = held.min(self.book.balances().of(Account::Drawer).as_i64());
        for (method, part) in [(Method::Cash, cash), (Method::Transfer, held - cash)] {
            if part > 0 {
                let done = self.book.refund(dossier, amount(part), method, decision, at);
                done.expect("what is held is in the drawer or in the office");
            }
        }
        self.plain.cash_back += cash;
        self.plain.transfers_back += held - cash;
    }

    /// The cash of a shift goes to the office.
    pub(crate) fn hand_over(&mut self, at: i64) {
        let drawer = self.drawer();
        if !drawer.is_zero() {
            self.book.hand_over(drawer, at).expect("it is in the drawer");
            self.plain.handed_over += drawer.dong().as_i64();
        }
    }

    /// All that is held goes to whom it belongs.
    pub(crate) fn remit(&mut self, dossier: DossierId, at: i64) {
        let held = self.book.held(dossier);
        if !held.is_zero() {
            self.book.remit(dossier, held, at).expect("it is in the office");
            self.plain.remitted += held.dong().as_i64();
        }
    }

    pub(crate) fn drawer(&self) -> Amount<L> {
        Amount::new(self.book.balances().of(Account::Drawer)).expect("a drawer is never below nothing")
    }

    pub(crate) const fn remitted(&self) -> i64 {
        self.plain.remitted
    }

    /// The book is what the plain numbers say, to the đồng, and every đồng there is held for a dossier.
    pub(crate) fn check(&self, dossiers: [DossierId; 2]) {
        let plain = &self.plain;
        let expected = [
            (
                Account::Payer,
                plain.charged - plain.exempted - plain.cash - plain.transfers,
            ),
            (Account::Drawer, plain.cash - plain.cash_back - plain.handed_over),
            (
                Account::Office,
                plain.transfers - plain.transfers_back + plain.handed_over - plain.remitted,
            ),
            (
                Account::Owner,
                plain.cash_back + plain.transfers_back + plain.remitted - plain.charged,
            ),
            (Account::Waived, plain.exempted),
        ];
        let balances = self.book.balances();
        let found = expected.map(|(account, _)| (account, balances.of(account).as_i64()));
        assert_eq!(found, expected, "{:?}", L::KIND);
        assert_eq!(balances.sum(), Ok(Dong::ZERO), "{:?}", L::KIND);
        let sum = |of: fn(&Book<L>, DossierId) -> Amount<L>| -> i64 {
            dossiers
                .map(|dossier| of(&self.book, dossier).dong().as_i64())
                .iter()
                .sum()
        };
        let [(_, payer), (_, drawer), (_, office), _, _] = expected;
        assert_eq!(sum(Book::owed), payer, "{:?}", L::KIND);
        assert_eq!(sum(Book::held), drawer + office, "{:?}", L::KIND);
    }

    /// One đồng more than there is is refused by every door, and leaves the book alone.
    pub(crate) fn check_refusals(&mut self, dossier: DossierId, decision: &L::Refund, at: i64) {
        let before = self.book.clone();
        let more = |there: Amount<L>| amount::<L>(there.dong().as_i64() + 1);
        let (owed, held) = (more(before.owed(dossier)), more(before.held(dossier)));
        let drawer = more(self.drawer());
        let book = &mut self.book;
        for refused in [
            (book.collect(dossier, owed, Method::Cash, at), BookError::MoreThanOwed),
            (book.exempt(dossier, owed, at), BookError::MoreThanOwed),
            (
                book.refund(dossier, held, Method::Cash, decision, at),
                BookError::MoreThanHeld,
            ),
            (book.remit(dossier, held, at), BookError::MoreThanHeld),
            (book.hand_over(drawer, at), BookError::MoreThanInDrawer),
        ] {
            assert_eq!(refused.0, Err(refused.1), "{:?}", L::KIND);
        }
        assert_eq!(self.book, before, "{:?}", L::KIND);
    }
}
