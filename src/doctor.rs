//! Checks of an installation: `traotay doctor`. Bytes against identifiers always, projections against the log with --rebuild.

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use entity::project::Projector;
use entity::rebuild::{Compared, rebuild};
use entity::repo::finding;
use entity::sequencer::Leader;
use entity::{ServerKeys, fsck, outbox};
use serde_json::json;

/// Opens the store (which asserts what start-up asserts), counts what needs a person, and with `again` folds everything anew.
///
/// # Errors
/// When the store cannot be opened or read.
pub async fn run(place: &Place, again: bool, as_json: bool) -> Result<Verdict, Failure> {
    let config = Config::load(place)?;
    let keys = ServerKeys::load_or_create(&config.data.join("server.keys"))?;
    let store = config.open_options().open().await?;
    let projector = Projector::new(&keys);
    let compared = if again {
        if let Some(mut leader) = Leader::try_take(&store, projector.clone()).await? {
            leader.drain().await?;
        } else {
            return Err(Failure::Refused(
                "a running process folds right now; stop it before --rebuild".to_owned(),
            ));
        }
        rebuild(&store, &projector).await?
    } else {
        Vec::new()
    };
    let checked = fsck::check(&store, &keys).await?;
    let quarantined = finding::quarantined(store.read(), 1000).await?.len();
    let unplaced = finding::unplaced(store.read(), 1000).await?.len();
    let dead = outbox::dead(store.read(), 1000).await?.len();
    let unreadable = finding::unreadable_count(store.read()).await?;
    store.close().await;
    let sound = checked.is_sound() && compared.iter().all(Compared::is_same);
    if as_json {
        let tables: Vec<_> = compared
            .iter()
            .map(|one| json!({ "table": one.table, "rows": one.rows, "same": one.is_same() }))
            .collect();
        let answer = json!({ "ok": sound, "facts": checked.facts, "damaged": checked.damaged, "hole_at": checked.hole_at, "rebuilt": tables, "quarantined": quarantined, "unplaced": unplaced,
            "dead_jobs": dead, "unreadable_deposits": unreadable });
        print(&answer.to_string());
    } else {
        print(&format!(
            "{} facts read, {} damaged",
            checked.facts,
            checked.damaged.len()
        ));
        for index in &checked.damaged {
            print(&format!("fact {index} no longer is what was signed"));
        }
        if let Some(hole) = checked.hole_at {
            print(&format!("number {hole} is missing"));
        }
        for one in &compared {
            let verdict = if one.is_same() { "same" } else { "DIFFERENT" };
            print(&format!("{:<16} {:>9} rows  {verdict}", one.table, one.rows));
        }
        print(&format!(
            "quarantined {quarantined} · unplaced {unplaced} · dead jobs {dead} · unreadable deposits {unreadable}"
        ));
    }
    Ok(if sound { Verdict::Yes } else { Verdict::No })
}
