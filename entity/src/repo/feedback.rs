//! Citizens' feedback on the agency and the marks they give. What they wrote is kept beside the log, which has its hash.

use super::idempotency::Once;
use super::matter::{self, Answer, Done, NewAct, Told, tell};
use super::money;
use crate::store::Store;
use crate::{Scope, ServerKeys, StoreError, clock};
use domain::dossier::words::Language;
use domain::feedback::{FeedbackStage, Rating};
use domain::ids::DossierId;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

/// Feedback one dossier may have.
const MOST: usize = 20;

/// Feedback with what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its name.
    pub id: Uuid,
    /// The dossier.
    pub dossier: DossierId,
    /// The mark, when one was given.
    pub rating: Option<Rating>,
    /// Every stage it reached, and when, milliseconds UTC; none of a mark alone.
    pub stages: Vec<(FeedbackStage, i64)>,
    /// What the citizen wrote.
    pub text: String,
    /// What they were answered last.
    pub answer: String,
}

/// Why feedback is not taken or does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeedbackRefusal {
    /// Neither a mark nor a text.
    #[error("feedback is a mark, a text or both")]
    Empty,
    /// This does not follow what was done before.
    #[error("this does not follow what was done before")]
    NotNow,
    /// The dossier has as many as it may.
    #[error("this dossier has {MOST} pieces of feedback already")]
    TooMany,
}

impl FeedbackRefusal {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Empty => (
                "cần chấm điểm hoặc viết nội dung phản ánh",
                "feedback is a mark, a text or both",
            ),
            Self::NotNow => (
                "bước này không phù hợp với trạng thái của phản ánh",
                "this does not follow what was done before",
            ),
            Self::TooMany => (
                "hồ sơ này đã có quá nhiều phản ánh",
                "this dossier has as much feedback as it may",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// Gives feedback on a dossier these eyes may see: a mark, a text or both. A text is for the agency to answer.
///
/// # Errors
/// When the database fails.
pub async fn give(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    dossier: DossierId,
    (rating, text): (Option<Rating>, String),
    actor: String,
    once: Option<Once>,
) -> Result<Answer<FeedbackRefusal>, StoreError> {
    let (inner, keys, id) = (store.clone(), keys.clone(), clock::new_id());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            if !money::lock(tx, &scope, dossier).await? {
                return Ok(Answer::Unknown);
            }
            let text = text.trim();
            if rating.is_none() && text.is_empty() {
                return Ok(Answer::Refused(FeedbackRefusal::Empty));
            }
            let is_new = |one: &Told| {
                matches!(one.kind.as_str(), "feedback.received" | "feedback.rated") && one.dossier() == Some(dossier)
            };
            let told = matter::all(tx, matter::on(dossier, "feedback"), is_new).await?;
            if told.iter().filter(|one| is_new(one)).count() >= MOST {
                return Ok(Answer::Refused(FeedbackRefusal::TooMany));
            }
            let mut data = json!({ "dossier": dossier.to_string(), "rating": rating.map(Rating::mark) });
            let kind = if text.is_empty() {
                "feedback.rated"
            } else {
                data["text_sha256"] = json!(matter::hash_of(text));
                "feedback.received"
            };
            let act = NewAct {
                kind,
                subject: id,
                actor: &actor,
                data,
            };
            let event = tell(tx, &inner, &keys, act).await?;
            if !text.is_empty() {
                matter::keep_text(tx, event, (id, dossier), text, inner.now_ms()).await?;
            }
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

/// The mark of feedback, when one was given.
pub(super) fn rating_of(told: &Told) -> Option<Rating> {
    told.amount("rating")
        .and_then(|mark| u8::try_from(mark).ok())
        .and_then(Rating::new)
}

/// The stage an act brings feedback to.
pub(super) fn stage_of(kind: &str) -> Option<FeedbackStage> {
    kind.strip_prefix("feedback.").and_then(FeedbackStage::parse)
}

fn folded(told: &[Told]) -> Option<Given> {
    let first = told.first()?;
    let mut stages: Vec<(FeedbackStage, i64)> = Vec::new();
    for one in told {
        let Some(stage) = stage_of(&one.kind) else { continue };
        let fits = match stages.last() {
            Some((before, _)) => stage.can_follow(*before),
            None => stage == FeedbackStage::Received,
        };
        if fits {
            stages.push((stage, one.at_ms));
        }
    }
    Some(Given {
        id: first.subject,
        dossier: first.dossier()?,
        rating: rating_of(first),
        stages,
        text: String::new(),
        answer: String::new(),
    })
}

/// Takes feedback these eyes may see to another stage, with what is written to the citizen.
///
/// # Errors
/// When the database fails.
pub async fn go_on(
    store: &Store,
    keys: &ServerKeys,
    scope: Scope,
    id: Uuid,
    (stage, text): (FeedbackStage, Option<String>),
    actor: String,
    once: Option<Once>,
) -> Result<Answer<FeedbackRefusal>, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            let Some(known) = held(tx, &scope, id).await? else {
                return Ok(Answer::Unknown);
            };
            if !known.stages.last().is_some_and(|(before, _)| stage.can_follow(*before)) {
                return Ok(Answer::Refused(FeedbackRefusal::NotNow));
            }
            let mut data = json!({ "dossier": known.dossier.to_string() });
            if let Some(text) = &text {
                data["text_sha256"] = json!(matter::hash_of(text));
            }
            let kind = format!("feedback.{}", stage.as_str());
            let act = NewAct {
                kind: &kind,
                subject: id,
                actor: &actor,
                data,
            };
            let event = tell(tx, &inner, &keys, act).await?;
            if let Some(text) = &text {
                matter::keep_text(tx, event, (id, known.dossier), text, inner.now_ms()).await?;
            }
            Ok(Answer::Done(Done::new(event, id)))
        })
    })
    .await
}

async fn held(tx: &DatabaseTransaction, scope: &Scope, id: Uuid) -> Result<Option<Given>, StoreError> {
    let Some(known) = folded(&matter::of(tx, id).await?) else {
        return Ok(None);
    };
    if !money::lock(tx, scope, known.dossier).await? {
        return Ok(None);
    }
    Ok(folded(&matter::of(tx, id).await?))
}

/// The feedback on dossiers these eyes see, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Given>, StoreError> {
    let told = matter::folded(db, matter::seen_by(scope, "feedback")).await?;
    let matters = matter::by_subject(told);
    let subjects = matters.iter().filter_map(|told| told.first()).map(|one| one.subject);
    let texts = matter::texts(db, subjects.collect()).await?;
    let given = matters.iter().filter_map(|told| {
        let known = folded(told)?;
        let written = |one: &Told| texts.get(&one.event).cloned();
        Some(Given {
            text: told.first().and_then(written).unwrap_or_default(),
            answer: told.iter().skip(1).filter_map(written).next_back().unwrap_or_default(),
            ..known
        })
    });
    Ok(given.collect())
}
