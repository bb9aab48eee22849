//! The national index on worked examples.

use domain::calendar::Calendar;
use domain::dossier::{DossierFact, ReturnProof};
use domain::report::kpi766::{
    self, DueBasis, Feedback, FeedbackStep, Input, Kpi766, Policy, ProcedureOffer, Verdict, Window, judge,
};
use domain::report::{
    Attribute, Channel, DossierHistory, Empty, Figure, PaymentChannel, Recorded, ReportError, Subject, WhyLeftOut,
};
use domain::status::online::OnlineService;
use domain::wire::report::{FiguresRecord, TableRecord};
use time::Date;
use time::macros::date;
use uuid::Uuid;

use crate::build::*;

fn report_with(dossiers: &[DossierHistory], as_of_ms: i64, policy: &Policy) -> Kpi766 {
    let input = Input {
        dossiers,
        procedures: &[],
        feedback: &[],
        calendar: &Calendar::default(),
    };
    kpi766::report(input, &may(), as_of_ms, policy).expect("a report")
}

fn report(dossiers: &[DossierHistory]) -> Kpi766 {
    report_with(dossiers, later(), &Policy::default())
}

fn value(report: &Kpi766, code: &str) -> String {
    report.figure(code).expect("a figure").value.to_string()
}

fn verdict(history: &DossierHistory) -> Verdict {
    let window = Window::new(&may(), later());
    let record = history.record(later(), may().until_ms()).expect("known");
    judge(&record, window, DueBasis::default())
}

const RECEIVED: Date = date!(2026 - 05 - 02);

fn life(number: u128, due: Date, rest: Vec<DossierFact>) -> DossierHistory {
    let mut facts = received(RECEIVED, Some(due));
    facts.push(processing(RECEIVED));
    facts.extend(rest);
    dossier(number, facts)
}

/// The five dossiers of the worked example.
fn a_to_e() -> Vec<DossierHistory> {
    let due = date!(2026 - 05 - 04);
    vec![
        life(0xA, due, vec![resolved(date!(2026 - 05 - 04), 16)]),
        life(0xB, due, vec![resolved(date!(2026 - 05 - 05), 9)]),
        life(
            0xC,
            date!(2026 - 05 - 20),
            vec![
                asked(date!(2026 - 05 - 05)),
                supplemented(date!(2026 - 05 - 06)),
                asked(date!(2026 - 05 - 07)),
                supplemented(date!(2026 - 05 - 08)),
                resolved(date!(2026 - 05 - 11), 9),
            ],
        ),
        life(0xD, date!(2026 - 05 - 10), vec![]),
        life(0xE, date!(2026 - 05 - 20), vec![stopped(date!(2026 - 05 - 12))]),
    ]
}

#[test]
fn two_of_the_five_worked_dossiers_are_on_time() {
    let report = report(&a_to_e());
    let figure = report.figure("2.1").expect("a figure");
    assert_eq!((figure.numerator, figure.denominator), (2, 5));
    assert_eq!(figure.value.to_string(), "40.00");
    let ids: Vec<u128> = figure
        .counted
        .iter()
        .map(|subject| match subject {
            Subject::Dossier(id) => id.0.as_u128(),
            other => panic!("not a dossier: {other}"),
        })
        .collect();
    assert_eq!(ids, [0xA, 0xE]);
    assert_eq!(figure.base.len(), 5);
}

#[test]
fn the_wait_for_papers_is_subtracted_once() {
    // due on the 6th, resolved on the 8th, but two days were the applicant's
    let rest = vec![
        asked(date!(2026 - 05 - 04)),
        supplemented(date!(2026 - 05 - 06)),
        resolved(date!(2026 - 05 - 08), 10),
    ];
    assert_eq!(verdict(&life(1, date!(2026 - 05 - 06), rest.clone())), Verdict::OnTime);
    assert_eq!(verdict(&life(1, date!(2026 - 05 - 05), rest)), Verdict::Late);
}

#[test]
fn waiting_for_papers_ends_when_they_were_asked_for() {
    let waiting = |due| verdict(&life(1, due, vec![asked(date!(2026 - 05 - 06))]));
    assert_eq!(waiting(date!(2026 - 05 - 06)), Verdict::OnTime);
    assert_eq!(waiting(date!(2026 - 05 - 05)), Verdict::Late);
}

#[test]
fn resolving_counts_before_returning() {
    let rest = vec![
        resolved(date!(2026 - 05 - 04), 16),
        DossierFact::Returned {
            at_ms: at(date!(2026 - 05 - 29), 9),
            proof: ReturnProof::Desk,
        },
    ];
    assert_eq!(verdict(&life(1, date!(2026 - 05 - 04), rest)), Verdict::OnTime);
}

#[test]
fn an_unfinished_dossier_ends_with_the_period_or_the_report() {
    let open = life(1, date!(2026 - 05 - 31), vec![]);
    assert_eq!(verdict(&open), Verdict::OnTime);
    let open = life(1, date!(2026 - 05 - 20), vec![]);
    assert_eq!(verdict(&open), Verdict::Late);
    // seen on the 19th it is not late yet
    let early = report_with(&[open], at(date!(2026 - 05 - 19), 12), &Policy::default());
    assert_eq!(value(&early, "2.1"), "100.00");
}

#[test]
fn what_was_resolved_after_the_period_is_unfinished_in_it() {
    let late = life(1, date!(2026 - 05 - 31), vec![resolved(date!(2026 - 06 - 20), 9)]);
    assert_eq!(verdict(&late), Verdict::OnTime);
    assert_eq!(report(&[late]).figure("2.2").expect("a figure").denominator, 0);
}

#[test]
fn a_dossier_that_was_never_accepted_does_not_count() {
    let cancelled = dossier(
        1,
        vec![
            DossierFact::TakenIn {
                at_ms: at(RECEIVED, 7),
                slip: None,
            },
            DossierFact::Cancelled {
                at_ms: at(RECEIVED, 9),
                reason: "đổi ý".to_owned(),
            },
        ],
    );
    assert_eq!(verdict(&cancelled), Verdict::NotOfThePeriod);
    let april = dossier(2, {
        let mut facts = received(date!(2026 - 04 - 02), Some(date!(2026 - 04 - 09)));
        facts.push(resolved(date!(2026 - 04 - 10), 9));
        facts
    });
    assert_eq!(verdict(&april), Verdict::NotOfThePeriod);
}

#[test]
fn without_a_due_date_the_longest_time_counts_or_the_dossier_is_named_apart() {
    let mut facts = received(RECEIVED, None);
    facts.push(resolved(date!(2026 - 05 - 08), 9));
    let unknown = dossier(1, facts);
    let figures = report(std::slice::from_ref(&unknown));
    let figure = figures.figure("2.1").expect("a figure");
    assert_eq!((figure.denominator, figure.value.to_string().as_str()), (0, "N/A"));
    assert_eq!(
        figure.left_out.first().map(|left| left.why),
        Some(WhyLeftOut::NoDueDate)
    );
    let limited = with(unknown, &[Attribute::LongestDue(date!(2026 - 05 - 08))]);
    assert_eq!(verdict(&limited), Verdict::OnTime);
}

#[test]
fn a_new_date_counts_unless_the_policy_holds_to_the_first() {
    let rest = vec![
        DossierFact::Redated {
            at_ms: at(date!(2026 - 05 - 05), 9),
            due_on: date!(2026 - 05 - 12),
            reason: String::new(),
        },
        resolved(date!(2026 - 05 - 11), 9),
    ];
    let redated = [life(1, date!(2026 - 05 - 06), rest)];
    assert_eq!(value(&report(&redated), "2.1"), "100.00");
    let strict = Policy {
        due: DueBasis::First,
        ..Policy::default()
    };
    assert_eq!(value(&report_with(&redated, later(), &strict), "2.1"), "0.00");
}

#[test]
fn the_average_leaves_out_the_wait_for_papers() {
    // received 09:00 on the 2nd; resolved 09:00 on the 5th, and on the 9th after a wait of two days
    let quick = life(1, date!(2026 - 05 - 20), vec![resolved(date!(2026 - 05 - 05), 9)]);
    let waited = life(
        2,
        date!(2026 - 05 - 20),
        vec![
            asked(date!(2026 - 05 - 04)),
            supplemented(date!(2026 - 05 - 06)),
            resolved(date!(2026 - 05 - 09), 9),
        ],
    );
    assert_eq!(value(&report(&[quick, waited]), "2.2"), "4.00");
}

#[test]
fn an_empty_report_says_not_applicable_or_zero() {
    let empty = report(&[]);
    assert!(empty.figures.iter().all(|figure| figure.value.to_string() == "N/A"));
    let mut zero = Policy::default();
    zero.marking.empty = Empty::Zero;
    let empty = report_with(&[], later(), &zero);
    assert!(empty.figures.iter().all(|figure| figure.value.to_string() == "0.00"));
}

#[test]
fn channels_are_counted_apart_and_an_unknown_one_is_in_person() {
    let plain = |number| life(number, date!(2026 - 05 - 20), vec![]);
    let dossiers = [
        plain(1),
        with(plain(2), &[Attribute::Channel(Channel::Post)]),
        with(plain(3), &[Attribute::Channel(Channel::Online)]),
        // the file of the result is required and missing
        with(
            plain(4),
            &[
                Attribute::Channel(Channel::Online),
                Attribute::ElectronicResultRequired(true),
            ],
        ),
    ];
    let report = report(&dossiers);
    let shares: Vec<(&str, String)> = report
        .figures
        .iter()
        .filter(|figure| figure.measure.code == "3.3")
        .map(|figure| (figure.part.expect("a part").code, figure.value.to_string()))
        .collect();
    assert_eq!(
        shares,
        [
            ("online", "25.00".to_owned()),
            ("in_person", "25.00".to_owned()),
            ("post", "25.00".to_owned())
        ]
    );
}

#[test]
fn digital_figures_count_what_their_names_say() {
    let done = |number| life(number, date!(2026 - 05 - 20), vec![resolved(date!(2026 - 05 - 05), 9)]);
    let code = |text: &str| Attribute::Procedure(text.parse().expect("a code"));
    let dossiers = [
        with(
            done(1),
            &[
                code("1.001193"),
                Attribute::ResultFile(true),
                Attribute::Digitised(true),
                Attribute::Reused(true),
                Attribute::PopulationData(true),
                Attribute::PaymentDue(true),
                Attribute::PaidBy(PaymentChannel::OwnGateway),
            ],
        ),
        with(
            done(2),
            &[
                code("1.001193"),
                Attribute::Digitised(true),
                Attribute::PaymentDue(true),
            ],
        ),
        with(
            done(3),
            &[Attribute::ResultRequired(false), Attribute::FromCitizenStore(true)],
        ),
        with(
            done(4),
            &[
                code("2.000635"),
                Attribute::ResultFile(true),
                Attribute::PaymentDue(true),
                Attribute::PaidBy(PaymentChannel::Post),
            ],
        ),
    ];
    let report = report(&dossiers);
    let shown: Vec<String> = ["4.1", "4.2", "4.3", "4.4", "4.5", "3.5", "3.6"]
        .map(|index| {
            let figure = report.figure(index).expect("a figure");
            format!("{index} {}/{}", figure.numerator, figure.denominator)
        })
        .to_vec();
    assert_eq!(
        shown,
        [
            "4.1 2/3", "4.2 1/4", "4.3 1/2", "4.4 1/4", "4.5 1/4", "3.5 1/2", "3.6 1/3"
        ]
    );
}

#[test]
fn satisfaction_takes_away_lateness_and_complaints() {
    let mut dossiers = a_to_e();
    dossiers[0] = with(dossiers[0].clone(), &[Attribute::Complained(true)]);
    let report = report(&dossiers);
    // 100 − 60 late − 20 complained
    assert_eq!(value(&report, "5.4"), "20.00");
    assert_eq!(report.figure("5.4").and_then(Figure::has_full_marks), Some(false));
}

#[test]
fn procedures_are_counted_as_offered_on_the_last_day() {
    let offer = |code: &str, from, service| {
        Recorded::new(
            0,
            ProcedureOffer {
                procedure: code.parse().expect("a code"),
                from,
                service,
            },
        )
    };
    let (new_year, mid_may) = (date!(2026 - 01 - 01), date!(2026 - 05 - 15));
    let procedures = [
        offer("1.001193", new_year, Some(OnlineService::Information)),
        offer("1.001193", mid_may, Some(OnlineService::Full)),
        offer("1.001193", date!(2026 - 06 - 01), Some(OnlineService::Information)),
        offer("2.000635", new_year, Some(OnlineService::Information)),
        offer("1.004082", new_year, Some(OnlineService::Full)),
        offer("1.004082", mid_may, None),
    ];
    let input = Input {
        dossiers: &[],
        procedures: &procedures,
        feedback: &[],
        calendar: &Calendar::default(),
    };
    let report = kpi766::report(input, &may(), later(), &Policy::default()).expect("a report");
    let figure = report.figure("3.1").expect("a figure");
    assert_eq!((figure.numerator, figure.denominator), (1, 2));
}

#[test]
fn feedback_has_four_times() {
    use FeedbackStep as S;
    let feedback = |number, steps: &[S]| Feedback {
        id: Uuid::from_u128(number),
        steps: steps.iter().map(|step| Recorded::new(0, *step)).collect(),
    };
    // Monday
    let monday = date!(2026 - 05 - 11);
    let got = S::Received { at_ms: at(monday, 9) };
    let day = |date| at(date, 10);
    let all = [
        feedback(
            1,
            &[
                got,
                S::Answered {
                    at_ms: day(date!(2026 - 06 - 01)),
                },
                S::Published {
                    at_ms: day(date!(2026 - 06 - 03)),
                },
            ],
        ),
        feedback(
            2,
            &[
                got,
                S::Answered {
                    at_ms: day(date!(2026 - 06 - 02)),
                },
            ],
        ),
        feedback(
            3,
            &[
                got,
                S::Refused {
                    at_ms: day(date!(2026 - 05 - 13)),
                },
            ],
        ),
        feedback(
            4,
            &[
                got,
                S::Asked {
                    at_ms: day(date!(2026 - 05 - 19)),
                },
            ],
        ),
    ];
    let input = Input {
        dossiers: &[],
        procedures: &[],
        feedback: &all,
        calendar: &weekdays(),
    };
    let shown = |as_of_ms| {
        let report = kpi766::report(input, &may(), as_of_ms, &Policy::default()).expect("a report");
        ["5.1", "5.2", "5.3"].map(|index| {
            let figure = report.figure(index).expect("a figure");
            (figure.numerator, figure.denominator)
        })
    };
    assert_eq!(shown(later()), [(1, 3), (1, 2), (1, 2)]);
    // on the first working day after the answer nothing is overdue to publish
    assert_eq!(shown(day(date!(2026 - 06 - 03)))[2], (1, 1));
}

#[test]
fn a_report_refuses_two_histories_of_one_dossier() {
    let twice = [life(1, RECEIVED, vec![]), life(1, RECEIVED, vec![])];
    let input = Input {
        dossiers: &twice,
        procedures: &[],
        feedback: &[],
        calendar: &Calendar::default(),
    };
    let refused = kpi766::report(input, &may(), later(), &Policy::default());
    let subject = Subject::Dossier(twice[0].id);
    assert_eq!(refused, Err(ReportError::Twice { subject }));
}

#[test]
fn json_and_rows_say_the_same_figures() {
    let report = report(&a_to_e());
    let json = serde_json::to_value(FiguresRecord::from(&report)).expect("json");
    assert_eq!(json["period"]["last"], "2026-05-31");
    let first = &json["figures"][0];
    assert_eq!(
        (
            first["index"].as_str(),
            first["value"].as_str(),
            first["base"].as_array().map(Vec::len)
        ),
        (Some("2.1"), Some("40.00"), Some(5))
    );
    assert_eq!(first["source"], "Quyết định 766/QĐ-TTg, chỉ số 2.1");
    let table = TableRecord::from(&report.table());
    assert_eq!(table.headings_vi.first(), Some(&"Chỉ số"));
    assert_eq!(table.rows.len(), report.figures.len());
    assert!(table.rows[0].iter().any(|cell| cell == "40.00"));
}
