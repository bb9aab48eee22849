//! How devices become known: one-time codes of the supervisor, or, where an office has none, of whoever set the province up.

use super::cast::Party;
use super::day::Day;
use super::dice::Dice;
use super::exchange::stopped;
use super::http::{Ask, header, json, pause};
use super::line::{Line, Weather};
use super::pool;
use super::province::Province;
use crate::cli::Failure;
use crate::import::Login;
use entity::Store;
use entity::repo::device;
use mobile_ffi::core::soft::new_secret;
use mobile_ffi::core::{Core, CourierError, SoftPlatform};
use serde_json::json as object;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Somebody who hands out one-time codes.
#[derive(Debug, Clone)]
pub(super) struct Supervisor {
    pub(super) login: String,
    pub(super) password: String,
    /// A member of their staff.
    pub(super) staff: Uuid,
}

/// Codes for those whose office has no supervisor, made at set-up.
pub(super) async fn codes(
    store: &Store,
    province: &Province,
    cast: &[Party],
) -> Result<BTreeMap<String, String>, Failure> {
    let mut codes = BTreeMap::new();
    for party in cast.iter().filter(|party| supervisor_of(province, party).is_none()) {
        let (staff, now) = (party.staff().into(), store.now_ms());
        let code = store
            .write(move |tx| Box::pin(async move { device::new_code(tx, staff, now).await }))
            .await?;
        codes.insert(party.login.clone(), code);
    }
    Ok(codes)
}

/// Who answers for this person's device.
pub(super) fn supervisor_of<'a>(province: &'a Province, party: &Party) -> Option<&'a str> {
    let person = province.staff.iter().find(|person| person.login == party.login);
    let courier = province.couriers.iter().find(|courier| courier.login == party.login);
    let point = person
        .and_then(|person| person.service_point_code.as_deref())
        .or(courier.map(|courier| courier.service_point_code.as_str()));
    let desk = person.and_then(|person| person.desk_code.as_deref());
    province.supervisor(point, desk).map(|person| person.login.as_str())
}

/// Enrols every device of the cast.
pub(super) fn everybody(
    day: &Day,
    province: &Province,
    codes: &BTreeMap<String, String>,
    logins: &[Login],
) -> Result<(), Failure> {
    let mut sessions = BTreeMap::new();
    for login in day.cast.iter().filter_map(|party| supervisor_of(province, party)) {
        if !sessions.contains_key(login) {
            let password = logins
                .iter()
                .find(|known| known.name == login)
                .map(|known| known.secret.as_str());
            sessions.insert(
                login,
                day.sign_in(login, password.unwrap_or_default(), "post_supervisor")?,
            );
        }
    }
    pool::run(&day.cast, |party| {
        let code = match (codes.get(&party.login), supervisor_of(province, party)) {
            (Some(code), _) => code.clone(),
            (None, by) => code(
                day,
                by.and_then(|by| sessions.get(by)).map_or("", String::as_str),
                party.staff(),
            )?,
        };
        let line = Line::new(&day.http, &day.traffic, Weather::CLEAR, Dice::of(day.seed, "enrol", 0));
        let credential = party.core.enrol(&code, &line).map_err(stopped(party, "enrol"))?;
        if credential.party(party.hat) != Some(party.holder) {
            return Err(Failure::Refused(format!(
                "{}: the credential is for somebody else",
                party.login
            )));
        }
        first_sync(
            &party.core,
            &line,
            &party.login,
            Instant::now() + Duration::from_secs(30),
        )
    })
}

fn code(day: &Day, session: &str, staff: Uuid) -> Result<String, Failure> {
    let headers = [
        header("Authorization", format!("Bearer {session}")),
        header("Content-Type", "application/json"),
    ];
    let (path, body) = ("/api/v1/devices/codes", object!({ "staff_id": staff }).to_string());
    let ask = Ask {
        method: "POST",
        path,
        headers: &headers,
        body: body.as_bytes(),
    };
    let answer = json(&day.http.insist(ask)?, path, &[201])?;
    Ok(answer["code"].as_str().unwrap_or_default().to_owned())
}

/// The server folds the enrolment a moment after it accepted it.
fn first_sync(core: &Core, line: &Line<'_>, login: &str, deadline: Instant) -> Result<(), Failure> {
    loop {
        match core.sync(line) {
            Ok(_) => return Ok(()),
            Err(CourierError::NotEnrolled { .. } | CourierError::Unreachable { .. }) if Instant::now() < deadline => {
                pause(Duration::from_millis(25));
            }
            Err(error) => return Err(Failure::Refused(format!("{login}: first sync: {error}"))),
        }
    }
}

/// Enrols one more device. Facts are folded in the order of their arrival, so once the server knows this device it has
/// folded everything that came before it.
pub(super) fn one_more(day: &Day, deadline: Instant) -> Result<(), Failure> {
    let Some(supervisor) = &day.supervisor else {
        return Ok(());
    };
    let failed = |error: String| Failure::Refused(format!("one more device: {error}"));
    let session = day.sign_in(&supervisor.login, &supervisor.password, "post_supervisor")?;
    let once = code(day, &session, supervisor.staff)?;
    let key = new_secret().map_err(|error| failed(error.reason))?;
    let host = SoftPlatform::new(&key, day.wall_ms).map_err(|error| failed(error.reason))?;
    let path = day.folder.join(format!("evening-{}.db", hex::encode(&key[..4])));
    let core = Core::open(path, Arc::new(host)).map_err(|error| failed(error.to_string()))?;
    let line = Line::new(
        &day.http,
        &day.traffic,
        Weather::CLEAR,
        Dice::of(day.seed, "evening", 0),
    );
    core.enrol(&once, &line).map_err(|error| failed(error.to_string()))?;
    first_sync(&core, &line, "one more device", deadline)
}
