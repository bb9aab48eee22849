//! One row: from a database to CBOR and from CBOR to a database.

use super::BackupError;
use super::manifest::{Column, ColumnKind, Table};
use ciborium::Value as Cbor;
use sea_orm::{DbErr, QueryResult, Value};

/// Appends a row that was read; its values begin at the column `from`.
///
/// # Errors
/// When a value is not of its column's kind.
pub(super) fn write(out: &mut Vec<u8>, table: &Table, row: &QueryResult, from: usize) -> Result<(), BackupError> {
    let mut values = Vec::with_capacity(table.columns.len());
    for (n, column) in table.columns.iter().enumerate() {
        let value = cell(row, column.kind, from + n)
            .map_err(|error| BackupError::Refused(format!("{}.{} cannot be read: {error}", table.name, column.name)))?;
        values.push(value);
    }
    ciborium::into_writer(&Cbor::Array(values), out).map_err(BackupError::refused)
}

fn cell(row: &QueryResult, kind: ColumnKind, at: usize) -> Result<Cbor, DbErr> {
    let value = match kind {
        ColumnKind::Int => row.try_get_by_index::<Option<i64>>(at)?.map(Cbor::from),
        ColumnKind::Real => row.try_get_by_index::<Option<f64>>(at)?.map(Cbor::from),
        ColumnKind::Text => row.try_get_by_index::<Option<String>>(at)?.map(Cbor::from),
        ColumnKind::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(at)?.map(Cbor::from),
        ColumnKind::Id => row
            .try_get_by_index::<Option<uuid::Uuid>>(at)?
            .map(|id| Cbor::from(id.as_bytes().to_vec())),
        ColumnKind::Flag => row.try_get_by_index::<Option<bool>>(at)?.map(Cbor::from),
    };
    Ok(value.unwrap_or(Cbor::Null))
}

/// Takes the next row from the front of `rest`.
///
/// # Errors
/// [`BackupError::Refused`] when there is none of these columns.
pub(super) fn read(rest: &mut &[u8], table: &Table) -> Result<Vec<Value>, BackupError> {
    let broken = || BackupError::Refused(format!("a row of {} cannot be read", table.name));
    let Ok(Cbor::Array(values)) = ciborium::from_reader::<Cbor, _>(&mut *rest) else {
        return Err(broken());
    };
    if values.len() != table.columns.len() {
        return Err(broken());
    }
    let pairs = values.into_iter().zip(&table.columns);
    pairs
        .map(|(value, column)| bound(value, column).ok_or_else(broken))
        .collect()
}

fn bound(value: Cbor, column: &Column) -> Option<Value> {
    let is_null = matches!(value, Cbor::Null);
    Some(match column.kind {
        ColumnKind::Int if is_null => None::<i64>.into(),
        ColumnKind::Int => i64::try_from(value.into_integer().ok()?).ok()?.into(),
        ColumnKind::Real if is_null => None::<f64>.into(),
        ColumnKind::Real => value.into_float().ok()?.into(),
        ColumnKind::Text if is_null => None::<String>.into(),
        ColumnKind::Text => value.into_text().ok()?.into(),
        ColumnKind::Bytes if is_null => None::<Vec<u8>>.into(),
        ColumnKind::Bytes => value.into_bytes().ok()?.into(),
        ColumnKind::Id if is_null => None::<uuid::Uuid>.into(),
        ColumnKind::Id => uuid::Uuid::from_slice(&value.into_bytes().ok()?).ok()?.into(),
        ColumnKind::Flag if is_null => None::<bool>.into(),
        ColumnKind::Flag => value.into_bool().ok()?.into(),
    })
}
