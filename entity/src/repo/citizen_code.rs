//! One-time codes: whoever holds the link to a dossier proves with one that the telephone on its slip is theirs, too.
//!
//! A code is six digits, for one act on one dossier, ten minutes and five tries. It is derived from the server's secret each time
//! it is needed, so that no copy of the database holds one. How many are sent is bounded three times: for a dossier, for a
//! telephone, and altogether, since each message costs money and somebody may press for it on purpose.

use crate::outbox::{self, NewJob};
use crate::store::Store;
use crate::table::{citizen_code, dossier};
use crate::{Scope, ServerKeys, StoreError, clock};
use domain::ids::DossierId;
use domain::phone::Phone;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A code is valid for so long.
pub const LIFE_MS: i64 = 10 * 60_000;

/// Wrong tries after which a code is none any more.
pub const TRIES: i64 = 5;

const DAY_MS: i64 = 24 * 3_600_000;

/// The kind of the job that sends one.
pub const JOB: &str = "code";

/// What a code is for. Each code is for one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CitizenAct {
    /// To read the list of papers and the scans of them.
    Papers,
    /// To have the result brought elsewhere.
    Redirect,
    /// To take the dossier back.
    Withdraw,
}

impl CitizenAct {
    /// Every act with its stable name.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Papers, "papers"),
        (Self::Redirect, "redirect"),
        (Self::Withdraw, "withdraw"),
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(act, _)| *act == self)
            .map_or("", |(_, name)| name)
    }

    /// The act of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(act, _)| *act)
    }
}

/// How many codes may be made in a day.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// For one dossier: 25 guesses of a million at most.
    pub dossier: u64,
    /// To one telephone, whose owner is not to be pestered.
    pub phone: u64,
    /// Altogether: what the messages of a day may cost.
    pub all: u64,
}

/// What became of asking for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// It is on its way; the last three digits of the telephone.
    Sent([u8; 3]),
    /// The telephone on the slip is none that takes messages.
    NoPhone,
    /// There were as many today as there may be.
    TooMany,
}

/// Makes a code for an act and has it sent. A code of before for the same act ends.
///
/// # Errors
/// When the database fails or there is no such dossier.
pub async fn ask(
    store: &Store,
    keys: &ServerKeys,
    id: DossierId,
    act: CitizenAct,
    budget: Budget,
) -> Result<Asking, StoreError> {
    let (now, pepper) = (store.now_ms(), keys.clone());
    let asking = store
        .write(move |tx| Box::pin(async move { ask_in(tx, &pepper, id, act, budget, now).await }))
        .await?;
    store.jobs().notify_one();
    Ok(asking)
}

async fn ask_in(
    tx: &DatabaseTransaction,
    keys: &ServerKeys,
    id: DossierId,
    act: CitizenAct,
    budget: Budget,
    now: i64,
) -> Result<Asking, StoreError> {
    let owner = dossier::Entity::find_by_id(id.0).one(tx).await?;
    let owner = owner.ok_or_else(|| StoreError::corrupt("dossier", id, "is not there"))?;
    let Some(phone) = mobile(&owner.applicant_phone) else {
        return Ok(Asking::NoPhone);
    };
    let hash = phone_hash(keys, &phone).to_vec();
    let since = now.saturating_sub(DAY_MS);
    let made = || citizen_code::Entity::find().filter(citizen_code::Column::MadeAt.gt(since));
    let of_dossier = made()
        .filter(citizen_code::Column::DossierId.eq(id.0))
        .count(tx)
        .await?;
    let to_phone = made()
        .filter(citizen_code::Column::PhoneHash.eq(hash.clone()))
        .count(tx)
        .await?;
    if of_dossier >= budget.dossier || to_phone >= budget.phone || made().count(tx).await? >= budget.all {
        return Ok(Asking::TooMany);
    }
    citizen_code::Entity::update_many()
        .col_expr(citizen_code::Column::EndedAt, Expr::value(now))
        .col_expr(citizen_code::Column::EndedWhy, Expr::value("replaced"))
        .filter(citizen_code::Column::DossierId.eq(id.0))
        .filter(citizen_code::Column::Act.eq(act.as_str()))
        .filter(citizen_code::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    let code = clock::new_id();
    let row = citizen_code::ActiveModel {
        id: Set(code),
        dossier_id: Set(id.0),
        act: Set(act.as_str().to_owned()),
        phone_hash: Set(hash),
        made_at: Set(now),
        expires_at: Set(now.saturating_add(LIFE_MS)),
        tries: Set(0),
        ended_at: Set(None),
        ended_why: Set(None),
    };
    row.insert(tx).await?;
    let job = NewJob {
        kind: JOB,
        payload: json!({ "code": code.to_string() }),
        dedup_key: format!("{JOB}:{code}"),
    };
    outbox::push(tx, now, job).await?;
    Ok(Asking::Sent(ending(&phone)))
}

/// The telephone on the slip, when it takes messages.
fn mobile(text: &str) -> Option<Phone> {
    Phone::parse(text).ok().filter(Phone::can_receive_sms)
}

fn ending(phone: &Phone) -> [u8; 3] {
    let text = phone.as_str().as_bytes();
    text.last_chunk::<3>().copied().unwrap_or(*b"***")
}

/// A telephone as it is counted: nobody reads the number out of it without the server's secret.
fn phone_hash(keys: &ServerKeys, phone: &Phone) -> [u8; 32] {
    keys.derive("phone", &Sha256::digest(phone.as_str()))
}

/// The six digits of a code.
fn digits(keys: &ServerKeys, row: &citizen_code::Model) -> String {
    let act = CitizenAct::ALL
        .iter()
        .position(|(_, name)| *name == row.act)
        .unwrap_or(usize::MAX);
    let act = u8::try_from(act).unwrap_or(u8::MAX);
    let subject = [row.id.as_bytes(), row.dossier_id.as_bytes(), &[act][..]].concat();
    let derived = keys.derive("citizen-code", &subject);
    let number = derived.first_chunk::<8>().copied().map_or(0, u64::from_be_bytes) % 1_000_000;
    format!("{number:06}")
}

/// A code to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Whose dossier.
    pub dossier: DossierId,
    /// What for.
    pub act: CitizenAct,
    /// The telephone, in E.164.
    pub phone: String,
    /// The six digits.
    pub digits: String,
}

/// The message of a code that still stands; none when it has ended or there is nobody to send it to.
///
/// # Errors
/// When the database fails.
pub async fn message(
    db: &impl ConnectionTrait,
    keys: &ServerKeys,
    id: Uuid,
    now_ms: i64,
) -> Result<Option<Message>, StoreError> {
    let row = citizen_code::Entity::find_by_id(id).one(db).await?;
    let Some(row) = row.filter(|row| stands(row, now_ms)) else {
        return Ok(None);
    };
    let Some(act) = CitizenAct::parse(&row.act) else {
        return Err(StoreError::corrupt("citizen_code", row.id, "act"));
    };
    let owner = Scope::dossier(DossierId(row.dossier_id)).dossiers().one(db).await?;
    let phone = owner.and_then(|owner| mobile(&owner.applicant_phone));
    Ok(phone.map(|phone| Message {
        dossier: DossierId(row.dossier_id),
        act,
        phone: phone.as_str().to_owned(),
        digits: digits(keys, &row),
    }))
}

fn stands(row: &citizen_code::Model, now_ms: i64) -> bool {
    row.ended_at.is_none() && row.expires_at > now_ms && row.tries < TRIES
}

/// What became of a code somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// It is right. It is used up now; this names it, to make what it is for happen once.
    Right(Uuid),
    /// It is wrong; so many tries are left.
    Wrong(i64),
    /// None stands: it has ended, or was tried too often.
    None,
}

/// Judges what somebody typed. Each wrong try counts, also when a hundred come at once.
///
/// # Errors
/// When the database fails.
pub async fn judge(
    store: &Store,
    keys: &ServerKeys,
    id: DossierId,
    act: CitizenAct,
    typed: &str,
) -> Result<Typed, StoreError> {
    let (now, pepper) = (store.now_ms(), keys.clone());
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    store
        .write(move |tx| {
            Box::pin(async move {
                let row = citizen_code::Entity::find()
                    .filter(citizen_code::Column::DossierId.eq(id.0))
                    .filter(citizen_code::Column::Act.eq(act.as_str()))
                    .filter(citizen_code::Column::EndedAt.is_null())
                    .order_by_desc(citizen_code::Column::MadeAt)
                    .order_by_desc(citizen_code::Column::Id)
                    .lock_exclusive()
                    .one(tx)
                    .await?;
                let Some(row) = row.filter(|row| stands(row, now)) else {
                    return Ok(Typed::None);
                };
                let is_right = typed == digits(&pepper, &row);
                let tries = row.tries + i64::from(!is_right);
                let ended = if is_right {
                    Some("used")
                } else {
                    (tries >= TRIES).then_some("wrong")
                };
                let id = row.id;
                let mut row: citizen_code::ActiveModel = row.into();
                row.tries = Set(tries);
                row.ended_at = Set(ended.map(|_| now));
                row.ended_why = Set(ended.map(str::to_owned));
                row.update(tx).await?;
                Ok::<_, StoreError>(if is_right {
                    Typed::Right(id)
                } else {
                    Typed::Wrong(TRIES - tries)
                })
            })
        })
        .await
}

/// Forgets codes that were made before a time; says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(tx: &DatabaseTransaction, before_ms: i64) -> Result<u64, StoreError> {
    let gone = citizen_code::Entity::delete_many()
        .filter(citizen_code::Column::MadeAt.lt(before_ms))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}
