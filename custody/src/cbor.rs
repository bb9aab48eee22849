//! Deterministic CBOR (RFC 8949 §4.2.1): what we write and the only thing we accept in a signed payload.

use ciborium::Value;

/// Why bytes are not one item of deterministic CBOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// Not CBOR at all.
    #[error("not well-formed CBOR")]
    Malformed,
    /// Readable, but not in the one form that gives a stable id.
    #[error("not deterministic CBOR")]
    NotDeterministic,
    /// A map names a key twice.
    #[error("a map key occurs twice")]
    DuplicateKey,
}

/// Writes a value; maps must already be in order (see [`sorted_map`]).
pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("writing to a vector cannot fail");
    bytes
}

/// A map with its keys in the order of their encoded bytes.
pub(crate) fn sorted_map(mut entries: Vec<(Value, Value)>) -> Value {
    entries.sort_by_cached_key(|(key, _)| encode(key));
    Value::Map(entries)
}

/// Reads exactly one item and refuses every encoding of it but the deterministic one.
pub(crate) fn decode(bytes: &[u8]) -> Result<Value, CborError> {
    let value: Value = ciborium::from_reader(bytes).map_err(|_| CborError::Malformed)?;
    check_maps(&value)?;
    if encode(&value) == bytes {
        Ok(value)
    } else {
        Err(CborError::NotDeterministic)
    }
}

fn check_maps(value: &Value) -> Result<(), CborError> {
    match value {
        Value::Map(entries) => {
            let mut last: Option<Vec<u8>> = None;
            for (key, inner) in entries {
                let key_bytes = encode(key);
                match last.as_ref().map(|last| last.cmp(&key_bytes)) {
                    Some(std::cmp::Ordering::Equal) => return Err(CborError::DuplicateKey),
                    Some(std::cmp::Ordering::Greater) => return Err(CborError::NotDeterministic),
                    Some(std::cmp::Ordering::Less) | None => {}
                }
                check_maps(key)?;
                check_maps(inner)?;
                last = Some(key_bytes);
            }
            Ok(())
        }
        Value::Array(items) => items.iter().try_for_each(check_maps),
        Value::Tag(_, inner) => check_maps(inner),
        _ => Ok(()),
    }
}

/// Takes the values of a map with integer keys one by one; nothing when it is no map.
pub(crate) fn taken(map: Value) -> Option<impl FnMut(u64) -> Option<Value>> {
    let mut entries = map.into_map().ok()?;
    Some(move |key: u64| {
        let at = entries.iter().position(|(found, _)| *found == uint(key))?;
        Some(entries.swap_remove(at).1)
    })
}

pub(crate) fn uint(value: u64) -> Value {
    Value::Integer(value.into())
}

pub(crate) fn bytes(value: impl AsRef<[u8]>) -> Value {
    Value::Bytes(value.as_ref().to_vec())
}

pub(crate) fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(hex_bytes: &str) -> Option<CborError> {
        decode(&hex::decode(hex_bytes).expect("test data is hex")).err()
    }

    #[test]
    fn every_other_way_to_write_a_value_is_refused() {
        assert_eq!(refused("a10102"), None);
        assert_eq!(
            refused("a1180102"),
            Some(CborError::NotDeterministic),
            "an integer longer than needed"
        );
        assert_eq!(
            refused("a20201010200"),
            Some(CborError::NotDeterministic),
            "keys out of order, trailing byte"
        );
        assert_eq!(
            refused("a202010102"),
            Some(CborError::NotDeterministic),
            "keys out of order"
        );
        assert_eq!(refused("a201010102"), Some(CborError::DuplicateKey));
        assert_eq!(
            refused("a101a201010102"),
            Some(CborError::DuplicateKey),
            "also in an inner map"
        );
        assert_eq!(
            refused("bf0102ff"),
            Some(CborError::NotDeterministic),
            "a map of open length"
        );
        assert_eq!(
            refused("a1015f4101ff"),
            Some(CborError::NotDeterministic),
            "a byte string in pieces"
        );
        assert_eq!(
            refused("a1010200"),
            Some(CborError::NotDeterministic),
            "bytes after the end"
        );
        assert_eq!(refused("a101"), Some(CborError::Malformed));
        assert_eq!(refused(""), Some(CborError::Malformed));
    }

    #[test]
    fn absurd_nesting_is_refused_and_not_a_crash() {
        assert_eq!(decode(&vec![0x81; 100_000]).err(), Some(CborError::Malformed));
    }
}
