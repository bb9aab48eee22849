//! Handovers begun on this phone, so that a repeated scan finds its own answer, also after a restart.

use custody::envelope::PublicKey;
use custody::ids::{EventId, HandoverId, Nonce};
use domain::hat::Hat;
use domain::holder::Holder;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::StoreError;
use super::count::Count;
use crate::core::platform::Mono;

/// Which side this phone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It loses the papers.
    Giver,
    /// It gets them.
    Receiver,
}

impl Role {
    /// The word kept in the database and shown to the host.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Giver => "giver",
            Self::Receiver => "receiver",
        }
    }
}

/// How far a handover has come on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Receiver: HELLO was shown.
    Hello,
    /// Giver: OFFER was signed.
    Offered,
    /// Receiver: ACCEPT was signed.
    Accepted,
    /// Both: RELEASE is on this phone.
    Released,
    /// Giver: the offer was taken back.
    Revoked,
}

impl Stage {
    const ALL: [Self; 5] = [
        Self::Hello,
        Self::Offered,
        Self::Accepted,
        Self::Released,
        Self::Revoked,
    ];

    /// The word kept in the database and shown to the host.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Released => "released",
            Self::Revoked => "revoked",
        }
    }
}

/// One handover, from one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The receiver's challenge.
    pub nonce: Nonce,
    /// Which side this phone is.
    pub role: Role,
    /// How far it has come.
    pub stage: Stage,
    /// The hat worn on this side.
    pub hat: Hat,
    /// The party of this side.
    pub holder: Holder,
    /// The other side's key, once known.
    pub peer_key: Option<PublicKey>,
    /// The other side's party, as it claims.
    pub peer_holder: Option<Holder>,
    /// Id of the handover, once offered.
    pub handover_id: Option<HandoverId>,
    /// The OFFER.
    pub offer_id: Option<EventId>,
    /// The ACCEPT.
    pub accept_id: Option<EventId>,
    /// The RELEASE, or what took the offer back.
    pub release_id: Option<EventId>,
    /// Monotonic clock at its begin.
    pub started: Mono,
}

/// A handover that waits for the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenHandover {
    /// Id of the handover.
    pub handover_id: HandoverId,
    /// Which side this phone is.
    pub role: Role,
    /// What to show again.
    pub picture: Vec<u8>,
}

const COLUMNS: &str = "nonce, role, stage, hat, holder, peer_key, peer_holder, handover_id, offer_id, accept_id,
    release_id, boot_id, started_mono";

/// The handover of this nonce.
pub fn find(db: &Connection, nonce: Nonce, role: Role) -> Result<Option<Handover>, StoreError> {
    select(db, "nonce", &nonce.0, role)
}

/// The handover of this offer.
pub fn find_by_offer(db: &Connection, offer_id: EventId, role: Role) -> Result<Option<Handover>, StoreError> {
    select(db, "offer_id", &offer_id.0, role)
}

/// The handover of this acceptance.
pub fn find_by_accept(db: &Connection, accept_id: EventId, role: Role) -> Result<Option<Handover>, StoreError> {
    select(db, "accept_id", &accept_id.0, role)
}

/// The handover of this id.
pub fn find_by_handover(db: &Connection, id: HandoverId, role: Role) -> Result<Option<Handover>, StoreError> {
    select(db, "handover_id", &id.0, role)
}

/// Whether this phone accepted here and the giver's release is still missing.
pub fn is_provisional(db: &Connection, accept_id: EventId) -> Result<bool, StoreError> {
    let received = find_by_accept(db, accept_id, Role::Receiver)?;
    Ok(received.is_some_and(|handover| handover.stage == Stage::Accepted))
}

/// Writes a handover as it now stands.
pub fn save(tx: &Transaction<'_>, handover: &Handover) -> Result<(), StoreError> {
    tx.execute(
        &format!(
            "INSERT INTO handover ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (nonce, role) DO UPDATE SET stage = excluded.stage, peer_key = excluded.peer_key,
             handover_id = excluded.handover_id, offer_id = excluded.offer_id, accept_id = excluded.accept_id,
             release_id = excluded.release_id"
        ),
        params![
            handover.nonce.0,
            handover.role.as_str(),
            handover.stage.as_str(),
            Count(handover.hat.code()),
            handover.holder.to_string(),
            handover.peer_key.map(|key| key.0),
            handover.peer_holder.map(|holder| holder.to_string()),
            handover.handover_id.map(|id| id.0),
            handover.offer_id.map(|id| id.0),
            handover.accept_id.map(|id| id.0),
            handover.release_id.map(|id| id.0),
            handover.started.boot_id,
            Count(handover.started.ms),
        ],
    )?;
    Ok(())
}

/// Offers not released and acceptances whose release is not here.
pub fn list_open(db: &Connection) -> Result<Vec<OpenHandover>, StoreError> {
    let mut statement = db.prepare(
        "SELECT handover.handover_id, handover.role, event.envelope FROM handover
         JOIN event ON event.event_id = iif(handover.role = 'giver', handover.offer_id, handover.accept_id)
         WHERE handover.stage IN ('offered', 'accepted') ORDER BY event.row",
    )?;
    let rows = statement.query_map([], |row| {
        let role: String = row.get(1)?;
        let role = if role == Role::Giver.as_str() {
            Role::Giver
        } else {
            Role::Receiver
        };
        Ok(OpenHandover {
            handover_id: HandoverId(row.get(0)?),
            role,
            picture: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn select(db: &Connection, column: &str, value: &[u8], role: Role) -> Result<Option<Handover>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM handover WHERE {column} = ?1 AND role = ?2");
    db.query_row(&sql, params![value, role.as_str()], |row| Ok(read(row, role)))
        .optional()?
        .transpose()
}

fn read(row: &Row<'_>, role: Role) -> Result<Handover, StoreError> {
    let corrupt = || StoreError::Corrupt { what: "handover" };
    let stage: String = row.get(2)?;
    let holder: String = row.get(4)?;
    let peer_holder: Option<String> = row.get(6)?;
    Ok(Handover {
        nonce: Nonce(row.get(0)?),
        role,
        stage: Stage::ALL
            .into_iter()
            .find(|known| known.as_str() == stage)
            .ok_or_else(corrupt)?,
        hat: Hat::from_code(row.get::<_, Count>(3)?.0).ok_or_else(corrupt)?,
        holder: holder.parse().map_err(|_| corrupt())?,
        peer_key: row.get::<_, Option<[u8; 33]>>(5)?.map(PublicKey),
        peer_holder: peer_holder
            .map(|text| text.parse().map_err(|_| corrupt()))
            .transpose()?,
        handover_id: row.get::<_, Option<[u8; 16]>>(7)?.map(HandoverId),
        offer_id: row.get::<_, Option<[u8; 32]>>(8)?.map(EventId),
        accept_id: row.get::<_, Option<[u8; 32]>>(9)?.map(EventId),
        release_id: row.get::<_, Option<[u8; 32]>>(10)?.map(EventId),
        started: Mono {
            boot_id: row.get(11)?,
            ms: row.get::<_, Count>(12)?.0,
        },
    })
}
