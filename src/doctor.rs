//! Checks of an installation: `traotay doctor`. Bytes against identifiers always, projections against the log with --rebuild.

mod evidence;

pub(crate) use evidence::{Evidence, examine};

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use entity::ServerKeys;

/// Opens the store (which asserts what start-up asserts), counts what needs a person, and with `again` folds everything anew.
///
/// # Errors
/// When the store cannot be opened or read.
pub async fn run(place: &Place, again: bool, as_json: bool) -> Result<Verdict, Failure> {
    let config = Config::load(place)?;
    let keys = ServerKeys::load_or_create(&config.keys())?;
    let store = config.open_options().open().await?;
    let evidence = examine(&store, &keys, again).await;
    store.close().await;
    let evidence = evidence?;
    if as_json {
        print(&evidence.json().to_string());
    } else {
        print(&evidence.text());
    }
    Ok(if evidence.is_sound() { Verdict::Yes } else { Verdict::No })
}
