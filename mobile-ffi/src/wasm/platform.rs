//! What the page's worker lends to the core, and the adapters that carry it in.
//!
//! Every callback is called with `catch`, and every answer is looked at before it is believed: a host that throws, answers
//! nonsense or a promise is an error of that act and never a panic, which would end this instance.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::error::{Thrown, host_error, thrown};
use crate::core::platform::{HostError, Mono, Platform, Reply, Transport};
use crate::core::soft::{SoftPlatform, new_secret};

#[wasm_bindgen]
extern "C" {
    /// Clocks, key and randomness of the device; see `types.ts`.
    #[wasm_bindgen(typescript_type = "HostPlatform")]
    pub type HostPlatform;
    #[wasm_bindgen(method, structural, catch, js_name = nowMs)]
    fn now_ms(this: &HostPlatform) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn mono(this: &HostPlatform) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = publicKey)]
    fn public_key(this: &HostPlatform) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn sign(this: &HostPlatform, message: Uint8Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = storeKey)]
    fn store_key(this: &HostPlatform) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = freeBytes)]
    fn free_bytes(this: &HostPlatform) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn random(this: &HostPlatform, len: u32) -> Result<JsValue, JsValue>;

    /// One HTTP request and its whole answer; see `types.ts`.
    #[wasm_bindgen(typescript_type = "HostTransport")]
    pub type HostTransport;
    #[wasm_bindgen(method, structural, catch)]
    fn send(
        this: &HostTransport,
        method: &str,
        path: &str,
        headers: Array,
        body: Uint8Array,
    ) -> Result<JsValue, JsValue>;
}

/// Carries a host's platform into the core.
pub(super) struct LentPlatform(pub(super) HostPlatform);

impl Platform for LentPlatform {
    fn now_ms(&self) -> Result<i64, HostError> {
        let told = self.0.now_ms().map_err(|error| host_error(&error))?;
        whole(&told, "wall clock").map(|ms| {
            if ms < 0.0 {
                0
            } else {
                to_u64(ms).try_into().unwrap_or(i64::MAX)
            }
        })
    }

    fn mono(&self) -> Result<Mono, HostError> {
        let reading = self.0.mono().map_err(|error| host_error(&error))?;
        Ok(Mono {
            boot_id: sized(&field(&reading, "bootId")?, "boot id")?,
            ms: whole(&field(&reading, "ms")?, "monotonic clock").map(to_u64)?,
        })
    }

    fn public_key(&self) -> Result<[u8; 33], HostError> {
        sized(&self.0.public_key().map_err(|error| host_error(&error))?, "public key")
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HostError> {
        let signed = self.0.sign(message.into());
        sized(&signed.map_err(|error| host_error(&error))?, "signature")
    }

    fn is_browser(&self) -> bool {
        true
    }

    fn store_key(&self) -> Result<[u8; 32], HostError> {
        sized(&self.0.store_key().map_err(|error| host_error(&error))?, "store key")
    }

    fn free_bytes(&self) -> Result<Option<u64>, HostError> {
        let told = self.0.free_bytes().map_err(|error| host_error(&error))?;
        if told.is_undefined() || told.is_null() {
            return Ok(None);
        }
        whole(&told, "free bytes").map(|bytes| Some(to_u64(bytes)))
    }

    fn random(&self, len: usize) -> Result<Vec<u8>, HostError> {
        let len = u32::try_from(len).map_err(|_| HostError::new("too many random bytes"))?;
        bytes(&self.0.random(len).map_err(|error| host_error(&error))?, "random bytes")
    }
}

/// Carries a host's network into the core.
pub(super) struct LentTransport(pub(super) HostTransport);

impl Transport for LentTransport {
    fn send(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<Reply, HostError> {
        let sent = headers.iter().map(|(name, value)| {
            let header = Object::new();
            Reflect::set(&header, &"name".into(), &name.into()).and(Reflect::set(
                &header,
                &"value".into(),
                &value.into(),
            ))?;
            Ok(header)
        });
        let sent = sent
            .collect::<Result<Array, JsValue>>()
            .map_err(|error| host_error(&error))?;
        let reply = self
            .0
            .send(method, path, sent, body.into())
            .map_err(|error| host_error(&error))?;
        let status = field(&reply, "status")?
            .as_f64()
            .filter(|status| (100.0..=599.0).contains(status));
        let headers = field(&reply, "headers")?;
        let headers = headers
            .dyn_into::<Array>()
            .map_err(|_| HostError::new("the headers are no list"))?;
        Ok(Reply {
            status: status
                .map(to_u64)
                .and_then(|status| status.try_into().ok())
                .ok_or_else(|| HostError::new("the status is no HTTP status"))?,
            headers: headers
                .iter()
                .map(|header| Ok((text(&header, "name")?, text(&header, "value")?)))
                .collect::<Result<_, HostError>>()?,
            body: bytes(&field(&reply, "body")?, "body")?,
        })
    }
}

fn field(object: &JsValue, name: &str) -> Result<JsValue, HostError> {
    Reflect::get(object, &name.into()).map_err(|_| HostError::new(format!("the answer has no {name}")))
}

fn text(object: &JsValue, name: &str) -> Result<String, HostError> {
    field(object, name)?
        .as_string()
        .ok_or_else(|| HostError::new(format!("the {name} is no text")))
}

fn bytes(value: &JsValue, what: &str) -> Result<Vec<u8>, HostError> {
    let array = value.dyn_ref::<Uint8Array>();
    Ok(array
        .ok_or_else(|| HostError::new(format!("the {what} is no Uint8Array")))?
        .to_vec())
}

fn sized<const N: usize>(value: &JsValue, what: &str) -> Result<[u8; N], HostError> {
    let wrong = |_| HostError::new(format!("the {what} has the wrong length"));
    bytes(value, what)?.try_into().map_err(wrong)
}

fn whole(value: &JsValue, what: &str) -> Result<f64, HostError> {
    let number = value.as_f64().filter(|number| number.is_finite());
    number.ok_or_else(|| HostError::new(format!("the {what} is no number")))
}

/// A number of JavaScript without its fraction; what is below nothing is nothing.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from a float saturates"
)]
fn to_u64(number: f64) -> u64 {
    number as u64
}

/// A P-256 key in memory, for tests and the demo only: a real page keeps its key where no script can read it.
#[wasm_bindgen]
pub struct SoftKey {
    platform: SoftPlatform,
}

#[wasm_bindgen]
impl SoftKey {
    /// The key of these 32 bytes.
    #[wasm_bindgen(js_name = fromSecret)]
    pub fn from_secret(secret: &[u8]) -> Result<Self, Thrown> {
        let secret = secret
            .try_into()
            .map_err(|_| thrown(HostError::new("the secret has the wrong length")))?;
        Ok(Self {
            platform: SoftPlatform::new(secret, 0).map_err(thrown)?,
        })
    }

    /// A new key.
    pub fn generate() -> Result<Self, Thrown> {
        let made = new_secret().and_then(|secret| SoftPlatform::new(&secret, 0));
        Ok(Self {
            platform: made.map_err(thrown)?,
        })
    }

    /// Its public half, 33 bytes.
    #[wasm_bindgen(js_name = publicKey)]
    pub fn public_key(&self) -> Result<Vec<u8>, Thrown> {
        Ok(self.platform.public_key().map_err(thrown)?.to_vec())
    }

    /// ECDSA P-256 over the SHA-256 of the message, 64 bytes.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Thrown> {
        Ok(self.platform.sign(message).map_err(thrown)?.to_vec())
    }
}
