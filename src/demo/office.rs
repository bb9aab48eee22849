//! What counters and desks do in half an hour: take dossiers in, and decide on those that were brought.

use super::arrivals::{Arrival, Door};
use super::cast::{Party, Post};
use super::day::Day;
use super::dice::Dice;
use super::exchange::stopped;
use super::http::{Ask, header, json};
use super::ledger::count;
use super::line::Weather;
use super::world::{Paper, Place, Plan, Ruling, Stage};
use crate::cli::Failure;
use domain::item::ItemKind;
use domain::mode::Mode;
use entity::repo::reference::id_of;
use mobile_ffi::core::{Manner, TakeIn};
use serde_json::{Value, json as object};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// A counter's round.
pub(super) fn counter(day: &Day, me: &Party, round: u32) -> Result<(), Failure> {
    let mut dice = Dice::of(day.seed, &me.login, round.into());
    me.pass_time(&mut dice, day.wall_ms)?;
    for arrival in day.arrivals.iter().filter(|arrival| arrival.round == round) {
        if let Door::Counter { counter, desk } = arrival.door
            && counter == me.number
        {
            take_in(day, me, desk, arrival, &mut dice)?;
        }
    }
    day.sync(me, Weather::FAIR, &mut dice)
}

/// A citizen at the counter: the form, the label, the sealed envelope.
fn take_in(day: &Day, me: &Party, desk: usize, arrival: &Arrival, dice: &mut Dice) -> Result<(), Failure> {
    let Post::Desk { agency, code } = &day.cast[desk].post else {
        return Ok(());
    };
    let errand = &arrival.errand;
    let commune = Some(&arrival.commune).filter(|code| !code.is_empty());
    let body = object!({
        "mode": arrival.mode().as_str(), "agency_id": id_of("agency", agency), "desk_id": id_of("desk", code),
        "procedure_code": errand.procedure, "paper_count": 3,
        "applicant": { "name": errand.name, "phone": errand.phone, "address": errand.address, "commune_code": commune },
    });
    let slip = format!("PN-{:06}", arrival.number);
    let answer = write(day, me, "/api/v1/intakes", &slip, &body, dice)?;
    let label = text(&answer, "item_code")?;
    let seal = format!("NP{:06}", arrival.number);
    let kind = Some(ItemKind::DossierToAgency);
    let what = TakeIn {
        item_code: &label,
        item_kind: kind,
        seal: &seal,
        paper_count: 3,
    };
    let recorded = me
        .core
        .take_in(&what, &Manner::of(me.hat))
        .map_err(stopped(me, "take in"))?;
    day.ledger.note(&me.login, "take_in", &recorded);
    let plan = Plan {
        contested: false,
        called_off: false,
        ..Plan::draw(day.seed, arrival.number)
    };
    let here = Place::With(me.number);
    let mut paper = Paper::new(
        label,
        ItemKind::DossierToAgency,
        arrival.mode(),
        here,
        desk,
        plan,
        arrival.number,
    );
    paper.in_custody = true;
    paper.dossier = answer["dossier_id"].as_str().map(str::to_owned);
    day.world.add(paper);
    Ok(())
}

/// A desk's round.
pub(super) fn desk(day: &Day, me: &Party, round: u32) -> Result<(), Failure> {
    let mut dice = Dice::of(day.seed, &me.login, round.into());
    me.pass_time(&mut dice, day.wall_ms)?;
    day.sync(me, Weather::FAIR, &mut dice)?;
    let here = Place::With(me.number);
    let is_open =
        |paper: &Paper| paper.place == here && paper.kind == ItemKind::DossierToAgency && paper.stage != Stage::Done;
    for code in day.world.labels(is_open) {
        if let Some(mut paper) = day.world.claim(&code, is_open) {
            decide(day, me, &mut paper, &mut dice)?;
            day.world.put(paper);
        }
    }
    Ok(())
}

/// The next act on a dossier.
fn decide(day: &Day, me: &Party, paper: &mut Paper, dice: &mut Dice) -> Result<(), Failure> {
    let Some(dossier) = dossier_of(day, me, paper)? else {
        return Ok(());
    };
    let (act, next) = match (paper.stage, paper.plan.ruling) {
        (Stage::Untouched, Ruling::Rejects) => (
            object!({ "act": "not_accepted", "reason": "thiếu tờ khai" }),
            Stage::Done,
        ),
        (Stage::Untouched, _) => (
            object!({ "act": "received", "code": format!("G09.20-261123-{:05}", paper.number) }),
            Stage::Received,
        ),
        (Stage::Received, _) => (object!({ "act": "processing" }), Stage::Processing),
        (Stage::Processing, Ruling::AsksForMore) => {
            paper.plan.ruling = Ruling::Grants;
            (
                object!({ "act": "supplement_requested", "reason": "thiếu bản sao" }),
                Stage::Supplement,
            )
        }
        (Stage::Supplement, _) => (object!({ "act": "supplemented" }), Stage::Processing),
        (Stage::Processing | Stage::Done, _) => (object!({ "act": "resolved", "outcome": "granted" }), Stage::Done),
    };
    let name = act["act"].as_str().unwrap_or_default().to_owned();
    let path = format!("/api/v1/dossiers/{dossier}/acts");
    let key = format!("{}-{name}-{:?}", paper.code, paper.stage);
    let answer = write(day, me, &path, &key, &act, dice)?;
    day.acts.fetch_add(1, Ordering::Relaxed);
    paper.stage = next;
    match (name.as_str(), answer["result_item_code"].as_str()) {
        ("resolved", Some(label)) => day.world.add(Paper::new(
            label.to_owned(),
            ItemKind::ResultToApplicant,
            paper.mode,
            Place::With(me.number),
            me.number,
            paper.plan,
            paper.number,
        )),
        ("resolved", None) if paper.mode == Mode::Both => {
            return Err(Failure::Refused(format!(
                "{}: resolved, and no label for the result",
                paper.code
            )));
        }
        // The citizen came to the desk for it.
        ("resolved", None) if dice.percent(60) => {
            let confirmed = object!({ "act": "return_confirmed" });
            write(
                day,
                me,
                &path,
                &format!("{}-return_confirmed", paper.code),
                &confirmed,
                dice,
            )?;
            day.acts.fetch_add(1, Ordering::Relaxed);
        }
        _ => {}
    }
    Ok(())
}

/// What the desk's screen finds when the label is scanned; nothing while the server has not folded the item yet.
fn dossier_of(day: &Day, me: &Party, paper: &mut Paper) -> Result<Option<String>, Failure> {
    if paper.dossier.is_none() {
        let path = format!("/api/v1/items/{}", paper.code);
        let answer = signed_in(day, me, "GET", &path, &[], b"", &[200, 404])?;
        paper.dossier = answer["dossier_id"].as_str().map(str::to_owned);
    }
    Ok(paper.dossier.clone())
}

/// Writes once, and now and then again as if the first answer had been lost: it must be the same.
fn write(day: &Day, me: &Party, path: &str, key: &str, body: &Value, dice: &mut Dice) -> Result<Value, Failure> {
    let headers = [
        header("Idempotency-Key", key),
        header("Content-Type", "application/json"),
    ];
    let bytes = body.to_string();
    let answer = signed_in(day, me, "POST", path, &headers, bytes.as_bytes(), &[200, 201])?;
    if dice.percent(8) {
        count(&day.ledger.repeated);
        let again = signed_in(day, me, "POST", path, &headers, bytes.as_bytes(), &[200, 201])?;
        if ["event_id", "item_code", "result_item_code"]
            .iter()
            .any(|field| again[*field] != answer[*field])
        {
            return Err(Failure::Refused(format!("{path}: the same request got another answer")));
        }
    }
    Ok(answer)
}

/// Asks as the person at this post, who signs in again when the session has ended.
pub(super) fn signed_in(
    day: &Day,
    me: &Party,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: &[u8],
    expected: &[u16],
) -> Result<Value, Failure> {
    for _ in 0..2 {
        let mut headers = headers.to_vec();
        headers.push(header("Authorization", format!("Bearer {}", session(day, me)?)));
        let reply = day.http.insist(Ask {
            method,
            path,
            headers: &headers,
            body,
        })?;
        if reply.status != 401 {
            return json(&reply, path, expected);
        }
        *me.session.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
    Err(Failure::Refused(format!("{}: a fresh session was refused", me.login)))
}

fn session(day: &Day, me: &Party) -> Result<String, Failure> {
    let mut known = me.session.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(token) = known.as_ref() {
        return Ok(token.clone());
    }
    let role = if matches!(me.post, Post::Desk { .. }) {
        "desk_agent"
    } else {
        "post_agent"
    };
    let token = day.sign_in(&me.login, &me.password, role)?;
    *known = Some(token.clone());
    Ok(token)
}

fn text(answer: &Value, field: &str) -> Result<String, Failure> {
    let missing = || Failure::Refused(format!("an answer has no {field}"));
    answer[field].as_str().map(str::to_owned).ok_or_else(missing)
}
