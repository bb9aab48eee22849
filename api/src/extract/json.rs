//! A JSON body, with the place where it cannot be read.

use super::RawBody;
use crate::App;
use crate::once::whole;
use crate::problem::{Kind, Mistake, Problem};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};
use std::fmt::Write as _;

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
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = match serde_path_to_error::deserialize(&mut reader) {
        Ok(value) => value,
        Err(error) => {
            let found = serde_json::from_str(text).ok().and_then(with_whole_numbers);
            return found.ok_or_else(|| refused(error.path(), error.inner(), explain(error.inner())));
        }
    };
    reader
        .end()
        .map_err(|error| Problem::with(Kind::InvalidJson, explain(&error)))?;
    Ok(value)
}

/// Reads a value that was JSON already.
pub(crate) fn from_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value.clone()).or_else(|error| {
        let found = with_whole_numbers(value);
        found.ok_or_else(|| refused(error.path(), error.inner(), reason(error.inner())))
    })
}

/// Reads a value again with `2.0` for `2`: to JSON they are the same number, and some languages know no other.
fn with_whole_numbers<T: DeserializeOwned>(mut value: Value) -> Option<T> {
    fn tidy(value: &mut Value) {
        match value {
            Value::Number(number) if number.is_f64() => {
                if let Some(exact) = number.as_f64().and_then(whole) {
                    *value = exact.into();
                }
            }
            Value::Array(values) => values.iter_mut().for_each(tidy),
            Value::Object(fields) => fields.values_mut().for_each(tidy),
            _ => {}
        }
    }
    tidy(&mut value);
    serde_json::from_value(value).ok()
}

/// What is wrong with which field, where a field it is.
fn refused(path: &Path, error: &serde_json::Error, detail: String) -> Problem {
    let problem = Problem::with(Kind::InvalidJson, detail);
    if error.classify() != Category::Data {
        return problem;
    }
    let said = error.to_string();
    let named = |start: &str| {
        let rest = said.strip_prefix(start)?.strip_prefix(" `")?;
        rest.split('`').next()
    };
    let mut at = pointer(path);
    let mistake = if let Some(name) = named("missing field") {
        let _ = write!(at, "/{name}");
        Mistake::at(at, "missing", "Thiếu trường này.", "This field is missing.")
    } else if let Some(name) = named("unknown field") {
        // The path ends in the field already when it was met as a key.
        if !at.ends_with(&format!("/{name}")) {
            let _ = write!(at, "/{name}");
        }
        Mistake::at(at, "unknown", "Không có trường này.", "There is no such field.")
    } else {
        let (vietnamese, english) = ("Giá trị sai kiểu.", "The value has the wrong type.");
        Mistake::at(at, "wrong_type", vietnamese, english)
    };
    problem.and(mistake)
}

/// A path as a JSON pointer in a fragment (RFC 6901 §6).
fn pointer(path: &Path) -> String {
    path.iter().fold("#".to_owned(), |mut text, segment| {
        let _ = match segment {
            Segment::Map { key } => write!(text, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Seq { index } => write!(text, "/{index}"),
            Segment::Enum { .. } | Segment::Unknown => Ok(()),
        };
        text
    })
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
    use super::{from_value, read};

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
    fn a_whole_number_may_be_written_with_a_point() {
        assert_eq!(read::<u32>(b"2.0").expect("two"), 2);
        assert_eq!(
            from_value::<Vec<u32>>(serde_json::json!([2.0, 3])).expect("numbers"),
            [2, 3]
        );
        assert!(read::<u32>(b"2.5").is_err());
        assert!(read::<u32>(b"-2.0").is_err());
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        let told = |bytes: &[u8]| {
            let problem = read::<Body>(bytes).expect_err("refused");
            format!("{problem:?}")
        };
        let missing = told(b"{}");
        assert!(
            missing.contains(r##""#/name""##) && missing.contains("missing"),
            "{missing}"
        );
        let wrong = told(b"{\"name\":[\"An\"]}");
        assert!(
            wrong.contains(r##""#/name""##) && wrong.contains("wrong_type"),
            "{wrong}"
        );
        assert!(!wrong.contains("\"An\""), "{wrong}");
        assert!(told(b"{\"name\":\"a\"} x").contains("InvalidJson"));
    }

    #[test]
    fn never_repeats_a_value() {
        assert_eq!(
            refusal(b"{\"name\":[\"An\"]}"),
            "a value has the wrong type (line 1, column 8)"
        );
    }
}
