//! Sends a citizen the one-time code they asked for. One that has ended meanwhile is not sent.

use super::{Effect as Any, Room};
use crate::error::JobError;
use crate::sms::Messages;
use domain::ids::NotificationId;
use entity::outbox::Claim;
use entity::repo::citizen_code::{self, Message};
use entity::repo::{Tx, notification};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

#[derive(Deserialize)]
struct Payload {
    code: Uuid,
}

/// A message for the sink.
#[derive(Debug)]
pub(crate) struct Effect {
    id: NotificationId,
    message: Message,
}

/// Hands the message to the gateway; for the sink it is written with the end of the job.
pub(crate) async fn think(room: &Room, claim: &Claim) -> Result<Any, JobError> {
    let payload = Payload::deserialize(&claim.payload).map_err(JobError::payload)?;
    let (db, now) = (room.store.read(), room.store.now_ms());
    let Some(message) = citizen_code::message(db, &room.keys, payload.code, now).await? else {
        return Ok(Any::Nothing);
    };
    match &room.config.messages {
        Some(Messages::Gateway(gateway)) => gateway.send(payload.code, &message).await.map(|()| Any::Nothing),
        Some(Messages::Sink) => Ok(Any::Code(Effect {
            id: NotificationId(claim.id),
            message,
        })),
        None => Err(JobError::GiveUp("no gateway for messages is set here".to_owned())),
    }
}

/// Puts it into the sink.
pub(crate) async fn write(effect: Effect, tx: &Tx, now_ms: i64) -> Result<(), JobError> {
    let Effect { id, message } = effect;
    let data = json!({ "act": message.act.as_str(), "code": message.digits });
    Ok(notification::put(tx, id, message.dossier, "citizen.code", &data, now_ms).await?)
}
