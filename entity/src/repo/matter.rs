//! What was told of a matter, up to this moment: by what is folded, and by acts that still wait to be.
//!
//! A writer that must not contradict what was told a moment ago takes the lock of what it decides about (a dossier, a till)
//! and then asks here. What waits is read before what is folded, so an act that is folded in between is seen twice and counted
//! once, never missed.

use super::idempotency::{self, Once, Recall};
use crate::inbox::{Lane, append_act};
use crate::store::{Store, WriteFuture};
use crate::table::{inbox, matter_act, matter_text};
use crate::{Scope, ServerKeys, StoreError, clock, sequencer};
use custody::act::{Act, parse_act};
use custody::ids::{EventId, Nonce};
use domain::holder::Holder;
use domain::ids::{DossierId, StaffId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;
use uuid::Uuid;

/// An act, as it was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its identifier, in hex.
    pub event: String,
    /// What it is about.
    pub subject: Uuid,
    /// For example `complaint.answered`.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// What it says.
    pub data: Value,
}

impl Told {
    fn of(act: Act, event: &[u8]) -> Option<Self> {
        Some(Self {
            event: hex::encode(event),
            subject: Uuid::from_bytes(act.subject),
            kind: act.kind,
            actor: act.actor,
            at_ms: act.at_ms,
            data: serde_json::from_str(&act.data).ok()?,
        })
    }

    fn read(row: matter_act::Model) -> Result<Self, StoreError> {
        let data =
            serde_json::from_str(&row.data).map_err(|error| StoreError::corrupt("matter_act", row.subject, error))?;
        Ok(Self {
            event: hex::encode(row.event_id),
            subject: row.subject,
            kind: row.kind,
            actor: row.actor,
            at_ms: row.at_ms,
            data,
        })
    }

    /// A text of its data.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.data[name].as_str()
    }

    /// Whole đồng of its data.
    pub fn amount(&self, name: &str) -> Option<i64> {
        self.data[name].as_i64()
    }

    /// The dossier it is about.
    pub fn dossier(&self) -> Option<DossierId> {
        self.text("dossier").and_then(|text| text.parse().ok())
    }
}

/// The acts that wait to be folded, as they will be: with their bytes, for whoever reads lines or receipts in them.
pub(super) async fn waiting(tx: &DatabaseTransaction) -> Result<Vec<(Vec<u8>, Act)>, StoreError> {
    let applied = sequencer::state(tx).await?.applied_index;
    let acts = || {
        inbox::Entity::find()
            .select_only()
            .columns([inbox::Column::EventId, inbox::Column::Raw])
            .filter(inbox::Column::Lane.eq(Lane::Act as i64))
    };
    let unnumbered: Vec<(Vec<u8>, Vec<u8>)> = acts()
        .filter(inbox::Column::LogIndex.is_null())
        .order_by_asc(inbox::Column::ReceivedAt)
        .order_by_asc(inbox::Column::Place)
        .order_by_asc(inbox::Column::EventId)
        .into_tuple()
        .all(tx)
        .await?;
    let mut rows: Vec<(Vec<u8>, Vec<u8>)> = acts()
        .filter(inbox::Column::LogIndex.gt(applied))
        .order_by_asc(inbox::Column::LogIndex)
        .into_tuple()
        .all(tx)
        .await?;
    let known: HashSet<Vec<u8>> = rows.iter().map(|(id, _)| id.clone()).collect();
    rows.extend(unnumbered.into_iter().filter(|(id, _)| !known.contains(id)));
    let read = rows
        .into_iter()
        .filter_map(|(id, raw)| Some((id, parse_act(&raw).ok()?.act)));
    Ok(read.collect())
}

/// An act that waits, as it will be told.
pub(super) fn read_waiting(act: Act, event: &[u8]) -> Option<Told> {
    Told::of(act, event)
}

/// Acts on matters that are folded, oldest first.
pub(super) async fn folded(
    db: &impl ConnectionTrait,
    query: Select<matter_act::Entity>,
) -> Result<Vec<Told>, StoreError> {
    let rows = query.order_by_asc(matter_act::Column::LogIndex).all(db).await?;
    rows.into_iter().map(Told::read).collect()
}

/// Those of `query` and those that wait and `is_one`, oldest first, each once.
pub(super) async fn all(
    tx: &DatabaseTransaction,
    query: Select<matter_act::Entity>,
    is_one: impl Fn(&Told) -> bool,
) -> Result<Vec<Told>, StoreError> {
    let waiting = waiting(tx).await?;
    let mut told = folded(tx, query).await?;
    let known: HashSet<String> = told.iter().map(|one| one.event.clone()).collect();
    let more = waiting.into_iter().filter_map(|(id, act)| Told::of(act, &id));
    told.extend(more.filter(|one| is_one(one) && !known.contains(&one.event)));
    Ok(told)
}

/// Everything told of one matter.
pub(super) async fn of(tx: &DatabaseTransaction, subject: Uuid) -> Result<Vec<Told>, StoreError> {
    all(tx, about(subject), |one| one.subject == subject).await
}

/// The acts on one matter.
pub(super) fn about(subject: Uuid) -> Select<matter_act::Entity> {
    matter_act::Entity::find().filter(matter_act::Column::Subject.eq(subject))
}

/// The acts of one sort on dossiers these eyes see, for example `complaint`.
pub(super) fn seen_by(scope: &Scope, sort: &str) -> Select<matter_act::Entity> {
    matter_act::Entity::find()
        .filter(matter_act::Column::DossierId.in_subquery(scope.dossier_ids()))
        .filter(matter_act::Column::Kind.starts_with(format!("{sort}.")))
}

/// The acts of one sort on one dossier, which the caller has found through somebody's eyes.
pub(super) fn on(dossier: DossierId, sort: &str) -> Select<matter_act::Entity> {
    matter_act::Entity::find()
        .filter(matter_act::Column::DossierId.eq(dossier.0))
        .filter(matter_act::Column::Kind.starts_with(format!("{sort}.")))
}

/// Groups acts by their matter, in the order each was first told.
pub(super) fn by_subject(told: Vec<Told>) -> Vec<Vec<Told>> {
    let mut matters: Vec<Vec<Told>> = Vec::new();
    let mut places: std::collections::HashMap<Uuid, usize> = std::collections::HashMap::new();
    for one in told {
        let at = *places.entry(one.subject).or_insert_with(|| {
            matters.push(Vec::new());
            matters.len() - 1
        });
        matters[at].push(one);
    }
    matters
}

/// Who says what of a matter.
#[derive(Debug, Clone)]
pub(super) struct NewAct<'a> {
    pub(super) kind: &'a str,
    pub(super) subject: Uuid,
    pub(super) actor: &'a str,
    pub(super) data: Value,
}

/// Puts an act into the log, in the caller's transaction.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    new: NewAct<'_>,
) -> Result<EventId, StoreError> {
    let act = Act {
        kind: new.kind.to_owned(),
        subject: *new.subject.as_bytes(),
        actor: new.actor.to_owned(),
        at_ms: store.now_ms(),
        data: new.data.to_string(),
        nonce: Nonce(clock::random()),
    };
    append_act(tx, store, keys, &act).await
}

/// The same of somebody who works here: the kind, what it is about, and who.
pub(super) async fn tell_by(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    (kind, subject, by): (&str, Uuid, StaffId),
    data: Value,
) -> Result<EventId, StoreError> {
    let actor = Holder::Staff(by).to_string();
    let act = NewAct {
        kind,
        subject,
        actor: &actor,
        data,
    };
    tell(tx, store, keys, act).await
}

/// Keeps what a person wrote with an act.
pub(super) async fn keep_text(
    tx: &DatabaseTransaction,
    event: EventId,
    (subject, dossier): (Uuid, DossierId),
    body: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let row = matter_text::Model {
        event_id: event.0.to_vec(),
        subject,
        dossier_id: dossier.0,
        body: body.to_owned(),
        created_at: now_ms,
    };
    row.into_active_model().insert(tx).await?;
    Ok(())
}

/// What was written in matters, by the act in hex.
pub(super) async fn texts(
    db: &impl ConnectionTrait,
    subjects: Vec<Uuid>,
) -> Result<std::collections::HashMap<String, String>, StoreError> {
    let rows = matter_text::Entity::find()
        .filter(matter_text::Column::Subject.is_in(subjects))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (hex::encode(row.event_id), row.body))
        .collect())
}

/// The hash the log has of a text.
pub(super) fn hash_of(text: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The act in the log, in hex.
    pub event: String,
    /// What it is about: the dossier, shift, remittance, complaint, claim or feedback.
    pub id: Uuid,
    /// The receipt that was issued.
    #[serde(default)]
    pub receipt: Option<String>,
    /// The last day by which something must follow.
    #[serde(default)]
    pub by: Option<String>,
}

impl Done {
    /// An act on a matter.
    pub(super) fn new(event: EventId, id: Uuid) -> Self {
        Self {
            event: event.to_string(),
            id,
            receipt: None,
            by: None,
        }
    }
}

/// The answer to a request to do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<E> {
    /// It is recorded, now or by the same request before.
    Done(Done),
    /// What is recorded already does not allow it.
    Refused(E),
    /// These eyes see no such thing.
    Unknown,
    /// The idempotency key belongs to another request.
    KeyReused,
}

/// Does something once: a repeated request gets the first answer and has no further effect.
pub(super) async fn once<E, W>(store: &Store, once: Option<Once>, work: W) -> Result<Answer<E>, StoreError>
where
    E: Send + 'static,
    W: for<'a> FnOnce(&'a DatabaseTransaction) -> WriteFuture<'a, Answer<E>, StoreError> + Clone + Send + 'static,
{
    let answer = match attempt(store, once.clone(), work.clone()).await {
        // Two of the same request at once: the other one won, so now its answer can be found.
        Err(error) if once.is_some() && error.is_duplicate() => attempt(store, once, work).await?,
        other => other?,
    };
    store.deposited().notify_one();
    Ok(answer)
}

async fn attempt<E, W>(store: &Store, once: Option<Once>, work: W) -> Result<Answer<E>, StoreError>
where
    E: Send + 'static,
    W: for<'a> FnOnce(&'a DatabaseTransaction) -> WriteFuture<'a, Answer<E>, StoreError> + Send + 'static,
{
    let now = store.now_ms();
    store
        .write(move |tx| {
            Box::pin(async move {
                if let Some(once) = &once {
                    match idempotency::recall(tx, once).await? {
                        Recall::New => {}
                        Recall::Same(answer) => {
                            let done = serde_json::from_value(answer)
                                .map_err(|error| StoreError::corrupt("idempotency_key", "answer", error))?;
                            return Ok(Answer::Done(done));
                        }
                        Recall::Different => return Ok(Answer::KeyReused),
                    }
                }
                let answer = work(tx).await?;
                if let (Some(once), Answer::Done(done)) = (&once, &answer) {
                    let kept = serde_json::to_value(done)
                        .map_err(|error| StoreError::corrupt("idempotency_key", "answer", error))?;
                    idempotency::remember(tx, once, &kept, now).await?;
                }
                Ok::<_, StoreError>(answer)
            })
        })
        .await
}
