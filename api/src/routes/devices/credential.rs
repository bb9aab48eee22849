//! What phones show each other without a network: who this is, signed by the server.

use crate::App;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use custody::credential::Credential;
use custody::envelope::PublicKey;
use entity::repo::staff::Person;

/// A person's credential for the device with this key, good from now for as long as the kind of key allows.
pub(in crate::routes) fn of(app: &App, person: &Person, (key, in_browser): (PublicKey, bool)) -> Credential {
    Credential {
        key,
        name: person.name.clone(),
        office: person.office_name.clone(),
        hats: person.hats(),
        until_ms: app
            .store
            .now_ms()
            .saturating_add(app.config.credential_life_ms(in_browser)),
        in_browser,
    }
}

/// The same, signed, as it goes over the wire.
pub(in crate::routes) fn signed(app: &App, credential: &Credential) -> String {
    URL_SAFE_NO_PAD.encode(credential.issue(&app.keys.acts))
}

/// The keys under which this server signs credentials, and signed those that are still out.
pub(in crate::routes) fn issuers(app: &App) -> Vec<String> {
    let keys = app.keys.act_keys();
    keys.iter().map(|key| URL_SAFE_NO_PAD.encode(key.as_bytes())).collect()
}
