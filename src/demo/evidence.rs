//! What the judge gets to see: the driver's own books, and what the store says once the server is gone.

use super::bus::Feed;
use super::cast::Party;
use super::day::Day;
use super::ledger::Entry;
use super::world::{Paper, Place};
use crate::cli::Failure;
use custody::ids::EventId;
use domain::holder::Holder;
use entity::project::Projector;
use entity::rebuild::{Compared, rebuild};
use entity::repo::audit::{self, Deposited, Ordered};
use entity::sequencer::Leader;
use entity::{ServerKeys, Store, fsck};
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

/// Everything there is to judge. Plain data, so that a test can plant a fault.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    /// What phones said they had recorded.
    pub(super) recorded: Vec<Entry>,
    /// Where every envelope really is.
    pub(super) truth: Vec<Truth>,
    /// What each client read of its feed.
    pub(super) read: Vec<(String, Feed)>,
    /// Every fact in the inbox.
    pub(super) stored: Vec<Deposited>,
    /// Each custody event as often as it was folded.
    pub(super) folded: Vec<(EventId, String)>,
    pub(super) parked: Vec<(EventId, String)>,
    pub(super) quarantined: Vec<(EventId, String)>,
    /// The last number given and the last one folded.
    pub(super) progress: (i64, i64),
    /// Facts that were still waiting when the server was stopped.
    pub(super) left_over: u64,
    pub(super) items: Vec<Item>,
    pub(super) labels: Vec<String>,
    pub(super) dossiers: Vec<Dossier>,
    pub(super) orders: Vec<Ordered>,
    /// Label and leg of every decision.
    pub(super) placed: Vec<(String, String)>,
    /// Label, leg and reason of everything on the dispatcher's list.
    pub(super) unplaced: Vec<(String, String, String)>,
    pub(super) feed: Vec<Told>,
    pub(super) jobs: BTreeMap<(String, String), u64>,
    pub(super) damaged: Vec<i64>,
    pub(super) hole_at: Option<i64>,
    pub(super) rebuilt: Vec<Compared>,
}

/// Where an envelope really is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) label: String,
    /// Who has it, if it is in custody.
    pub(super) holder: Option<String>,
    /// Two stories were told on purpose.
    pub(super) contested: bool,
}

/// An item as the store says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) label: String,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) holder: Option<String>,
    pub(super) disputed: bool,
    pub(super) provisional: bool,
    /// Steps of custody the feed was told.
    pub(super) told: i64,
}

/// A dossier as the store says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dossier {
    pub(super) id: Uuid,
    pub(super) mode: String,
    pub(super) state: String,
    pub(super) waiting: i64,
    pub(super) due_on: Option<String>,
    pub(super) resolved_at_ms: Option<i64>,
}

/// A row of the tracking feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) seq: i64,
    pub(super) customer_code: String,
    pub(super) order_number: String,
    pub(super) label: String,
    pub(super) status: i64,
}

/// Reads everything. The server must be gone.
pub(super) async fn gather(day: &Day, store: &Store, keys: &ServerKeys) -> Result<Evidence, Failure> {
    let projector = Projector::new(keys);
    let db = store.read();
    let (last, folded) = audit::progress(db).await?;
    let stored = audit::deposited(db).await?;
    let unnumbered = stored.iter().filter(|fact| fact.log_index.is_none()).count() as u64;
    let left_over = unnumbered + u64::try_from(last - folded).unwrap_or(0);
    let jobs = audit::jobs(db, store.now_ms()).await?;
    // PostgreSQL may notice a little late that the server is gone.
    let mut leader = Leader::take_within(store, projector.clone(), Duration::from_secs(10))
        .await?
        .ok_or_else(|| Failure::Refused("another process still folds this database".to_owned()))?;
    leader.drain().await?;
    let rebuilt = rebuild(store, &projector).await?;
    let checked = fsck::check(store, keys).await?;
    let feed = audit::feed(db).await?.into_iter().map(|row| Told {
        seq: row.seq,
        customer_code: row.customer_code,
        order_number: row.order_number,
        label: row.item_code,
        status: row.status_code,
    });
    let items = audit::items(db).await?.into_iter().map(|row| Item {
        label: row.item_code,
        kind: row.kind,
        state: row.state,
        holder: row.holder,
        disputed: row.disputed,
        provisional: row.provisional,
        told: row.told,
    });
    Ok(Evidence {
        recorded: day.ledger.entries(),
        truth: day.world.all().iter().map(|paper| truth(&day.cast, paper)).collect(),
        read: day
            .clients
            .iter()
            .map(|client| (client.record.customer_code.clone(), client.feed()))
            .collect(),
        stored,
        folded: audit::verdicts(db).await?,
        parked: audit::parked(db).await?,
        quarantined: audit::quarantined(db).await?,
        progress: (last, folded),
        left_over,
        items: items.collect(),
        labels: audit::labels(db).await?,
        dossiers: audit::dossiers(db).await?.into_iter().map(dossier).collect(),
        orders: audit::orders(db).await?,
        placed: audit::placed(db).await?,
        unplaced: audit::unplaced(db).await?,
        feed: feed.collect(),
        jobs,
        damaged: checked.damaged,
        hole_at: checked.hole_at,
        rebuilt,
    })
}

fn dossier(row: entity::table::dossier_state::Model) -> Dossier {
    let body: serde_json::Value = serde_json::from_str(&row.body).unwrap_or_default();
    Dossier {
        id: row.dossier_id,
        mode: row.mode,
        state: row.state,
        waiting: row.waiting,
        due_on: row.due_on,
        resolved_at_ms: body["resolved_at_ms"].as_i64(),
    }
}

fn truth(cast: &[Party], paper: &Paper) -> Truth {
    let holder = match paper.place {
        Place::With(number) if paper.in_custody => Some(cast[number].holder),
        Place::Citizen => Some(Holder::Citizen),
        Place::Home | Place::With(_) | Place::CalledOff => None,
    };
    Truth {
        label: paper.code.clone(),
        holder: holder.map(|holder| holder.to_string()),
        contested: paper.contested,
    }
}
