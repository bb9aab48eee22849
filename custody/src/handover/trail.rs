//! The way something came to its giver: signed events that travel with a hand-over.
//!
//! A receiver has the offer, its own acceptance and the release. Where the giver's phone is lost before it ever reaches the
//! server, these alone hang in the air: the events they continue are unknown. So the giver shows, after its release, what
//! it has not deposited yet of the way of each item, and of a bag the packing, which also tells the receiver what lies in
//! it. The receiver keeps only what leads to the lines it accepted.

use std::collections::{BTreeSet, VecDeque};

use ciborium::Value;

use crate::cbor;
use crate::envelope::Envelope;
use crate::event::{Event, ItemRef};
use crate::ids::{EventId, ItemId};
use crate::kind::Kind;

/// The largest trail, in bytes: some seventy pictures. What does not fit comes with the giver's own deposit.
pub const MAX_BYTES: usize = 64 * 1024;

/// Bytes that are no trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the way of a hand-over's items")]
pub struct TrailError;

/// What is known of the past.
pub trait Past {
    /// Why it cannot be read.
    type Error;

    /// An event, if it is known and wanted; what is not given is not followed either.
    ///
    /// # Errors
    /// When the past cannot be read.
    fn find(&mut self, id: EventId) -> Result<Option<Event>, Self::Error>;

    /// The release of an acceptance, if it is known.
    ///
    /// # Errors
    /// When the past cannot be read.
    fn release_of(&mut self, accept: EventId) -> Result<Option<EventId>, Self::Error>;
}

/// The ids of the events that led to these lines, newest first; of a bag among them, also those of what lies in it.
///
/// # Errors
/// When the past cannot be read.
pub fn way_back<P: Past>(lines: &[ItemRef], past: &mut P) -> Result<Vec<EventId>, P::Error> {
    let asked: BTreeSet<ItemId> = lines.iter().map(|line| line.item).collect();
    let mut followed = asked.clone();
    let mut open: VecDeque<EventId> = lines.iter().map(|line| line.head).collect();
    let (mut seen, mut found) = (BTreeSet::from([EventId::ZERO]), Vec::new());
    while let Some(id) = open.pop_front() {
        if !seen.insert(id) {
            continue;
        }
        let Some(event) = past.find(id)? else { continue };
        found.push(id);
        match event.kind {
            Kind::Accept => {
                open.extend(event.about_event());
                open.extend(past.release_of(id)?);
            }
            Kind::Aggregate if event.bag().is_some_and(|bag| asked.contains(&bag)) => {
                followed.extend(event.items.iter().map(|line| line.item));
            }
            Kind::Disaggregate if event.items.iter().any(|line| followed.contains(&line.item)) => {
                followed.extend(event.bag());
            }
            _ => {}
        }
        let lines = event.items.iter().filter(|line| followed.contains(&line.item));
        open.extend(lines.map(|line| line.head));
    }
    Ok(found)
}

/// Envelopes as one message, in this order, as many as fit.
pub fn encode<'a>(envelopes: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut room = MAX_BYTES - 16;
    let fitting = envelopes.into_iter().take_while(|bytes| {
        let size = bytes.len() + 5;
        let fits = size <= room;
        room = room.saturating_sub(size);
        fits
    });
    let envelopes = fitting.map(cbor::bytes).collect();
    cbor::encode(&Value::Array(vec![cbor::uint(1), Value::Array(envelopes)]))
}

/// Reads a message of envelopes. Signatures are not looked at.
///
/// # Errors
/// [`TrailError`] when it is something else, too long, or one of them is no envelope.
pub fn decode(bytes: &[u8]) -> Result<Vec<(Envelope, Vec<u8>)>, TrailError> {
    if bytes.len() > MAX_BYTES {
        return Err(TrailError);
    }
    let value = cbor::decode(bytes).map_err(|_| TrailError)?;
    let parts: [Value; 2] = value
        .into_array()
        .ok()
        .and_then(|parts| parts.try_into().ok())
        .ok_or(TrailError)?;
    let [version, envelopes] = parts;
    if version != cbor::uint(1) {
        return Err(TrailError);
    }
    let envelopes = envelopes.into_array().map_err(|_| TrailError)?;
    let read = |value: Value| {
        let bytes = value.into_bytes().ok()?;
        Some((Envelope::parse(&bytes).ok()?, bytes))
    };
    envelopes
        .into_iter()
        .map(|value| read(value).ok_or(TrailError))
        .collect()
}
