//! Any histories at all, lawful or not.

use domain::dossier::{DossierFact, Outcome, ReturnProof};
use domain::ids::DossierId;
use domain::item::{Incident, ItemKind};
use domain::mode::Mode;
use domain::report::post::{FaultParty, ItemFact, ItemHistory, PostRelation};
use domain::report::{Attribute, Channel, DossierHistory, PaymentChannel, Recorded};
use proptest::prelude::*;
use time::Date;
use time::macros::date;
use uuid::Uuid;

const DAY: i64 = 86_400_000;

fn start() -> i64 {
    crate::build::at(date!(2026 - 04 - 20), 8)
}

/// Within ten weeks around May 2026.
fn any_hour() -> impl Strategy<Value = i64> {
    (0..70 * DAY).prop_map(|after| start() + after)
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..70_i32).prop_map(|days| Date::from_julian_day(date!(2026 - 04 - 20).to_julian_day() + days).expect("a day"))
}

fn any_fact() -> impl Strategy<Value = DossierFact> {
    use DossierFact as F;
    (0..14_u8, any_hour(), any_day()).prop_map(|(kind, at_ms, due_on)| match kind {
        0 => F::TakenIn { at_ms, slip: None },
        1 => F::Lodged { at_ms },
        2 | 3 => F::Received {
            at_ms,
            code: "H01".to_owned(),
            due_on: (kind == 2).then_some(due_on),
        },
        4 => F::Processing { at_ms },
        5 => F::SupplementRequested {
            at_ms,
            reason: String::new(),
            fault: None,
        },
        6 => F::Supplemented {
            at_ms,
            due_on: Some(due_on),
        },
        7 => F::Redated {
            at_ms,
            due_on,
            reason: String::new(),
        },
        8 => F::Stopped {
            at_ms,
            reason: String::new(),
        },
        9 => F::Resolved {
            at_ms,
            outcome: Outcome::Granted,
        },
        10 => F::ResultInPost { at_ms },
        11 => F::Returned {
            at_ms,
            proof: ReturnProof::Post,
        },
        12 => F::Returned {
            at_ms,
            proof: ReturnProof::Desk,
        },
        _ => F::NotAccepted {
            at_ms,
            reason: String::new(),
        },
    })
}

fn any_attribute() -> impl Strategy<Value = Attribute> {
    use Attribute as A;
    (0..12_u8, any::<bool>(), any_day()).prop_map(|(kind, is_so, day)| match kind {
        0 => A::Channel(if is_so { Channel::Post } else { Channel::Online }),
        1 => A::LongestDue(day),
        2 => A::ResultRequired(is_so),
        3 => A::ElectronicResultRequired(is_so),
        4 => A::ResultFile(is_so),
        5 => A::Digitised(is_so),
        6 => A::Reused(is_so),
        7 => A::FromCitizenStore(is_so),
        8 => A::PaymentDue(is_so),
        9 => A::PaidBy(if is_so {
            PaymentChannel::NationalPortal
        } else {
            PaymentChannel::Agency
        }),
        10 => A::Procedure(if is_so { "1.001193" } else { "2.000635" }.parse().expect("a code")),
        _ => A::Complained(is_so),
    })
}

/// Recorded up to three weeks after the hour it happened.
fn recorded_later<T>(at_ms: i64, delay: i64, fact: T) -> Recorded<T> {
    Recorded::new(at_ms + delay, fact)
}

pub(crate) fn any_dossiers() -> impl Strategy<Value = Vec<DossierHistory>> {
    let facts = prop::collection::vec((any_fact(), 0..21 * DAY), 0..14);
    let attributes = prop::collection::vec((any_attribute(), any_hour()), 0..8);
    let one = (prop::sample::select(Mode::ALL.to_vec()), facts, attributes);
    prop::collection::vec(one, 0..8).prop_map(|all| {
        all.into_iter()
            .zip(1_u128..)
            .map(|((mode, facts, attributes), number)| DossierHistory {
                id: DossierId(Uuid::from_u128(number)),
                mode,
                facts: facts
                    .into_iter()
                    .map(|(fact, delay)| recorded_later(fact.at_ms(), delay, fact))
                    .collect(),
                attributes: attributes
                    .into_iter()
                    .map(|(fact, at_ms)| Recorded::new(at_ms, fact))
                    .collect(),
            })
            .collect()
    })
}

fn any_item_fact() -> impl Strategy<Value = (i64, ItemFact)> {
    use ItemFact as F;
    (0..14_u8, any_hour(), any_day(), any::<bool>()).prop_map(|(kind, at_ms, day, is_so)| {
        let fact = match kind {
            0..=3 => F::Accepted {
                at_ms,
                relation: if is_so {
                    PostRelation::WithinDistrict
                } else {
                    PostRelation::BetweenProvinces
                },
                promised_on: (kind != 0).then_some(day),
                slip_promised_on: is_so.then_some(day),
            },
            4 => F::HandedOver {
                at_ms,
                discrepancy: is_so,
            },
            5 => F::SlipInHands { at_ms },
            6 => F::AttemptFailed { at_ms },
            7 => F::PickupNotified { at_ms },
            8 => F::Delivered { at_ms },
            9 => F::BroughtBack { at_ms },
            10 => F::SurrenderListed { papers: 1 },
            11 => F::SurrenderCollected { papers: 1 },
            12 => F::Incident {
                at_ms,
                incident: if is_so { Incident::Lost } else { Incident::Damaged },
            },
            _ => F::CarriedAgain {
                fault: if is_so { FaultParty::Agency } else { FaultParty::Post },
            },
        };
        (at_ms, fact)
    })
}

pub(crate) fn any_items() -> impl Strategy<Value = Vec<ItemHistory>> {
    let facts = prop::collection::vec((any_item_fact(), 0..21 * DAY), 0..10);
    let one = (prop::sample::select(ItemKind::ALL.to_vec()), facts);
    prop::collection::vec(one, 0..10).prop_map(|all| {
        all.into_iter()
            .zip(1_u32..)
            .map(|((kind, facts), number)| ItemHistory {
                code: format!("item {number}"),
                kind,
                procedure: (number % 3 != 0).then(|| "1.001193".parse().expect("a code")),
                facts: facts
                    .into_iter()
                    .map(|((at_ms, fact), delay)| recorded_later(at_ms, delay, fact))
                    .collect(),
            })
            .collect()
    })
}

/// An hour at which a report may be asked for.
pub(crate) fn any_as_of() -> impl Strategy<Value = i64> {
    (0..100 * DAY).prop_map(|after| start() + after)
}
