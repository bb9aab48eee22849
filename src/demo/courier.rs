//! A courier's half hour: sync where there is a network, fetch, hand over, deliver, fail, bring back.

use super::cast::{Party, Post};
use super::day::Day;
use super::dice::Dice;
use super::exchange::{hand_over, stopped};
use super::ledger::count;
use super::line::Weather;
use super::world::{End, Paper, Place, Stage};
use crate::cli::Failure;
use domain::item::{AttemptReason, ItemKind};
use domain::wire::v1::Leg;
use mobile_ffi::core::{AUTHORISATION, Manner, Recipient, Stop, TakeIn};
use std::collections::BTreeMap;

/// Envelopes in one exchange.
const MOST_AT_ONCE: usize = 10;

/// What `me` does in this round.
pub(super) fn work(day: &Day, me: &Party, round: u32) -> Result<(), Failure> {
    let mut dice = Dice::of(day.seed, &me.login, round.into());
    me.pass_time(&mut dice, day.wall_ms)?;
    if me.is_online(round) {
        day.sync(me, Weather::FOUL, &mut dice)?;
    }
    let mut stops = me.core.work().map_err(stopped(me, "work pack"))?;
    stops.retain(|stop| !stop.done && stop.withdrawn_reason.is_none());
    dice.shuffle(&mut stops);
    let mut strength = 6 + dice.below(6);
    let mut to_fetch: BTreeMap<usize, Vec<Paper>> = BTreeMap::new();
    for stop in &stops {
        if strength == 0 {
            break;
        }
        let visited = match stop.assignment.leg {
            Leg::Pickup => at_the_door(day, me, stop, &mut dice)?,
            Leg::Deliver => claim_elsewhere(day, me, &stop.assignment.item_code, &mut to_fetch),
        };
        strength -= u64::from(visited);
    }
    for (from, papers) in to_fetch {
        fetch(day, &day.cast[from], me, papers, &mut dice)?;
    }
    carry_on(day, me, &mut dice)
}

/// Fetches an envelope from its sender, or fails to.
fn at_the_door(day: &Day, me: &Party, stop: &Stop, dice: &mut Dice) -> Result<bool, Failure> {
    let code = stop.assignment.item_code.as_str();
    let Some(mut paper) = day.world.claim(code, |paper| paper.place == Place::Home) else {
        return Ok(false);
    };
    if paper.plan.pickup_failures > 0 {
        paper.plan.pickup_failures -= 1;
        failed(day, me, code, dice)?;
    } else {
        take_in(day, me, &paper, None)?;
        paper.place = Place::With(me.number);
        paper.in_custody = true;
        if paper.plan.contested {
            // Somebody else scans a wrong label and believes to have it: two stories, and nobody may choose silently.
            let couriers: Vec<&Party> = day
                .cast
                .iter()
                .filter(|other| other.is_courier() && other.number != me.number)
                .collect();
            if let Some(other) = dice.pick(&couriers) {
                take_in(day, other, &paper, Some(ItemKind::DossierToAgency))?;
                paper.contested = true;
            }
        }
    }
    day.world.put(paper);
    Ok(true)
}

fn take_in(day: &Day, me: &Party, paper: &Paper, kind: Option<ItemKind>) -> Result<(), Failure> {
    let seal = format!("NP{:06}", paper.number);
    let what = TakeIn {
        item_code: &paper.code,
        item_kind: kind,
        seal: &seal,
        paper_count: 3,
    };
    // A wrong label is recorded against the phone's advice, as a person would insist.
    let manner = if kind.is_some() {
        Manner::of(me.hat).forced()
    } else {
        Manner::of(me.hat)
    };
    let recorded = me.core.take_in(&what, &manner).map_err(stopped(me, "take in"))?;
    day.ledger.note(&me.login, "take_in", &recorded);
    Ok(())
}

fn failed(day: &Day, me: &Party, code: &str, dice: &mut Dice) -> Result<(), Failure> {
    let why = [
        AttemptReason::NotHome,
        AttemptReason::NotHome,
        AttemptReason::AddressIncomplete,
        AttemptReason::IdMissing,
    ];
    let why = *dice.pick(&why).unwrap_or(&why[0]);
    let recorded = me
        .core
        .attempt_failed(code, why, &Manner::of(me.hat))
        .map_err(stopped(me, "failed attempt"))?;
    day.ledger.note(&me.login, "attempt_failed", &recorded);
    count(&day.ledger.failed_attempts);
    Ok(())
}

/// Takes up an envelope that waits at a counter or desk for its delivery.
fn claim_elsewhere(day: &Day, me: &Party, code: &str, to_fetch: &mut BTreeMap<usize, Vec<Paper>>) -> bool {
    let waits = |paper: &Paper| match paper.place {
        Place::With(other) if other != me.number => match day.cast[other].post {
            Post::Counter { .. } => true,
            Post::Desk { .. } => paper.kind == ItemKind::ResultToApplicant && paper.stage == Stage::Untouched,
            Post::Courier { .. } => false,
        },
        _ => false,
    };
    let Some(paper) = day.world.claim(code, waits) else {
        return false;
    };
    let Place::With(from) = paper.place else { return false };
    to_fetch.entry(from).or_default().push(paper);
    true
}

fn fetch(day: &Day, from: &Party, me: &Party, papers: Vec<Paper>, dice: &mut Dice) -> Result<(), Failure> {
    for mut some in in_bundles(papers) {
        let codes: Vec<&str> = some.iter().map(|paper| paper.code.as_str()).collect();
        hand_over(from, me, &codes, &day.ledger, dice)?;
        for mut paper in some.drain(..) {
            paper.place = Place::With(me.number);
            paper.in_custody = true;
            day.world.put(paper);
        }
    }
    Ok(())
}

fn in_bundles(mut papers: Vec<Paper>) -> Vec<Vec<Paper>> {
    let mut bundles = Vec::new();
    while !papers.is_empty() {
        let rest = papers.split_off(papers.len().min(MOST_AT_ONCE));
        bundles.push(std::mem::replace(&mut papers, rest));
    }
    bundles
}

/// Goes on with what is in the bag.
fn carry_on(day: &Day, me: &Party, dice: &mut Dice) -> Result<(), Failure> {
    let mut to_bring: BTreeMap<usize, Vec<Paper>> = BTreeMap::new();
    for code in day.world.labels(|paper| paper.place == Place::With(me.number)) {
        // One in five waits for the next half hour.
        if dice.percent(20) {
            continue;
        }
        let Some(mut paper) = day.world.claim(&code, |paper| paper.place == Place::With(me.number)) else {
            continue;
        };
        let goes_back = paper.stage == Stage::Processing;
        if paper.kind == ItemKind::DossierToAgency || goes_back {
            let to = match me.post {
                Post::Courier { counter } if paper.plan.via_counter && !goes_back => counter,
                _ => paper.desk,
            };
            to_bring.entry(to).or_default().push(paper);
        } else {
            deliver(day, me, &mut paper, dice)?;
            day.world.put(paper);
        }
    }
    for (to, papers) in to_bring {
        bring(day, me, &day.cast[to], papers, dice)?;
    }
    Ok(())
}

fn bring(day: &Day, me: &Party, to: &Party, papers: Vec<Paper>, dice: &mut Dice) -> Result<(), Failure> {
    for mut some in in_bundles(papers) {
        let codes: Vec<&str> = some.iter().map(|paper| paper.code.as_str()).collect();
        hand_over(me, to, &codes, &day.ledger, dice)?;
        for mut paper in some.drain(..) {
            paper.place = Place::With(to.number);
            paper.plan.via_counter = false;
            if paper.kind == ItemKind::ResultToApplicant {
                paper.stage = Stage::Done;
            }
            day.world.put(paper);
        }
    }
    Ok(())
}

/// At the addressee's door with a result.
fn deliver(day: &Day, me: &Party, paper: &mut Paper, dice: &mut Dice) -> Result<(), Failure> {
    let (code, manner) = (paper.code.clone(), Manner::of(me.hat));
    if paper.plan.delivery_failures > 0 {
        paper.plan.delivery_failures -= 1;
        return failed(day, me, &code, dice);
    }
    match paper.plan.end {
        End::Takes => {
            let who = [
                Recipient::Addressee,
                Recipient::Addressee,
                Recipient::Household,
                Recipient::Representative,
            ];
            let who = *dice.pick(&who).unwrap_or(&who[0]);
            let manner = if who == Recipient::Representative {
                manner.with(AUTHORISATION, "UQ-1")
            } else {
                manner
            };
            let recorded = me
                .core
                .deliver(&code, who, 1, &manner)
                .map_err(stopped(me, "deliver"))?;
            day.ledger.note(&me.login, "deliver", &recorded);
            paper.place = Place::Citizen;
            return Ok(());
        }
        End::Refuses => {
            let why = AttemptReason::RefusedOther;
            let recorded = me.core.refuse(&code, why, &manner).map_err(stopped(me, "refuse"))?;
            day.ledger.note(&me.login, "refused", &recorded);
        }
        End::Absent => failed(day, me, &code, dice)?,
    }
    let recorded = me.core.return_item(&code, &manner).map_err(stopped(me, "return"))?;
    day.ledger.note(&me.login, "return", &recorded);
    paper.stage = Stage::Processing;
    Ok(())
}
