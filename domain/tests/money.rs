//! Whatever is done at the counter, each ledger balances by itself and every receipt is remitted once.

use domain::ids::DossierId;
use domain::money::{
    Account, AgencyDecision, AgencyInstruction, Amount, Book, Dong, FeeReceipt, Ledger, Method, OtherObligation,
    Postage, PostageDecision, ReceiptSeries, RemittanceId, RemittanceRegister, RemittanceStatement, StateFee,
    check_series,
};
use proptest::prelude::*;
use time::macros::date;
use uuid::Uuid;

/// Something somebody tries at the counter; not all of it is allowed.
#[derive(Debug, Clone, Copy)]
enum Act {
    Charge,
    Exempt,
    Collect(Method),
    Refund(Method),
    HandOver,
    Remit,
}

#[derive(Debug, Clone, Copy)]
struct Try {
    ledger: u8,
    dossier: u128,
    act: Act,
    dong: i64,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let method = || prop_oneof![Just(Method::Cash), Just(Method::Transfer)];
    let act = prop_oneof![
        3 => Just(Act::Charge),
        1 => Just(Act::Exempt),
        3 => method().prop_map(Act::Collect),
        1 => method().prop_map(Act::Refund),
        2 => Just(Act::HandOver),
        2 => Just(Act::Remit),
    ];
    let one = (0..3_u8, 0..4_u128, act, 0..5_i64).prop_map(|(ledger, dossier, act, thousands)| Try {
        ledger,
        dossier,
        act,
        dong: thousands * 4_000,
    });
    prop::collection::vec(one, 0..60)
}

fn attempt<L: Ledger>(book: &mut Book<L>, warrant: &L::Charge, decision: &L::Refund, one: Try) -> bool {
    let dossier = DossierId(Uuid::from_u128(one.dossier));
    let amount = Amount::<L>::new(Dong::new(one.dong)).expect("not negative");
    match one.act {
        Act::Charge => book.charge(dossier, amount, warrant, 0),
        Act::Exempt => book.exempt(dossier, amount, 0),
        Act::Collect(method) => book.collect(dossier, amount, method, 0),
        Act::Refund(method) => book.refund(dossier, amount, method, decision, 0),
        Act::HandOver => book.hand_over(amount, 0),
        Act::Remit => book.remit(dossier, amount, 0),
    }
    .is_ok()
}

fn is_sound<L: Ledger>(book: &Book<L>) -> Result<(), TestCaseError> {
    let balances = book.balances();
    prop_assert_eq!(balances.sum(), Ok(Dong::ZERO), "debits are not credits");
    for account in [Account::Payer, Account::Drawer, Account::Office, Account::Waived] {
        prop_assert!(!balances.of(account).is_negative(), "{:?} is below zero", account);
    }
    let of_dossiers = |amount: fn(&Book<L>, DossierId) -> Amount<L>| -> i64 {
        (0..4_u128)
            .map(|dossier| amount(book, DossierId(Uuid::from_u128(dossier))).dong().as_i64())
            .sum()
    };
    let there = balances.of(Account::Drawer).as_i64() + balances.of(Account::Office).as_i64();
    prop_assert_eq!(of_dossiers(Book::held), there, "what is held is not what is there");
    let due = balances.of(Account::Payer).as_i64();
    prop_assert_eq!(of_dossiers(Book::owed), due, "what is owed is not what is due");
    Ok(())
}

proptest! {
    #[test]
    fn each_ledger_balances_and_no_act_touches_another(tries in tries()) {
        let day = date!(2026 - 05 - 04);
        let decision = AgencyDecision::new("A", "1", day).expect("named");
        let instruction = AgencyInstruction::new("A", "1", day).expect("named");
        let record = PostageDecision::new("1", day).expect("named");
        let (mut postage, mut fee, mut other) =
            (Book::<Postage>::default(), Book::<StateFee>::default(), Book::<OtherObligation>::default());
        for one in tries {
            let before = (postage.clone(), fee.clone(), other.clone());
            let done = match one.ledger {
                0 => attempt(&mut postage, &(), &record, one),
                1 => attempt(&mut fee, &(), &decision, one),
                _ => attempt(&mut other, &instruction, &decision, one),
            };
            prop_assert_eq!(postage != before.0, done && one.ledger == 0);
            prop_assert_eq!(fee != before.1, done && one.ledger == 1);
            prop_assert_eq!(other != before.2, done && one.ledger == 2);
            is_sound(&postage)?;
            is_sound(&fee)?;
            is_sound(&other)?;
        }
    }

    #[test]
    fn every_receipt_is_remitted_once_and_the_statements_sum_to_the_receipts(
        fees in prop::collection::vec((0..3_u8, 1..200_000_i64, any::<bool>()), 1..40),
        picks in prop::collection::vec(prop::collection::vec(0..40_usize, 1..8), 1..12),
    ) {
        let mut series = ReceiptSeries::new("AG-TB", "AA/26P", 1, 1000).expect("a series");
        let mut receipts: Vec<FeeReceipt> = Vec::new();
        for (agency, dong, is_void) in fees {
            let amount = Amount::new(Dong::new(dong)).expect("not negative");
            let issued = series.issue(DossierId(Uuid::from_u128(1)), &agency.to_string(), amount, 0);
            let (next, receipt) = issued.expect("a receipt");
            series = next;
            receipts.push(if is_void { receipt.void("in hỏng").expect("not void yet") } else { receipt });
        }
        prop_assert!(check_series(receipts.iter().map(FeeReceipt::number)).is_ok());

        let mut register = RemittanceRegister::default();
        let mut sums = 0;
        let mut made: Vec<RemittanceStatement> = Vec::new();
        for (at, pick) in picks.into_iter().enumerate() {
            let chosen: Vec<FeeReceipt> = pick.iter().filter_map(|at| receipts.get(*at)).cloned().collect();
            let Some(agency) = chosen.first().map(|receipt| receipt.agency_code().to_owned()) else { continue };
            let id = RemittanceId(at.to_string());
            let Ok(statement) = RemittanceStatement::new(id, &agency, chosen) else { continue };
            if register.remit(&statement, statement.total()).is_ok() {
                sums += statement.total().dong().as_i64();
                made.push(statement);
            }
        }
        let remitted: Vec<&FeeReceipt> =
            receipts.iter().filter(|receipt| register.of(receipt.number()).is_some()).collect();
        let by_receipt: i64 = remitted.iter().map(|receipt| receipt.amount().dong().as_i64()).sum();
        prop_assert_eq!(sums, by_receipt);
        for receipt in remitted {
            let times = made.iter().flat_map(RemittanceStatement::receipts).filter(|one| *one == receipt).count();
            prop_assert_eq!(times, 1);
        }
    }
}
