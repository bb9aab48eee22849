//! The post's reports on worked examples.

use domain::dossier::{DossierFact, ReturnProof};
use domain::item::{Incident, ItemKind};
use domain::report::post::{
    Compensation, ComplaintFact, ComplaintHistory, ComplaintOutcome, FaultParty, Input, ItemFact, ItemHistory,
    MoneyLine, Policy, PostQuality, PostRelation, ReceiptFact, ReceiptHistory, Revenue, quality, tt17,
};
use domain::report::{Attribute, Channel, DossierHistory, Recorded};
use domain::wire::report::Tt17Record;
use time::Date;
use time::macros::date;
use uuid::Uuid;

use crate::build::*;

fn item(code: &str, kind: ItemKind, on: Date, promised_on: Option<Date>, rest: Vec<ItemFact>) -> ItemHistory {
    let accepted = ItemFact::Accepted {
        at_ms: at(on, 9),
        relation: PostRelation::WithinDistrict,
        promised_on,
        slip_promised_on: None,
    };
    ItemHistory {
        code: code.to_owned(),
        kind,
        procedure: "1.001193".parse().ok(),
        facts: std::iter::once(accepted)
            .chain(rest)
            .map(|fact| Recorded::new(0, fact))
            .collect(),
    }
}

fn input<'a>(items: &'a [ItemHistory], calendar: &'a domain::calendar::Calendar) -> Input<'a> {
    Input {
        items,
        receipts: &[],
        complaints: &[],
        compensation: &[],
        dossiers: &[],
        calendar,
    }
}

fn sides(report: &PostQuality, code: &str, part: Option<&str>) -> (i64, i64) {
    let figure = report.figure(code, part).expect("a figure");
    (figure.numerator, figure.denominator)
}

fn quality_of(items: &[ItemHistory], as_of_ms: i64) -> PostQuality {
    quality(input(items, &weekdays()), &may(), as_of_ms, &Policy::default()).expect("a report")
}

const TUESDAY: Date = date!(2026 - 05 - 05);
const WEDNESDAY: Date = date!(2026 - 05 - 06);
const THURSDAY: Date = date!(2026 - 05 - 07);

#[test]
fn the_postal_time_of_a_result_ends_with_the_first_attempt() {
    // the sample trace: taken on Tuesday, tried in vain on Wednesday, collected on Thursday
    let sample = item(
        "RR473124829VN",
        ItemKind::ResultToApplicant,
        TUESDAY,
        Some(WEDNESDAY),
        vec![
            ItemFact::AttemptFailed {
                at_ms: at(WEDNESDAY, 10),
            },
            ItemFact::PickupNotified {
                at_ms: at(WEDNESDAY, 10),
            },
            ItemFact::SurrenderListed { papers: 1 },
            ItemFact::SurrenderCollected { papers: 1 },
            ItemFact::Delivered {
                at_ms: at(THURSDAY, 10),
            },
        ],
    );
    let report = quality_of(&[sample], later());
    let within = Some("within_district");
    assert_eq!(sides(&report, "post.jn.return", within), (1, 1));
    assert_eq!(sides(&report, "post.first_attempt", None), (0, 1));
    assert_eq!(sides(&report, "post.brought_back", None), (0, 1));
    assert_eq!(sides(&report, "post.surrendered", None), (1, 1));
    assert_eq!(
        report.figure("post.days_held", None).expect("held").value.to_string(),
        "1.00"
    );
}

#[test]
fn the_postal_time_of_a_dossier_ends_with_the_handover() {
    let sent = |code, handed_over: Option<Date>| {
        let rest = handed_over.map(|on| ItemFact::HandedOver {
            at_ms: at(on, 8),
            discrepancy: on == THURSDAY,
        });
        item(
            code,
            ItemKind::DossierToAgency,
            TUESDAY,
            Some(WEDNESDAY),
            rest.into_iter().collect(),
        )
    };
    let items = [sent("A", Some(WEDNESDAY)), sent("B", Some(THURSDAY)), sent("C", None)];
    let within = Some("within_district");
    assert_eq!(sides(&quality_of(&items, later()), "post.jn.send", within), (1, 3));
    let report = quality_of(&items, at(WEDNESDAY, 12));
    // on the promised day the one under way is no miss yet
    assert_eq!(sides(&report, "post.jn.send", within), (1, 2));
    let report = quality_of(&items, later());
    assert_eq!(
        report
            .figure("post.discrepancy", None)
            .expect("a figure")
            .value
            .to_string(),
        "500.00"
    );
}

#[test]
fn the_appointment_slip_has_its_own_time() {
    let mut sent = item(
        "A",
        ItemKind::DossierToAgency,
        TUESDAY,
        Some(WEDNESDAY),
        vec![
            ItemFact::HandedOver {
                at_ms: at(WEDNESDAY, 8),
                discrepancy: false,
            },
            ItemFact::SlipInHands {
                at_ms: at(date!(2026 - 05 - 08), 9),
            },
        ],
    );
    sent.facts[0].fact = ItemFact::Accepted {
        at_ms: at(TUESDAY, 9),
        relation: PostRelation::BetweenDistricts,
        promised_on: Some(WEDNESDAY),
        slip_promised_on: Some(THURSDAY),
    };
    let report = quality_of(&[sent], later());
    let between = Some("between_districts");
    assert_eq!(sides(&report, "post.jn.send", between), (1, 1));
    assert_eq!(sides(&report, "post.jn.slip", between), (0, 1));
}

#[test]
fn force_majeure_stands_on_neither_side() {
    let storm = item(
        "A",
        ItemKind::DossierToAgency,
        TUESDAY,
        Some(WEDNESDAY),
        vec![ItemFact::ForceMajeure { at_ms: at(TUESDAY, 12) }],
    );
    assert_eq!(
        sides(&quality_of(&[storm], later()), "post.jn.send", Some("within_district")),
        (0, 0)
    );
}

#[test]
fn repeated_carriage_is_told_by_the_party_at_fault() {
    let again = |code, fault| {
        item(
            code,
            ItemKind::SupplementToAgency,
            TUESDAY,
            None,
            vec![ItemFact::CarriedAgain { fault }],
        )
    };
    let items = [
        again("A", FaultParty::Agency),
        again("B", FaultParty::Applicant),
        item("C", ItemKind::DossierToAgency, TUESDAY, None, vec![]),
        item("D", ItemKind::DossierToAgency, TUESDAY, None, vec![]),
    ];
    let report = quality_of(&items, later());
    let of = |party| sides(&report, "post.carried_again", Some(party));
    assert_eq!((of("agency"), of("post"), of("applicant")), ((1, 4), (0, 4), (1, 4)));
}

#[test]
fn the_periodic_report_holds_all_that_is_owed() {
    let lost = ItemFact::Incident {
        at_ms: at(THURSDAY, 9),
        incident: Incident::Lost,
    };
    let items = [
        item("A", ItemKind::DossierToAgency, TUESDAY, None, vec![lost]),
        item("B", ItemKind::ResultToApplicant, TUESDAY, None, vec![]),
        item("C", ItemKind::ResultToApplicant, date!(2026 - 04 - 30), None, vec![]),
    ];
    let receipt = |number: &str, line, amount_vnd, remitted: Option<Date>| ReceiptHistory {
        number: number.to_owned(),
        line,
        facts: std::iter::once(ReceiptFact::Collected {
            at_ms: at(TUESDAY, 9),
            amount_vnd,
        })
        .chain(remitted.map(|on| ReceiptFact::Remitted { at_ms: at(on, 16) }))
        .map(|fact| Recorded::new(0, fact))
        .collect(),
    };
    let mut cancelled = receipt("4", MoneyLine::Postage, 26_000, None);
    cancelled
        .facts
        .push(Recorded::new(0, ReceiptFact::Cancelled { at_ms: at(TUESDAY, 10) }));
    let receipts = [
        receipt("1", MoneyLine::Postage, 52_000, None),
        receipt("2", MoneyLine::StateFee, 8_000, Some(TUESDAY)),
        receipt("3", MoneyLine::StateFee, 20_000, Some(WEDNESDAY)),
        cancelled,
    ];
    let complaint = |number, between_provinces, answered: Option<Date>| ComplaintHistory {
        id: Uuid::from_u128(number),
        facts: std::iter::once(ComplaintFact::Received {
            at_ms: at(TUESDAY, 9),
            between_provinces,
        })
        .chain(answered.map(|on| ComplaintFact::Answered {
            at_ms: at(on, 9),
            outcome: ComplaintOutcome::Upheld,
        }))
        .map(|fact| Recorded::new(0, fact))
        .collect(),
    };
    // Tuesday and 5 working days is the next Tuesday, 7 the Thursday
    let complaints = [
        complaint(1, false, Some(date!(2026 - 05 - 12))),
        complaint(2, false, Some(date!(2026 - 05 - 13))),
        complaint(3, true, Some(date!(2026 - 05 - 14))),
        complaint(4, true, None),
    ];
    let compensation = [Recorded::new(
        0,
        Compensation {
            id: Uuid::from_u128(9),
            paid_at_ms: at(THURSDAY, 9),
            amount_vnd: 104_000,
        },
    )];
    let calendar = weekdays();
    let all = Input {
        receipts: &receipts,
        complaints: &complaints,
        compensation: &compensation,
        ..input(&items, &calendar)
    };
    let report = tt17(all, &may(), later(), &Policy::default()).expect("a report");
    assert_eq!(
        (report.volume.dossiers, report.volume.results, report.volume.others),
        (1, 1, 0)
    );
    let revenue = Revenue {
        postage_vnd: 52_000,
        state_fee_vnd: 28_000,
        other_vnd: 0,
    };
    assert_eq!(report.revenue, revenue);
    let count = report.complaints;
    assert_eq!((count.received, count.upheld, count.unanswered), (4, 3, 1));
    assert_eq!((report.lost.len(), report.misplaced.len()), (1, 0));
    assert_eq!((report.compensated.len(), report.compensation_vnd), (1, 104_000));
    assert_eq!(report.safety.value.to_string(), "50.00");
    let json = serde_json::to_value(Tt17Record::from(&report)).expect("json");
    assert_eq!(json["lost"][0], "A");
    assert_eq!(json["procedures"][0]["procedure"], "1.001193");
    let rows = report.table();
    assert_eq!(rows.headings()[0][0], "Nội dung");
    assert!(rows.rows().iter().all(|row| row.len() == rows.columns().len()));

    let report = quality(all, &may(), later(), &Policy::default()).expect("a report");
    assert_eq!(sides(&report, "post.fee_same_day", None), (1, 2));
    assert_eq!(sides(&report, "post.answered", None), (2, 4));
    assert_eq!(sides(&report, "post.complaints", None), (4, 2));
}

#[test]
fn a_dossier_that_used_the_post_both_ways_counts_once() {
    let whole = |number, channel, proof| {
        let mut facts = received(TUESDAY, None);
        facts.push(resolved(WEDNESDAY, 9));
        if proof == ReturnProof::Post {
            facts.push(DossierFact::ResultInPost {
                at_ms: at(WEDNESDAY, 10),
            });
        }
        facts.push(DossierFact::Returned {
            at_ms: at(THURSDAY, 9),
            proof,
        });
        with(dossier(number, facts), &[Attribute::Channel(channel)])
    };
    let dossiers: Vec<DossierHistory> = vec![
        whole(1, Channel::Post, ReturnProof::Post),
        whole(2, Channel::Online, ReturnProof::Post),
        whole(3, Channel::Online, ReturnProof::Electronic),
    ];
    let calendar = weekdays();
    let all = Input {
        dossiers: &dossiers,
        ..input(&[], &calendar)
    };
    let report = quality(all, &may(), later(), &Policy::default()).expect("a report");
    assert_eq!(sides(&report, "post.share.submit", None), (1, 3));
    assert_eq!(sides(&report, "post.share.return", None), (2, 3));
    assert_eq!(sides(&report, "post.share.used", None), (2, 3));
}

#[test]
fn a_result_of_a_dossier_lodged_before_the_period_counts_only_as_returned() {
    let mut facts = received(date!(2026 - 04 - 20), None);
    facts.extend([
        resolved(date!(2026 - 04 - 28), 9),
        DossierFact::ResultInPost { at_ms: at(TUESDAY, 8) },
        DossierFact::Returned {
            at_ms: at(WEDNESDAY, 9),
            proof: ReturnProof::Post,
        },
    ]);
    let dossiers = [with(dossier(1, facts), &[Attribute::Channel(Channel::Online)])];
    let calendar = weekdays();
    let all = Input {
        dossiers: &dossiers,
        ..input(&[], &calendar)
    };
    let report = quality(all, &may(), later(), &Policy::default()).expect("a report");
    assert_eq!(sides(&report, "post.share.submit", None), (0, 0));
    assert_eq!(sides(&report, "post.share.return", None), (1, 1));
    assert_eq!(sides(&report, "post.share.used", None), (1, 1));
}

#[test]
fn the_first_remittance_counts_in_whatever_order_it_was_written_down() {
    let day = |on| Recorded::new(0, ReceiptFact::Remitted { at_ms: at(on, 16) });
    let receipts = [ReceiptHistory {
        number: "1".to_owned(),
        line: MoneyLine::StateFee,
        facts: vec![
            day(WEDNESDAY),
            Recorded::new(
                0,
                ReceiptFact::Collected {
                    at_ms: at(TUESDAY, 9),
                    amount_vnd: 8_000,
                },
            ),
            day(TUESDAY),
        ],
    }];
    let calendar = weekdays();
    let all = Input {
        receipts: &receipts,
        ..input(&[], &calendar)
    };
    let report = quality(all, &may(), later(), &Policy::default()).expect("a report");
    assert_eq!(sides(&report, "post.fee_same_day", None), (1, 1));
}
