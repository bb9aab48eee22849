//! Somebody who works here and signed in.

use crate::{Answer, Http, PASSWORD};
use entity::repo::reference::id_of;
use serde_json::{Value, json};

/// A member of staff with an access token.
#[derive(Clone, Debug)]
pub struct Staff {
    http: Http,
    token: String,
}

impl Staff {
    /// Signs in, in one role.
    pub fn sign_in(http: &Http, login: &str, role: &str) -> Self {
        let body = json!({ "login": login, "password": PASSWORD, "role": role });
        let session = http.post("/api/v1/session", &[], &body).expect(200).json();
        let token = session["access_token"].as_str().unwrap_or_default().to_owned();
        Self {
            http: http.clone(),
            token,
        }
    }

    /// The value of the header that proves who asks.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// Reads something.
    pub fn get(&self, path: &str) -> Answer {
        self.http.get(path, &[("authorization", &self.authorization())])
    }

    /// Does something.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.http.post(path, &[("authorization", &self.authorization())], body)
    }

    /// Does something once, however often it is asked.
    pub fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.http.post(
            path,
            &[("authorization", &self.authorization()), ("idempotency-key", key)],
            body,
        )
    }

    /// A one-time code with which a device can enrol for this person.
    pub fn code_for(&self, login: &str) -> String {
        let body = json!({ "staff_id": id_of("staff", login) });
        let made = self.post("/api/v1/devices/codes", &body).expect(201).json();
        made["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Records an act on a dossier.
    pub fn act(&self, dossier: &str, body: &Value) -> Answer {
        self.post(&format!("/api/v1/dossiers/{dossier}/acts"), body)
    }
}
