//! The answer to whoever told the log something that is not a dossier's act, and refusals in their own words.

use crate::extract::Json;
use crate::problem::{Kind, Problem};
use axum::http::StatusCode;
use domain::dossier::words::Language;
use entity::repo::change_request::Standstill;
use entity::repo::citizen_act::CitizenRefusal;
use entity::repo::compensation::CompensationRefusal;
use entity::repo::complaint::ComplaintRefusal;
use entity::repo::feedback::FeedbackRefusal;
use entity::repo::glass::GlassRefusal;
use entity::repo::matter::{Answer, Done};
use entity::repo::money::MoneyRefusal;
use entity::repo::receipt::ReceiptRefusal;
use entity::repo::remittance::RemittanceRefusal;
use entity::repo::ruling::RulingRefusal;
use entity::repo::shift::ShiftRefusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A step that says everything by itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct NothingMore {}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "id": "01890000-0000-7000-8000-000000000000",
    "event_id": "6f1c0d2b8a4e5f60718293a4b5c6d7e8f9010203040506070809101112131415" }))]
pub(crate) struct ToldView {
    /// What it is about: the dossier, shift, remittance, complaint, claim, feedback or request.
    pub(crate) id: Uuid,
    /// The act in the log, in hex.
    pub(crate) event_id: String,
    /// The number of the receipt that was issued or voided.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
    /// The last day by which an answer or a payment must follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

impl From<Done> for ToldView {
    fn from(done: Done) -> Self {
        let Done { event, id, receipt, by } = done;
        Self {
            id,
            event_id: event,
            receipt,
            by,
        }
    }
}

/// A refusal with words for people.
pub(crate) trait Words {
    /// The reason.
    fn words_in(&self, language: Language) -> &'static str;
}

macro_rules! words {
    ($($refusal:ty),* $(,)?) => {$(
        impl Words for $refusal {
            fn words_in(&self, language: Language) -> &'static str {
                self.words(language)
            }
        }
    )*};
}

words!(
    MoneyRefusal,
    ReceiptRefusal,
    ShiftRefusal,
    RemittanceRefusal,
    ComplaintRefusal,
    CompensationRefusal,
    FeedbackRefusal,
    CitizenRefusal,
    GlassRefusal,
    RulingRefusal,
    Standstill,
);

/// Says what was recorded, or why not.
pub(crate) fn answered<E: Words>(answer: Answer<E>) -> Result<(StatusCode, Json<ToldView>), Problem> {
    match answer {
        Answer::Done(done) => Ok((StatusCode::CREATED, Json(done.into()))),
        Answer::Refused(why) => Err(refused(&why)),
        Answer::Unknown => Err(Kind::NotFound.into()),
        Answer::KeyReused => Err(Kind::KeyReused.into()),
    }
}

/// A refusal by what is recorded already.
pub(crate) fn refused(why: &impl Words) -> Problem {
    Problem::told(
        Kind::NotNow,
        why.words_in(Language::English),
        why.words_in(Language::Vietnamese),
    )
}
