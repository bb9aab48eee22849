//! `traotay demo`: a working day of the demo province against a throw-away database.

use crate::cli::{Failure, Verdict};
use clap::Args;
use std::path::PathBuf;

/// What day to play.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// How many dossiers arrive
    #[arg(long, default_value_t = 300)]
    pub dossiers: u32,
    /// An empty PostgreSQL or SQLite database to use instead of a throw-away SQLite file
    #[arg(long)]
    pub database_url: Option<String>,
    /// Folder of the province
    #[arg(long, default_value = "data/an-giang")]
    pub province: PathBuf,
    /// The day is drawn from this number; the same number gives the same day
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Plays the day.
///
/// # Errors
/// When the day could not be played; a broken promise is a [`Verdict::No`].
#[expect(clippy::unused_async, reason = "placeholder")]
pub async fn run(_args: DemoArgs) -> Result<Verdict, Failure> {
    Err(Failure::Refused("the demo day is not here yet".to_owned()))
}
