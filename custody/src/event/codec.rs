//! [`Event`] to and from deterministic CBOR.

use std::collections::BTreeMap;

use ciborium::Value;

use super::{About, Beacon, Checkpoint, Detail, Event, Excepted, ItemRef, LogId, Mono, Place, Tally};
use crate::cbor::{self, CborError};
use crate::ids::{DeviceId, EventId, ItemId};
use crate::kind::Kind;

/// Why bytes are not a custody event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The bytes are not deterministic CBOR.
    #[error("the payload is refused")]
    Cbor(#[source] CborError),
    /// The payload is no map.
    #[error("the payload is not a map")]
    NotAMap,
    /// A key without which there is no event is absent.
    #[error("key {0} is missing")]
    MissingKey(u64),
    /// The value of a known key is of the wrong type.
    #[error("key {0} has the wrong type")]
    WrongType(u64),
    /// A later schema, kept for a later version of this program.
    #[error("schema version {0} is not known")]
    UnknownVersion(u64),
}

impl Event {
    /// Its deterministic CBOR.
    pub fn encode(&self) -> Vec<u8> {
        let mut map = vec![(1, cbor::uint(self.v)), (2, cbor::uint(self.kind.code()))];
        let mut put = |key: u64, value: Option<Value>| map.extend(value.map(|value| (key, value)));
        put(3, self.handover_id.map(|id| cbor::bytes(id.0)));
        put(4, Some(cbor::bytes(self.device.0)));
        put(5, Some(cbor::uint(self.seq)));
        put(6, Some(cbor::bytes(self.prev.0)));
        put(7, self.about.map(about_value));
        put(8, self.nonce.map(|nonce| cbor::bytes(nonce.0)));
        put(9, self.manifest_hash.map(cbor::bytes));
        put(10, self.tally.as_ref().map(tally_value));
        put(11, self.wall_ms.map(cbor::uint));
        put(12, self.ttl_s.map(cbor::uint));
        put(
            13,
            self.mono
                .map(|mono| Value::Array(vec![cbor::bytes(mono.boot_id), cbor::uint(mono.ms)])),
        );
        put(14, self.beacon.map(beacon_value));
        put(15, self.seen_checkpoint.map(checkpoint_value));
        put(16, self.acting_as.map(cbor::uint));
        put(17, list(&self.evidence, |hash| cbor::bytes(hash)));
        put(18, self.place.as_ref().map(place_value));
        put(19, list(&self.items, ItemRef::to_value));
        put(20, self.reason.map(cbor::uint));
        put(21, self.assurance.map(cbor::uint));
        put(22, (!self.details.is_empty()).then(|| details_value(&self.details)));
        cbor::encode(&Value::Map(
            map.into_iter().map(|(key, value)| (cbor::uint(key), value)).collect(),
        ))
    }

    /// Reads an event. Keys this version does not know are passed over; they stay in the signed bytes.
    ///
    /// # Errors
    /// [`EventError`] when the bytes are not the deterministic CBOR of an event of version 1.
    pub fn decode(bytes: &[u8]) -> Result<Self, EventError> {
        let Value::Map(entries) = cbor::decode(bytes).map_err(EventError::Cbor)? else {
            return Err(EventError::NotAMap);
        };
        let mut map = Keys::new(entries);
        let v = map.required(1, as_uint)?;
        if v != super::VERSION {
            return Err(EventError::UnknownVersion(v));
        }
        Ok(Self {
            v,
            kind: Kind::from_code(map.required(2, as_uint)?),
            handover_id: map.optional(3, as_id)?,
            device: map.required(4, as_id)?,
            seq: map.required(5, as_uint)?,
            prev: map.required(6, as_id)?,
            about: map.optional(7, as_about)?,
            nonce: map.optional(8, as_id)?,
            manifest_hash: map.optional(9, as_array)?,
            tally: map.optional(10, as_tally)?,
            wall_ms: map.optional(11, as_uint)?,
            ttl_s: map.optional(12, as_uint)?,
            mono: map.optional(13, as_mono)?,
            beacon: map.optional(14, as_beacon)?,
            seen_checkpoint: map.optional(15, as_checkpoint)?,
            acting_as: map.optional(16, as_uint)?,
            evidence: map.optional(17, |value| as_list(value, as_array))?.unwrap_or_default(),
            place: map.optional(18, as_place)?,
            items: map.optional(19, |value| as_list(value, as_item))?.unwrap_or_default(),
            reason: map.optional(20, as_uint)?,
            assurance: map.optional(21, as_uint)?,
            details: map.optional(22, as_details)?.unwrap_or_default(),
        })
    }
}

/// The integer keys of a decoded map.
struct Keys(BTreeMap<u64, Value>);

impl Keys {
    fn new(entries: Vec<(Value, Value)>) -> Self {
        Self(
            entries
                .into_iter()
                .filter_map(|(key, value)| Some((as_uint(key)?, value)))
                .collect(),
        )
    }

    fn optional<T>(&mut self, key: u64, read: impl FnOnce(Value) -> Option<T>) -> Result<Option<T>, EventError> {
        self.0
            .remove(&key)
            .map(|value| read(value).ok_or(EventError::WrongType(key)))
            .transpose()
    }

    fn required<T>(&mut self, key: u64, read: impl FnOnce(Value) -> Option<T>) -> Result<T, EventError> {
        self.optional(key, read)?.ok_or(EventError::MissingKey(key))
    }
}

fn about_value(about: About) -> Value {
    match about {
        About::Device(DeviceId(id)) => cbor::bytes(id),
        About::Event(EventId(id)) => cbor::bytes(id),
    }
}

fn tally_value(tally: &Tally) -> Value {
    match tally {
        Tally::Count(count) => cbor::uint(*count),
        Tally::Exceptions(items) => Value::Array(
            items
                .iter()
                .map(|excepted| Value::Array(vec![cbor::bytes(excepted.item.0), cbor::uint(excepted.code)]))
                .collect(),
        ),
    }
}

fn checkpoint_value(seen: Checkpoint) -> Value {
    let log = seen.log.map(|log| cbor::bytes(log.0));
    Value::Array(
        [cbor::uint(seen.size), cbor::bytes(seen.root)]
            .into_iter()
            .chain(log)
            .collect(),
    )
}

fn beacon_value(beacon: Beacon) -> Value {
    Value::Array(vec![
        cbor::uint(beacon.server_ms),
        cbor::uint(beacon.mono_ms),
        cbor::bytes(beacon.tag),
    ])
}

fn place_value(place: &Place) -> Value {
    match place {
        Place::Id(id) => cbor::bytes(id),
        Place::Text(text) => cbor::text(text.as_str()),
    }
}

fn details_value(details: &BTreeMap<String, Detail>) -> Value {
    let entries = details.iter().map(|(name, detail)| {
        let value = match detail {
            Detail::Text(text) => cbor::text(text.as_str()),
            Detail::Int(number) => Value::Integer((*number).into()),
            Detail::Bytes(bytes) => cbor::bytes(bytes),
        };
        (cbor::text(name.as_str()), value)
    });
    cbor::sorted_map(entries.collect())
}

fn list<T>(items: &[T], to_value: impl Fn(&T) -> Value) -> Option<Value> {
    (!items.is_empty()).then(|| Value::Array(items.iter().map(to_value).collect()))
}

fn as_uint(value: Value) -> Option<u64> {
    value.into_integer().ok()?.try_into().ok()
}

fn as_array<const N: usize>(value: Value) -> Option<[u8; N]> {
    value.into_bytes().ok()?.try_into().ok()
}

fn as_id<const N: usize, T: From<[u8; N]>>(value: Value) -> Option<T> {
    as_array(value).map(T::from)
}

fn as_list<T>(value: Value, read: impl Fn(Value) -> Option<T>) -> Option<Vec<T>> {
    value.into_array().ok()?.into_iter().map(read).collect()
}

fn as_tuple<const N: usize>(value: Value) -> Option<[Value; N]> {
    value.into_array().ok()?.try_into().ok()
}

fn as_about(value: Value) -> Option<About> {
    let bytes = value.into_bytes().ok()?;
    let device = DeviceId::try_from(bytes.as_slice()).map(About::Device);
    device
        .or_else(|_| EventId::try_from(bytes.as_slice()).map(About::Event))
        .ok()
}

fn as_tally(value: Value) -> Option<Tally> {
    match value {
        Value::Array(_) => as_list(value, as_excepted).map(Tally::Exceptions),
        other => as_uint(other).map(Tally::Count),
    }
}

fn as_excepted(value: Value) -> Option<Excepted> {
    let [item, code] = as_tuple(value)?;
    Some(Excepted {
        item: as_id::<16, ItemId>(item)?,
        code: as_uint(code)?,
    })
}

fn as_mono(value: Value) -> Option<Mono> {
    let [boot_id, ms] = as_tuple(value)?;
    Some(Mono {
        boot_id: as_array(boot_id)?,
        ms: as_uint(ms)?,
    })
}

fn as_beacon(value: Value) -> Option<Beacon> {
    let [server_ms, mono_ms, tag] = as_tuple(value)?;
    Some(Beacon {
        server_ms: as_uint(server_ms)?,
        mono_ms: as_uint(mono_ms)?,
        tag: as_array(tag)?,
    })
}

fn as_checkpoint(value: Value) -> Option<Checkpoint> {
    let mut parts = value.into_array().ok()?;
    let log = if parts.len() == 3 { parts.pop() } else { None };
    let [size, root] = as_tuple(Value::Array(parts))?;
    Some(Checkpoint {
        size: as_uint(size)?,
        root: as_array(root)?,
        log: match log {
            Some(id) => Some(LogId(as_array(id)?)),
            None => None,
        },
    })
}

fn as_place(value: Value) -> Option<Place> {
    match value {
        Value::Bytes(id) => Some(Place::Id(id)),
        Value::Text(text) => Some(Place::Text(text)),
        _ => None,
    }
}

fn as_item(value: Value) -> Option<ItemRef> {
    let [item, head, seal] = as_tuple(value)?;
    Some(ItemRef {
        item: as_id(item)?,
        head: as_id(head)?,
        seal: seal.into_text().ok()?,
    })
}

fn as_details(value: Value) -> Option<BTreeMap<String, Detail>> {
    let entries = value.into_map().ok()?.into_iter();
    entries
        .map(|(name, value)| Some((name.into_text().ok()?, as_detail(value)?)))
        .collect()
}

fn as_detail(value: Value) -> Option<Detail> {
    match value {
        Value::Text(text) => Some(Detail::Text(text)),
        Value::Integer(number) => i64::try_from(number).ok().map(Detail::Int),
        Value::Bytes(bytes) => Some(Detail::Bytes(bytes)),
        _ => None,
    }
}
