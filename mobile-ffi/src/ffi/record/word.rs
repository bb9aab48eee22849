//! Words and ids read from text.

use domain::item::AttemptReason as CoreReason;

use crate::ffi::error::CourierError;

/// Reads a reason by its stable word, for example `NOT_HOME`.
pub(in crate::ffi) fn reason(text: &str) -> Result<CoreReason, CourierError> {
    text.parse()
        .map_err(|_| unreadable("reason", "not in the list of reasons"))
}

/// Reads an id written as hex.
pub(in crate::ffi) fn id<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, CourierError> {
    text.parse().map_err(|_| unreadable(what, "not an id"))
}

pub(super) fn unreadable(what: &str, why: &str) -> CourierError {
    CourierError::Unreadable {
        what: what.to_owned(),
        why: why.to_owned(),
    }
}

/// The words of the attempt reasons, in the order of their codes.
#[uniffi::export]
pub fn attempt_reasons() -> Vec<String> {
    CoreReason::ALL
        .iter()
        .map(|reason| reason.as_str().to_owned())
        .collect()
}
