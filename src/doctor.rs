//! Checks of an installation: `traotay doctor`. Bytes against identifiers always, projections against the log with --rebuild.

mod evidence;
mod surroundings;

pub(crate) use evidence::{Evidence, examine};

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use entity::ServerKeys;
use serde_json::Value;
use surroundings::look;

/// Opens the store (which asserts what start-up asserts), counts what needs a person, looks at disk, clocks, jobs and
/// the last backup, and with `again` folds everything anew.
///
/// # Errors
/// When the store cannot be opened or read.
pub async fn run(place: &Place, again: bool, as_json: bool) -> Result<Verdict, Failure> {
    let config = Config::load(place)?;
    let keys = ServerKeys::load_or_create(&config.keys())?;
    let store = config.open_options().open().await?;
    let found = tokio::try_join!(examine(&store, &keys, again), look(&config, &store));
    store.close().await;
    let (evidence, surroundings) = found?;
    if as_json {
        let mut answer = evidence.json();
        if let (Some(all), Value::Object(more)) = (answer.as_object_mut(), surroundings.json()) {
            all.extend(more);
        }
        print(&answer.to_string());
    } else {
        print(&surroundings.text());
        print(&evidence.text());
    }
    Ok(if evidence.is_sound() { Verdict::Yes } else { Verdict::No })
}
