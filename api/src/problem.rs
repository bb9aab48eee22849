//! Every refusal this service gives, as `application/problem+json` (RFC 9457). The only place with status codes of errors.

mod field;
mod kind;

pub use field::Mistake;
pub use kind::{Face, Kind};

use crate::words::pick;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::dossier::words::Language;
use entity::StoreError;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A refusal on its way out.
#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    detail: Option<String>,
    detail_vi: Option<&'static str>,
    mistakes: Vec<Mistake>,
    retry_after_s: Option<u64>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The body of a refusal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    /// `/problems/<slug>`, a page that explains it. A promise: added to, never renamed.
    #[serde(rename = "type")]
    pub kind: String,
    /// The slug alone.
    pub code: &'static str,
    /// What it is, in a few words, in the language of `Accept-Language` (English when that names neither).
    pub title: &'static str,
    /// The HTTP status again.
    pub status: u16,
    /// What happened and what to do, in the same language.
    pub detail: String,
    /// The title in Vietnamese.
    pub title_vi: &'static str,
    /// The title in English.
    pub title_en: &'static str,
    /// The detail in Vietnamese.
    pub detail_vi: String,
    /// The detail in English.
    pub detail_en: String,
    /// Which fields are wrong, where that is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Quote this when you ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Seconds to wait before asking again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

/// A field that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer into the body (`#/applicant/name`), or a query parameter (`?from`).
    pub pointer: String,
    /// What is wrong, for programs: `missing`, `unknown`, `wrong_type`, `invalid` or `unknown_reference`.
    pub code: &'static str,
    /// What is wrong, for people, in the language of `detail`.
    pub message: String,
}

impl Problem {
    /// A refusal that says more than its kind does. `detail` must hold nothing personal and no secret.
    pub fn with(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..kind.into()
        }
    }

    /// A refusal with words of its own in both languages.
    pub fn told(kind: Kind, english: &'static str, vietnamese: &'static str) -> Self {
        Self {
            detail_vi: Some(vietnamese),
            ..Self::with(kind, english)
        }
    }

    /// A refusal because of one field.
    pub fn field(kind: Kind, mistake: Mistake) -> Self {
        Self::with(kind, mistake.english.clone()).and(mistake)
    }

    /// Names a field that is wrong.
    #[must_use]
    pub fn and(mut self, mistake: Mistake) -> Self {
        self.mistakes.push(mistake);
        self
    }

    /// Says how long to wait, when that is not the same each time.
    #[must_use]
    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// A refusal caused by an error that is logged and never shown.
    pub fn caused(kind: Kind, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..kind.into()
        }
    }

    /// Which one.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What happened, in English.
    pub fn detail(&self) -> &str {
        self.detail.as_deref().unwrap_or(self.kind.face().detail)
    }

    /// What happened, in Vietnamese. Handlers say what is special in both languages where they name the field.
    fn detail_vi(&self) -> String {
        let special = self.mistakes.iter().map(|mistake| mistake.vietnamese.as_str());
        let told = self.detail_vi.unwrap_or(self.kind.face().detail_vi);
        let texts = std::iter::once(told).chain(special);
        texts.collect::<Vec<_>>().join(" ")
    }

    /// The error behind it with everything behind that, for the log.
    pub(crate) fn chain(&self) -> Option<String> {
        let mut at: Option<&dyn std::error::Error> = self.source.as_deref().map(|source| source as _);
        let mut parts = Vec::new();
        while let Some(error) = at {
            parts.push(error.to_string());
            at = error.source();
        }
        (!parts.is_empty()).then(|| parts.join(": "))
    }

    /// The answer as it goes out.
    pub(crate) fn render(&self, language: Language, request_id: Option<&str>) -> Response {
        let face = self.kind.face();
        let (detail_vi, detail_en) = (self.detail_vi(), self.detail().to_owned());
        let errors = self.mistakes.iter().map(|mistake| FieldError {
            pointer: mistake.pointer.clone(),
            code: mistake.code,
            message: pick(language, &mistake.vietnamese, &mistake.english).clone(),
        });
        let view = ProblemView {
            kind: format!("/problems/{}", face.slug),
            code: face.slug,
            title: pick(language, face.title_vi, face.title),
            status: face.status.as_u16(),
            detail: pick(language, &detail_vi, &detail_en).clone(),
            title_vi: face.title_vi,
            title_en: face.title,
            errors: errors.collect(),
            request_id: request_id.map(str::to_owned),
            retry_after_s: self.retry_after_s,
            detail_vi,
            detail_en,
        };
        let body = serde_json::to_vec(&view).expect("plain strings and numbers always serialize");
        let mut response = (face.status, [(CONTENT_TYPE, "application/problem+json")], body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
        headers.insert(VARY, HeaderValue::from_static("accept-language"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if face.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer realm="traotay", DPoP algs="ES256""#),
            );
        }
        response
    }
}

/// A refusal that was answered in the words of another protocol; it is logged as any other.
#[derive(Clone, Debug)]
pub(crate) struct ToldOtherwise(pub(crate) Arc<Problem>);

impl From<Problem> for ToldOtherwise {
    fn from(problem: Problem) -> Self {
        Self(Arc::new(problem))
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            detail: None,
            detail_vi: None,
            mistakes: Vec::new(),
            retry_after_s: kind.face().retry_after_s,
            source: None,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let kind = if error.is_full() {
            Kind::StorageFull
        } else if error.is_temporary() {
            Kind::Unavailable
        } else if matches!(error, StoreError::NoSerials) {
            Kind::LabelsUsedUp
        } else {
            Kind::Internal
        };
        Self::caused(kind, error)
    }
}

impl IntoResponse for Problem {
    /// The observing layer writes it again in the caller's language with the request's id, and logs what caused it, once.
    fn into_response(self) -> Response {
        let mut response = self.render(Language::English, None);
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Problem};
    use axum::response::IntoResponse;
    use entity::StoreError;

    #[test]
    fn a_storage_failure_shows_nothing_of_itself() {
        let problem = Problem::from(StoreError::corrupt("dossier", "secret-id", "a name"));
        assert_eq!(problem.kind(), Kind::Internal);
        assert!(problem.chain().is_some_and(|chain| chain.contains("secret-id")));
        assert!(!problem.detail().contains("secret-id"));
    }

    #[test]
    fn a_busy_database_says_when_to_come_back() {
        let problem = Problem::from(StoreError::Fenced);
        let response = problem.into_response();
        assert_eq!(response.status(), 503);
        assert!(response.headers().contains_key("retry-after"));
    }

    #[test]
    fn a_full_disk_is_no_busy_one() {
        let full = Problem::from(StoreError::File {
            path: "traotay.db".to_owned(),
            source: std::io::ErrorKind::StorageFull.into(),
        });
        let response = full.into_response();
        assert_eq!(response.status(), 507);
        assert_eq!(response.headers()["retry-after"], "60");
    }
}
