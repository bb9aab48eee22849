//! A job that misbehaves on request, so that tests can show what the runner does about it. Known only where the
//! configuration allows test jobs.

use super::Effect;
use crate::error::JobError;
use entity::outbox::Claim;
use serde::Deserialize;

#[derive(Deserialize)]
struct Payload {
    mode: Mode,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    /// Ends the process on the spot.
    Abort,
    /// Panics.
    Panic,
    /// Says that it failed.
    Fail,
    /// Never ends.
    Hang,
}

/// Misbehaves.
pub(crate) async fn think(claim: &Claim) -> Result<Effect, JobError> {
    match Payload::deserialize(&claim.payload).map_err(JobError::payload)?.mode {
        Mode::Abort => std::process::abort(),
        Mode::Panic => panic!("poison"),
        Mode::Fail => Err(JobError::Retry("poison".to_owned())),
        Mode::Hang => std::future::pending().await,
    }
}
