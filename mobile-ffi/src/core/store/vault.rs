//! Seals what rows carry, so that the file of a lost phone says nothing about anybody.
//!
//! The key is the host's and is never written down here. Every value is sealed with XChaCha20-Poly1305 under a fresh
//! nonce and bound to its table and row, so that no value opens in another place. SQL reaches it through two functions
//! of the connection, `sealed(place, row, value)` and `opened(place, row, value)`: no plain value is ever bound to a
//! statement that writes a page.
//!
//! Nonces come from the system and not from the host's [`Platform`](crate::core::Platform): a host whose randomness
//! repeats must not unseal the store.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Transaction};

use super::StoreError;

/// The key the host lends for its store.
pub type StoreKey = [u8; 32];

/// What a sealed value is longer than its plain one: a version, a nonce, a tag.
pub(super) const OVERHEAD: usize = 1 + NONCE + 16;

const NONCE: usize = 24;
const VERSION: u8 = 1;
/// What the store keeps sealed to tell the right key from another.
const CHECK: &[u8] = b"traotay/store/v1";

/// A value that does not open: another key, another place, or damage.
#[derive(Debug, thiserror::Error)]
#[error("a sealed {0} does not open")]
struct Sealed(String);

/// Registers the two functions on a connection.
pub(super) fn lend(connection: &Connection, key: &StoreKey) -> Result<(), StoreError> {
    let cipher = Arc::new(XChaCha20Poly1305::new(key.into()));
    let flags = FunctionFlags::SQLITE_UTF8;
    let sealer = Arc::clone(&cipher);
    connection.create_scalar_function("sealed", 3, flags, move |context| {
        let bound = bound(context)?;
        value(context)?.map(|plain| seal(&sealer, &bound, plain)).transpose()
    })?;
    let flags = flags | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("opened", 3, flags, move |context| {
        let bound = bound(context)?;
        let place: String = context.get(0)?;
        let opened = value(context)?.map(|sealed| open(&cipher, &bound, sealed).ok_or(Sealed(place)));
        opened
            .transpose()
            .map_err(|error| Error::UserFunctionError(error.into()))
    })?;
    Ok(())
}

/// Leaves a mark by which the key is known again.
pub(super) fn mark(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let sql = "INSERT INTO vault (one, proof) VALUES (1, sealed('vault', '', ?1))";
    tx.execute(sql, [CHECK])?;
    Ok(())
}

/// Whether the key the functions have is the one the store was made with. Changes nothing.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT opened('vault', '', proof) FROM vault";
    match connection.query_row(sql, [], |row| row.get::<_, Vec<u8>>(0)) {
        Ok(proof) if proof == CHECK => Ok(()),
        Ok(_) => Err(StoreError::WrongKey),
        Err(Error::SqliteFailure(..)) => {
            // Told apart from a damaged file: the row itself can be read.
            connection.query_row("SELECT proof FROM vault", [], |row| row.get::<_, Vec<u8>>(0))?;
            Err(StoreError::WrongKey)
        }
        Err(other) => Err(other.into()),
    }
}

/// Table and row as bytes that no other pair has.
fn bound(context: &Context<'_>) -> rusqlite::Result<Vec<u8>> {
    let place: String = context.get(0)?;
    let mut bound = place.into_bytes();
    bound.push(0);
    match context.get_raw(1) {
        ValueRef::Integer(row) => bound.extend(row.to_be_bytes()),
        ValueRef::Text(row) | ValueRef::Blob(row) => bound.extend(row),
        ValueRef::Null | ValueRef::Real(_) => {
            return Err(Error::InvalidFunctionParameterType(1, context.get_raw(1).data_type()));
        }
    }
    Ok(bound)
}

/// The third argument; nothing stays nothing.
fn value<'a>(context: &'a Context<'_>) -> rusqlite::Result<Option<&'a [u8]>> {
    match context.get_raw(2) {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Ok(Some(bytes)),
        other @ (ValueRef::Integer(_) | ValueRef::Real(_)) => {
            Err(Error::InvalidFunctionParameterType(2, other.data_type()))
        }
    }
}

fn seal(cipher: &XChaCha20Poly1305, aad: &[u8], msg: &[u8]) -> rusqlite::Result<Vec<u8>> {
    let failed = |why: String| Error::UserFunctionError(why.into());
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|error| failed(error.to_string()))?;
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg, aad })
        .map_err(|error| failed(error.to_string()))?;
    Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
}

fn open(cipher: &XChaCha20Poly1305, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (version, rest) = sealed.split_first()?;
    let (nonce, msg) = rest.split_first_chunk::<NONCE>()?;
    if *version != VERSION {
        return None;
    }
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg, aad }).ok()
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{OVERHEAD, lend};

    fn lent(key: u8) -> Connection {
        let connection = Connection::open_in_memory().expect("opens");
        lend(&connection, &[key; 32]).expect("lends");
        connection
    }

    fn seal(connection: &Connection) -> Vec<u8> {
        let sql = "SELECT sealed('item', x'0102', 'Nguyễn Thị Mẫu')";
        connection.query_row(sql, [], |row| row.get(0)).expect("seals")
    }

    fn open(connection: &Connection, place: &str, row: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let sql = "SELECT opened(?1, ?2, ?3)";
        connection
            .query_row(sql, rusqlite::params![place, row, sealed], |row| row.get(0))
            .ok()
    }

    #[test]
    fn a_value_opens_in_its_own_place_under_its_own_key_only() {
        let (ours, other) = (lent(1), lent(2));
        let sealed = seal(&ours);
        let plain = "Nguyễn Thị Mẫu".as_bytes();
        assert_eq!(sealed.len(), plain.len() + OVERHEAD);
        assert_eq!(open(&ours, "item", &[1, 2], &sealed).as_deref(), Some(plain));
        assert_eq!(open(&ours, "item", &[1, 3], &sealed), None);
        assert_eq!(open(&ours, "event", &[1, 2], &sealed), None);
        assert_eq!(open(&other, "item", &[1, 2], &sealed), None);
    }

    #[test]
    fn a_value_with_any_byte_changed_or_missing_does_not_open() {
        let ours = lent(1);
        let sealed = seal(&ours);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&ours, "item", &[1, 2], &changed), None, "byte {at}");
            assert_eq!(open(&ours, "item", &[1, 2], &sealed[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn the_same_value_is_sealed_differently_each_time() {
        let ours = lent(1);
        assert_ne!(seal(&ours), seal(&ours));
    }
}
