//! Applies the server's feed to the phone's items and work pack.
//!
//! The server is right about everything it has seen. Where this phone is ahead of it, because an act of ours is not
//! there yet, our own word stands until the feed has caught up.

use custody::ids::{EventId, ItemId};
use domain::item::ItemState;
use domain::item_code::ItemCode;
use domain::wire::v1::{AssignmentChange, Change, ItemChange, Leg};
use rusqlite::{Connection, Transaction};

use crate::core::store::item::{LocalItem, ServerWord};
use crate::core::store::{StoreError, assignment, event, item};

/// How the server's head relates to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same event.
    Same,
    /// An event ours builds on: the server has not caught up.
    Behind,
    /// An event we have never seen, while all of ours is confirmed.
    Ahead,
    /// An event we have never seen, while an act of ours is not confirmed: two stories, the server will judge.
    Apart,
}

/// Applies one change; false if this version cannot read it, which is no reason to stop.
pub(crate) fn apply(tx: &Transaction<'_>, change: &serde_json::Value, wall_ms: i64) -> Result<bool, StoreError> {
    let Ok(known) = serde_json::from_value::<Change>(change.clone()) else {
        return Ok(false);
    };
    match known {
        Change::Assignment(stop) => apply_assignment(tx, &stop, &change.to_string()),
        Change::Item(word) => apply_item(tx, &word, wall_ms),
        Change::Withdrawn(stop) => {
            let Ok(code) = ItemCode::parse(&stop.item_code) else {
                return Ok(false);
            };
            assignment::withdraw(tx, ItemId::of(code.as_str()), &stop.reason)?;
            Ok(true)
        }
    }
}

fn apply_assignment(tx: &Transaction<'_>, stop: &AssignmentChange, body: &str) -> Result<bool, StoreError> {
    let Ok(code) = ItemCode::parse(&stop.item_code) else {
        return Ok(false);
    };
    let leg = match stop.leg {
        Leg::Pickup => "pickup",
        Leg::Deliver => "deliver",
    };
    assignment::save(tx, &stop.assignment_id, ItemId::of(code.as_str()), leg, body)?;
    let mut local = find_or_unknown(tx, code)?;
    local.kind = stop.item_kind.parse().ok().or(local.kind);
    if stop.leg == Leg::Pickup && local.state == ItemState::Created {
        local.state = ItemState::PickupAssigned;
    }
    item::save(tx, &local)?;
    Ok(true)
}

fn apply_item(tx: &Transaction<'_>, word: &ItemChange, wall_ms: i64) -> Result<bool, StoreError> {
    let (Ok(code), Ok(state)) = (ItemCode::parse(&word.item_code), word.state.parse::<ItemState>()) else {
        return Ok(false);
    };
    let head = match word.head.as_deref().map(str::parse::<EventId>) {
        None => None,
        Some(Ok(head)) => Some(head),
        Some(Err(_)) => return Ok(false),
    };
    let said = ServerWord {
        head,
        holder: word.holder.as_deref().and_then(|text| text.parse().ok()),
        state,
    };
    let local = find_or_unknown(tx, code)?;
    let is_heard = local.head.and_then(|ours| word.has_heard(&ours.to_string()));
    let relation = relate(tx, &local, head, is_heard)?;
    let mut settled = settle(local, &said, relation);
    settled.changed_ms = wall_ms;
    item::save(tx, &settled)?;
    Ok(true)
}

fn find_or_unknown(db: &Connection, code: ItemCode) -> Result<LocalItem, StoreError> {
    Ok(item::find(db, ItemId::of(code.as_str()))?.unwrap_or_else(|| LocalItem::unknown(code)))
}

/// Walks back from our head to find the server's. `is_heard` says whether the server had placed our head when it spoke, where it
/// told that.
fn relate(
    db: &Connection,
    local: &LocalItem,
    server: Option<EventId>,
    is_heard: Option<bool>,
) -> Result<Relation, StoreError> {
    let Some(ours) = local.head else {
        return Ok(Relation::Ahead);
    };
    let Some(theirs) = server else {
        return Ok(Relation::Behind);
    };
    let mut at = ours;
    while at != theirs {
        let Some(Some(parent)) = event::parent(db, at, local.item_id())? else {
            // A step in between lies on a phone that has not synced yet, so the server cannot have followed us: what we
            // had before ours is no news, or we would go on from there and make two stories of one.
            if event::came_before(db, theirs, ours)? {
                return Ok(Relation::Behind);
            }
            if event::is_unsent(db, ours)? {
                return Ok(Relation::Apart);
            }
            // Ours is on the server's disk, but a step before it may still be on another phone: a word that was made without
            // ours is old news, however new it is to us.
            return Ok(match is_heard {
                Some(false) => Relation::Behind,
                Some(true) | None => Relation::Ahead,
            });
        };
        at = parent;
    }
    Ok(if ours == theirs {
        Relation::Same
    } else {
        Relation::Behind
    })
}

/// What the phone believes after the server spoke. Pure.
pub fn settle(local: LocalItem, said: &ServerWord, relation: Relation) -> LocalItem {
    let server = Some(said.clone());
    match relation {
        Relation::Same => LocalItem {
            holder: said.holder.or(local.holder),
            state: said.state,
            server,
            ..local
        },
        Relation::Ahead => LocalItem {
            head: said.head,
            holder: said.holder,
            state: said.state,
            provisional: false,
            offered_in: None,
            server,
            ..local
        },
        Relation::Behind | Relation::Apart => LocalItem { server, ..local },
    }
}
