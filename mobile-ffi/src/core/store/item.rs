//! What this phone believes about each item, beside what the server last said.

use std::str::FromStr;

use custody::ids::{EventId, HandoverId, ItemId};
use domain::holder::Holder;
use domain::item::{ItemKind, ItemState};
use domain::item_code::ItemCode;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use super::StoreError;

/// An item as this phone knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalItem {
    /// The label.
    pub item_code: ItemCode,
    /// What it carries, once known.
    pub kind: Option<ItemKind>,
    /// The last custody event known of it.
    pub head: Option<EventId>,
    /// Who has it, once known.
    pub holder: Option<Holder>,
    /// Where its custody stands.
    pub state: ItemState,
    /// Number on the seal; empty before it is sealed.
    pub seal: String,
    /// How many papers were counted at intake.
    pub paper_count: Option<u32>,
    /// Taken over, but the giver's release is not here yet.
    pub provisional: bool,
    /// The handover in which it is offered to somebody and not yet released.
    pub offered_in: Option<HandoverId>,
    /// Wall clock of the last change.
    pub changed_ms: i64,
    /// The server's last word, if any.
    pub server: Option<ServerWord>,
}

/// What the server last said about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerWord {
    /// Its head.
    pub head: Option<EventId>,
    /// Its holder.
    pub holder: Option<Holder>,
    /// Its state.
    pub state: ItemState,
}

impl LocalItem {
    /// An item nothing is known about but its label.
    pub fn unknown(item_code: ItemCode) -> Self {
        Self {
            item_code,
            kind: None,
            head: None,
            holder: None,
            state: ItemState::Created,
            seal: String::new(),
            paper_count: None,
            provisional: false,
            offered_in: None,
            changed_ms: 0,
            server: None,
        }
    }

    /// The id signed events use.
    pub fn item_id(&self) -> ItemId {
        ItemId::of(self.item_code.as_str())
    }
}

/// What is sealed of an item.
#[derive(Serialize, Deserialize)]
struct Body {
    item_code: String,
    kind: Option<String>,
    head: Option<String>,
    holder: Option<String>,
    state: String,
    seal: String,
    paper_count: Option<u32>,
    provisional: bool,
    offered_in: Option<String>,
    changed_ms: i64,
    server_head: Option<String>,
    server_holder: Option<String>,
    server_state: Option<String>,
}

/// One item by its id.
pub fn find(db: &Connection, item: ItemId) -> Result<Option<LocalItem>, StoreError> {
    let sql = "SELECT opened('item', item_id, body) FROM sealed_item WHERE item_id = ?1";
    let body = db.query_row(sql, [item.0], |row| row.get::<_, Vec<u8>>(0)).optional()?;
    body.map(|bytes| read(&bytes)).transpose()
}

/// Every item this phone has heard of, by label.
pub fn list(db: &Connection) -> Result<Vec<LocalItem>, StoreError> {
    let mut statement = db.prepare("SELECT opened('item', item_id, body) FROM sealed_item")?;
    let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
    let mut items = rows.map(|row| read(&row?)).collect::<Result<Vec<_>, _>>()?;
    items.sort_unstable_by_key(|item| item.item_code);
    Ok(items)
}

/// Writes an item as it now stands.
pub fn save(tx: &Transaction<'_>, item: &LocalItem) -> Result<(), StoreError> {
    let server = item.server.as_ref();
    let body = Body {
        item_code: item.item_code.to_string(),
        kind: item.kind.map(|kind| kind.as_str().to_owned()),
        head: item.head.map(|head| head.to_string()),
        holder: item.holder.map(|holder| holder.to_string()),
        state: item.state.code().to_owned(),
        seal: item.seal.clone(),
        paper_count: item.paper_count,
        provisional: item.provisional,
        offered_in: item.offered_in.map(|handover| handover.to_string()),
        changed_ms: item.changed_ms,
        server_head: server.and_then(|word| word.head).map(|head| head.to_string()),
        server_holder: server.and_then(|word| word.holder).map(|holder| holder.to_string()),
        server_state: server.map(|word| word.state.code().to_owned()),
    };
    let body = serde_json::to_vec(&body).map_err(|_| StoreError::Corrupt { what: "item" })?;
    tx.execute(
        "INSERT INTO sealed_item (item_id, body) VALUES (?1, sealed('item', ?1, ?2))
         ON CONFLICT (item_id) DO UPDATE SET body = excluded.body",
        params![item.item_id().0, body],
    )?;
    Ok(())
}

fn read(bytes: &[u8]) -> Result<LocalItem, StoreError> {
    let body: Body = serde_json::from_slice(bytes).map_err(|_| StoreError::Corrupt { what: "item" })?;
    let server = match body.server_state {
        Some(state) => Some(ServerWord {
            head: parsed(body.server_head)?,
            holder: parsed(body.server_holder)?,
            state: parsed(Some(state))?.ok_or(StoreError::Corrupt { what: "item" })?,
        }),
        None => None,
    };
    Ok(LocalItem {
        item_code: parsed(Some(body.item_code))?.ok_or(StoreError::Corrupt { what: "item" })?,
        kind: parsed(body.kind)?,
        head: parsed(body.head)?,
        holder: parsed(body.holder)?,
        state: parsed(Some(body.state))?.ok_or(StoreError::Corrupt { what: "item" })?,
        seal: body.seal,
        paper_count: body.paper_count,
        provisional: body.provisional,
        offered_in: parsed(body.offered_in)?,
        changed_ms: body.changed_ms,
        server,
    })
}

fn parsed<T: FromStr>(text: Option<String>) -> Result<Option<T>, StoreError> {
    text.map(|text| text.parse().map_err(|_| StoreError::Corrupt { what: "item" }))
        .transpose()
}
