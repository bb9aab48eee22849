//! A phone whose key store failed gives up everything it had not sent, to the holder of the recovery key alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, Serializable, single_shot_open};
use mobile_ffi::core::salvage::{HEAD, INFO, export};
use mobile_ffi::core::{Salvage, Transport};

use crate::server::Server;
use crate::world::{CARRIER, NOW, Phone, hand_over, label};

type Secret = <X25519HkdfSha256 as Kem>::PrivateKey;

/// A recovery key; its public half is told to every phone.
fn recovery(server: &Server, seed: u8) -> Secret {
    let (secret, public) = X25519HkdfSha256::derive_keypair(&[seed; 32]);
    server.state().recovery_key = Some(URL_SAFE_NO_PAD.encode(public.to_bytes()));
    secret
}

fn open(secret: &Secret, salvage: &Salvage) -> Vec<Vec<u8>> {
    let mut lines = salvage.file.lines();
    assert_eq!(lines.next(), Some(HEAD));
    lines
        .map(|line| {
            let copy = URL_SAFE_NO_PAD.decode(line).expect("base64url");
            let (key, sealed) = copy.split_at(32);
            let key = Deserializable::from_bytes(key).expect("a key");
            single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
                &OpModeR::Base,
                secret,
                &key,
                INFO,
                sealed,
                b"",
            )
            .expect("opens")
        })
        .collect()
}

#[test]
fn what_was_not_sent_is_in_the_file_byte_for_byte_and_what_was_sent_is_not() {
    let server = Server::new(NOW);
    let secret = recovery(&server, 7);
    let (phone, other) = (Phone::courier(&server, 1), Phone::courier(&server, 2));
    phone.take_in(&label(1));
    phone.core.sync(&server).expect("syncs");
    phone.take_in(&label(2));
    hand_over(&phone, CARRIER, &other, CARRIER, &[&label(1), &label(2)]);
    let unsent: Vec<Vec<u8>> = phone.core.events().expect("reads")[1..]
        .iter()
        .map(|event| event.envelope.clone())
        .collect();

    // No key is asked for: the host could be gone.
    let path = phone.path();
    drop(phone.core);
    let salvage = export(&path).expect("exports");
    assert_eq!((salvage.events, salvage.without_copy), (4, 0));
    assert_eq!(open(&secret, &salvage), unsent);
    assert_eq!(
        export(&path).expect("exports").events,
        4,
        "nothing is taken out of the store"
    );
}

#[test]
fn a_phone_that_learns_of_the_key_late_covers_what_it_holds_and_covers_it_anew_for_another_key() {
    let server = Server::new(NOW);
    let phone = Phone::courier(&server, 1);
    phone.take_in(&label(1));
    let bare = export(phone.path()).expect("exports");
    assert_eq!((bare.events, bare.without_copy), (0, 1));

    for seed in [7, 8] {
        let secret = recovery(&server, seed);
        // The greeting arrives, the deposit does not.
        assert!(phone.core.sync(&Greeting(&server)).is_err());
        let salvage = export(phone.path()).expect("exports");
        assert_eq!((salvage.events, salvage.without_copy), (1, 0));
        assert_eq!(
            open(&secret, &salvage),
            [phone.core.events().expect("reads")[0].envelope.clone()]
        );
    }
}

/// A network over which greetings pass and deposits do not.
struct Greeting<'a>(&'a Server);

impl Transport for Greeting<'_> {
    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<mobile_ffi::core::Reply, mobile_ffi::core::HostError> {
        if path.ends_with("/events") {
            return Err(mobile_ffi::core::HostError::new("no network"));
        }
        self.0.send(method, path, headers, body)
    }
}
