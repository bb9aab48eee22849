//! Changes that one person proposes and another approves (trust §4.3): who works here, as what and where; which
//! systems order, what an office serves, tariffs and rules; and, among those who keep the keys, which devices sign.
//!
//! A proposal is judged at once and changes nothing. It keeps how things stood; the approval judges again, refuses when they
//! stand otherwise now, and changes them in the transaction that keeps the decision. Rows stay: they say who did what, when.

mod devices;
mod judge;
mod kind;
mod read;
mod refusal;
mod state;
mod things;

pub use kind::{ChangeBody, ChangeKind, Fault};
pub use read::{Reader, find, list};
pub use refusal::{ChangeRefusal, Standstill};
pub use state::State;

use super::directory::version_of;
use super::idempotency::{self, Once, Recall};
use super::staff::{self, Role};
use super::{setting, staff_change};
use crate::store::Store;
use crate::table::{change_request, courier};
use crate::{ServerKeys, StoreError, clock};
use domain::ids::{OperatorId, StaffId};
use judge::{Judged, judge, new_person, new_round, to_places};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A change somebody proposed.
pub type Request = change_request::Model;

/// A proposal.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// What is to change.
    pub kind: ChangeKind,
    /// The login it is about.
    pub subject: String,
    /// What is asked.
    pub body: ChangeBody,
    /// Why.
    pub reason: String,
    /// The version of the subject the proposer looked at, when they say it.
    pub version: Option<String>,
    /// Whose people.
    pub operator: OperatorId,
    /// Who proposes.
    pub by: StaffId,
    /// In which role.
    pub role: Role,
    /// How long it stands, milliseconds.
    pub life_ms: i64,
}

impl NewRequest {
    fn reader(&self) -> Reader {
        Reader {
            operator: self.operator,
            role: self.role,
        }
    }
}

/// Proposes a change; nothing but the proposal is stored.
///
/// # Errors
/// [`ChangeRefusal`].
pub async fn propose(store: &Store, new: NewRequest, once: Option<Once>) -> Result<Request, ChangeRefusal> {
    let now = store.now_ms();
    store
        .write(move |tx| {
            Box::pin(async move {
                if let Some(once) = &once {
                    match idempotency::recall(tx, once).await? {
                        Recall::New => {}
                        Recall::Same(answer) => return again(tx, new.reader(), &answer).await,
                        Recall::Different => return Err(ChangeRefusal::KeyReused),
                    }
                }
                let judged = judge(tx, new.operator, new.kind, &new.subject, &new.body).await?;
                if new.version.is_some_and(|version| version != version_of(&judged.was)) {
                    return Err(Standstill::Stale.into());
                }
                let row = Request {
                    id: clock::new_id(),
                    operator_id: new.operator.0,
                    kind: new.kind.as_str().to_owned(),
                    subject: new.subject,
                    body: json!(new.body).to_string(),
                    was: judged.was.to_string(),
                    becomes: judged.becomes.to_string(),
                    reason: new.reason,
                    proposed_by: new.by.0,
                    proposed_as: new.role.as_str().to_owned(),
                    proposed_at: now,
                    expires_at: now.saturating_add(new.life_ms),
                    decision: None,
                    decision_reason: None,
                    decided_by: None,
                    decided_at: None,
                };
                row.clone().into_active_model().insert(tx).await?;
                if let Some(once) = &once {
                    idempotency::remember(tx, once, &json!({ "id": row.id }), now).await?;
                }
                Ok(row)
            })
        })
        .await
}

async fn again(tx: &DatabaseTransaction, reader: Reader, answer: &Value) -> Result<Request, ChangeRefusal> {
    let id = answer["id"].as_str().and_then(|id| id.parse().ok());
    let known = match id {
        Some(id) => find(tx, reader, id).await?,
        None => None,
    };
    known.ok_or(ChangeRefusal::Unknown)
}

/// What somebody decides about a proposal.
#[derive(Debug, Clone)]
pub enum Decision {
    /// Make it. With what a kind that makes a secret makes: the argon2id string of a password, or the one-time code of a device.
    Approve(Option<String>),
    /// No, for this reason.
    Reject(String),
    /// The proposer takes it back.
    Withdraw,
}

impl Decision {
    fn state(&self) -> State {
        match self {
            Self::Approve(_) => State::Approved,
            Self::Reject(_) => State::Rejected,
            Self::Withdraw => State::Withdrawn,
        }
    }
}

/// Decides about a proposal, and says whether that happened now: the same decision of the same person is taken once.
///
/// # Errors
/// [`ChangeRefusal`].
pub async fn decide(
    store: &Store,
    keys: &ServerKeys,
    reader: Reader,
    id: Uuid,
    by: StaffId,
    decision: Decision,
) -> Result<(Request, bool), ChangeRefusal> {
    let (maker, operator) = (Maker::new(store, keys, by), reader.operator);
    let now = store.now_ms();
    store
        .write(move |tx| {
            Box::pin(async move {
                let row = change_request::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
                let row = row.filter(|row| reader.may_see(row));
                let row = row.ok_or(ChangeRefusal::Unknown)?;
                let state = decision.state();
                if row.decision.as_deref() == Some(state.as_str()) && row.decided_by == Some(by.0) {
                    return Ok((row, false));
                }
                may_decide(&row, &decision, by, now)?;
                let mut reason = None;
                match decision {
                    Decision::Approve(secret) => make(tx, operator, &row, &maker, secret, now).await?,
                    Decision::Reject(why) => reason = Some(why),
                    Decision::Withdraw => {}
                }
                let decided = Request {
                    decision: Some(state.as_str().to_owned()),
                    decision_reason: reason,
                    decided_by: Some(by.0),
                    decided_at: Some(now),
                    ..row
                };
                decided.clone().into_active_model().reset_all().update(tx).await?;
                Ok((decided, true))
            })
        })
        .await
}

fn may_decide(row: &Request, decision: &Decision, by: StaffId, now_ms: i64) -> Result<(), Standstill> {
    match State::of(row, now_ms) {
        State::Proposed => {}
        State::Lapsed => return Err(Standstill::Lapsed),
        State::Approved | State::Rejected | State::Withdrawn => return Err(Standstill::Decided),
    }
    match (decision, row.proposed_by == by.0) {
        (Decision::Withdraw, false) => Err(Standstill::NotYours),
        (Decision::Approve(_) | Decision::Reject(_), true) => Err(Standstill::Own),
        (Decision::Withdraw, true) | (Decision::Approve(_) | Decision::Reject(_), false) => Ok(()),
    }
}

/// Who approves, and what an act of the log is sealed with.
#[derive(Debug)]
struct Maker {
    store: Store,
    keys: ServerKeys,
    by: StaffId,
}

impl Maker {
    fn new(store: &Store, keys: &ServerKeys, by: StaffId) -> Self {
        Self {
            store: store.clone(),
            keys: keys.clone(),
            by,
        }
    }
}

/// Makes the change, if it is possible and about the same as when it was proposed.
async fn make(
    tx: &DatabaseTransaction,
    operator: OperatorId,
    row: &Request,
    maker: &Maker,
    secret: Option<String>,
    now_ms: i64,
) -> Result<(), ChangeRefusal> {
    let corrupt = |what: &str| StoreError::corrupt("change_request", row.id, what.to_owned());
    let kind = ChangeKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?;
    let body: ChangeBody = serde_json::from_str(&row.body).map_err(|_| corrupt("body"))?;
    let was: Value = serde_json::from_str(&row.was).map_err(|_| corrupt("was"))?;
    let proposer = staff::by_id(tx, StaffId(row.proposed_by)).await?;
    if proposer.is_none_or(|person| !person.is(kind.role()) || person.operator != Some(operator)) {
        return Err(Standstill::ProposerLeft.into());
    }
    // Two changes of one person come one after the other, and the second finds what the first made.
    if kind.is_of_a_person() {
        lock(tx, &row.subject).await?;
    } else if kind.is_of_a_device() {
        devices::lock(tx, kind, &row.subject).await?;
    } else {
        things::lock(tx, kind, &row.subject).await?;
    }
    let judged = judge(tx, operator, kind, &row.subject, &body).await;
    let judged = match judged {
        Err(ChangeRefusal::Store(error)) => return Err(error.into()),
        Ok(judged) if judged.was == was => judged,
        Ok(_) | Err(_) => return Err(Standstill::Stale.into()),
    };
    if judged.subject.as_ref().is_some_and(|person| person.id == maker.by.0) {
        return Err(Standstill::Yourself.into());
    }
    if kind.is_of_a_device() {
        return devices::apply(tx, kind, &row.subject, judged, maker, secret).await;
    }
    apply(tx, operator, kind, (&row.subject, &body), judged, secret, now_ms).await
}

async fn lock(tx: &DatabaseTransaction, login: &str) -> Result<(), StoreError> {
    use crate::table::staff;
    let query = staff::Entity::find().filter(staff::Column::Login.eq(login));
    query.lock_exclusive().one(tx).await?;
    Ok(())
}

async fn apply(
    tx: &DatabaseTransaction,
    operator: OperatorId,
    kind: ChangeKind,
    (login, body): (&str, &ChangeBody),
    judged: Judged,
    hash: Option<String>,
    now_ms: i64,
) -> Result<(), ChangeRefusal> {
    let no_password = || StoreError::Refused("a change that makes a password came without one".to_owned());
    match kind {
        ChangeKind::Add => {
            let new = new_person(tx, operator, login, body).await?;
            staff_change::add(tx, new, hash.ok_or_else(no_password)?).await?;
        }
        ChangeKind::Roles => staff_change::set_roles(tx, login, &judge::roles(body)?).await?,
        ChangeKind::Place => {
            let operator = judged.subject.as_ref().and_then(|person| person.operator_id);
            let to = to_places(tx, operator, body).await?;
            staff_change::set_places(tx, login, to, now_ms).await?;
        }
        ChangeKind::Dismiss => staff_change::set_active(tx, login, false, now_ms).await?,
        ChangeKind::Readmit => staff_change::set_active(tx, login, true, now_ms).await?,
        ChangeKind::Password => {
            staff_change::set_password(tx, login, hash.ok_or_else(no_password)?, now_ms).await?;
        }
        ChangeKind::Factor => staff_change::forget_factor(tx, login, now_ms).await?,
        ChangeKind::Round => {
            let person = judged.subject.ok_or(ChangeRefusal::Unknown)?;
            set_round(tx, new_round(tx, &person, body).await?).await?;
        }
        _ => things::apply(tx, operator, kind, (login, body), hash).await?,
    }
    Ok(())
}

async fn set_round(tx: &DatabaseTransaction, round: courier::Model) -> Result<(), StoreError> {
    courier::Entity::insert(round.into_active_model())
        .on_conflict(
            OnConflict::column(courier::Column::StaffId)
                .update_columns([
                    courier::Column::ServicePointId,
                    courier::Column::Areas,
                    courier::Column::ShiftFromMin,
                    courier::Column::ShiftToMin,
                    courier::Column::Capacity,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    setting::reference_changed(tx).await
}
