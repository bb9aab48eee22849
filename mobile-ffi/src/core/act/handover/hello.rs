//! HELLO: what the receiver shows first. Small CBOR, unsigned; the acceptance proves the key.

use ciborium::Value;
use custody::envelope::PublicKey;
use custody::ids::Nonce;
use domain::hat::Hat;
use domain::holder::Holder;

use crate::core::error::CourierError;

/// Who wants to receive, and the challenge the offer must repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hello {
    pub(super) key: PublicKey,
    pub(super) nonce: Nonce,
    pub(super) hat: Hat,
    pub(super) holder: Holder,
    pub(super) until_ms: i64,
}

const VERSION: i64 = 1;

impl Hello {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let map = [
            (1, Value::from(VERSION)),
            (2, Value::Bytes(self.key.0.to_vec())),
            (3, Value::Bytes(self.nonce.0.to_vec())),
            (4, Value::from(self.hat.code())),
            (5, Value::from(self.holder.to_string())),
            (6, Value::from(self.until_ms)),
        ];
        let map = map.into_iter().map(|(key, value)| (Value::from(key), value)).collect();
        let mut bytes = Vec::new();
        ciborium::into_writer(&Value::Map(map), &mut bytes).expect("writing to memory cannot fail");
        bytes
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, CourierError> {
        let unreadable = |why: &str| CourierError::Unreadable {
            what: "hello",
            why: why.to_owned(),
        };
        if bytes.len() > 512 {
            return Err(unreadable("too long"));
        }
        let value: Value = ciborium::from_reader(bytes).map_err(|_| unreadable("not CBOR"))?;
        let map = value.as_map().ok_or_else(|| unreadable("not a map"))?;
        let field = |number: i64| {
            let found = map.iter().find(|(key, _)| *key == Value::from(number));
            found
                .map(|(_, value)| value)
                .ok_or_else(|| unreadable("a field is missing"))
        };
        if *field(1)? != Value::from(VERSION) {
            return Err(unreadable("another version"));
        }
        let key = field(2)?
            .as_bytes()
            .and_then(|bytes| bytes.as_slice().try_into().ok())
            .map(PublicKey);
        let key = key.filter(PublicKey::is_valid).ok_or_else(|| unreadable("not a key"))?;
        let nonce = field(3)?
            .as_bytes()
            .and_then(|bytes| Nonce::try_from(bytes.as_slice()).ok());
        let hat = field(4)?
            .as_integer()
            .and_then(|code| Hat::from_code(code.try_into().ok()?));
        let holder = field(5)?.as_text().and_then(|text| text.parse().ok());
        let until_ms = field(6)?.as_integer().and_then(|ms| ms.try_into().ok());
        match (nonce, hat, holder, until_ms) {
            (Some(nonce), Some(hat), Some(holder), Some(until_ms)) => Ok(Self {
                key,
                nonce,
                hat,
                holder,
                until_ms,
            }),
            _ => Err(unreadable("a field has the wrong form")),
        }
    }
}

#[cfg(test)]
mod tests {

    use custody::envelope::{Signer as _, SoftSigner};
    use custody::ids::Nonce;
    use domain::hat::Hat;
    use domain::holder::Holder;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::Hello;

    fn hello() -> Hello {
        let key = SoftSigner::from_bytes(&[7; 32]).expect("a key").public_key();
        Hello {
            key,
            nonce: Nonce([9; 16]),
            hat: Hat::Carrier,
            holder: Holder::Citizen,
            until_ms: -5,
        }
    }

    #[test]
    fn reads_back_what_it_wrote() {
        assert_eq!(Hello::parse(&hello().to_bytes()).expect("reads"), hello());
    }

    proptest! {
        #[test]
        fn never_fails_loudly_on_a_strange_code(bytes in any::<Vec<u8>>(), cut in 0..100_usize) {
            let whole = hello().to_bytes();
            prop_assert_eq!(Hello::parse(&bytes).is_ok(), false);
            prop_assert_eq!(Hello::parse(&whole[..cut.min(whole.len() - 1)]).is_ok(), false);
        }
    }
}
