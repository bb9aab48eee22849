//! The comparable bytes of a fold.

use ciborium::Value;
use domain::holder::Holder;

use super::ruling::Settled;
use super::{Applied, Dispute, ItemCustody, Packed, Sighting};
use crate::cbor::{bytes, encode as encode_value, sorted_map, text, uint};
use crate::event::Place;
use crate::ids::EventId;

pub(super) fn encode(custody: &ItemCustody) -> Vec<u8> {
    let ItemCustody {
        item,
        kind,
        state,
        holder,
        head,
        since_ms,
        provisional,
        disputed,
        parked,
        attempts,
        applied,
        sightings,
        incidents,
        settled,
        seal,
        packed,
    } = custody;
    let parked = parked.iter().map(|(id, reason)| pair(*id, reason.as_str()));
    let incidents = incidents.iter().map(|(id, incident)| pair(*id, incident.code()));
    let mut entries = vec![
        (text("item"), bytes(item.0)),
        (text("kind"), text(kind.as_str())),
        (text("state"), text(state.code())),
        (text("holder"), party(*holder)),
        (text("head"), or_null(*head, |id| bytes(id.0))),
        (text("since_ms"), or_null(*since_ms, int)),
        (text("provisional"), Value::Bool(*provisional)),
        (text("disputed"), or_null(disputed.as_ref(), dispute)),
        (text("parked"), Value::Array(parked.collect())),
        (text("attempts"), uint((*attempts).into())),
        (
            text("applied"),
            Value::Array(applied.iter().map(applied_move).collect()),
        ),
        (
            text("sightings"),
            Value::Array(sightings.iter().map(sighting).collect()),
        ),
        (text("incidents"), Value::Array(incidents.collect())),
        (text("seal"), or_null(seal.as_deref(), text)),
    ];
    // What never lay in a bag keeps the bytes it had before there were bags.
    entries.extend(packed.as_ref().map(|packed| (text("packed"), lies_in(packed))));
    // Only where there is one: the bytes of everything nobody ever ruled on stay what they were.
    if !settled.is_empty() {
        entries.push((text("settled"), Value::Array(settled.iter().map(one_settled).collect())));
    }
    encode_value(&sorted_map(entries))
}

fn lies_in(packed: &Packed) -> Value {
    let Packed {
        bag,
        label,
        seal,
        since,
    } = packed;
    Value::Array(vec![
        bytes(bag.0),
        text(label.as_str()),
        text(seal.as_str()),
        bytes(since.0),
    ])
}

fn one_settled(settled: &Settled) -> Value {
    let Settled {
        id,
        stands,
        found,
        set_aside,
    } = settled;
    Value::Array(vec![
        bytes(id.0),
        or_null(*stands, |id| bytes(id.0)),
        party(*found),
        Value::Array(set_aside.iter().map(|id| bytes(id.0)).collect()),
    ])
}

fn or_null<T>(value: Option<T>, write: impl FnOnce(T) -> Value) -> Value {
    value.map_or(Value::Null, write)
}

fn int(number: i64) -> Value {
    Value::Integer(number.into())
}

fn party(holder: Option<Holder>) -> Value {
    or_null(holder, |holder| text(holder.to_string()))
}

fn pair(id: EventId, word: &str) -> Value {
    Value::Array(vec![bytes(id.0), text(word)])
}

fn dispute(dispute: &Dispute) -> Value {
    let Dispute {
        reason,
        at,
        branches,
        since_ms,
    } = dispute;
    let branches = branches.iter().map(|id| bytes(id.0)).collect();
    Value::Array(vec![
        text(reason.as_str()),
        bytes(at.0),
        Value::Array(branches),
        int(*since_ms),
    ])
}

fn applied_move(applied: &Applied) -> Value {
    let Applied {
        id,
        kind,
        at_ms,
        from,
        to,
        state,
        reason,
    } = applied;
    Value::Array(vec![
        bytes(id.0),
        uint(kind.code()),
        int(*at_ms),
        party(*from),
        party(*to),
        text(state.code()),
        or_null(*reason, uint),
    ])
}

fn sighting(sighting: &Sighting) -> Value {
    let Sighting { id, by, at_ms, place } = sighting;
    let place = or_null(place.as_ref(), |place| match place {
        Place::Id(id) => bytes(id),
        Place::Text(name) => text(name.as_str()),
    });
    Value::Array(vec![bytes(id.0), text(by.to_string()), int(*at_ms), place])
}
