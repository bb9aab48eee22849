//! What lies in a store: facts against their identifiers and signatures, projections against the log, and what waits for a person.

use crate::cli::Failure;
use entity::fsck::Checked;
use entity::project::Projector;
use entity::rebuild::{Compared, rebuild};
use entity::repo::finding;
use entity::sequencer::Leader;
use entity::{ServerKeys, Store, fsck, outbox};
use serde_json::{Value, json};
use std::fmt::Write;

/// How many of a kind are counted; more than that is "many".
const MOST: u64 = 1000;

/// What was found.
#[derive(Debug)]
pub(crate) struct Evidence {
    checked: Checked,
    compared: Vec<Compared>,
    quarantined: usize,
    unplaced: usize,
    dead: usize,
    unreadable: u64,
}

/// Reads every fact again and, with `again`, folds everything anew and compares.
///
/// # Errors
/// When the store fails, or another process folds at this moment.
pub(crate) async fn examine(store: &Store, keys: &ServerKeys, again: bool) -> Result<Evidence, Failure> {
    let projector = Projector::new(keys);
    let compared = if again {
        if let Some(mut leader) = Leader::try_take(store, projector.clone()).await? {
            leader.drain().await?;
        } else {
            return Err(Failure::Refused(
                "a running process folds right now; stop it before --rebuild".to_owned(),
            ));
        }
        rebuild(store, &projector).await?
    } else {
        Vec::new()
    };
    Ok(Evidence {
        checked: fsck::check(store, keys).await?,
        compared,
        quarantined: finding::quarantined(store.read(), MOST).await?.len(),
        unplaced: finding::unplaced(store.read(), MOST).await?.len(),
        dead: outbox::dead(store.read(), MOST).await?.len(),
        unreadable: finding::unreadable_count(store.read()).await?,
    })
}

impl Evidence {
    /// No fact is damaged, none is missing, and folding again gave the same.
    pub(crate) fn is_sound(&self) -> bool {
        self.checked.is_sound() && self.compared.iter().all(Compared::is_same)
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let tables: Vec<_> = self
            .compared
            .iter()
            .map(|one| json!({ "table": one.table, "rows": one.rows, "same": one.is_same() }))
            .collect();
        json!({
            "ok": self.is_sound(), "facts": self.checked.facts, "damaged": self.checked.damaged,
            "hole_at": self.checked.hole_at, "rebuilt": tables, "quarantined": self.quarantined,
            "unplaced": self.unplaced, "dead_jobs": self.dead, "unreadable_deposits": self.unreadable,
        })
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let checked = &self.checked;
        let mut text = format!("{} facts read, {} damaged\n", checked.facts, checked.damaged.len());
        for index in &checked.damaged {
            let _ = writeln!(text, "fact {index} no longer is what was signed");
        }
        if let Some(hole) = checked.hole_at {
            let _ = writeln!(text, "number {hole} is missing");
        }
        for one in &self.compared {
            let verdict = if one.is_same() { "same" } else { "DIFFERENT" };
            let _ = writeln!(text, "{:<16} {:>9} rows  {verdict}", one.table, one.rows);
        }
        let _ = write!(
            text,
            "quarantined {} · unplaced {} · dead jobs {} · unreadable deposits {}",
            self.quarantined, self.unplaced, self.dead, self.unreadable
        );
        text
    }
}
