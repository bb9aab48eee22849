//! Messages to telephones: handed to the gateway of whoever sends them for the post, as JSON over HTTPS.
//!
//! A gateway takes `{"to": "+84912345678", "text": "…"}` with a bearer token and the header `Idempotency-Key`, and answers 2xx
//! once it has the message; whatever stands between us and a provider that speaks otherwise is the installation's. Nothing of a
//! message is logged.

use crate::error::{JobError, told};
use entity::repo::citizen_code::{CitizenAct, Message};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// How long the gateway may take. Shorter than a job may think.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where messages to citizens go.
#[derive(Debug, Clone)]
pub enum Messages {
    /// To a gateway.
    Gateway(Gateway),
    /// Into the sink of notices, where the people of the office read them. Only where everybody is made up.
    Sink,
}

/// A gateway.
#[derive(Clone)]
pub struct Gateway {
    url: String,
    token: Option<String>,
    client: Client,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway")
    }
}

impl Gateway {
    /// A gateway at this address.
    ///
    /// # Errors
    /// When no client for HTTPS can be made here.
    pub fn new(url: String, token: Option<String>) -> Result<Self, String> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            // A message goes to the gateway that was named and to nobody it points at.
            .redirect(Policy::none())
            .build()
            .map_err(|error| told(&error))?;
        Ok(Self { url, token, client })
    }

    /// Hands a message over. The same `id` again is the same message.
    pub(crate) async fn send(&self, id: Uuid, message: &Message) -> Result<(), JobError> {
        let body = json!({ "to": message.phone, "text": text(message) });
        let mut request = self
            .client
            .post(&self.url)
            .header("idempotency-key", id.to_string())
            .json(&body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.map_err(|error| {
            // Its address may hold a key, its body a number: neither is told.
            JobError::Retry(format!("the gateway does not answer: {}", told(&error.without_url())))
        })?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status @ (StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS) => {
                Err(JobError::Retry(format!("the gateway answers {status}")))
            }
            status if status.is_client_error() => {
                Err(JobError::GiveUp(format!("the gateway refuses it with {status}")))
            }
            status => Err(JobError::Retry(format!("the gateway answers {status}"))),
        }
    }
}

/// What the citizen reads: without accents, so that every telephone shows it and it is one message.
fn text(message: &Message) -> String {
    let act = match message.act {
        CitizenAct::Papers => "xem giay to",
        CitizenAct::Redirect => "doi noi nhan ket qua",
        CitizenAct::Withdraw => "rut ho so",
    };
    format!(
        "Trao Tay: ma {} de {act}. Dung trong 10 phut. Khong noi ma cho bat ky ai, ke ca buu ta.",
        message.digits
    )
}

#[cfg(test)]
mod tests {
    use super::{CitizenAct, Message, text};
    use domain::ids::DossierId;

    #[test]
    fn a_message_is_one_message_on_every_telephone() {
        for (act, _) in CitizenAct::ALL {
            let message = Message {
                dossier: DossierId(uuid::Uuid::nil()),
                act,
                phone: "+84912345678".to_owned(),
                digits: "012345".to_owned(),
            };
            let text = text(&message);
            assert!(text.is_ascii() && text.len() <= 160, "{text}");
            assert!(text.contains("012345"));
        }
    }
}
