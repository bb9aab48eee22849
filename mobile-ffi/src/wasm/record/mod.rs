//! Plain objects of the skin, with their conversions. Ids are lower-case hex, times UTC milliseconds.

/// Defines a record as a plain object of the page, field by field from the core's.
macro_rules! record {
    ($name:ident from $core:ty as $one:ident { $($(#[$how:meta])* $field:ident: $kind:ty = $value:expr,)* }) => {
        #[derive(Debug, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(in crate::wasm) struct $name {
            $($(#[$how])* $field: $kind,)*
        }

        impl From<$core> for $name {
            fn from($one: $core) -> Self {
                Self { $($field: $value,)* }
            }
        }
    };
}

mod given;
mod money;
mod told;

use js_sys::Array;
use serde::{Serialize, Serializer};
use serde_wasm_bindgen::Serializer as ToJs;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::{Thrown, unreadable};
use domain::item::AttemptReason as CoreReason;

pub(super) use given::{Manner, NotTaken, Seen, given, given_list, read_hat, word};
pub(super) use money::{Collected, NumbersLeft, Sums, Till};
pub(super) use told::{
    Enrolment, EventCard, Finished, ItemCard, OpenHandover, Peer, Recorded, Salvage, Scanned, Slot, Stop, SyncReport,
    SyncStatus,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../types.ts");

/// One record as a plain object.
pub(super) fn object(record: &impl Serialize) -> Result<JsValue, Thrown> {
    let written = record.serialize(&ToJs::new());
    written.map_err(|error| unreadable("record", error.to_string()))
}

/// Several records as a list of plain objects.
pub(super) fn list<R: Serialize, C: Into<R>>(told: Vec<C>) -> Result<JsValue, Thrown> {
    let objects = told.into_iter().map(|one| object(&one.into()));
    Ok(objects.collect::<Result<Array, Thrown>>()?.into())
}

/// Bytes as `Uint8Array`.
fn bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// Reads a reason by its stable word, for example `NOT_HOME`.
pub(super) fn reason(text: &str) -> Result<CoreReason, Thrown> {
    text.parse()
        .map_err(|_| unreadable("reason", "not in the list of reasons"))
}

/// Reads an id written as hex.
pub(super) fn id<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T, Thrown> {
    text.parse().map_err(|_| unreadable(what, "not an id"))
}

/// The words of the attempt reasons, in the order of their codes.
#[wasm_bindgen(js_name = attemptReasons)]
pub fn attempt_reasons() -> Vec<String> {
    CoreReason::ALL
        .iter()
        .map(|reason| reason.as_str().to_owned())
        .collect()
}

/// Milliseconds to wait after `failures` failed syncs in a row, given any random number.
#[wasm_bindgen(js_name = backoffMs)]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "waits are far below 2^53, and a cast from a float saturates"
)]
pub fn backoff_ms(
    failures: u32,
    random: u32,
    #[wasm_bindgen(js_name = retryAfterMs)] retry_after_ms: Option<f64>,
) -> f64 {
    let asked = retry_after_ms.map(|ms| ms as u64);
    crate::core::sync::backoff_ms(failures, random.into(), asked) as f64
}
