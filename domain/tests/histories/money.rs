//! Its money: a counter that charges, takes, remits and gives back as the facts come, in three ledgers.
//!
//! Beside the dossier stands another one of another agency, whose money lies in the same drawer.

use domain::dossier::DossierFact as F;
use domain::dossier::ReturnProof;
use domain::ids::DossierId;
use domain::mode::Mode;
use domain::money::{
    AgencyDecision, AgencyInstruction, Amount, BookError, Dong, EntryKind, FeeReceipt, LedgerKind, Method,
    OtherObligation, Postage, PostageDecision, ReceiptNumber, ReceiptSeries, RemitError, RemittanceId,
    RemittanceRegister, RemittanceStatement, ShiftCloseError, StateFee, StatementError, ThreeLines, check_series,
    close_shift,
};
use time::Date;
use uuid::Uuid;

use crate::days::day_of;
use crate::machines::history::{Dice, History};
use crate::seen::Seen;
use crate::till::{Till, amount};

const AGENCY: &str = "H01.23";
const OTHER_AGENCY: &str = "H01.24";

/// One counter for the time of one history.
struct Counter<'a> {
    dossier: DossierId,
    neighbour: DossierId,
    mode: Mode,
    postage: Till<Postage>,
    fee: Till<StateFee>,
    other: Till<OtherObligation>,
    series: ReceiptSeries,
    receipts: Vec<FeeReceipt>,
    register: RemittanceRegister,
    remittances: Vec<RemittanceId>,
    shift: Date,
    seen: &'a mut Seen,
}

pub(crate) fn check(history: &History, dice: &mut Dice, seen: &mut Seen) {
    let (began, ended) = history.span_ms;
    let mut counter = Counter {
        dossier: history.dossier.id,
        neighbour: DossierId(Uuid::max()),
        mode: history.dossier.mode,
        postage: Till::default(),
        fee: Till::default(),
        other: Till::default(),
        series: ReceiptSeries::new("AG-TB", "AA/26P", 1, 9_999).expect("a series"),
        receipts: Vec::new(),
        register: RemittanceRegister::default(),
        remittances: Vec::new(),
        shift: day_of(began),
        seen,
    };
    let neighbour = counter.neighbour;
    counter.charge_postage(neighbour, began, dice);
    counter.postage.collect(neighbour, method(dice), began);
    counter.take_fee(neighbour, OTHER_AGENCY, began, dice);
    for fact in &history.facts {
        let at = fact.at_ms();
        if counter.shift != day_of(at) {
            counter.end_shift(at);
        }
        counter.hear(fact, dice);
        counter.is_sound();
        counter.refuses(at, dice);
    }
    counter.settle(ended);
}

fn method(dice: &mut Dice) -> Method {
    [Method::Cash, Method::Transfer][dice.below(2)]
}

fn decision(at: i64) -> AgencyDecision {
    AgencyDecision::new(AGENCY, "15/QĐ", day_of(at)).expect("named")
}

fn record(at: i64) -> PostageDecision {
    PostageDecision::new("BB-15", day_of(at)).expect("named")
}

impl Counter<'_> {
    /// What a fact means for money.
    fn hear(&mut self, fact: &F, dice: &mut Dice) {
        let (at, dossier) = (fact.at_ms(), self.dossier);
        match fact {
            F::TakenIn { .. } => {
                self.charge_postage(dossier, at, dice);
                self.postage.collect(dossier, method(dice), at);
                self.seen.collected += 1;
                let has_receipt =
                    |receipt: &FeeReceipt| receipt.dossier() == dossier && receipt.void_reason().is_none();
                if !self.receipts.iter().any(has_receipt) {
                    self.take_fee(dossier, AGENCY, at, dice);
                }
            }
            F::Lodged { .. } if self.mode.carries_dossier() => {
                self.end_shift(at);
                self.remit_fees(AGENCY, at);
            }
            F::PaymentRequested { .. } => {
                let instruction = AgencyInstruction::new(AGENCY, "16/TB", day_of(at)).expect("named");
                let dong = 1_000 * dice.long(1, 500);
                self.other.charge(dossier, dong, &instruction, at);
            }
            F::Paid { .. } => {
                self.other.collect(dossier, method(dice), at);
                self.seen.other_obligations += 1;
            }
            F::ResultInPost { .. } => self.charge_postage(dossier, at, dice),
            F::Returned {
                proof: ReturnProof::Post,
                ..
            } => {
                self.postage.collect(dossier, method(dice), at);
            }
            // whether its fee is given back is the agency's to say
            F::NotAccepted { .. } | F::Stopped { .. } | F::Cancelled { .. } if dice.below(2) == 0 => {
                self.give_fee_back(at);
            }
            // the post's own price is the post's to give back
            F::ItemLost { .. } if !self.postage.book.held(dossier).is_zero() => {
                self.postage.refund(dossier, &record(at), at);
                self.seen.postage_refunded += 1;
            }
            F::Ordered { .. }
            | F::Assisted { .. }
            | F::Represented { .. }
            | F::IntakeOpened { .. }
            | F::IntakeIncomplete { .. }
            | F::AtHandover { .. }
            | F::HandoverRefused { .. }
            | F::Lodged { .. }
            | F::Received { .. }
            | F::AppointmentTold { .. }
            | F::NotAccepted { .. }
            | F::StepGiven { .. }
            | F::Processing { .. }
            | F::StepTaken { .. }
            | F::StepDone { .. }
            | F::SupplementRequested { .. }
            | F::CarriageCharged { .. }
            | F::Supplemented { .. }
            | F::Redated { .. }
            | F::DueMoved { .. }
            | F::WithdrawalRequested { .. }
            | F::Stopped { .. }
            | F::Resolved { .. }
            | F::ResultReady { .. }
            | F::SurrenderListed { .. }
            | F::ResultFoundWrong { .. }
            | F::ResultCorrected { .. }
            | F::ItemLost { .. }
            | F::DossierBack { .. }
            | F::ResultBack { .. }
            | F::Surrendered { .. }
            | F::SurrenderExcepted { .. }
            | F::Returned { .. }
            | F::PapersReturned { .. }
            | F::SurrenderDelivered { .. }
            | F::ReturnConfirmed { .. }
            | F::Cancelled { .. } => {}
        }
    }

    fn charge_postage(&mut self, dossier: DossierId, at: i64, dice: &mut Dice) {
        self.postage.charge(dossier, 26_000 + 500 * dice.long(0, 80), &(), at);
    }

    fn take_fee(&mut self, dossier: DossierId, agency: &str, at: i64, dice: &mut Dice) {
        self.fee
            .charge(dossier, 1_000 * dice.long(1, 300) + dice.long(0, 999), &(), at);
        if dice.below(6) == 0 {
            self.fee.exempt(dossier, at);
            self.seen.exempted += 1;
            return;
        }
        let taken = self.fee.collect(dossier, method(dice), at);
        let (series, receipt) = self
            .series
            .clone()
            .issue(dossier, agency, taken, at)
            .expect("a receipt");
        self.series = series;
        self.receipts.push(receipt);
    }

    /// Gives the fee back by the agency's decision, unless the agency has the money itself.
    fn give_fee_back(&mut self, at: i64) {
        let (dossier, before) = (self.dossier, self.fee.book.clone());
        let live = self
            .receipts
            .iter_mut()
            .find(|receipt| receipt.dossier() == dossier && receipt.void_reason().is_none());
        let Some(receipt) = live else { return };
        if self.register.of(receipt.number()).is_some() {
            let again = self
                .fee
                .book
                .refund(dossier, receipt.amount(), Method::Transfer, &decision(at), at);
            assert_eq!(
                again,
                Err(BookError::MoreThanHeld),
                "a remitted fee is not the post's to give"
            );
            assert_eq!(self.fee.book, before);
            self.seen.refused_refunds_of_remitted_fees += 1;
            return;
        }
        self.fee.refund(dossier, &decision(at), at);
        *receipt = receipt.clone().void("hoàn trả").expect("not void yet");
        self.seen.fees_refunded += 1;
    }

    /// The drawer is counted line by line and goes to the office.
    fn end_shift(&mut self, at: i64) {
        self.shift = day_of(at);
        let expected = ThreeLines {
            postage: self.postage.drawer(),
            state_fee: self.fee.drawer(),
            other: self.other.drawer(),
        };
        let closed = close_shift(expected, expected, None).expect("what is there is what the books say");
        assert!(closed.balances());
        let fee = expected.state_fee.dong().as_i64();
        if fee > 0 {
            let mixed = ThreeLines {
                postage: expected.postage.plus(amount(fee)).expect("it fits"),
                state_fee: Amount::ZERO,
                other: expected.other,
            };
            assert_eq!(mixed.total(), expected.total());
            let unexplained = ShiftCloseError::Unexplained {
                ledger: LedgerKind::Postage,
                by: Dong::new(fee),
            };
            assert_eq!(
                close_shift(expected, mixed, None),
                Err(unexplained),
                "a fee lies with the postage"
            );
        }
        self.postage.hand_over(at);
        self.fee.hand_over(at);
        self.other.hand_over(at);
        self.seen.shifts_ended += 1;
    }

    /// Every fee that is held for an agency goes to it, with its receipts.
    fn remit_fees(&mut self, agency: &str, at: i64) {
        let all: Vec<FeeReceipt> = self.register.outstanding(&self.receipts).cloned().collect();
        let of_agency: Vec<FeeReceipt> = all.iter().filter(|one| one.agency_code() == agency).cloned().collect();
        let id = RemittanceId(format!("BB-{}", self.remittances.len() + 1));
        if of_agency.is_empty() {
            assert_eq!(
                RemittanceStatement::new(id, agency, of_agency),
                Err(StatementError::Empty)
            );
            return;
        }
        if all.len() > of_agency.len() {
            let mixed = RemittanceStatement::new(id.clone(), agency, all);
            assert!(matches!(mixed, Err(StatementError::OtherAgency(_))), "{mixed:?}");
        }
        let dossiers: Vec<DossierId> = of_agency.iter().map(FeeReceipt::dossier).collect();
        let statement = RemittanceStatement::new(id.clone(), agency, of_agency).expect("receipts of one agency");
        let short = amount(statement.total().dong().as_i64() - 1);
        assert_eq!(self.register.remit(&statement, short), Err(RemitError::Counted));
        let held: i64 = dossiers
            .iter()
            .map(|one| self.fee.book.held(*one).dong().as_i64())
            .sum();
        assert_eq!(statement.total(), amount(held), "the receipts are not what is held");
        self.register
            .remit(&statement, statement.total())
            .expect("each receipt once");
        for dossier in dossiers {
            self.fee.remit(dossier, at);
        }
        self.remittances.push(id);
        self.seen.remitted += 1;
    }

    fn dossiers(&self) -> [DossierId; 2] {
        [self.dossier, self.neighbour]
    }

    /// Each ledger is what its own acts make it; the receipts are the fees.
    fn is_sound(&self) {
        self.postage.check(self.dossiers());
        self.fee.check(self.dossiers());
        self.other.check(self.dossiers());
        let numbers: Vec<&ReceiptNumber> = self.receipts.iter().map(FeeReceipt::number).collect();
        assert_eq!(check_series(numbers), Ok(()));
        let outstanding = Amount::sum(self.register.outstanding(&self.receipts).map(FeeReceipt::amount));
        let held = Amount::sum(self.dossiers().map(|dossier| self.fee.book.held(dossier)));
        assert_eq!(outstanding, held, "receipts that are not remitted are what is held");
        let totals = self.remittances.iter().filter_map(|id| self.register.total(id));
        assert_eq!(Amount::sum(totals), Ok(amount(self.fee.remitted())));
    }

    fn refuses(&mut self, at: i64, dice: &mut Dice) {
        let dossier = self.dossiers()[dice.below(2)];
        match dice.below(3) {
            0 => self.postage.check_refusals(dossier, &record(at), at),
            1 => self.fee.check_refusals(dossier, &decision(at), at),
            _ => self.other.check_refusals(dossier, &decision(at), at),
        }
    }

    /// In the end every đồng taken is with whom it belongs, and only the agency's word gave a fee back.
    fn settle(&mut self, at: i64) {
        self.end_shift(at);
        self.remit_fees(AGENCY, at);
        self.remit_fees(OTHER_AGENCY, at);
        for dossier in self.dossiers() {
            self.postage.remit(dossier, at);
            self.other.remit(dossier, at);
        }
        self.is_sound();
        for dossier in self.dossiers() {
            assert_eq!(self.postage.book.held(dossier), Amount::ZERO);
            assert_eq!(self.fee.book.held(dossier), Amount::ZERO);
            assert_eq!(self.other.book.held(dossier), Amount::ZERO);
            assert_eq!(self.fee.book.owed(dossier), Amount::ZERO);
        }
        for entry in self.fee.book.entries() {
            if let EntryKind::Refunded(_, decision) = &entry.kind {
                assert_eq!((decision.agency_code(), entry.dossier), (AGENCY, Some(self.dossier)));
            }
        }
    }
}
