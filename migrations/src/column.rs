//! The few column shapes the schema uses, so that one thing is typed the same way everywhere.

use sea_orm_migration::prelude::*;

/// A required UTF-8 text.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().to_owned()
}

/// A text that may be absent.
pub(crate) fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().to_owned()
}

/// A required 64-bit integer: milliseconds UTC, amounts in đồng, sequence numbers.
pub(crate) fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().to_owned()
}

/// A 64-bit integer that may be absent.
pub(crate) fn int_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().to_owned()
}

/// A required degree of latitude or longitude.
pub(crate) fn degree(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).double().not_null().to_owned()
}

/// A degree of latitude or longitude that may be absent.
pub(crate) fn degree_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).double().to_owned()
}

/// Required raw bytes: identifiers of evidence, hashes, envelopes.
pub(crate) fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().to_owned()
}

/// Raw bytes that may be absent.
pub(crate) fn bytes_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().to_owned()
}

/// A required UUID.
pub(crate) fn id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().to_owned()
}

/// A UUID that may be absent.
pub(crate) fn id_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().to_owned()
}

/// A required truth value.
pub(crate) fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().to_owned()
}

/// A table of these columns whose first column is the primary key.
pub(crate) fn table(name: &'static str, mut columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut create = Table::create();
    create.table(name);
    if let Some(first) = columns.first_mut() {
        first.primary_key();
    }
    for mut column in columns {
        create.col(&mut column);
    }
    create
}

/// A plain or unique index named after its table and columns.
pub(crate) fn index(table: &'static str, columns: &[&'static str], unique: bool) -> IndexCreateStatement {
    let mut create = Index::create();
    let kind = if unique { "uq" } else { "ix" };
    create
        .name(format!("{kind}_{table}_{}", columns.join("_")))
        .table(table);
    for column in columns {
        create.col(*column);
    }
    if unique {
        create.unique();
    }
    create
}

/// Creates tables, then indexes.
pub(crate) async fn create(
    manager: &SchemaManager<'_>,
    tables: Vec<TableCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Drops tables in the order given.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}
