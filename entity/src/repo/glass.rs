//! Breaking the glass: whoever runs an office or an agency asks to see a dossier that is none of theirs, another of the same role
//! agrees, and for a short time it is seen. To be read; nothing is ever written through it.
//!
//! The request, the answer and the end are acts of the log, whoever owns the dossier is told, and each look is written down.
//! The reason stays beside the log, which has its hash: people write names into reasons.

use super::idempotency::Once;
use super::matter::{self, Answer, Done};
use super::staff::{self, Role};
use super::{finding, notification, search};
use crate::store::Store;
use crate::table::{broken_glass, dossier};
use crate::{Scope, ServerKeys, StoreError, clock};
use domain::dossier::words::Language;
use domain::ids::{AgencyId, DossierId, NotificationId, OperatorId, StaffId};
use sea_orm::sea_query::{Condition, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

/// The finding that tells of a dossier opened so.
pub const OPENED: &str = "glass_opened";

/// A request to see a dossier, and what became of it.
pub type Glass = broken_glass::Model;

/// Among whom somebody asks: who of them has the same role may agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The supervisors of a postal operator. Its own dossiers, of whatever office; another operator's are none of theirs.
    Post(OperatorId),
    /// The managers of an agency. Any agency's dossiers: one may have gone to the wrong one.
    Agency(AgencyId),
}

impl Side {
    pub(super) const fn role(self) -> Role {
        match self {
            Self::Post(_) => Role::PostSupervisor,
            Self::Agency(_) => Role::AgencyManager,
        }
    }

    fn reach(self) -> Scope {
        match self {
            Self::Post(operator) => Scope::operator(operator),
            Self::Agency(_) => Scope::everything(),
        }
    }

    /// Among whom somebody with a role of either side asks.
    pub(super) fn among(person: &staff::Person) -> Option<Self> {
        if person.is(Role::PostSupervisor) {
            person.operator.map(Self::Post)
        } else {
            person.agency.map(Self::Agency)
        }
    }

    fn is_of(self, row: &Glass) -> bool {
        match self {
            Self::Post(operator) => row.operator_id == Some(operator.0),
            Self::Agency(agency) => row.agency_id == Some(agency.0),
        }
    }
}

/// Whose requests are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Those among whom somebody asks and agrees.
    Among(Side),
    /// Those about dossiers of an operator, whoever asked: an operator's auditors read them.
    AuditedBy(OperatorId),
}

impl Asked {
    fn condition(self) -> Condition {
        match self {
            Self::Among(Side::Post(operator)) => broken_glass::Column::OperatorId.eq(operator.0).into(),
            Self::Among(Side::Agency(agency)) => broken_glass::Column::AgencyId.eq(agency.0).into(),
            Self::AuditedBy(operator) => {
                let theirs = Scope::operator(operator).dossier_ids();
                broken_glass::Column::DossierId.in_subquery(theirs).into()
            }
        }
    }
}

/// Why nothing was asked for or decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlassRefusal {
    /// They see it anyway.
    Seen,
    /// They asked already, and it still stands.
    Asked,
    /// Somebody else decides.
    Own,
    /// It was decided.
    Decided,
    /// Nobody decided in time.
    Lapsed,
    /// Who asked has left, or has this role no more.
    AskerLeft,
    /// It is not open.
    Closed,
}

impl GlassRefusal {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Seen => ("bạn đã xem được hồ sơ này", "you see this dossier anyway"),
            Self::Asked => (
                "bạn đã đề nghị xem hồ sơ này; hãy chờ người khác đồng ý",
                "you asked for this dossier already; wait until somebody agrees",
            ),
            Self::Own => (
                "phải do người khác cùng vai trò đồng ý",
                "somebody else of the same role decides",
            ),
            Self::Decided => ("đề nghị này đã được quyết định", "it was decided already"),
            Self::Lapsed => ("đề nghị đã hết hạn; hãy đề nghị lại", "it lapsed; ask again"),
            Self::AskerLeft => ("người đề nghị không còn vai trò này", "who asked has this role no more"),
            Self::Closed => ("hồ sơ không còn mở", "it is not open any more"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlassState {
    /// It waits for somebody else.
    Asked,
    /// The dossier is seen.
    Open,
    /// Its time is over, or somebody ended it.
    Ended,
    /// Somebody else said no.
    Refused,
    /// Nobody decided in time.
    Lapsed,
}

impl GlassState {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Open => "open",
            Self::Ended => "ended",
            Self::Refused => "refused",
            Self::Lapsed => "lapsed",
        }
    }

    /// How a request stands now.
    pub fn of(row: &Glass, now_ms: i64) -> Self {
        match (row.decision.as_deref(), row.until_ms) {
            (Some(_), Some(until)) if until > now_ms => Self::Open,
            (Some(_), Some(_)) => Self::Ended,
            (Some(_), None) => Self::Refused,
            (None, _) if row.lapses_at <= now_ms => Self::Lapsed,
            (None, _) => Self::Asked,
        }
    }
}

/// A request about to be made.
#[derive(Debug, Clone)]
pub struct NewGlass {
    /// Who asks.
    pub by: StaffId,
    /// Among whom.
    pub side: Side,
    /// What they see already.
    pub scope: Scope,
    /// The dossier: its id or code, the label of an item of it, or the number of an order.
    pub dossier: String,
    /// Why.
    pub reason: String,
    /// How long it waits for somebody to agree, milliseconds.
    pub life_ms: i64,
}

/// Asks to see a dossier.
///
/// # Errors
/// When the database fails.
pub async fn ask(
    store: &Store,
    keys: &ServerKeys,
    new: NewGlass,
    once: Option<Once>,
) -> Result<Answer<GlassRefusal>, StoreError> {
    let (inner, keys, id) = (store.clone(), keys.clone(), clock::new_id());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let now = inner.now_ms();
            let which = search::named(&new.dossier);
            let Some(found) = new.side.reach().dossiers().filter(which).one(tx).await? else {
                return Ok(Answer::Unknown);
            };
            let seen = new.scope.dossiers().filter(dossier::Column::Id.eq(found.id));
            if seen.one(tx).await?.is_some() {
                return Ok(Answer::Refused(GlassRefusal::Seen));
            }
            let before = broken_glass::Entity::find()
                .filter(broken_glass::Column::StaffId.eq(new.by.0))
                .filter(broken_glass::Column::DossierId.eq(found.id))
                .all(tx)
                .await?;
            if before.iter().any(|row| GlassState::of(row, now) == GlassState::Asked) {
                return Ok(Answer::Refused(GlassRefusal::Asked));
            }
            let (operator, agency) = match new.side {
                Side::Post(id) => (Some(id.0), None),
                Side::Agency(id) => (None, Some(id.0)),
            };
            let data = json!({
                "dossier": found.id.to_string(), "role": new.side.role().as_str(),
                "reason_sha256": matter::hash_of(&new.reason),
            });
            let event = matter::tell_by(tx, &inner, &keys, ("glass.asked", id, new.by), data).await?;
            let row = Glass {
                id,
                dossier_id: found.id,
                staff_id: new.by.0,
                role: new.side.role().as_str().to_owned(),
                operator_id: operator,
                agency_id: agency,
                reason: new.reason,
                asked_at: now,
                lapses_at: now.saturating_add(new.life_ms),
                decision: None,
                decided_by: None,
                decided_at: None,
                until_ms: None,
            };
            row.into_active_model().insert(tx).await?;
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// What somebody does about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlassStep {
    /// Agrees, for so many milliseconds.
    Open(i64),
    /// Says no.
    Refuse,
    /// Ends it before its time.
    End,
}

/// Takes a request among these one step further.
///
/// # Errors
/// When the database fails.
pub async fn go_on(
    store: &Store,
    keys: &ServerKeys,
    (side, by): (Side, StaffId),
    id: Uuid,
    step: GlassStep,
    once: Option<Once>,
) -> Result<Answer<GlassRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let now = inner.now_ms();
            let row = broken_glass::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
            let Some(row) = row.filter(|row| side.is_of(row)) else {
                return Ok(Answer::Unknown);
            };
            if let Err(why) = may(tx, &row, side, by, step, now).await? {
                return Ok(Answer::Refused(why));
            }
            let dossier = DossierId(row.dossier_id);
            let (kind, until) = match step {
                GlassStep::Open(life) => ("glass.opened", Some(now.saturating_add(life))),
                GlassStep::Refuse => ("glass.refused", None),
                GlassStep::End => ("glass.ended", Some(now)),
            };
            let data = json!({ "dossier": dossier.to_string(), "until_ms": until });
            let event = matter::tell_by(tx, &inner, &keys, (kind, id, by), data).await?;
            let is_end = step == GlassStep::End;
            let mut next = row.clone();
            next.until_ms = until;
            if !is_end {
                next.decision = Some(kind.trim_start_matches("glass.").to_owned());
                (next.decided_by, next.decided_at) = (Some(by.0), Some(now));
            }
            next.into_active_model().reset_all().update(tx).await?;
            if matches!(step, GlassStep::Open(_)) {
                warn(tx, &row, now).await?;
            }
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// Whoever owns the dossier reads a notice, and whoever looks after the installation a finding.
async fn warn(tx: &DatabaseTransaction, row: &Glass, now_ms: i64) -> Result<(), StoreError> {
    let dossier = DossierId(row.dossier_id);
    let data = json!({ "dossier": dossier.to_string(), "glass": row.id.to_string(), "role": row.role });
    notification::put(tx, NotificationId(row.id), dossier, "glass.opened", &data, now_ms).await?;
    finding::report(tx, OPENED, &row.id.to_string(), &row.role, now_ms).await
}

/// Tells whoever owns a dossier that somebody looked at it who sees it only because another one agreed.
///
/// # Errors
/// When the database fails.
pub async fn tell_owner(tx: &DatabaseTransaction, dossier: DossierId, now_ms: i64) -> Result<(), StoreError> {
    let (id, data) = (
        NotificationId(clock::new_id()),
        json!({ "dossier": dossier.to_string() }),
    );
    notification::put(tx, id, dossier, "glass.read", &data, now_ms).await
}

async fn may(
    tx: &DatabaseTransaction,
    row: &Glass,
    side: Side,
    by: StaffId,
    step: GlassStep,
    now_ms: i64,
) -> Result<Result<(), GlassRefusal>, StoreError> {
    let state = GlassState::of(row, now_ms);
    if step == GlassStep::End {
        return Ok(if state == GlassState::Open {
            Ok(())
        } else {
            Err(GlassRefusal::Closed)
        });
    }
    Ok(match state {
        GlassState::Lapsed => Err(GlassRefusal::Lapsed),
        GlassState::Open | GlassState::Ended | GlassState::Refused => Err(GlassRefusal::Decided),
        GlassState::Asked if row.staff_id == by.0 => Err(GlassRefusal::Own),
        GlassState::Asked => {
            let asker = staff::by_id(tx, StaffId(row.staff_id)).await?;
            let stands = asker.is_some_and(|person| person.is(side.role()) && Side::among(&person) == Some(side));
            if stands { Ok(()) } else { Err(GlassRefusal::AskerLeft) }
        }
    })
}

/// Requests of these, the newest first, after the one at `before` of the page before.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    asked: Asked,
    before: Option<(i64, Uuid)>,
    limit: u64,
) -> Result<Vec<Glass>, StoreError> {
    let (at, id) = (broken_glass::Column::AskedAt, broken_glass::Column::Id);
    let mut query = broken_glass::Entity::find().filter(asked.condition());
    if let Some((before_at, before_id)) = before {
        let same = Condition::all().add(at.eq(before_at)).add(id.lt(before_id));
        query = query.filter(Condition::any().add(at.lt(before_at)).add(same));
    }
    Ok(query.order_by_desc(at).order_by_desc(id).limit(limit).all(db).await?)
}

/// What was opened at this moment (milliseconds UTC) or after.
///
/// # Errors
/// When the database fails.
pub async fn opened_since(db: &impl ConnectionTrait, since_ms: i64) -> Result<Vec<Glass>, StoreError> {
    let opened = broken_glass::Entity::find()
        .filter(broken_glass::Column::UntilMs.is_not_null())
        .filter(broken_glass::Column::DecidedAt.gte(since_ms));
    Ok(opened.all(db).await?)
}

/// Whether somebody sees this dossier now only because another one agreed.
///
/// # Errors
/// When the database fails.
pub async fn is_open(
    db: &impl ConnectionTrait,
    staff: StaffId,
    dossier: DossierId,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let open = broken_glass::Entity::find()
        .filter(broken_glass::Column::StaffId.eq(staff.0))
        .filter(broken_glass::Column::DossierId.eq(dossier.0))
        .filter(broken_glass::Column::UntilMs.gt(now_ms));
    Ok(open.one(db).await?.is_some())
}

/// The dossiers that are open to somebody at a moment.
pub(crate) fn open_to(staff: StaffId, now_ms: i64) -> SelectStatement {
    Query::select()
        .column(broken_glass::Column::DossierId)
        .from(broken_glass::Entity)
        .and_where(broken_glass::Column::StaffId.eq(staff.0))
        .and_where(broken_glass::Column::UntilMs.gt(now_ms))
        .to_owned()
}
