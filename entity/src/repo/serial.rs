//! Labels: drawing the next serial of an office's run, and loading the runs.

use crate::StoreError;
use crate::table::{desk, dossier, serial_block};
use domain::code::block_holder::BlockHolder;
use domain::code::serial_block::SerialBlock;
use domain::code::serial_blocks::SerialBlocks;
use domain::ids::{DossierId, ServicePointId};
use domain::item_code::ItemCode;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::collections::BTreeSet;

/// Draws the next label of an office's runs, or of the post's own when the office has none left. The row lock makes two
/// drawers wait for each other.
///
/// # Errors
/// [`StoreError::NoSerials`] when every run is used up, or whatever the database says.
pub async fn draw(tx: &DatabaseTransaction, office: Option<ServicePointId>) -> Result<ItemCode, StoreError> {
    let holders = office.map(BlockHolder::Office).into_iter().chain([BlockHolder::Post]);
    for holder in holders {
        let open = serial_block::Entity::find()
            .filter(serial_block::Column::Holder.eq(holder.to_string()))
            .filter(Expr::col(serial_block::Column::Next).lte(Expr::col(serial_block::Column::Last)))
            .order_by_asc(serial_block::Column::Id)
            .lock_exclusive()
            .all(tx)
            .await?;
        // All of them and not the first one only: on PostgreSQL a run that was used up while we waited drops out.
        let Some(row) = open.into_iter().next() else { continue };
        let (code, rest) = read(&row)?
            .take()
            .map_err(|error| StoreError::corrupt("serial_block", &row.id, error))?;
        write(tx, &rest).await?;
        return Ok(code);
    }
    Err(StoreError::NoSerials)
}

/// The office that labels what a dossier's desk gives to the post: the post office the desk stands in.
///
/// # Errors
/// When the database fails.
pub async fn office_of(tx: &DatabaseTransaction, id: DossierId) -> Result<Option<ServicePointId>, StoreError> {
    let desk = dossier::Entity::find_by_id(id.0)
        .one(tx)
        .await?
        .and_then(|dossier| dossier.desk_id);
    let Some(desk) = desk else { return Ok(None) };
    let desk = desk::Entity::find_by_id(desk).one(tx).await?;
    Ok(desk.and_then(|desk| desk.service_point_id).map(ServicePointId))
}

/// Makes these the runs that labels come from. A run that was begun goes on where it stands, also when its end or its holder
/// changed; one that is no longer listed is closed when it was begun and dropped when not.
///
/// # Errors
/// [`StoreError::Refused`] when a listed run would give a serial that was given before, or whatever the database says.
pub async fn keep(tx: &DatabaseTransaction, blocks: SerialBlocks) -> Result<(), StoreError> {
    let listed: BTreeSet<String> = blocks.as_slice().iter().map(id_of).collect();
    let mut given = Vec::new();
    for row in serial_block::Entity::find().lock_exclusive().all(tx).await? {
        let is_begun = row.next > row.first;
        if is_begun {
            given.push((row.id.clone(), row.service.clone(), row.first, row.next - 1));
        }
        if listed.contains(&row.id) {
            continue;
        }
        if is_begun {
            let last = row.next - 1;
            let mut closed = row.into_active_model();
            closed.last = Set(last);
            closed.update(tx).await?;
        } else {
            serial_block::Entity::delete_by_id(row.id).exec(tx).await?;
        }
    }
    for block in blocks.into_vec() {
        let (id, first, last) = (id_of(&block), i64::from(block.first()), i64::from(block.last()));
        let twice = given.iter().find(|(other, service, from, to)| {
            *service == block.service().as_str()
                && if *other == id {
                    last < *to
                } else {
                    first <= *to && *from <= last
                }
        });
        if let Some((other, ..)) = twice {
            return Err(StoreError::Refused(format!(
                "serial_blocks.json: {id}: serials of it were given out by {other}"
            )));
        }
        let next = given
            .iter()
            .find(|(other, ..)| *other == id)
            .map_or(first, |(_, _, _, to)| to + 1);
        let row = serial_block::ActiveModel {
            id: Set(id.clone()),
            service: Set(block.service().to_string()),
            first: Set(first),
            last: Set(last),
            next: Set(next),
            holder: Set(block.holder().to_string()),
        };
        if serial_block::Entity::find_by_id(&id).one(tx).await?.is_some() {
            row.update(tx).await?;
        } else {
            row.insert(tx).await?;
        }
    }
    Ok(())
}

/// The rows of a run's key.
fn id_of(block: &SerialBlock) -> String {
    format!("{}{:08}", block.service(), block.first())
}

fn read(row: &serial_block::Model) -> Result<SerialBlock, StoreError> {
    let corrupt = |why: &dyn std::fmt::Display| StoreError::corrupt("serial_block", &row.id, why);
    let number = |value: i64| u32::try_from(value).map_err(|error| corrupt(&error));
    let service = row.service.parse().map_err(|error| corrupt(&error))?;
    let holder = row.holder.parse().map_err(|error| corrupt(&error))?;
    SerialBlock::resume(
        service,
        number(row.first)?,
        number(row.last)?,
        number(row.next)?,
        holder,
    )
    .map_err(|error| corrupt(&error))
}

/// Writes how far a run has come, before anybody sees the label.
async fn write(tx: &DatabaseTransaction, rest: &SerialBlock) -> Result<(), StoreError> {
    let row = serial_block::ActiveModel {
        id: Set(id_of(rest)),
        next: Set(i64::from(rest.next())),
        ..Default::default()
    };
    row.update(tx).await.map(drop).map_err(StoreError::from)
}
