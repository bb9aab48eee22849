//! When dossiers are due by their limit, and which ones a new version of the calendar may move.
//!
//! The limit is that of the dossier's case on its channel, in the version in force when its clock started. The act that gives
//! the date remembers it, and from then on it is that one. Acts of before limits were remembered gave the one limit of the
//! procedure.

use crate::StoreError;
use crate::repo::{catalogue, reference};
use crate::table::{dossier, dossier_act, dossier_state, procedure};
use domain::calendar::{ClockStart, Counting, OpenDue, Term, local, read_date};
use domain::catalogue::Channel;
use domain::dossier::DossierState;
use domain::ids::DossierId;
use domain::mode::Mode;
use domain::procedure_code::ProcedureCode;
use domain::wire::limit::LimitRecord;
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

/// The act that gives the first date.
const RECEIVED: &str = "dossier.received";

/// The member of its data that remembers the limit.
pub const LIMIT: &str = "limit";

/// What a due date follows from.
#[derive(Debug, Clone)]
pub struct Owed {
    /// When the clock started, the limit and the way of counting.
    pub open: OpenDue,
    /// The limit and where it is from.
    pub limit: LimitRecord,
}

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

/// What the due date of a dossier follows from: when its clock started, or `now_ms` while it has not, and the limit it was
/// promised by; before a promise, the one that holds for it. None when the procedure is not known.
///
/// # Errors
/// When the database fails.
pub async fn of(
    db: &impl ConnectionTrait,
    dossier: &dossier::Model,
    state: Option<&dossier_state::Model>,
    now_ms: i64,
) -> Result<Option<Owed>, StoreError> {
    let started = clock_started_at_ms(state).unwrap_or(now_ms);
    let mut procedures = Procedures::default();
    let limit = match remembered(db, &[dossier.id]).await?.remove(&dossier.id) {
        Some(Some(limit)) => Some(limit),
        Some(None) => procedures.own(db, dossier).await?,
        None => procedures.chosen(db, dossier, started).await?,
    };
    Ok(limit.map(|limit| Owed {
        open: open(started, limit.term()),
        limit,
    }))
}

pub(super) fn open(started_at_ms: i64, term: Term) -> OpenDue {
    OpenDue {
        start: ClockStart::on(local(started_at_ms).0),
        term,
        counting: Counting::default(),
    }
}

/// The limits by which those of these dossiers that have a date were promised it; a date that the agency set by itself has none,
/// nor have dates of before limits were remembered.
async fn remembered(
    db: &impl ConnectionTrait,
    dossiers: &[Uuid],
) -> Result<BTreeMap<Uuid, Option<LimitRecord>>, StoreError> {
    let acts = dossier_act::Entity::find()
        .filter(dossier_act::Column::DossierId.is_in(dossiers.iter().copied()))
        .filter(dossier_act::Column::Kind.eq(RECEIVED))
        .order_by_asc(dossier_act::Column::LogIndex)
        .all(db)
        .await?;
    let mut limits = BTreeMap::new();
    for act in acts {
        let data: serde_json::Value = serde_json::from_str(&act.data).unwrap_or_default();
        let limit = serde_json::from_value(data[LIMIT].clone()).ok();
        limits.entry(act.dossier_id).or_insert(limit);
    }
    Ok(limits)
}

/// The procedures looked up so far.
#[derive(Default)]
struct Procedures(BTreeMap<String, Option<procedure::Model>>);

impl Procedures {
    async fn of(
        &mut self,
        db: &impl ConnectionTrait,
        dossier: &dossier::Model,
    ) -> Result<Option<&procedure::Model>, StoreError> {
        let Some(code) = dossier.procedure_code.as_deref() else {
            return Ok(None);
        };
        if !self.0.contains_key(code) {
            let found = reference::procedure(db, code).await?;
            self.0.insert(code.to_owned(), found);
        }
        Ok(self.0.get(code).and_then(Option::as_ref))
    }

    /// The one limit of a dossier's procedure.
    async fn own(
        &mut self,
        db: &impl ConnectionTrait,
        dossier: &dossier::Model,
    ) -> Result<Option<LimitRecord>, StoreError> {
        Ok(self.of(db, dossier).await?.and_then(own))
    }

    /// The limit that holds for a dossier whose clock started at an instant. A procedure without a whole record, or whose record
    /// does not know the day or the case, has the one limit of its row.
    async fn chosen(
        &mut self,
        db: &impl ConnectionTrait,
        dossier: &dossier::Model,
        started_at_ms: i64,
    ) -> Result<Option<LimitRecord>, StoreError> {
        let Some(row) = self.of(db, dossier).await? else {
            return Ok(None);
        };
        let (case, day) = (dossier.procedure_case.as_deref(), local(started_at_ms).0);
        let known = catalogue::of(row)?.zip(ProcedureCode::parse(&row.code).ok());
        let chosen = known.and_then(|(catalogue, code)| {
            let chosen = catalogue.limit(&code, case, channel(dossier), day);
            chosen.ok().map(LimitRecord::from)
        });
        Ok(chosen.or_else(|| own(row)))
    }
}

/// The one limit of a row.
fn own(row: &procedure::Model) -> Option<LimitRecord> {
    Some(LimitRecord {
        amount: u16::try_from(row.limit_days).ok()?,
        unit: row.limit_unit.clone(),
        case: None,
        case_name: None,
        channel: None,
        source: row.source_ref.clone(),
    })
}

/// How a dossier was lodged: as it was told, else by post when the post carried it.
fn channel(dossier: &dossier::Model) -> Channel {
    let told = dossier.channel.as_deref().and_then(|text| text.parse().ok());
    let is_carried = dossier.mode.parse().is_ok_and(Mode::carries_dossier);
    told.unwrap_or(if is_carried { Channel::Post } else { Channel::InPerson })
}

/// How long the agency has for a procedure by the one limit of its row, when its days can be counted.
pub(super) fn limit(row: &procedure::Model) -> Option<Term> {
    own(row).map(|limit| limit.term())
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
    let ids: Vec<Uuid> = states.iter().map(|state| state.dossier_id).collect();
    let mut limits = remembered(db, &ids).await?;
    let owners: BTreeMap<Uuid, dossier::Model> = dossier::Entity::find()
        .filter(dossier::Column::Id.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut procedures = Procedures::default();
    let mut found = Vec::with_capacity(states.len());
    for state in states {
        let bad = || StoreError::corrupt("dossier_state", state.dossier_id, "due_on");
        let due_on = state.due_on.as_deref().and_then(read_date).ok_or_else(bad)?;
        let mut open_due = None;
        if let (Some(started), Some(owner)) = (clock_started_at_ms(Some(&state)), owners.get(&state.dossier_id)) {
            let limit = match limits.remove(&state.dossier_id).flatten() {
                Some(limit) => Some(limit),
                None => procedures.own(db, owner).await?,
            };
            open_due = limit.map(|limit| open(started, limit.term()));
        }
        found.push(Promised {
            dossier: DossierId(state.dossier_id),
            due_on,
            open: open_due,
        });
    }
    Ok(found)
}
