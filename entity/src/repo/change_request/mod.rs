//! Changes that one person proposes and another approves (trust §4.3): who works here, as what and where; which
//! systems order, what an office serves, tariffs and rules.
//!
//! A proposal is judged at once and changes nothing. It keeps how things stood; the approval judges again, refuses when they
//! stand otherwise now, and changes them in the transaction that keeps the decision. Rows stay: they say who did what, when.

mod judge;
mod kind;
mod things;

pub use kind::{ChangeBody, ChangeKind, Fault};

use super::directory::version_of;
use super::idempotency::{self, Once, Recall};
use super::staff::{self, Role};
use super::{setting, staff_change};
use crate::store::Store;
use crate::table::{change_request, courier};
use crate::{StoreError, clock};
use domain::dossier::words::Language;
use domain::ids::{OperatorId, StaffId};
use judge::{Judged, judge, new_person, new_round, to_places};
use sea_orm::sea_query::{Condition, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A change somebody proposed.
pub type Request = change_request::Model;

/// Why a change does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Standstill {
    /// It is so already.
    #[error("it is so already")]
    Already,
    /// Somebody decided.
    #[error("it was decided already")]
    Decided,
    /// Nobody decided in time.
    #[error("it lapsed; propose it again")]
    Lapsed,
    /// One does not approve one's own.
    #[error("somebody else than its proposer decides; withdraw it if it is wrong")]
    Own,
    /// Nobody decides about themselves.
    #[error("nobody decides about themselves")]
    Yourself,
    /// Only who proposed it withdraws it.
    #[error("only its proposer withdraws it; reject it")]
    NotYours,
    /// Who proposed it may not any more.
    #[error("its proposer does not run the installation any more")]
    ProposerLeft,
    /// What it changes was changed since.
    #[error("what it changes stands otherwise now; look again and propose anew")]
    Stale,
}

impl Standstill {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Already => ("đã đúng như vậy rồi", "it is so already"),
            Self::Decided => ("đề nghị này đã được quyết định", "it was decided already"),
            Self::Lapsed => ("đề nghị đã hết hạn; hãy đề nghị lại", "it lapsed; propose it again"),
            Self::Own => (
                "phải do người khác quyết định; nếu sai, hãy rút đề nghị",
                "somebody else than its proposer decides; withdraw it if it is wrong",
            ),
            Self::Yourself => (
                "không ai tự quyết định về chính mình",
                "nobody decides about themselves",
            ),
            Self::NotYours => (
                "chỉ người đề nghị mới rút được; hãy từ chối",
                "only its proposer withdraws it; reject it",
            ),
            Self::ProposerLeft => (
                "người đề nghị không còn quyền quản trị",
                "its proposer does not run the installation any more",
            ),
            Self::Stale => (
                "dữ liệu đã thay đổi từ khi đề nghị; hãy xem lại và đề nghị lại",
                "what it changes stands otherwise now; look again and propose anew",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// Why nothing was proposed or decided.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRefusal {
    /// There is no such person or proposal, or it is another operator's.
    #[error("there is no such thing")]
    Unknown,
    /// Fields are wrong.
    #[error("fields are wrong")]
    Faults(Vec<Fault>),
    /// Things stand otherwise.
    #[error(transparent)]
    NotNow(#[from] Standstill),
    /// The key of the request belongs to another one.
    #[error("the key belongs to another request")]
    KeyReused,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for ChangeRefusal {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// How a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for somebody else.
    Proposed,
    /// It was made.
    Approved,
    /// Somebody else said no.
    Rejected,
    /// Its proposer took it back.
    Withdrawn,
    /// Nobody decided in time.
    Lapsed,
}

impl State {
    /// Every state with its stable name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Proposed, "proposed"),
        (Self::Approved, "approved"),
        (Self::Rejected, "rejected"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Lapsed, "lapsed"),
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(state, _)| *state == self)
            .map_or("", |(_, name)| name)
    }

    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(state, _)| *state)
    }

    /// How a proposal stands now.
    pub fn of(request: &Request, now_ms: i64) -> Self {
        match &request.decision {
            Some(decision) => Self::parse(decision).unwrap_or(Self::Rejected),
            None if request.expires_at <= now_ms => Self::Lapsed,
            None => Self::Proposed,
        }
    }

    fn condition(self, now_ms: i64) -> Condition {
        let open = Condition::all().add(change_request::Column::Decision.is_null());
        match self {
            Self::Proposed => open.add(change_request::Column::ExpiresAt.gt(now_ms)),
            Self::Lapsed => open.add(change_request::Column::ExpiresAt.lte(now_ms)),
            decided => change_request::Column::Decision.eq(decided.as_str()).into(),
        }
    }
}

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
                        Recall::Same(answer) => return again(tx, new.operator, &answer).await,
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

async fn again(tx: &DatabaseTransaction, operator: OperatorId, answer: &Value) -> Result<Request, ChangeRefusal> {
    let id = answer["id"].as_str().and_then(|id| id.parse().ok());
    let known = match id {
        Some(id) => find(tx, operator, id).await?,
        None => None,
    };
    known.ok_or(ChangeRefusal::Unknown)
}

/// A proposal about an operator's people.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, operator: OperatorId, id: Uuid) -> Result<Option<Request>, StoreError> {
    let row = change_request::Entity::find_by_id(id).one(db).await?;
    Ok(row.filter(|row| row.operator_id == operator.0))
}

/// Proposals about an operator's people, the newest first, in this state, older than `before`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    state: Option<State>,
    before: Option<(i64, Uuid)>,
    limit: u64,
    now_ms: i64,
) -> Result<Vec<Request>, StoreError> {
    let (at, id) = (change_request::Column::ProposedAt, change_request::Column::Id);
    let mut query = change_request::Entity::find().filter(change_request::Column::OperatorId.eq(operator.0));
    if let Some(state) = state {
        query = query.filter(state.condition(now_ms));
    }
    if let Some((before_at, before_id)) = before {
        let same = Condition::all().add(at.eq(before_at)).add(id.lt(before_id));
        query = query.filter(Condition::any().add(at.lt(before_at)).add(same));
    }
    Ok(query.order_by_desc(at).order_by_desc(id).limit(limit).all(db).await?)
}

/// What somebody decides about a proposal.
#[derive(Debug, Clone)]
pub enum Decision {
    /// Make it. With the argon2id string of the password, for a kind that makes one.
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
    operator: OperatorId,
    id: Uuid,
    by: StaffId,
    decision: Decision,
) -> Result<(Request, bool), ChangeRefusal> {
    let now = store.now_ms();
    store
        .write(move |tx| {
            Box::pin(async move {
                let row = change_request::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
                let row = row.filter(|row| row.operator_id == operator.0);
                let row = row.ok_or(ChangeRefusal::Unknown)?;
                let state = decision.state();
                if row.decision.as_deref() == Some(state.as_str()) && row.decided_by == Some(by.0) {
                    return Ok((row, false));
                }
                may_decide(&row, &decision, by, now)?;
                let mut reason = None;
                match decision {
                    Decision::Approve(hash) => make(tx, operator, &row, by, hash, now).await?,
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

/// Makes the change, if it is possible and about the same as when it was proposed.
async fn make(
    tx: &DatabaseTransaction,
    operator: OperatorId,
    row: &Request,
    by: StaffId,
    hash: Option<String>,
    now_ms: i64,
) -> Result<(), ChangeRefusal> {
    let corrupt = |what: &str| StoreError::corrupt("change_request", row.id, what.to_owned());
    let kind = ChangeKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?;
    let body: ChangeBody = serde_json::from_str(&row.body).map_err(|_| corrupt("body"))?;
    let was: Value = serde_json::from_str(&row.was).map_err(|_| corrupt("was"))?;
    let proposer = staff::by_id(tx, StaffId(row.proposed_by)).await?;
    if proposer.is_none_or(|person| !person.is(Role::OpsAdmin) || person.operator != Some(operator)) {
        return Err(Standstill::ProposerLeft.into());
    }
    // Two changes of one person come one after the other, and the second finds what the first made.
    if kind.is_of_a_person() {
        lock(tx, &row.subject).await?;
    } else {
        things::lock(tx, kind, &row.subject).await?;
    }
    let judged = judge(tx, operator, kind, &row.subject, &body).await;
    let judged = match judged {
        Err(ChangeRefusal::Store(error)) => return Err(error.into()),
        Ok(judged) if judged.was == was => judged,
        Ok(_) | Err(_) => return Err(Standstill::Stale.into()),
    };
    if judged.subject.as_ref().is_some_and(|person| person.id == by.0) {
        return Err(Standstill::Yourself.into());
    }
    apply(tx, operator, kind, (&row.subject, &body), judged, hash, now_ms).await
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
