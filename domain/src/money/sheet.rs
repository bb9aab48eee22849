//! The money of one dossier: its three books side by side, filled from the lines that were recorded.
//!
//! A line that does not fit is refused with the reason and changes nothing. Whoever folds what was recorded keeps it all the
//! same and shows why it does not count: cash that was taken was taken, also when nobody owed it.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 11

use time::Date;

use super::account::{EntryKind, Method};
use super::amount::{
    AgencyDecision, AgencyInstruction, Amount, AmountError, Ledger, LedgerKind, OtherObligation, Postage,
    PostageDecision, StateFee,
};
use super::book::{Book, BookError};
use super::dong::Dong;
use super::three_lines::ThreeLines;
use crate::dossier::words::Language;
use crate::ids::DossierId;

/// A paper that allows something: an instruction, a decision, a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The code of the agency that issued it; empty for the post's own.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: Date,
}

/// How a person paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tender {
    /// In cash.
    Cash,
    /// By transfer with a VietQR code.
    Qr,
    /// Online through the national portal.
    NationalPortal,
    /// Online through another gateway.
    OwnGateway,
}

impl Tender {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Cash, Self::Qr, Self::NationalPortal, Self::OwnGateway];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Qr => "qr",
            Self::NationalPortal => "national_portal",
            Self::OwnGateway => "own_gateway",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tender| tender.as_str() == text)
    }

    /// The way for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Cash => ("tiền mặt", "in cash"),
            Self::Qr => ("chuyển khoản bằng mã QR", "by QR transfer"),
            Self::NationalPortal => (
                "trực tuyến qua Cổng Dịch vụ công quốc gia",
                "online through the national portal",
            ),
            Self::OwnGateway => ("trực tuyến qua cổng thanh toán khác", "online through another gateway"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }

    /// Whether it never passes through the post.
    pub const fn is_online(self) -> bool {
        matches!(self, Self::NationalPortal | Self::OwnGateway)
    }

    const fn method(self) -> Method {
        match self {
            Self::Cash => Method::Cash,
            Self::Qr | Self::NationalPortal | Self::OwnGateway => Method::Transfer,
        }
    }
}

/// Who took the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hand {
    /// The post, at a counter or at the door.
    Post,
    /// The agency itself, at its desk or online: it never passes through the post.
    Agency,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doing {
    /// It became due.
    Charged,
    /// It is not asked for.
    Exempted,
    /// It was paid.
    Collected(Tender, Hand),
    /// It was given back.
    Refunded(Tender),
    /// The agency counted and took it.
    Remitted,
}

/// One line of a dossier's money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whose money it is.
    pub ledger: LedgerKind,
    /// What was done.
    pub doing: Doing,
    /// How much.
    pub amount: Dong,
    /// What allows it, where something has to.
    pub paper: Option<Paper>,
    /// When, in milliseconds UTC.
    pub at_ms: i64,
}

/// Why a line does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It takes an instruction, a decision or a proof that is not named.
    #[error("it needs the paper that allows it: who issued it, its number and its date")]
    NoPaper,
    /// The book has no room for it.
    #[error(transparent)]
    Book(#[from] BookError),
}

impl From<AmountError> for LineError {
    fn from(error: AmountError) -> Self {
        match error {
            AmountError::NoPaper => Self::NoPaper,
            AmountError::Negative | AmountError::Dong(_) => Self::Book(BookError::Amount(error)),
        }
    }
}

impl LineError {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::NoPaper => (
                "chưa nêu văn bản cho phép (cơ quan, số, ngày)",
                "the paper that allows it is not named (issuer, number, date)",
            ),
            Self::Book(BookError::Nothing) => ("số tiền phải lớn hơn 0", "the amount must be above zero"),
            Self::Book(BookError::MoreThanOwed) => ("vượt quá số còn phải nộp", "more than is still owed"),
            Self::Book(BookError::MoreThanHeld) => (
                "vượt quá số bưu chính đang giữ; khoản đã chuyển cơ quan do cơ quan hoàn trả",
                "more than the post holds; what went to the agency is given back by the agency",
            ),
            Self::Book(BookError::MoreThanInDrawer | BookError::MoreThanInOffice) => {
                ("hoàn trả theo đúng cách đã thu", "it is given back the way it was paid")
            }
            Self::Book(BookError::Amount(_)) => ("số tiền không hợp lệ", "the amount is not valid"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// What a ledger of a dossier adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Became due.
    pub charged: Dong,
    /// Not asked for.
    pub exempted: Dong,
    /// Paid.
    pub collected: Dong,
    /// Given back.
    pub refunded: Dong,
    /// Still to be paid.
    pub owed: Dong,
    /// Taken by the post, and neither given back nor with the agency.
    pub held: Dong,
}

/// The three books of one dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    dossier: DossierId,
    postage: Book<Postage>,
    state_fee: Book<StateFee>,
    other: Book<OtherObligation>,
}

impl Sheet {
    /// A dossier of which nothing is owed.
    pub fn new(dossier: DossierId) -> Self {
        Self {
            dossier,
            postage: Book::default(),
            state_fee: Book::default(),
            other: Book::default(),
        }
    }

    /// Takes a line.
    ///
    /// # Errors
    /// [`LineError`]; the sheet is as before.
    pub fn take(&mut self, line: &Line) -> Result<(), LineError> {
        let agencys = |paper: Option<&Paper>| {
            let paper = paper.ok_or(LineError::NoPaper)?;
            Ok(AgencyDecision::new(&paper.issuer, &paper.number, paper.date)?)
        };
        let instructed = |paper: Option<&Paper>| {
            let paper = paper.ok_or(LineError::NoPaper)?;
            Ok(AgencyInstruction::new(&paper.issuer, &paper.number, paper.date)?)
        };
        let posts = |paper: Option<&Paper>| {
            let paper = paper.ok_or(LineError::NoPaper)?;
            Ok(PostageDecision::new(&paper.number, paper.date)?)
        };
        match line.ledger {
            LedgerKind::Postage => enter(&mut self.postage, self.dossier, line, |_| Ok(()), posts),
            LedgerKind::StateFee => enter(&mut self.state_fee, self.dossier, line, |_| Ok(()), agencys),
            LedgerKind::Other => enter(&mut self.other, self.dossier, line, instructed, agencys),
        }
    }

    /// What a ledger adds up to.
    pub fn totals(&self, ledger: LedgerKind) -> Totals {
        match ledger {
            LedgerKind::Postage => totals(&self.postage, self.dossier),
            LedgerKind::StateFee => totals(&self.state_fee, self.dossier),
            LedgerKind::Other => totals(&self.other, self.dossier),
        }
    }

    /// What is still to be paid, line by line.
    pub fn owed(&self) -> ThreeLines {
        ThreeLines {
            postage: self.postage.owed(self.dossier),
            state_fee: self.state_fee.owed(self.dossier),
            other: self.other.owed(self.dossier),
        }
    }
}

fn enter<L: Ledger>(
    book: &mut Book<L>,
    dossier: DossierId,
    line: &Line,
    warrant: impl Fn(Option<&Paper>) -> Result<L::Charge, LineError>,
    decision: impl Fn(Option<&Paper>) -> Result<L::Refund, LineError>,
) -> Result<(), LineError> {
    let (amount, at, paper) = (Amount::<L>::new(line.amount)?, line.at_ms, line.paper.as_ref());
    let mut next = book.clone();
    match line.doing {
        Doing::Charged => next.charge(dossier, amount, &warrant(paper)?, at)?,
        Doing::Exempted => {
            paper.ok_or(LineError::NoPaper)?;
            next.exempt(dossier, amount, at)?;
        }
        Doing::Collected(tender, hand) => {
            next.collect(dossier, amount, tender.method(), at)?;
            if hand == Hand::Agency {
                pass_on(&mut next, dossier, amount, at)?;
            }
        }
        Doing::Refunded(tender) => next.refund(dossier, amount, tender.method(), &decision(paper)?, at)?,
        Doing::Remitted => pass_on(&mut next, dossier, amount, at)?,
    }
    *book = next;
    Ok(())
}

/// From whoever took it, through the office, to whom it belongs.
fn pass_on<L: Ledger>(book: &mut Book<L>, dossier: DossierId, amount: Amount<L>, at: i64) -> Result<(), BookError> {
    let drawer = book.balances().of(super::Account::Drawer);
    let cash = Amount::new(drawer.min(amount.dong())).unwrap_or(Amount::ZERO);
    if !cash.is_zero() {
        book.hand_over(cash, at)?;
    }
    book.remit(dossier, amount, at)
}

fn totals<L: Ledger>(book: &Book<L>, dossier: DossierId) -> Totals {
    let sum = |is_it: fn(&EntryKind<L>) -> bool| {
        let amounts = book.entries().iter().filter(|entry| is_it(&entry.kind));
        // Each sum is part of one the book could hold.
        Dong::sum(amounts.map(|entry| entry.amount.dong())).unwrap_or_default()
    };
    Totals {
        charged: sum(|kind| matches!(kind, EntryKind::Charged(_))),
        exempted: sum(|kind| matches!(kind, EntryKind::Exempted)),
        collected: sum(|kind| matches!(kind, EntryKind::Collected(_))),
        refunded: sum(|kind| matches!(kind, EntryKind::Refunded(..))),
        owed: book.owed(dossier).dong(),
        held: book.held(dossier).dong(),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;

    fn line(ledger: LedgerKind, doing: Doing, sum: i64) -> Line {
        Line {
            ledger,
            doing,
            amount: Dong::new(sum),
            paper: None,
            at_ms: 1,
        }
    }

    fn with_paper(line: &Line) -> Line {
        let paper = Paper {
            issuer: "AG-UB-30520".to_owned(),
            number: "12/QĐ-UBND".to_owned(),
            date: date!(2026 - 05 - 04),
        };
        Line {
            paper: Some(paper),
            ..line.clone()
        }
    }

    fn sheet() -> Sheet {
        Sheet::new(DossierId(Uuid::from_u128(1)))
    }

    #[test]
    fn what_the_agency_took_itself_is_paid_and_never_held() {
        let mut sheet = sheet();
        for doing in [Doing::Charged, Doing::Collected(Tender::NationalPortal, Hand::Agency)] {
            sheet.take(&line(LedgerKind::StateFee, doing, 8_000)).expect("fits");
        }
        let totals = sheet.totals(LedgerKind::StateFee);
        assert_eq!(
            (totals.collected, totals.owed, totals.held),
            (Dong::new(8_000), Dong::ZERO, Dong::ZERO)
        );
    }

    #[test]
    fn the_ledgers_do_not_pay_for_each_other() {
        let mut sheet = sheet();
        sheet
            .take(&line(LedgerKind::Postage, Doing::Charged, 26_000))
            .expect("due");
        let fee = line(LedgerKind::StateFee, Doing::Collected(Tender::Cash, Hand::Post), 8_000);
        assert_eq!(sheet.take(&fee), Err(LineError::Book(BookError::MoreThanOwed)));
        assert_eq!(sheet.owed().postage.dong(), Dong::new(26_000));
    }

    #[test]
    fn an_exemption_a_refund_and_another_obligation_show_their_paper() {
        let mut sheet = sheet();
        let other = line(LedgerKind::Other, Doing::Charged, 1_000);
        assert_eq!(sheet.take(&other), Err(LineError::NoPaper));
        sheet.take(&with_paper(&other)).expect("instructed");
        sheet
            .take(&line(LedgerKind::Postage, Doing::Charged, 26_000))
            .expect("due");
        let half = line(LedgerKind::Postage, Doing::Exempted, 13_000);
        assert_eq!(sheet.take(&half), Err(LineError::NoPaper));
        sheet.take(&with_paper(&half)).expect("proved");
        let paid = line(LedgerKind::Postage, Doing::Collected(Tender::Cash, Hand::Post), 13_000);
        sheet.take(&paid).expect("owed");
        let back = line(LedgerKind::Postage, Doing::Refunded(Tender::Cash), 13_000);
        assert_eq!(sheet.take(&back), Err(LineError::NoPaper));
        let by_transfer = with_paper(&line(LedgerKind::Postage, Doing::Refunded(Tender::Qr), 13_000));
        assert_eq!(
            sheet.take(&by_transfer),
            Err(LineError::Book(BookError::MoreThanInOffice))
        );
        sheet.take(&with_paper(&back)).expect("decided");
        assert_eq!(sheet.totals(LedgerKind::Postage).held, Dong::ZERO);
    }

    #[test]
    fn what_went_to_the_agency_is_not_given_back_by_the_post() {
        let mut sheet = sheet();
        for doing in [
            Doing::Charged,
            Doing::Collected(Tender::Cash, Hand::Post),
            Doing::Remitted,
        ] {
            sheet.take(&line(LedgerKind::StateFee, doing, 8_000)).expect("fits");
        }
        let back = with_paper(&line(LedgerKind::StateFee, Doing::Refunded(Tender::Cash), 8_000));
        assert_eq!(sheet.take(&back), Err(LineError::Book(BookError::MoreThanHeld)));
    }
}
