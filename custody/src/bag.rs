//! What lies in a sealed bag at some point of its way.

use std::collections::BTreeMap;

use crate::event::{Event, ItemRef};
use crate::ids::{EventId, ItemId};
use crate::kind::Kind;

/// What lay in `bag` when `head` was its head: the lines of its packing without what was taken out since. Nothing when the
/// events from there back to the packing are not all known.
///
/// Whether these events were lawful is the fold's to say.
pub fn contents<'a>(
    bag: ItemId,
    head: EventId,
    find: impl Fn(EventId) -> Option<&'a Event>,
) -> Option<BTreeMap<ItemId, ItemRef>> {
    let (mut at, mut out) = (head, Vec::new());
    loop {
        let event = find(at)?;
        let before = match event.kind {
            Kind::Aggregate if event.bag() == Some(bag) => {
                let lines = event.items.iter().filter(|line| !out.contains(&line.item));
                return Some(lines.map(|line| (line.item, line.clone())).collect());
            }
            Kind::Disaggregate if event.bag() == Some(bag) => {
                out.extend(event.items.iter().map(|line| line.item));
                event.item(bag)
            }
            Kind::Accept => find(event.about_event()?).and_then(|offer| offer.item(bag)),
            _ => None,
        };
        // A forged circle of heads would be a broken hash.
        at = before?.head;
    }
}
