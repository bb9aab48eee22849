//! Labels: drawing the next serial of an office's run, and loading the runs.

use crate::StoreError;
use crate::table::{desk, dossier, postal_item, serial_block};
use custody::ids::ItemId;
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
use std::collections::{BTreeMap, BTreeSet};

/// Draws the next label of an office's runs, or of the post's own when the office has none left. A label that is on an item
/// already, because it was printed and told before, is passed over. The row lock makes two drawers wait for each other.
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
        for row in open {
            let mut run = read(&row)?;
            while let Ok((code, rest)) = run.take() {
                write(tx, &rest).await?;
                if is_free(tx, &code).await? {
                    return Ok(code);
                }
                run = rest;
            }
        }
    }
    Err(StoreError::NoSerials)
}

async fn is_free(tx: &DatabaseTransaction, code: &ItemCode) -> Result<bool, StoreError> {
    let id = ItemId::of(code.as_str()).0.to_vec();
    Ok(postal_item::Entity::find_by_id(id).one(tx).await?.is_none())
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
    let blocks: BTreeMap<String, SerialBlock> = blocks
        .into_vec()
        .into_iter()
        .map(|block| (id_of(&block), block))
        .collect();
    let mut known = BTreeSet::new();
    for row in serial_block::Entity::find().lock_exclusive().all(tx).await? {
        let (given, listed) = (given(&read(&row)?)?, blocks.get(&row.id));
        let gives_again = |id: &String, block: &SerialBlock, given: &SerialBlock| {
            if *id == row.id {
                block.last() < given.last()
            } else {
                block.overlaps(given)
            }
        };
        let twice = given
            .as_ref()
            .and_then(|given| blocks.iter().find(|(id, block)| gives_again(id, block, given)));
        if let Some((id, _)) = twice {
            let why = format!("serial_blocks.json: {id}: serials of it were given out by {}", row.id);
            return Err(StoreError::Refused(why));
        }
        known.insert(row.id.clone());
        let kept = match (listed, &given) {
            (Some(block), given) => model(block, given.as_ref().map_or(block.first(), SerialBlock::next)),
            (None, Some(given)) => model(given, given.next()),
            (None, None) => {
                serial_block::Entity::delete_by_id(row.id).exec(tx).await?;
                continue;
            }
        };
        kept.into_active_model().reset_all().update(tx).await?;
    }
    for block in blocks
        .iter()
        .filter(|(id, _)| !known.contains(*id))
        .map(|(_, block)| block)
    {
        model(block, block.first()).into_active_model().insert(tx).await?;
    }
    Ok(())
}

/// What was given of a run, as a run that is used up; none when it was not begun.
fn given(run: &SerialBlock) -> Result<Option<SerialBlock>, StoreError> {
    let Some(last) = run.next().checked_sub(1).filter(|last| *last >= run.first()) else {
        return Ok(None);
    };
    SerialBlock::resume(run.service(), run.first(), last, run.next(), run.holder())
        .map(Some)
        .map_err(|error| StoreError::corrupt("serial_block", id_of(run), error))
}

fn model(block: &SerialBlock, next: u32) -> serial_block::Model {
    serial_block::Model {
        id: id_of(block),
        service: block.service().to_string(),
        first: block.first().into(),
        last: block.last().into(),
        next: next.into(),
        holder: block.holder().to_string(),
    }
}

/// The key of a run.
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
