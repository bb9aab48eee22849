//! What this phone believes about each item, beside what the server last said.

use custody::ids::{EventId, HandoverId, ItemId};
use domain::holder::Holder;
use domain::item::{ItemKind, ItemState};
use domain::item_code::ItemCode;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

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

const COLUMNS: &str =
    "item_code, item_kind, head, holder, state, seal, paper_count, provisional, offered_in, changed_ms,
    server_head, server_holder, server_state";

/// One item by its id.
pub fn find(db: &Connection, item: ItemId) -> Result<Option<LocalItem>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM item WHERE item_id = ?1");
    db.query_row(&sql, [item.0], |row| Ok(read(row)))
        .optional()?
        .transpose()
}

/// Every item this phone has heard of, by label.
pub fn list(db: &Connection) -> Result<Vec<LocalItem>, StoreError> {
    let mut statement = db.prepare(&format!("SELECT {COLUMNS} FROM item ORDER BY item_code"))?;
    let rows = statement.query_map([], |row| Ok(read(row)))?;
    rows.map(|row| row?).collect()
}

/// Writes an item as it now stands.
pub fn save(tx: &Transaction<'_>, item: &LocalItem) -> Result<(), StoreError> {
    let server = item.server.as_ref();
    tx.execute(
        &format!(
            "INSERT INTO item (item_id, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (item_id) DO UPDATE SET item_kind = excluded.item_kind, head = excluded.head,
             holder = excluded.holder, state = excluded.state, seal = excluded.seal,
             paper_count = excluded.paper_count, provisional = excluded.provisional,
             offered_in = excluded.offered_in, changed_ms = excluded.changed_ms, server_head = excluded.server_head,
             server_holder = excluded.server_holder, server_state = excluded.server_state"
        ),
        params![
            item.item_id().0,
            item.item_code.as_str(),
            item.kind.map(ItemKind::as_str),
            item.head.map(|head| head.0),
            item.holder.map(|holder| holder.to_string()),
            item.state.code(),
            item.seal,
            item.paper_count,
            item.provisional,
            item.offered_in.map(|handover| handover.0),
            item.changed_ms,
            server.and_then(|word| word.head).map(|head| head.0),
            server.and_then(|word| word.holder).map(|holder| holder.to_string()),
            server.map(|word| word.state.code()),
        ],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<LocalItem, StoreError> {
    let parsed = |found: bool| {
        if found {
            Ok(())
        } else {
            Err(StoreError::Corrupt { what: "item" })
        }
    };
    let code: String = row.get(0)?;
    let item_code = ItemCode::parse(&code).map_err(|_| StoreError::Corrupt { what: "item" })?;
    let kind: Option<String> = row.get(1)?;
    let server_state: Option<String> = row.get(12)?;
    let server = match server_state {
        Some(state) => Some(ServerWord {
            head: row.get::<_, Option<[u8; 32]>>(10)?.map(EventId),
            holder: holder(row.get(11)?)?,
            state: state.parse().map_err(|_| StoreError::Corrupt { what: "item" })?,
        }),
        None => None,
    };
    let item = LocalItem {
        item_code,
        kind: kind.as_deref().and_then(|text| text.parse().ok()),
        head: row.get::<_, Option<[u8; 32]>>(2)?.map(EventId),
        holder: holder(row.get(3)?)?,
        state: row
            .get::<_, String>(4)?
            .parse()
            .map_err(|_| StoreError::Corrupt { what: "item" })?,
        seal: row.get(5)?,
        paper_count: row.get(6)?,
        provisional: row.get(7)?,
        offered_in: row.get::<_, Option<[u8; 16]>>(8)?.map(HandoverId),
        changed_ms: row.get(9)?,
        server,
    };
    parsed(kind.is_some() == item.kind.is_some())?;
    Ok(item)
}

fn holder(text: Option<String>) -> Result<Option<Holder>, StoreError> {
    text.map(|text| text.parse().map_err(|_| StoreError::Corrupt { what: "item" }))
        .transpose()
}
