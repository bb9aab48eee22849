//! Whether a change is possible as things are, and what it makes of them. Asked when it is proposed and again when it is approved.

use super::kind::{ChangeBody, ChangeKind, Fault, faults};
use super::{ChangeRefusal, Standstill, devices, things};
use crate::StoreError;
use crate::repo::directory::{Directory, has_factor};
use crate::repo::staff::Role;
use crate::repo::staff_change::{self, ChangeError, NewPerson, Places};
use crate::table::{commune, courier, postal_operator, staff};
use domain::ids::OperatorId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

/// The longest login, and the longest day's load of a courier.
const LONGEST_LOGIN: usize = 60;
const LARGEST_LOAD: i64 = 1000;
const DAY_MIN: i64 = 24 * 60;

/// What was and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    pub(super) was: Value,
    pub(super) becomes: Value,
    /// Who it is about, when they work here already.
    pub(super) subject: Option<staff::Model>,
}

pub(super) async fn judge(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    kind: ChangeKind,
    subject: &str,
    body: &ChangeBody,
) -> Result<Judged, ChangeRefusal> {
    if !kind.is_of_a_person() {
        let wrong = faults(kind, body);
        if !wrong.is_empty() {
            return Err(ChangeRefusal::Faults(wrong));
        }
        if kind.is_of_a_device() {
            return devices::judge(db, operator, kind, subject).await;
        }
        return things::judge(db, operator, kind, subject, body).await;
    }
    let places = Directory::load(db).await?;
    let known = staff_change::staff_of(db, subject).await?;
    if kind != ChangeKind::Add {
        let theirs = known.as_ref().is_some_and(|row| places.operator(row) == operator);
        if !theirs {
            return Err(ChangeRefusal::Unknown);
        }
    }
    let wrong = faults(kind, body);
    if !wrong.is_empty() {
        return Err(ChangeRefusal::Faults(wrong));
    }
    let judged = match known {
        None => newcomer(db, &places, operator, subject, body).await?,
        Some(_) if kind == ChangeKind::Add => return Err(ChangeError::Taken(subject.to_owned()).into()),
        Some(row) if kind == ChangeKind::Round => round(db, row, body).await?,
        Some(row) => person(db, &places, operator, kind, row, body).await?,
    };
    if judged.was == judged.becomes && kind != ChangeKind::Password {
        return Err(ChangeRefusal::NotNow(Standstill::Already));
    }
    Ok(judged)
}

async fn newcomer(
    db: &impl ConnectionTrait,
    places: &Directory,
    operator: OperatorId,
    login: &str,
    body: &ChangeBody,
) -> Result<Judged, ChangeRefusal> {
    let is_login = (1..=LONGEST_LOGIN).contains(&login.len())
        && login
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte));
    if !is_login {
        let (english, vietnamese) = (
            "a login has 1 to 60 lower case letters, digits, points, hyphens and underscores",
            "tên đăng nhập gồm 1 đến 60 chữ thường không dấu, chữ số, dấu chấm, gạch ngang, gạch dưới",
        );
        return Err(Fault::at("subject", "invalid", english, vietnamese).into());
    }
    let row = staff_change::newcomer(db, new_person(db, operator, login, body).await?).await?;
    is_ours(places, operator, &row, body)?;
    let mut entry = places.entry(&row, false)?;
    // They get their first password with the approval.
    entry.has_password = true;
    Ok(Judged {
        was: Value::Null,
        becomes: entry.value(),
        subject: None,
    })
}

/// Somebody new, of the operator when no office says whose they are.
pub(super) async fn new_person(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    login: &str,
    body: &ChangeBody,
) -> Result<NewPerson, ChangeRefusal> {
    let roles = roles(body)?;
    let runs = |role: &Role| matches!(role, Role::OpsAdmin | Role::KeyAdmin | Role::Auditor);
    let of = if body.service_point.is_none() && roles.iter().any(runs) {
        Some(operator.0)
    } else {
        None
    };
    Ok(NewPerson {
        login: login.to_owned(),
        name: body.name.clone().unwrap_or_default().trim().to_owned(),
        roles,
        places: to_places(db, of, body).await?,
    })
}

/// The places a body names; somebody's operator stays.
pub(super) async fn to_places(
    db: &impl ConnectionTrait,
    operator: Option<uuid::Uuid>,
    body: &ChangeBody,
) -> Result<Places, StoreError> {
    let operator = match operator {
        Some(id) => postal_operator::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    Ok(Places {
        service_point: body.service_point.clone(),
        desk: body.desk.clone(),
        agency: body.agency.clone(),
        operator: operator.map(|row| row.code),
    })
}

/// The roles a body names.
pub(super) fn roles(body: &ChangeBody) -> Result<Vec<Role>, ChangeRefusal> {
    let names = body.roles.iter().flatten();
    let read: Option<Vec<Role>> = names.map(|name| Role::parse(name)).collect();
    let mut roles = read.ok_or_else(|| {
        let (english, vietnamese) = ("there is no such role", "không có vai trò này");
        Fault::at("body/roles", "unknown_reference", english, vietnamese)
    })?;
    let mut seen = std::collections::HashSet::new();
    roles.retain(|role| seen.insert(*role));
    Ok(roles)
}

/// An office of somebody else's is none of this operator's.
fn is_ours(
    places: &Directory,
    operator: OperatorId,
    row: &staff::Model,
    body: &ChangeBody,
) -> Result<(), ChangeRefusal> {
    if places.operator(row) == operator {
        return Ok(());
    }
    let field = match (&body.service_point, &body.desk) {
        (Some(_), _) => "body/service_point",
        (None, Some(_)) => "body/desk",
        (None, None) => "body/agency",
    };
    Err(no_place(field).into())
}

async fn person(
    db: &impl ConnectionTrait,
    places: &Directory,
    operator: OperatorId,
    kind: ChangeKind,
    row: staff::Model,
    body: &ChangeBody,
) -> Result<Judged, ChangeRefusal> {
    let was = places.entry(&row, has_factor(db, &row).await?)?;
    let mut becomes = was.clone();
    match kind {
        ChangeKind::Roles => {
            let row = staff_change::with_roles(row.clone(), &roles(body)?)?;
            becomes = places.entry(&row, was.has_second_factor)?;
        }
        ChangeKind::Place => {
            let to = to_places(db, row.operator_id, body).await?;
            let row = staff_change::moved(db, row.clone(), to).await?;
            is_ours(places, operator, &row, body)?;
            becomes = places.entry(&row, was.has_second_factor)?;
        }
        ChangeKind::Dismiss => becomes.is_active = false,
        ChangeKind::Readmit => becomes.is_active = true,
        ChangeKind::Password => becomes.has_password = true,
        ChangeKind::Factor => becomes.has_second_factor = false,
        // Nobody new, and no thing, comes here.
        _ => {}
    }
    Ok(Judged {
        was: was.value(),
        becomes: becomes.value(),
        subject: Some(row),
    })
}

async fn round(db: &impl ConnectionTrait, row: staff::Model, body: &ChangeBody) -> Result<Judged, ChangeRefusal> {
    if !staff_change::roles_of(&row)?.contains(&Role::Courier) {
        let (english, vietnamese) = ("this person is no courier", "người này không phải bưu tá");
        return Err(Fault::at("subject", "invalid", english, vietnamese).into());
    }
    let now = courier::Entity::find_by_id(row.id).one(db).await?;
    let was = now.map_or(Ok(Value::Null), |now| {
        let areas: Vec<String> =
            serde_json::from_str(&now.areas).map_err(|error| StoreError::corrupt("courier", row.id, error))?;
        Ok::<_, StoreError>(round_value(&areas, now.shift_from_min, now.shift_to_min, now.capacity))
    })?;
    let new = new_round(db, &row, body).await?;
    let areas = body.areas.clone().unwrap_or_default();
    Ok(Judged {
        was,
        becomes: round_value(&areas, new.shift_from_min, new.shift_to_min, new.capacity),
        subject: Some(row),
    })
}

fn round_value(areas: &[String], from: i64, to: i64, capacity: i64) -> Value {
    json!({ "areas": areas, "shift_from_min": from, "shift_to_min": to, "capacity": capacity })
}

/// The row of a courier's round as the body has it.
pub(super) async fn new_round(
    db: &impl ConnectionTrait,
    row: &staff::Model,
    body: &ChangeBody,
) -> Result<courier::Model, ChangeRefusal> {
    let areas = body.areas.clone().unwrap_or_default();
    let known = commune::Entity::find()
        .filter(commune::Column::Code.is_in(areas.iter().map(String::as_str)))
        .all(db)
        .await?;
    let mut wrong = Vec::new();
    if areas.iter().any(|area| known.iter().all(|one| one.code != *area)) {
        wrong.push(Fault::at(
            "body/areas",
            "unknown_reference",
            "there is no such commune",
            "không có xã này",
        ));
    }
    let (from, to) = (
        body.shift_from_min.unwrap_or_default(),
        body.shift_to_min.unwrap_or_default(),
    );
    if !(0 <= from && from < to && to <= DAY_MIN) {
        wrong.push(Fault::at(
            "body/shift_to_min",
            "invalid",
            "the shift ends after it begins, within one day",
            "ca làm việc phải kết thúc sau khi bắt đầu, trong một ngày",
        ));
    }
    let capacity = body.capacity.unwrap_or_default();
    if !(1..=LARGEST_LOAD).contains(&capacity) {
        wrong.push(Fault::at(
            "body/capacity",
            "invalid",
            "a courier carries 1 to 1000 items a day",
            "bưu tá mang từ 1 đến 1000 bưu gửi một ngày",
        ));
    }
    let Some(point) = row.service_point_id.filter(|_| wrong.is_empty()) else {
        return Err(ChangeRefusal::Faults(wrong));
    };
    Ok(courier::Model {
        staff_id: row.id,
        service_point_id: point,
        areas: json!(areas).to_string(),
        shift_from_min: from,
        shift_to_min: to,
        capacity,
    })
}

fn no_place(field: &str) -> Fault {
    Fault::at(
        field,
        "unknown_reference",
        "there is no such place",
        "không có địa điểm này",
    )
}

impl From<Fault> for ChangeRefusal {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<ChangeError> for ChangeRefusal {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Unknown(_) => Self::Unknown,
            ChangeError::Taken(_) => Fault::at(
                "subject",
                "invalid",
                "this is somebody's login already",
                "tên đăng nhập này đã có người dùng",
            )
            .into(),
            ChangeError::NoPlace("desk", _) => no_place("body/desk").into(),
            ChangeError::NoPlace("agency", _) => no_place("body/agency").into(),
            ChangeError::NoPlace(..) => no_place("body/service_point").into(),
            ChangeError::Roles(why) => Fault::at(
                "body/roles",
                "invalid",
                why,
                "các vai trò này không đi cùng nhau hoặc thiếu nơi làm việc",
            )
            .into(),
            ChangeError::Store(error) => Self::Store(error),
        }
    }
}
