//! A shift as it is shown.

use crate::auth::StaffRight;
use domain::holder::Holder;
use domain::ids::StaffId;
use domain::money::ThreeLines;
use domain::wire::money::ThreeLinesRecord;
use entity::repo::shift::{Closing, Shift};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Sums of the three ledgers, in whole đồng, never added up into one.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "postage": 52000, "state_fee": 8000, "other": 0, "currency": "VND" }))]
pub(super) struct CountView {
    /// The post's price.
    #[serde(default)]
    postage: i64,
    /// Held for the agencies.
    #[serde(default)]
    state_fee: i64,
    /// What agencies instructed to take besides.
    #[serde(default)]
    other: i64,
    /// `VND`, the only one.
    #[serde(default)]
    currency: Currency,
}

/// The only currency.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
pub(super) enum Currency {
    /// Vietnamese đồng.
    #[default]
    #[serde(rename = "VND")]
    Vnd,
}

impl From<CountView> for ThreeLinesRecord {
    fn from(count: CountView) -> Self {
        Self {
            postage: count.postage,
            state_fee: count.state_fee,
            other: count.other,
        }
    }
}

impl From<ThreeLines> for CountView {
    fn from(lines: ThreeLines) -> Self {
        let ThreeLinesRecord {
            postage,
            state_fee,
            other,
        } = lines.into();
        Self {
            postage,
            state_fee,
            other,
            currency: Currency::Vnd,
        }
    }
}

/// A shift.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShiftView {
    /// Its name.
    id: Uuid,
    /// Whose drawer or bag: `service_point:<id>` or `staff:<id>`.
    till: String,
    /// `open`, `counted` (one signature) or `closed` (two).
    state: &'static str,
    /// When it was opened, in milliseconds UTC.
    opened_at_ms: i64,
    /// Who opened it, `staff:<id>`.
    opened_by: String,
    /// What the books said when the keeper counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<CountView>,
    /// What the keeper counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<CountView>,
    /// Counted less expected, by ledger; a lack in one is not made up by another.
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<CountView>,
    /// What was said about a difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<String>,
    /// The first signature, `staff:<id>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted_by: Option<String>,
    /// The second signature, `staff:<id>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    countersigned_by: Option<String>,
    /// When it was closed, in milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at_ms: Option<i64>,
}

impl From<Shift> for ShiftView {
    fn from(shift: Shift) -> Self {
        let state = match (&shift.closing, &shift.countersigned) {
            (_, Some(_)) => "closed",
            (Some(_), None) => "counted",
            (None, None) => "open",
        };
        let closing = shift.closing.as_ref();
        Self {
            id: shift.id,
            till: shift.till.to_string(),
            state,
            opened_at_ms: shift.opened_at_ms,
            opened_by: shift.opened_by,
            expected: closing.map(|closing| closing.expected.into()),
            counted: closing.map(|closing| closing.counted.into()),
            differences: closing.map(differences),
            explanation: closing.and_then(|closing| closing.explanation.clone()),
            counted_by: closing.map(|closing| closing.by.clone()),
            closed_at_ms: shift.countersigned.as_ref().map(|(at_ms, _)| *at_ms),
            countersigned_by: shift.countersigned.map(|(_, by)| by),
        }
    }
}

fn differences(closing: &Closing) -> CountView {
    let (expected, counted) = (
        ThreeLinesRecord::from(closing.expected),
        ThreeLinesRecord::from(closing.counted),
    );
    CountView {
        postage: counted.postage.saturating_sub(expected.postage),
        state_fee: counted.state_fee.saturating_sub(expected.state_fee),
        other: counted.other.saturating_sub(expected.other),
        currency: Currency::Vnd,
    }
}

/// The till a request names: a courier's bag, or the office's drawer.
pub(super) fn till(courier: Option<Uuid>, right: &StaffRight) -> Option<Holder> {
    let bag = courier.map(|id| Holder::Staff(StaffId(id)));
    bag.or(right.scope.office().map(Holder::ServicePoint))
}
