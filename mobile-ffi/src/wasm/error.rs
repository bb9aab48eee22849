//! The one error of the skin: a JavaScript `Error` with the `kind` of `ffi::error::CourierError` and its fields.

use js_sys::{Array, Error, Reflect};
use wasm_bindgen::JsValue;

use crate::core::{self, CourierError, HandoverFault, HostError};

/// What is thrown.
pub(super) type Thrown = JsValue;

/// An error as JavaScript throws it.
pub(super) fn thrown(error: impl Into<CourierError>) -> Thrown {
    match error.into() {
        CourierError::NotEnrolled { why } => {
            of("NotEnrolled", &format!("this device is not enrolled: {why}"), &why, &[])
        }
        CourierError::CredentialExpired { until_ms } => {
            let message = format!("the credential ended at {until_ms}");
            of(
                "CredentialExpired",
                &message,
                &message,
                &[("untilMs", number(until_ms))],
            )
        }
        CourierError::Unreadable { what, why } => of(
            "Unreadable",
            &format!("not a readable {what}: {why}"),
            &why,
            &[("what", what.into())],
        ),
        CourierError::Refused(refusal) => {
            let why = refusal.to_string();
            of(
                "Refused",
                &why,
                &why,
                &[("canBeForced", refusal.can_be_forced().into())],
            )
        }
        CourierError::Handover(fault) => handover(&fault),
        CourierError::Unreachable { why, retry_after_ms } => {
            let wait = retry_after_ms.map_or(JsValue::UNDEFINED, |ms| number(i64::try_from(ms).unwrap_or(i64::MAX)));
            of(
                "Unreachable",
                &format!("the server could not be reached: {why}"),
                &why,
                &[("retryAfterMs", wait)],
            )
        }
        CourierError::Host(error) => of(
            "Host",
            &format!("the host failed: {}", error.reason),
            &error.reason,
            &[],
        ),
        CourierError::Store(error) => {
            let why = chain(&error);
            of("Store", &format!("the local database failed: {why}"), &why, &[])
        }
    }
}

/// A value from the page that is not what it should be.
pub(super) fn unreadable(what: &'static str, why: impl Into<String>) -> Thrown {
    thrown(CourierError::Unreadable { what, why: why.into() })
}

/// What a host method threw, in its own words.
pub(super) fn host_error(thrown: &JsValue) -> HostError {
    let said = Reflect::get(thrown, &"message".into())
        .ok()
        .and_then(|message| message.as_string());
    let said = said.or_else(|| thrown.as_string());
    HostError::new(said.unwrap_or_else(|| "a callback threw".to_owned()))
}

fn handover(fault: &HandoverFault) -> Thrown {
    let texts = |texts: &[String]| {
        texts
            .iter()
            .map(|text| JsValue::from_str(text))
            .collect::<Array>()
            .into()
    };
    let codes =
        |codes: &[domain::item_code::ItemCode]| texts(&codes.iter().map(ToString::to_string).collect::<Vec<_>>());
    let lists: [(&str, JsValue); 3] = match fault {
        HandoverFault::Differs {
            missing,
            unexpected,
            seals,
        } => [
            ("missing", texts(missing)),
            ("unexpected", codes(unexpected)),
            ("seals", codes(seals)),
        ],
        HandoverFault::NotForUs
        | HandoverFault::TooOld
        | HandoverFault::BadSignature
        | HandoverFault::PeerUnknown
        | HandoverFault::PeerExpired
        | HandoverFault::PeerRevoked
        | HandoverFault::NothingTaken
        | HandoverFault::Revoked => [
            ("missing", texts(&[])),
            ("unexpected", texts(&[])),
            ("seals", texts(&[])),
        ],
    };
    let why = fault.to_string();
    of("Handover", &why, &why, &lists)
}

fn of(kind: &str, message: &str, why: &str, fields: &[(&str, JsValue)]) -> Thrown {
    let error = Error::new(message);
    error.set_name("CourierError");
    let own = [("kind", JsValue::from_str(kind)), ("why", JsValue::from_str(why))];
    for (name, value) in own.iter().chain(fields) {
        // A fresh error object takes any field; were one refused, the message still says everything.
        let _ = Reflect::set(&error, &JsValue::from_str(name), value);
    }
    error.into()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds are below 2^53 for another 285,000 years"
)]
fn number(ms: i64) -> JsValue {
    JsValue::from_f64(ms as f64)
}

fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}

/// A core's answer or what is thrown.
pub(super) fn told<T>(answer: Result<T, core::CourierError>) -> Result<T, Thrown> {
    answer.map_err(thrown)
}
