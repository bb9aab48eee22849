//! Complaints about the post: filed by the citizen or for them, registered, answered within the law's term, visible when overdue.
//!
//! What a citizen wrote and what they were answered may be personal: the log has the hash, the text is beside it.

use super::idempotency::Once;
use super::matter::{self, Answer, Done, NewAct, Told, tell};
use super::{money, report};
use crate::store::Store;
use crate::{Scope, ServerKeys, StoreError, clock};
use domain::calendar::{read_date, write_date};
use domain::complaint::{Complaint, ComplaintStep, ComplaintStepError, Grievance};
use domain::dossier::words::Language;
use domain::ids::DossierId;
use domain::item_code::ItemCode;
use domain::report::post::ComplaintOutcome;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use time::Date;
use uuid::Uuid;

/// Complaints one dossier may have: nobody needs more, and whoever found a link shall not fill the disk.
const MOST: usize = 20;

/// A complaint about to be filed.
#[derive(Debug, Clone)]
pub struct NewComplaint {
    /// What it is about.
    pub about: Grievance,
    /// What the citizen wrote; may be empty.
    pub text: String,
    /// The item, when it is about one.
    pub item: Option<ItemCode>,
    /// Whether the item went from one province to another.
    pub between_provinces: bool,
    /// The last day for the answer.
    pub answer_by: Date,
}

/// A complaint with what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Its name.
    pub id: Uuid,
    /// The dossier.
    pub dossier: DossierId,
    /// How far it is.
    pub complaint: Complaint,
    /// What the citizen wrote.
    pub text: String,
    /// What they were answered.
    pub answer: String,
}

/// Why a complaint is not taken or does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComplaintRefusal {
    /// It has ended, or was taken up before.
    #[error(transparent)]
    Step(#[from] ComplaintStepError),
    /// The dossier has as many as it may.
    #[error("this dossier has {MOST} complaints already")]
    TooMany,
}

impl ComplaintRefusal {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Step(ComplaintStepError::Ended) => (
                "khiếu nại đã được trả lời hoặc đã rút",
                "the complaint was answered or taken back",
            ),
            Self::Step(ComplaintStepError::Registered) => {
                ("khiếu nại đã được thụ lý", "the complaint is registered already")
            }
            Self::TooMany => (
                "hồ sơ này đã có quá nhiều khiếu nại",
                "this dossier has as many complaints as it may",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// The last day of the total time of a dossier's items and whether one went between provinces, as known now.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn total_time(store: &Store, id: DossierId) -> Result<(Option<Date>, bool), StoreError> {
    report::total_time(store, id).await
}

/// Files a complaint about a dossier these eyes may see.
///
/// # Errors
/// When the database fails.
pub async fn file(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    dossier: DossierId,
    new: NewComplaint,
    actor: String,
    once: Option<Once>,
) -> Result<Answer<ComplaintRefusal>, StoreError> {
    let (inner, keys, id) = (store.clone(), keys.clone(), clock::new_id());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            if !money::lock(tx, &scope, dossier).await? {
                return Ok(Answer::Unknown);
            }
            let is_filed = |one: &Told| one.kind == "complaint.filed" && one.dossier() == Some(dossier);
            let told = matter::all(tx, matter::on(dossier, "complaint"), is_filed).await?;
            if told.iter().filter(|one| is_filed(one)).count() >= MOST {
                return Ok(Answer::Refused(ComplaintRefusal::TooMany));
            }
            let by = write_date(new.answer_by);
            let data = json!({
                "dossier": dossier.to_string(), "about": new.about.as_str(), "answer_by": by,
                "between_provinces": new.between_provinces, "item_code": new.item.map(|code| code.to_string()),
                "text_sha256": matter::hash_of(&new.text),
            });
            let act = NewAct {
                kind: "complaint.filed",
                subject: id,
                actor: &actor,
                data,
            };
            let event = tell(tx, &inner, &keys, act).await?;
            matter::keep_text(tx, event, (id, dossier), &new.text, inner.now_ms()).await?;
            Ok(Answer::Done(Done {
                by: Some(by),
                ..Done::new(event, id)
            }))
        })
    })
    .await
}

fn folded(told: &[Told]) -> Option<(DossierId, Complaint)> {
    let filed = told.iter().find(|one| one.kind == "complaint.filed")?;
    let begun = Complaint {
        about: filed.text("about").and_then(Grievance::parse)?,
        filed_at_ms: filed.at_ms,
        answer_by: filed.text("answer_by").and_then(read_date)?,
        between_provinces: filed.data["between_provinces"].as_bool().unwrap_or(false),
        registered_at_ms: None,
        ended: None,
    };
    let complaint = told.iter().fold(begun, |complaint, one| match step(one) {
        // What does not fit any more changes nothing.
        Some(step) => complaint.clone().next(step, one.at_ms).unwrap_or(complaint),
        None => complaint,
    });
    Some((filed.dossier()?, complaint))
}

fn step(told: &Told) -> Option<ComplaintStep> {
    match told.kind.as_str() {
        "complaint.registered" => Some(ComplaintStep::Registered),
        "complaint.withdrawn" => Some(ComplaintStep::Withdrawn),
        "complaint.answered" => told
            .text("outcome")
            .and_then(ComplaintOutcome::parse)
            .map(ComplaintStep::Answered),
        _ => None,
    }
}

const fn kind(step: ComplaintStep) -> &'static str {
    match step {
        ComplaintStep::Registered => "complaint.registered",
        ComplaintStep::Answered(_) => "complaint.answered",
        ComplaintStep::Withdrawn => "complaint.withdrawn",
    }
}

/// Takes a complaint these eyes may see one step further, with what is written to the citizen.
///
/// # Errors
/// When the database fails.
pub async fn go_on(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: Uuid,
    (step, text): (ComplaintStep, Option<String>),
    actor: String,
    once: Option<Once>,
) -> Result<Answer<ComplaintRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let Some((dossier, complaint)) = held(tx, &scope, id).await? else {
                return Ok(Answer::Unknown);
            };
            if let Err(why) = complaint.next(step, inner.now_ms()) {
                return Ok(Answer::Refused(why.into()));
            }
            let mut data = json!({ "dossier": dossier.to_string() });
            if let ComplaintStep::Answered(outcome) = step {
                data["outcome"] = json!(outcome.as_str());
            }
            if let Some(text) = &text {
                data["text_sha256"] = json!(matter::hash_of(text));
            }
            let act = NewAct {
                kind: kind(step),
                subject: id,
                actor: &actor,
                data,
            };
            let event = tell(tx, &inner, &keys, act).await?;
            if let Some(text) = &text {
                matter::keep_text(tx, event, (id, dossier), text, inner.now_ms()).await?;
            }
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// A complaint as told up to now, with its dossier locked.
async fn held(tx: &DatabaseTransaction, scope: &Scope, id: Uuid) -> Result<Option<(DossierId, Complaint)>, StoreError> {
    let Some((dossier, _)) = folded(&matter::of(tx, id).await?) else {
        return Ok(None);
    };
    if !money::lock(tx, scope, dossier).await? {
        return Ok(None);
    }
    Ok(folded(&matter::of(tx, id).await?))
}

/// Whether there is such a complaint about a dossier, as told up to now.
pub(super) async fn is_about(tx: &DatabaseTransaction, id: Uuid, dossier: DossierId) -> Result<bool, StoreError> {
    let found = folded(&matter::of(tx, id).await?);
    Ok(found.is_some_and(|(whose, _)| whose == dossier))
}

/// The complaints about dossiers these eyes see, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Filed>, StoreError> {
    let told = matter::folded(db, matter::seen_by(scope, "complaint")).await?;
    let matters = matter::by_subject(told);
    let subjects = matters.iter().filter_map(|told| told.first()).map(|one| one.subject);
    let mut texts = matter::texts(db, subjects.collect()).await?;
    let mut all = Vec::new();
    for told in &matters {
        let Some((dossier, complaint)) = folded(told) else {
            continue;
        };
        let mut of = |kind: &str| {
            let one = told.iter().find(|one| one.kind == kind);
            one.and_then(|one| texts.remove(&one.event)).unwrap_or_default()
        };
        all.push(Filed {
            id: told.first().map_or_else(Uuid::nil, |one| one.subject),
            dossier,
            complaint,
            text: of("complaint.filed"),
            answer: of("complaint.answered"),
        });
    }
    Ok(all)
}
