//! Looks for what fell between two chairs and tells a person; closes what has mended itself.
//!
//! A reconciler: it takes no input, compares what is with what should be, and may run at any time, any number of times.
//! It also tries again, now and then, what could not be placed because nobody was there or everybody was full.

use super::{Room, watch};
use crate::config::WorkerConfig;
use crate::error::JobError;
use crate::jobs::assign;
use domain::item_code::ItemCode;
use entity::outbox;
use entity::repo::ruling::{self, Proved};
use entity::repo::{Tx, access, device, finding, glass, job, search};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

/// A device's sequence has holes although later events have arrived.
const GAP: &str = "gap";
/// An event waits for another one.
const PARKED: &str = "parked";
/// Something that a job or the sequencer should have dealt with.
const ORPHAN: &str = "orphan";

/// Somebody looks into more dossiers than their work explains.
const READS: &str = "reads";

/// Findings of one kind told at once, and rows read at once. What is beyond waits its turn, and while it does nothing of
/// that kind is closed.
const MOST: usize = 1_000;
/// Ranges of missing numbers told of one device.
const RANGES: usize = 5;
/// How far back finished assignments are looked at; a sweep that missed this much was told about by other means.
const LOOK_BACK: Duration = Duration::from_hours(24);

/// Dossiers whose words are written at once, so that the transaction stays short.
const UNFINDABLE: u64 = 500;

/// Looks are counted over this.
const LOOKS_OF: Duration = Duration::from_hours(1);

/// What was found.
#[derive(Debug)]
pub(crate) struct Effect {
    findings: Vec<Kind>,
    again: Vec<(ItemCode, String)>,
    proved: Vec<Proved>,
    again_slot: i64,
}

/// The findings of one kind.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    /// New, changed or come back: subject, detail, since.
    told: Vec<Told>,
    /// Every subject that holds now; absent when there were too many to list, or when none is to be closed.
    holds: Option<Vec<String>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) subject: String,
    pub(super) detail: String,
    pub(super) since: i64,
}

impl Effect {
    /// Whether it tells the log something.
    pub(crate) fn has_facts(&self) -> bool {
        !self.proved.is_empty()
    }

    /// Whether it writes new jobs.
    pub(crate) fn has_jobs(&self) -> bool {
        !self.again.is_empty()
    }
}

/// Looks.
pub(crate) async fn think(room: &Room) -> Result<Effect, JobError> {
    let (store, config, now) = (&room.store, &room.config, room.store.now_ms());
    let mut open: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in finding::open(store.read(), 6 * MOST as u64).await? {
        open.entry(row.kind).or_default().insert(row.subject, row.detail);
    }
    let (mut findings, none) = (Vec::new(), BTreeMap::new());
    for (name, found) in [
        (GAP, gaps(room, now).await?),
        (watch::OLD_GAP, watch::old_gaps(room, now).await?),
        (watch::ALERT, watch::alerts(room).await?),
        (watch::CLOCK, watch::clocks(room, now).await?),
        (PARKED, parked(room, now).await?),
        (ORPHAN, orphans(room, now, open.get(ORPHAN)).await?),
        (READS, reads(room, now).await?),
        (glass::OPENED, opened(room, now).await?),
    ] {
        findings.extend(compare(name, found, open.get(name).unwrap_or(&none)));
    }
    Ok(Effect {
        findings,
        again: again(room).await?,
        proved: ruling::proved(store.read(), &room.keys, MOST as u64).await?,
        again_slot: slot(config, now),
    })
}

/// What has to be written so that the open findings are the ones that hold.
fn compare(name: &'static str, mut found: Vec<Told>, open: &BTreeMap<String, String>) -> Option<Kind> {
    found.sort_by(|a, b| (a.since, &a.subject).cmp(&(b.since, &b.subject)));
    let all = found.len() <= MOST;
    found.truncate(MOST);
    let holds: BTreeSet<&str> = found.iter().map(|one| one.subject.as_str()).collect();
    let mended = all && open.keys().any(|subject| !holds.contains(subject.as_str()));
    let holds = mended.then(|| holds.into_iter().map(str::to_owned).collect());
    let told: Vec<Told> = found
        .into_iter()
        .filter(|one| open.get(&one.subject) != Some(&one.detail))
        .collect();
    (mended || !told.is_empty()).then_some(Kind { name, told, holds })
}

async fn gaps(room: &Room, now: i64) -> Result<Vec<Told>, JobError> {
    let mut found = Vec::new();
    for one in device::all(room.store.read()).await? {
        if one.seq_max <= one.contiguous {
            continue;
        }
        let ranges = device::missing(room.store.read(), &one, RANGES).await?;
        let ranges: Vec<String> = ranges.iter().map(|(from, to)| format!("{from}–{to}")).collect();
        if !ranges.is_empty() {
            found.push(Told {
                subject: one.id.to_string(),
                detail: format!("missing {}", ranges.join(", ")),
                since: now,
            });
        }
    }
    Ok(found)
}

/// Whoever opened more dossiers in the last hour than anybody's work explains.
async fn reads(room: &Room, now: i64) -> Result<Vec<Told>, JobError> {
    let since = now - millis(LOOKS_OF);
    let busy = access::busy(room.store.read(), since, room.config.dossiers_an_hour).await?;
    let told = busy.into_iter().map(|(staff, dossiers)| Told {
        subject: format!("staff:{staff}"),
        detail: format!("opened {dossiers} dossiers within an hour"),
        since,
    });
    Ok(told.collect())
}

/// Dossiers that were lately opened to somebody they are none of.
async fn opened(room: &Room, now: i64) -> Result<Vec<Told>, JobError> {
    let rows = glass::opened_since(room.store.read(), now - millis(room.config.glass_told_for)).await?;
    let told = rows.into_iter().map(|row| Told {
        subject: row.id.to_string(),
        detail: row.role,
        since: row.decided_at.unwrap_or(row.asked_at),
    });
    Ok(told.collect())
}

async fn parked(room: &Room, now: i64) -> Result<Vec<Told>, JobError> {
    let rows = finding::parked_since(room.store.read(), now - millis(room.config.parked_for)).await?;
    Ok(rows
        .into_iter()
        .map(|row| Told {
            subject: hex::encode(row.event_id),
            detail: row.reason,
            since: row.since,
        })
        .collect())
}

async fn orphans(room: &Room, now: i64, open: Option<&BTreeMap<String, String>>) -> Result<Vec<Told>, JobError> {
    let db = room.store.read();
    let mut found = Vec::new();
    if let Some(waiting) = job::unsequenced(db, now - millis(room.config.unsequenced_for)).await? {
        let detail = format!("{} facts wait for their number", waiting.count);
        found.push(Told {
            subject: "inbox".to_owned(),
            detail,
            since: waiting.oldest,
        });
    }
    let (ready, lease) = (now - millis(room.config.stuck_for), now - outbox::LEASE_MS);
    for row in job::stuck(db, ready, lease, MOST as u64).await? {
        let detail = format!("job {} is {} and nobody runs it", row.kind, row.state);
        found.push(Told {
            subject: format!("job:{}", row.id),
            detail,
            since: row.next_run_at,
        });
    }
    // Legs found earlier are looked at again however long ago their job ended, so that they are closed only when mended.
    let mut legs = job::ended_assignments(db, now - millis(LOOK_BACK), MOST as u64 * 10).await?;
    let mut known: HashSet<String> = legs.iter().map(subject).collect();
    for earlier in open.into_iter().flat_map(BTreeMap::keys) {
        if !known.contains(earlier)
            && let Some(leg) = leg_of(earlier, now)
        {
            known.insert(earlier.clone());
            legs.push(leg);
        }
    }
    for lost in job::neither_placed_nor_listed(db, legs).await? {
        let detail = "its assignment ended without a courier or a reason".to_owned();
        found.push(Told {
            subject: subject(&lost),
            detail,
            since: lost.ended_at,
        });
    }
    Ok(found)
}

/// How a leg is named on the list: label, leg, and what brought the item where it waits.
fn subject(leg: &job::Leg) -> String {
    let mut subject = format!("item:{}:{}", leg.item_code, leg.leg);
    if let Some(head) = leg.head {
        subject.push(':');
        subject.push_str(&head.to_string());
    }
    subject
}

/// The leg of this name.
fn leg_of(subject: &str, ended_at: i64) -> Option<job::Leg> {
    let mut parts = subject.strip_prefix("item:")?.split(':');
    Some(job::Leg {
        item_code: ItemCode::parse(parts.next()?).ok()?,
        leg: parts.next()?.to_owned(),
        head: parts.next().map(str::parse).transpose().ok()?,
        ended_at,
    })
}

/// What found nobody for a reason that passes by itself.
async fn again(room: &Room) -> Result<Vec<(ItemCode, String)>, JobError> {
    let rows = job::waiting_for_somebody(room.store.read(), &assign::PASSING, MOST as u64).await?;
    Ok(rows)
}

/// Numbers the stretches of time in each of which an item is tried once more.
fn slot(config: &WorkerConfig, now: i64) -> i64 {
    now / millis(config.replace_every).max(1)
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 2)
}

/// Tells, closes, and puts what is to be tried again into the outbox.
pub(crate) async fn write(effect: Effect, tx: &Tx, room: &Room, now_ms: i64) -> Result<(), JobError> {
    for proved in &effect.proved {
        ruling::tell_proved(tx, &room.store, &room.keys, proved).await?;
    }
    for kind in effect.findings {
        for told in &kind.told {
            finding::report(tx, kind.name, &told.subject, &told.detail, told.since).await?;
        }
        let closed = match &kind.holds {
            Some(holds) => finding::close_others(tx, kind.name, holds, now_ms).await?,
            None => 0,
        };
        tracing::info!(kind = kind.name, told = kind.told.len(), closed, "findings changed");
    }
    let found = search::index_missing(tx, UNFINDABLE).await?;
    if found > 0 {
        tracing::info!(found, "dossiers can be found by name now");
    }
    for (item_code, leg) in effect.again {
        outbox::push(tx, now_ms, assign::again(&item_code, &leg, effect.again_slot)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MOST, Told, compare, leg_of, subject};
    use std::collections::BTreeMap;

    fn told(subject: &str, detail: &str) -> Told {
        Told {
            subject: subject.to_owned(),
            detail: detail.to_owned(),
            since: 1,
        }
    }

    fn open(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(subject, detail)| ((*subject).to_owned(), (*detail).to_owned()))
            .collect()
    }

    #[test]
    fn a_leg_reads_back_from_its_name_on_the_list() {
        let head = "ab".repeat(32);
        for name in [
            "item:EE000000155VN:pickup",
            &format!("item:EE000000155VN:deliver:{head}"),
        ] {
            assert_eq!(subject(&leg_of(name, 1).expect("a leg")), name);
        }
        for other in ["inbox", "job:1", "item:EE000000155VN", "item:EE000000155VN:deliver:x"] {
            assert!(leg_of(other, 1).is_none(), "{other}");
        }
    }

    #[test]
    fn nothing_is_written_when_nothing_changed() {
        assert!(compare("gap", vec![told("a", "1–2")], &open(&[("a", "1–2")])).is_none());
        assert!(compare("gap", vec![], &open(&[])).is_none());
    }

    #[test]
    fn what_changed_is_told_and_what_mended_is_closed() {
        let kind = compare(
            "gap",
            vec![told("a", "1–3"), told("b", "7–7")],
            &open(&[("a", "1–2"), ("c", "9–9")]),
        );
        let kind = kind.expect("there is something to write");
        assert_eq!(kind.told, [told("a", "1–3"), told("b", "7–7")]);
        assert_eq!(kind.holds.expect("c mended"), ["a", "b"]);
    }

    #[test]
    fn nothing_is_closed_while_there_are_more_findings_than_can_be_listed() {
        let many = (0..=MOST).map(|n| told(&format!("{n:05}"), "x")).collect();
        let kind = compare("gap", many, &open(&[("gone", "x")])).expect("there is something to write");
        assert_eq!((kind.told.len(), kind.holds), (MOST, None));
    }
}
