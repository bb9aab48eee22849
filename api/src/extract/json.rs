//! A JSON body, with the place where it cannot be read.

use super::RawBody;
use crate::App;
use crate::problem::{Kind, Problem};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// A JSON body, in or out.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .map(|value| value.to_str().unwrap_or("").to_ascii_lowercase());
        if kind.is_some_and(|kind| !kind.contains("json")) {
            return Err(Kind::UnsupportedMediaType.into());
        }
        let RawBody(bytes) = RawBody::from_request(request, app).await?;
        read(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Reads JSON from bytes that may be anything.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::with(
            Kind::InvalidJson,
            format!("the body is not UTF-8 at byte {}", error.valid_up_to()),
        )
    })?;
    serde_json::from_str(text).map_err(|error| Problem::with(Kind::InvalidJson, explain(&error)))
}

/// Reads a value that was JSON already.
pub(crate) fn from_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| Problem::with(Kind::InvalidJson, reason(&error)))
}

/// Where and why, without repeating a value: it may be somebody's name.
fn explain(error: &serde_json::Error) -> String {
    format!("{} (line {}, column {})", reason(error), error.line(), error.column())
}

fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    match error.classify() {
        Category::Data if said.starts_with("missing field") || said.starts_with("unknown field") => {
            said.split(" at line").next().unwrap_or_default().to_owned()
        }
        Category::Data => "a value has the wrong type".to_owned(),
        Category::Eof => "the JSON ends too early".to_owned(),
        Category::Syntax | Category::Io => "this is not JSON".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[derive(Debug, serde::Deserialize)]
    struct Body {
        #[expect(dead_code, reason = "only its type matters")]
        name: String,
    }

    fn refusal(bytes: &[u8]) -> String {
        read::<Body>(bytes).expect_err("refused").detail().to_owned()
    }

    #[test]
    fn says_where_a_body_cannot_be_read() {
        assert_eq!(refusal(b"{\"name\":\"\xff\"}"), "the body is not UTF-8 at byte 9");
        assert_eq!(refusal(b"{\"name\": }"), "this is not JSON (line 1, column 10)");
        assert_eq!(refusal(b"{\"name\":\"a"), "the JSON ends too early (line 1, column 10)");
        assert_eq!(refusal(b"{}"), "missing field `name` (line 1, column 2)");
    }

    #[test]
    fn never_repeats_a_value() {
        assert_eq!(
            refusal(b"{\"name\":[\"An\"]}"),
            "a value has the wrong type (line 1, column 8)"
        );
    }
}
