//! When something was signed, on its way to people.

use crate::words::hour;
use custody::bracket::Bracket;
use serde::Serialize;
use utoipa::ToSchema;

/// When an event was signed: what is proved, and what the device's clock claimed. Nothing is ordered by either.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "earliest_ms": 1_776_992_400_000_i64, "latest_ms": 1_776_992_460_000_i64,
    "claimed_ms": 1_777_014_000_000_i64, "clock_off_ms": 21_540_000,
    "clock": "đồng hồ máy chạy nhanh khoảng 5 giờ 59 phút" }))]
pub(crate) struct TimeView {
    /// Not before, milliseconds UTC: from the server's time as the device saw it and its own counting since. Absent where it had seen none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) earliest_ms: Option<i64>,
    /// Not after, milliseconds UTC.
    pub(crate) latest_ms: i64,
    /// What the device's clock showed, milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claimed_ms: Option<i64>,
    /// By how much that is certainly wrong, milliseconds: positive for a clock that is ahead. Absent where it may be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clock_off_ms: Option<i64>,
    /// The same for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clock: Option<String>,
}

impl From<Bracket> for TimeView {
    fn from(bracket: Bracket) -> Self {
        Self {
            earliest_ms: bracket.earliest_ms,
            latest_ms: bracket.latest_ms,
            claimed_ms: bracket.claimed_ms,
            clock_off_ms: bracket.clock_off_ms(),
            clock: bracket.clock_off_ms().map(clock_off),
        }
    }
}

impl TimeView {
    /// On paper: the interval, or its end alone where the beginning is not known.
    pub(crate) fn interval(&self) -> String {
        let latest = hour(self.latest_ms);
        match self.earliest_ms.map(hour) {
            Some(earliest) if earliest == latest => latest,
            Some(earliest) => format!("trong khoảng {earliest} – {latest}"),
            None => format!("không sau {latest}"),
        }
    }
}

/// How wrong a clock is, for people: about so many days, hours and minutes.
fn clock_off(off_ms: i64) -> String {
    let minutes = off_ms.unsigned_abs() / 60_000;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let parts = [(days, "ngày"), (hours, "giờ"), (minutes, "phút")];
    let told: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .take(2)
        .collect();
    let direction = if off_ms > 0 { "nhanh" } else { "chậm" };
    format!("đồng hồ máy chạy {direction} khoảng {}", told.join(" "))
}

#[cfg(test)]
mod tests {
    use super::clock_off;

    #[test]
    fn a_wrong_clock_is_told_in_the_two_largest_units() {
        assert_eq!(clock_off(6 * 3_600_000), "đồng hồ máy chạy nhanh khoảng 6 giờ");
        assert_eq!(clock_off(-90 * 60_000), "đồng hồ máy chạy chậm khoảng 1 giờ 30 phút");
        assert_eq!(
            clock_off(365 * 86_400_000 + 61 * 60_000),
            "đồng hồ máy chạy nhanh khoảng 365 ngày 1 giờ"
        );
    }
}
