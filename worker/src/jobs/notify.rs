//! Tells whoever waits for a dossier that it has moved. In this installation a notice goes into the sink that the office
//! application shows; the text is made where it is read, from a template and identifiers.

use crate::error::JobError;
use domain::ids::{DossierId, NotificationId};
use entity::outbox::Claim;
use entity::repo::{Tx, notification};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Payload {
    dossier: String,
    stage: String,
}

/// One notice.
#[derive(Debug)]
pub(crate) struct Effect {
    id: NotificationId,
    dossier: DossierId,
    stage: String,
}

/// The notice this job is about. Its id is the row's, so that the sink keeps one however often the job runs.
pub(crate) fn think(claim: &Claim) -> Result<Effect, JobError> {
    let payload = Payload::deserialize(&claim.payload).map_err(JobError::payload)?;
    Ok(Effect {
        id: NotificationId(claim.id),
        dossier: payload.dossier.parse().map_err(JobError::payload)?,
        stage: payload.stage,
    })
}

/// Puts it into the sink.
pub(crate) async fn write(effect: Effect, tx: &Tx, now_ms: i64) -> Result<(), JobError> {
    let template = format!("dossier.{}", effect.stage.to_lowercase());
    let data = json!({ "dossier": effect.dossier.to_string(), "stage": effect.stage });
    Ok(notification::put(tx, effect.id, effect.dossier, &template, &data, now_ms).await?)
}
