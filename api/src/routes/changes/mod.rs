//! Changes that one administrator proposes and another approves: of people, places and prices, and of keys.

pub(super) mod list;
pub(super) mod propose;
pub(super) mod show;
pub(super) mod steps;

use crate::auth::StaffRight;
use crate::problem::{Kind, Mistake, Problem};
use crate::told::refused;
use domain::ids::OperatorId;
use entity::StoreError;
use entity::repo::change_request::{ChangeRefusal, Reader, Request, State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A change somebody proposed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// Its name.
    id: Uuid,
    /// What is to change, for example `user.roles`.
    kind: String,
    /// What it is about: a login, the code of an office or system, a file, or a device.
    subject: String,
    /// `proposed`, `approved`, `rejected`, `withdrawn` or `lapsed`.
    state: &'static str,
    /// Why, in the proposer's words.
    reason: String,
    /// How it stood when it was proposed; null for somebody new.
    before: Value,
    /// How it stands once approved.
    after: Value,
    /// Who proposed it.
    proposed_by: Uuid,
    /// In which role.
    proposed_as: String,
    /// When, milliseconds UTC.
    proposed_at_ms: i64,
    /// When it lapses undecided, milliseconds UTC.
    expires_at_ms: i64,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<Uuid>,
    /// When, milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at_ms: Option<i64>,
    /// Why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision_reason: Option<String>,
}

impl ChangeView {
    fn read(row: Request, now_ms: i64) -> Result<Self, Problem> {
        let state = State::of(&row, now_ms).as_str();
        let json = |text: &str| {
            serde_json::from_str(text)
                .map_err(|error| Problem::from(StoreError::corrupt("change_request", row.id, error)))
        };
        Ok(Self {
            before: json(&row.was)?,
            after: json(&row.becomes)?,
            id: row.id,
            kind: row.kind,
            subject: row.subject,
            state,
            reason: row.reason,
            proposed_by: row.proposed_by,
            proposed_as: row.proposed_as,
            proposed_at_ms: row.proposed_at,
            expires_at_ms: row.expires_at,
            decided_by: row.decided_by,
            decided_at_ms: row.decided_at,
            decision_reason: row.decision_reason,
        })
    }
}

/// What the caller sees of changes.
fn reader(right: &StaffRight) -> Result<Reader, Problem> {
    Ok(Reader {
        operator: operator(right)?,
        role: right.role,
    })
}

/// Whose people the caller looks after.
fn operator(right: &StaffRight) -> Result<OperatorId, Problem> {
    right.person.operator.ok_or_else(|| Kind::MissingRight.into())
}

/// A reason of 1 to 500 characters.
fn reason(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let length = text.chars().count();
    if (1..=500).contains(&length) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    let mistake = Mistake::invalid(
        "#/reason",
        "Lý do có 1 đến 500 ký tự.",
        "a reason has 1 to 500 characters, in one line",
    );
    Err(Problem::field(Kind::InvalidRequest, mistake))
}

impl From<ChangeRefusal> for Problem {
    fn from(refusal: ChangeRefusal) -> Self {
        match refusal {
            ChangeRefusal::Unknown => Kind::NotFound.into(),
            ChangeRefusal::KeyReused => Kind::KeyReused.into(),
            ChangeRefusal::NotNow(why) => refused(&why),
            ChangeRefusal::Store(error) => error.into(),
            ChangeRefusal::Faults(faults) => {
                let english = faults
                    .first()
                    .map_or_else(String::new, |fault| fault.english.to_string());
                let told = Self::with(Kind::InvalidRequest, english);
                faults.into_iter().fold(told, |told, fault| {
                    let place = format!("#/{}", fault.field);
                    told.and(Mistake::at(place, fault.code, fault.vietnamese, fault.english))
                })
            }
        }
    }
}
