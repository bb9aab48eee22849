//! Dossiers: their folded state, the acts of the desk, and the citizen's look at one of them.

use crate::inbox::append_act;
use crate::outbox;
use crate::repo::idempotency::{self, Once, Recall};
use crate::repo::intake::{self, NewItem, act, assign_job};
use crate::repo::{matter, money, search, serial};
use crate::store::Store;
use crate::table::{dossier, dossier_act, dossier_state, postal_item, postal_order};
use crate::{Scope, ServerKeys, StoreError, keys};
use domain::ids::DossierId;
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use domain::mode::Mode;
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A dossier with where it stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The dossier.
    pub dossier: dossier::Model,
    /// Its folded state; absent until the sequencer has reached it.
    pub state: Option<dossier_state::Model>,
}

/// A dossier by its id, if these eyes may see it.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, scope: &Scope, id: DossierId) -> Result<Option<Standing>, StoreError> {
    let Some(dossier) = scope.dossiers().filter(dossier::Column::Id.eq(id.0)).one(db).await? else {
        return Ok(None);
    };
    let state = dossier_state::Entity::find_by_id(id.0).one(db).await?;
    Ok(Some(Standing { dossier, state }))
}

/// The dossier a citizen's secret opens.
///
/// # Errors
/// When the database fails.
pub async fn by_capability(store: &Store, capability: &str) -> Result<Option<DossierId>, StoreError> {
    let scope = Scope::capability(keys::capability_hash(capability));
    let found = scope.dossiers().one(&store.see(&scope).await?).await?;
    Ok(found.map(|row| DossierId(row.id)))
}

/// The dossiers ordered under one customer code, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    scope: &Scope,
    customer_code: &str,
) -> Result<Vec<DossierId>, StoreError> {
    let ordered = Query::select()
        .column(postal_order::Column::DossierId)
        .from(postal_order::Entity)
        .cond_where(postal_order::Column::CustomerCode.eq(customer_code))
        .to_owned();
    let rows = scope
        .dossiers()
        .filter(dossier::Column::Id.in_subquery(ordered))
        .order_by_asc(dossier::Column::CreatedAt)
        .order_by_asc(dossier::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| DossierId(row.id)).collect())
}

/// Where a dossier stands in the list: many may be made in one millisecond, so the time alone does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// When it was made, milliseconds UTC.
    pub created_at: i64,
    /// Which of those made then.
    pub id: DossierId,
}

impl Place {
    /// The place of a dossier.
    pub const fn of(dossier: &dossier::Model) -> Self {
        Self {
            created_at: dossier.created_at,
            id: DossierId(dossier.id),
        }
    }
}

/// Which dossiers of those somebody sees. What is absent does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// What they typed; see [`crate::repo::search`].
    pub typed: Option<String>,
    /// In this state, `D0` to `D15`.
    pub state: Option<String>,
    /// Of this mode.
    pub mode: Option<Mode>,
    /// Due on this day, `2026-05-04`, or before it.
    pub due_to: Option<String>,
    /// Made at this moment (milliseconds UTC) or after.
    pub made_from: Option<i64>,
    /// Made before this moment (milliseconds UTC).
    pub made_before: Option<i64>,
}

impl Wanted {
    fn condition(&self) -> Condition {
        let mut states = Query::select();
        states
            .column(dossier_state::Column::DossierId)
            .from(dossier_state::Entity);
        if let Some(state) = &self.state {
            states.and_where(dossier_state::Column::State.eq(state));
        }
        if let Some(day) = &self.due_to {
            states.and_where(dossier_state::Column::DueOn.lte(day));
        }
        let by_state = self.state.is_some() || self.due_to.is_some();
        Condition::all()
            .add_option(self.typed.as_deref().map(search::meant))
            .add_option(by_state.then(|| dossier::Column::Id.in_subquery(states.clone())))
            .add_option(self.mode.map(|mode| dossier::Column::Mode.eq(mode.as_str())))
            .add_option(self.made_from.map(|at| dossier::Column::CreatedAt.gte(at)))
            .add_option(self.made_before.map(|at| dossier::Column::CreatedAt.lt(at)))
    }
}

/// A page of dossiers these eyes see, newest first, after the one at `last` of the page before.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &Wanted,
    last: Option<Place>,
    limit: u64,
) -> Result<Vec<Standing>, StoreError> {
    let mut query = scope.dossiers().filter(wanted.condition());
    if let Some(last) = last {
        query = query.filter(dossier::Column::CreatedAt.lte(last.created_at)).filter(
            Condition::any()
                .add(dossier::Column::CreatedAt.lt(last.created_at))
                .add(dossier::Column::Id.lt(last.id.0)),
        );
    }
    let rows = query
        .order_by_desc(dossier::Column::CreatedAt)
        .order_by_desc(dossier::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    with_states(db, rows).await
}

/// Each with where it stands.
pub(super) async fn with_states(
    db: &impl ConnectionTrait,
    rows: Vec<dossier::Model>,
) -> Result<Vec<Standing>, StoreError> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut states: HashMap<_, _> = dossier_state::Entity::find()
        .filter(dossier_state::Column::DossierId.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|state| (state.dossier_id, state))
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| Standing {
            state: states.remove(&row.id),
            dossier: row,
        })
        .collect())
}

/// The acts on a dossier in log order.
///
/// # Errors
/// When the database fails.
pub async fn acts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: DossierId,
) -> Result<Vec<dossier_act::Model>, StoreError> {
    if scope
        .dossiers()
        .filter(dossier::Column::Id.eq(id.0))
        .one(db)
        .await?
        .is_none()
    {
        return Ok(Vec::new());
    }
    Ok(dossier_act::Entity::find()
        .filter(dossier_act::Column::DossierId.eq(id.0))
        .order_by_asc(dossier_act::Column::LogIndex)
        .all(db)
        .await?)
}

/// What a desk did with a dossier.
#[derive(Debug, Clone)]
pub struct DeskAct {
    /// The act's kind, e.g. `dossier.received`.
    pub kind: String,
    /// Who did it, e.g. `staff:<uuid>`.
    pub actor: String,
    /// The rest; no personal data.
    pub data: serde_json::Value,
    /// The version of the dossier it was decided on, when only that one will do.
    pub seen: Option<i64>,
}

/// The answer to a desk's act.
#[derive(Debug, Clone)]
pub enum Recording {
    /// It is recorded, now or by the same request before.
    Done(Recorded),
    /// These eyes see no such dossier.
    Unknown,
    /// The idempotency key belongs to another request.
    KeyReused,
    /// Something was told since the version the caller has seen.
    Changed,
}

/// Records an act on a dossier these eyes may see. When it resolves a dossier whose result goes by post, the result's
/// item is made and a courier is looked for, in the same transaction.
///
/// With `once`, a repeated request gets the first answer and has no further effect. Nothing is recorded when something was told since
/// the version the act was decided on.
///
/// # Errors
/// When the database fails.
pub async fn record(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: DossierId,
    told: DeskAct,
    once: Option<Once>,
) -> Result<Recording, StoreError> {
    let attempt = |once| record_in(store, keys, scope.clone(), id, told.clone(), once);
    let recorded = match attempt(once.clone()).await {
        // Two of the same request at once: the other one won, so now its answer can be found.
        Err(error) if once.is_some() && error.is_duplicate() => attempt(once).await?,
        other => other?,
    };
    store.deposited().notify_one();
    store.jobs().notify_one();
    Ok(recorded)
}

async fn record_in(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: DossierId,
    told: DeskAct,
    once: Option<Once>,
) -> Result<Recording, StoreError> {
    let (inner, signing) = (store.clone(), keys.clone());
    store
        .write(move |tx| {
            Box::pin(async move {
                let Some(owner) = scope.dossiers().filter(dossier::Column::Id.eq(id.0)).one(tx).await? else {
                    return Ok(Recording::Unknown);
                };
                if let Some(once) = &once {
                    match idempotency::recall(tx, once).await? {
                        Recall::New => {}
                        Recall::Same(answer) => return Recorded::from_json(&answer).map(Recording::Done),
                        Recall::Different => return Ok(Recording::KeyReused),
                    }
                }
                if let Some(seen) = told.seen
                    && !is_as_seen(tx, &scope, id, seen).await?
                {
                    return Ok(Recording::Changed);
                }
                let now = inner.now_ms();
                let event =
                    append_act(tx, &inner, &signing, &act(&told.kind, id, &told.actor, now, &told.data)).await?;
                let mode: Mode = owner
                    .mode
                    .parse()
                    .map_err(|error| StoreError::corrupt("dossier", id, error))?;
                let result = if told.kind == "dossier.resolved" && mode.carries_result() {
                    Some(result_item(tx, &inner, &signing, id).await?)
                } else {
                    None
                };
                let recorded = Recorded { event, result };
                if let Some(once) = &once {
                    idempotency::remember(tx, once, &recorded.to_json(), now).await?;
                }
                Ok::<_, StoreError>(Recording::Done(recorded))
            })
        })
        .await
}

/// The version of a dossier: the place in the log of the last fact that changed it. 0 until it is first folded.
pub fn version(state: Option<&dossier_state::Model>) -> i64 {
    state.map_or(0, |state| state.log_index)
}

/// Whether nothing was told of a dossier since this version, folded or not. Two who look at once wait for each other.
async fn is_as_seen(tx: &DatabaseTransaction, scope: &Scope, id: DossierId, seen: i64) -> Result<bool, StoreError> {
    money::lock(tx, scope, id).await?;
    let waits = matter::waiting(tx)
        .await?
        .iter()
        .any(|(_, act)| act.subject == *id.0.as_bytes());
    let state = dossier_state::Entity::find_by_id(id.0).one(tx).await?;
    Ok(!waits && version(state.as_ref()) == seen)
}

/// The label of a dossier's result: the one it has, or a new one with a courier to look for. A dossier that is resolved again
/// keeps its envelope.
async fn result_item(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    dossier: DossierId,
) -> Result<ItemCode, StoreError> {
    let kind = ItemKind::ResultToApplicant;
    let known = postal_item::Entity::find()
        .filter(postal_item::Column::DossierId.eq(dossier.0))
        .filter(postal_item::Column::Kind.eq(kind.as_str()))
        .order_by_asc(postal_item::Column::CreatedAt)
        .one(tx)
        .await?;
    if let Some(known) = known {
        return ItemCode::parse(&known.item_code)
            .map_err(|error| StoreError::corrupt("postal_item", &known.item_code, error));
    }
    let code = serial::draw(tx, serial::office_of(tx, dossier).await?).await?;
    let new = NewItem {
        weight_g: None,
        code,
        kind,
        dossier,
        order: None,
    };
    intake::create_item(tx, store, keys, new).await?;
    outbox::push(tx, store.now_ms(), assign_job(&code, "deliver")).await?;
    Ok(code)
}

/// What recording an act made.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The act in the log.
    pub event: custody::ids::EventId,
    /// The label of the result, when the act made one.
    pub result: Option<ItemCode>,
}

impl Recorded {
    fn to_json(&self) -> serde_json::Value {
        serde_json::json!({ "event": self.event.to_string(), "result": self.result.as_ref().map(ItemCode::as_str) })
    }

    fn from_json(answer: &serde_json::Value) -> Result<Self, StoreError> {
        let bad = |why: &str| StoreError::corrupt("idempotency_key", "answer", why);
        let event = answer["event"]
            .as_str()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| bad("event"))?;
        let result = answer["result"]
            .as_str()
            .map(ItemCode::parse)
            .transpose()
            .map_err(|_| bad("result"))?;
        Ok(Self { event, result })
    }
}

/// An act with where its dossier stands now.
#[derive(Debug, Clone)]
pub struct Acted {
    /// The act.
    pub act: dossier_act::Model,
    /// The code the agency gave the dossier.
    pub code: Option<String>,
    /// The state of the dossier, `D0` to `D15`.
    pub state: Option<String>,
}

/// A page of acts of these kinds on dossiers these eyes see, newest first, told before the one at `before` in the log.
///
/// # Errors
/// When the database fails.
pub async fn acts_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    kinds: &[&str],
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Acted>, StoreError> {
    let mut query = dossier_act::Entity::find()
        .filter(dossier_act::Column::DossierId.in_subquery(scope.dossier_ids()))
        .filter(dossier_act::Column::Kind.is_in(kinds.iter().copied()));
    if let Some(before) = before {
        query = query.filter(dossier_act::Column::LogIndex.lt(before));
    }
    let rows = query
        .order_by_desc(dossier_act::Column::LogIndex)
        .limit(limit)
        .all(db)
        .await?;
    let ids: BTreeSet<Uuid> = rows.iter().map(|act| act.dossier_id).collect();
    let states: HashMap<Uuid, dossier_state::Model> = dossier_state::Entity::find()
        .filter(dossier_state::Column::DossierId.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|state| (state.dossier_id, state))
        .collect();
    let acted = rows.into_iter().map(|act| {
        let state = states.get(&act.dossier_id);
        Acted {
            code: state.and_then(|state| state.code.clone()),
            state: state.map(|state| state.state.clone()),
            act,
        }
    });
    Ok(acted.collect())
}
