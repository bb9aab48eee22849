//! How a device gets its credential: a one-time code from the supervisor and a signature by its own key.

use domain::wire::v1::{EnrolRequest, EnrolView};

use super::Core;
use super::credential::Credential;
use super::error::{CourierError, Refusal};
use super::http::{encode, json_bytes, read, send};
use super::platform::Transport;
use super::salvage::{self, RecoveryKey};
use super::store;

impl Core {
    /// Exchanges a one-time code for a credential. Needs the network; repeating it with a fresh code is safe.
    ///
    /// # Errors
    /// [`CourierError::NotEnrolled`] if the server refuses the code, [`Refusal::OthersStore`] if this store has been another
    /// person's: their events would go out under this one's name. [`CourierError::Unreachable`].
    pub fn enrol(&self, code: &str, transport: &dyn Transport) -> Result<Credential, CourierError> {
        let code = code.trim();
        let proof = self
            .platform
            .sign(&[b"traotay/enrol/v1", code.as_bytes(), &self.key.0].concat())?;
        let request = EnrolRequest {
            code: code.to_owned(),
            public_key: encode(self.key.0),
            proof: encode(proof),
            in_browser: self.platform.is_browser().then_some(true),
        };
        let body = json_bytes(&request);
        let headers = [("Content-Type".to_owned(), "application/json".to_owned())];
        let reply = send(transport, "POST", "/api/v1/devices/enrol", &headers, &body)?;
        if matches!(reply.status, 400 | 404 | 409 | 410 | 422) {
            return Err(CourierError::NotEnrolled {
                why: format!("the server refused the code ({})", reply.status),
            });
        }
        let view: EnrolView = read(&reply)?;
        let credential = self.accept_credential(&view)?;
        self.store.write(|tx| {
            if store::device::is_of_other(tx, &credential.staff_id)? {
                return Err(Refusal::OthersStore.into());
            }
            if let Some(nonce) = reply.header("DPoP-Nonce") {
                store::exchange::save_nonce(tx, nonce)?;
            }
            if let Some(key) = view.recovery_key.as_deref().and_then(RecoveryKey::from_text) {
                salvage::learn(tx, &key)?;
            }
            Ok::<_, CourierError>(store::device::save_credential(tx, &credential)?)
        })?;
        Ok(credential)
    }

    /// Hats this version does not know are left out; a credential for another device is refused.
    fn accept_credential(&self, view: &EnrolView) -> Result<Credential, CourierError> {
        if view.device_id != self.device_id().to_string() {
            return Err(CourierError::NotEnrolled {
                why: "the credential is for another device".into(),
            });
        }
        let hats = view
            .hats
            .iter()
            .filter_map(|held| Some((held.hat.parse().ok()?, held.holder.parse().ok()?)));
        Ok(Credential {
            device_id: self.device_id(),
            staff_id: view.staff_id.clone(),
            name: view.name.clone(),
            office_id: view.office_id.clone(),
            office_name: view.office_name.clone(),
            hats: hats.collect(),
            until_ms: view.credential_until_ms,
            signed: Vec::new(),
            issuers: Vec::new(),
        }
        .renewed(&view.issuers, view.credential.as_deref()))
    }
}
