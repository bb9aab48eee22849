//! The end of the day in numbers: a table for people, one JSON object for machines.

use super::day::Day;
use super::evidence::Evidence;
use super::judge::Broken;
use domain::calendar::read_date;
use domain::item::{ItemKind, ItemState};
use domain::mode::Mode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use time::UtcOffset;

/// What happened, counted.
pub(super) struct Report {
    lines: Vec<(&'static str, &'static str, Value)>,
    broken: Vec<Broken>,
}

/// Local time of the province.
const LOCAL: UtcOffset = match UtcOffset::from_hms(7, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

impl Report {
    #[expect(clippy::too_many_lines, reason = "one entry for each row of the table")]
    pub(super) fn new(day: &Day, evidence: &Evidence, broken: Vec<Broken>, backend: &str, took: Duration) -> Self {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let mode = |mode: Mode| evidence.dossiers.iter().filter(|one| one.mode == mode.as_str()).count();
        let custody = evidence.stored.iter().filter(|fact| fact.lane == 1).count();
        let waiting: BTreeSet<_> = evidence
            .parked
            .iter()
            .chain(&evidence.quarantined)
            .map(|(id, _)| *id)
            .collect();
        let applied = evidence
            .folded
            .iter()
            .filter(|(id, verdict)| verdict == "ok" && !waiting.contains(id))
            .count();
        let result = |state: ItemState| {
            let kind = ItemKind::ResultToApplicant.as_str();
            evidence
                .items
                .iter()
                .filter(|item| item.kind == kind && item.state == state.code())
                .count()
        };
        let lodged = evidence.items.iter().filter(|item| {
            item.kind == ItemKind::DossierToAgency.as_str() && item.state == ItemState::Delivered.code()
        });
        let bus = evidence.orders.iter().filter(|order| order.over_the_bus).count();
        let legs: BTreeSet<_> = evidence.placed.iter().collect();
        let due = evidence.dossiers.iter().filter(|one| one.due_on.is_some());
        let (dated, kept) = due.fold((0_u64, 0_u64), |(dated, kept), one| {
            (dated + 1, kept + u64::from(is_kept(one)))
        });
        let couriers = day.cast.iter().filter(|party| party.is_courier()).count();
        let seconds = (took.as_secs_f64() * 10.0).round() / 10.0;
        let lines = vec![
            ("database", "Database", json!(backend)),
            ("dossiers", "Dossiers", json!(evidence.dossiers.len())),
            ("dossiers_send", "  M1 sent", json!(mode(Mode::Send))),
            ("dossiers_return", "  M2 returned", json!(mode(Mode::Return))),
            ("dossiers_both", "  M3 both ways", json!(mode(Mode::Both))),
            ("couriers", "Couriers", json!(couriers)),
            ("orders_bus", "Orders over the bus", json!(bus)),
            (
                "orders_counter",
                "Dossiers at counters",
                json!(evidence.orders.len() - bus),
            ),
            ("orders_called_off", "Orders called off", json!(load(&day.called_off))),
            ("legs_assigned", "Legs assigned", json!(legs.len())),
            (
                "legs_unplaced",
                "Legs on the dispatcher's list",
                json!(evidence.unplaced.len()),
            ),
            (
                "events_recorded",
                "Events recorded on phones",
                json!(evidence.recorded.len()),
            ),
            ("events_stored", "Events stored", json!(custody)),
            ("events_applied", "Events applied", json!(applied)),
            ("events_parked", "Events parked", json!(evidence.parked.len())),
            (
                "events_quarantined",
                "Events in quarantine",
                json!(evidence.quarantined.len()),
            ),
            (
                "items_contested",
                "Items contested",
                json!(evidence.items.iter().filter(|item| item.disputed).count()),
            ),
            (
                "handovers",
                "Hand-overs by three scans",
                json!(load(&day.ledger.handovers)),
            ),
            (
                "handovers_broken_off",
                "  begun anew",
                json!(load(&day.ledger.broken_off)),
            ),
            ("desk_acts", "Acts of desks", json!(load(&day.acts))),
            ("lodged", "Dossiers lodged", json!(lodged.count())),
            ("delivered", "Results delivered", json!(result(ItemState::Delivered))),
            (
                "failed_attempts",
                "Failed attempts",
                json!(load(&day.ledger.failed_attempts)),
            ),
            (
                "returned",
                "Results back at the agency",
                json!(result(ItemState::Returned)),
            ),
            ("with_due_date", "Dossiers with a due date", json!(dated)),
            ("due_date_kept", "  kept so far", json!(kept)),
            (
                "server_kills_survived",
                "Server kills survived",
                json!(day.kills.load(Ordering::Relaxed)),
            ),
            ("syncs", "Syncs", json!(load(&day.ledger.syncs))),
            (
                "syncs_cut",
                "  that did not get through",
                json!(load(&day.ledger.syncs_cut)),
            ),
            ("deposits_sent", "Deposits sent", json!(load(&day.traffic.sent))),
            ("deposits_duplicated", "  sent twice", json!(load(&day.traffic.doubled))),
            (
                "deposits_reordered",
                "  in another order",
                json!(load(&day.traffic.mixed)),
            ),
            ("requests_cut", "Requests cut", json!(load(&day.traffic.cut))),
            (
                "requests_repeated",
                "Requests repeated on purpose",
                json!(load(&day.ledger.repeated)),
            ),
            ("tracking_rows", "Rows in the tracking feed", json!(evidence.feed.len())),
            ("receipts_verified", "Receipts verified", Value::Null),
            ("wall_seconds", "Seconds", json!(seconds)),
        ];
        Self { lines, broken }
    }

    /// Whether every promise held.
    pub(super) fn is_good(&self) -> bool {
        self.broken.is_empty()
    }

    /// One object.
    pub(super) fn json(&self) -> String {
        let mut object: serde_json::Map<String, Value> = self
            .lines
            .iter()
            .map(|(key, _, value)| ((*key).to_owned(), value.clone()))
            .collect();
        let broken: Vec<Value> = self
            .broken
            .iter()
            .map(|one| json!({ "promise": one.promise, "times": one.times, "example": one.example }))
            .collect();
        object.insert("broken".to_owned(), json!(broken));
        object.insert("ok".to_owned(), json!(self.is_good()));
        Value::Object(object).to_string()
    }

    /// The same as a table.
    pub(super) fn table(&self) -> String {
        let mut text = String::new();
        for (_, name, value) in &self.lines {
            let value = match value {
                Value::Null => "—".to_owned(),
                Value::String(value) => value.clone(),
                other => other.to_string(),
            };
            let _ = writeln!(text, "{name:<32} {value:>12}");
        }
        for one in &self.broken {
            let _ = writeln!(text, "BROKEN: {} ({}×, first: {})", one.promise, one.times, one.example);
        }
        if self.is_good() {
            text.push_str("Every promise held.\n");
        }
        text
    }
}

/// Decided on or before its day, or not decided and its day has not passed.
fn is_kept(dossier: &super::evidence::Dossier) -> bool {
    use entity::clock::Clock;
    let decided = dossier
        .resolved_at_ms
        .unwrap_or_else(|| entity::clock::SystemClock.now_ms());
    let moment = time::OffsetDateTime::from_unix_timestamp(decided.div_euclid(1000)).ok();
    let due = dossier.due_on.as_deref().and_then(read_date);
    moment
        .zip(due)
        .is_some_and(|(moment, due)| moment.to_offset(LOCAL).date() <= due)
}
