//! When dossiers are due by their procedure's limit, and which ones a new version of the calendar may move.

use crate::StoreError;
use crate::repo::reference;
use crate::table::{dossier, dossier_state, procedure};
use domain::calendar::{ClockStart, Counting, OpenDue, Term, local, read_date};
use domain::dossier::DossierState;
use domain::ids::DossierId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use time::Date;
use uuid::Uuid;

/// States in which the agency still owes a decision by a date it gave.
const OPEN: [DossierState; 5] = [
    DossierState::Received,
    DossierState::Processing,
    DossierState::Supplement,
    DossierState::Payment,
    DossierState::WithdrawRequested,
];

/// A promised date that may still move.
#[derive(Debug, Clone)]
pub struct Promised {
    /// Whose.
    pub dossier: DossierId,
    /// The date promised now.
    pub due_on: Date,
    /// What it follows from, when the dossier's procedure is known.
    pub open: Option<OpenDue>,
}

/// What the due date of a dossier follows from: when its clock started, or `now_ms` while it has not, and the limit of its
/// procedure. None when the procedure is not known.
///
/// # Errors
/// When the database fails.
pub async fn of(
    db: &impl ConnectionTrait,
    procedure_code: Option<&str>,
    state: Option<&dossier_state::Model>,
    now_ms: i64,
) -> Result<Option<OpenDue>, StoreError> {
    let Some(code) = procedure_code else {
        return Ok(None);
    };
    let term = term(db, code).await?;
    Ok(term.map(|term| open(clock_started_at_ms(state).unwrap_or(now_ms), term)))
}

pub(super) fn open(started_at_ms: i64, term: Term) -> OpenDue {
    OpenDue {
        start: ClockStart::on(local(started_at_ms).0),
        term,
        counting: Counting::default(),
    }
}

async fn term(db: &impl ConnectionTrait, code: &str) -> Result<Option<Term>, StoreError> {
    let procedure = reference::procedure(db, code).await?;
    Ok(procedure.as_ref().and_then(limit))
}

/// How long the agency has for a procedure, when its days can be counted.
pub(super) fn limit(procedure: &procedure::Model) -> Option<Term> {
    let days = u16::try_from(procedure.limit_days).ok()?;
    Some(if procedure.limit_unit == "calendar" {
        Term::Calendar(days)
    } else {
        Term::Working(days)
    })
}

/// The clock started when both signed the minutes, not when the desk came round to it; for a dossier that was incomplete
/// then, when it was complete.
fn clock_started_at_ms(state: Option<&dossier_state::Model>) -> Option<i64> {
    let body: serde_json::Value = serde_json::from_str(&state?.body).ok()?;
    body["clock_started_at_ms"].as_i64().or(body["lodged_at_ms"].as_i64())
}

/// Promised dates that may still move, by dossier, after `after`, at most `limit`.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn promised(
    db: &impl ConnectionTrait,
    after: Option<DossierId>,
    limit: u64,
) -> Result<Vec<Promised>, StoreError> {
    let mut query = dossier_state::Entity::find()
        .filter(dossier_state::Column::DueOn.is_not_null())
        .filter(dossier_state::Column::State.is_in(OPEN.map(DossierState::code)))
        .order_by_asc(dossier_state::Column::DossierId)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(dossier_state::Column::DossierId.gt(after.0));
    }
    let states = query.all(db).await?;
    let owners: BTreeMap<Uuid, Option<String>> = dossier::Entity::find()
        .filter(dossier::Column::Id.is_in(states.iter().map(|state| state.dossier_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.procedure_code))
        .collect();
    let mut terms: BTreeMap<String, Option<Term>> = BTreeMap::new();
    let mut found = Vec::with_capacity(states.len());
    for state in states {
        let bad = || StoreError::corrupt("dossier_state", state.dossier_id, "due_on");
        let due_on = state.due_on.as_deref().and_then(read_date).ok_or_else(bad)?;
        let code = owners.get(&state.dossier_id).cloned().flatten();
        if let Some(code) = code.as_ref().filter(|code| !terms.contains_key(*code)) {
            terms.insert(code.clone(), term(db, code).await?);
        }
        let limit = code.and_then(|code| terms.get(&code).copied().flatten());
        let started = clock_started_at_ms(Some(&state));
        found.push(Promised {
            dossier: DossierId(state.dossier_id),
            due_on,
            open: limit.zip(started).map(|(term, started)| open(started, term)),
        });
    }
    Ok(found)
}
