//! What the sweep tells of devices: what they owe for more than a day, whose clock is wrong, who accepted what was offered to another.

use super::Room;
use super::sweep::Told;
use crate::error::JobError;
use custody::fold::ParkReason;
use entity::repo::gap::{self, Gap};
use entity::repo::{bracket, device, finding};

/// Something is missing of a device for more than a day after a later event came.
pub(super) const OLD_GAP: &str = "gap_day";
/// Somebody signed what only another could have: a matter of security.
pub(super) const ALERT: &str = "alert";
/// A device's clock is certainly wrong.
pub(super) const CLOCK: &str = "clock";

/// Rows of one kind that are looked at.
const MOST: u64 = 1_000;

/// A clock is looked at for as long after the device's newest event came, milliseconds.
const CLOCK_MS: i64 = 7 * 24 * 3_600_000;

/// Gaps that are a day old.
pub(super) async fn old_gaps(room: &Room, now: i64) -> Result<Vec<Told>, JobError> {
    let mut found = Vec::new();
    for one in device::all(room.store.read()).await? {
        let missing = gap::missing(room.store.read(), &one).await?;
        let old: Vec<&Gap> = missing.iter().filter(|gap| gap.is_overdue(now)).collect();
        if let Some(since) = old.iter().map(|gap| gap.since_ms).min() {
            let ranges: Vec<String> = old.iter().map(|gap| format!("{}–{}", gap.from, gap.to)).collect();
            found.push(Told {
                subject: one.id.to_string(),
                detail: format!("missing for more than a day: {}", ranges.join(", ")),
                since,
            });
        }
    }
    Ok(found)
}

/// Events by which somebody took over or gave back what was not theirs to.
pub(super) async fn alerts(room: &Room) -> Result<Vec<Told>, JobError> {
    let reasons = [ParkReason::WrongReceiver.as_str(), ParkReason::NotGiver.as_str()];
    let rows = finding::quarantined_for(room.store.read(), &reasons, MOST).await?;
    let told = rows.into_iter().map(|row| Told {
        subject: hex::encode(row.event_id),
        detail: row.reason,
        since: row.since,
    });
    Ok(told.collect())
}

/// Devices whose clock is wrong, in whole minutes: it is told once and not every minute anew.
pub(super) async fn clocks(room: &Room, now: i64) -> Result<Vec<Told>, JobError> {
    let wrong = bracket::wrong_clocks(room.store.read(), &room.keys, now - CLOCK_MS, MOST).await?;
    let told = wrong.into_iter().map(|one| Told {
        subject: hex::encode(one.device),
        detail: format!(
            "phone clock {} by about {} minutes",
            if one.off_ms > 0 { "ahead" } else { "behind" },
            one.off_ms.unsigned_abs() / 60_000
        ),
        since: one.received_ms,
    });
    Ok(told.collect())
}
