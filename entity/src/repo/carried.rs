//! A dossier as lists of things carried show it: where it stands, its slip, who receives the result, what is paid and what is to be
//! given up.

use super::dossier::{Standing, with_states};
use crate::table::{dossier, dossier_act, fee_receipt, postal_order, result_receiver};
use crate::{Scope, StoreError};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A dossier as a list of items shows it.
#[derive(Debug, Clone)]
pub struct Carried {
    /// The dossier and where it stands.
    pub standing: Standing,
    /// The number of the slip it came with.
    pub slip: Option<String>,
    /// Who receives the result, when that is not the applicant.
    pub receiver: Option<result_receiver::Model>,
    /// What its newest order has to be paid at the door, đồng.
    pub cod_amount: i64,
    /// Receipts for State fees that are not void: numbers and đồng.
    pub receipts: Vec<(String, i64)>,
    /// Old papers to be given up against the result, those the agency let go not among them.
    pub surrender: Vec<String>,
    /// Whether somebody else is authorised to lodge or to receive.
    pub is_represented: bool,
    /// The number on the result, when the agency told it.
    pub result_number: Option<String>,
    /// The day on the result, when the agency told it.
    pub result_date: Option<String>,
}

/// Those of these dossiers that these eyes see.
///
/// # Errors
/// When the database fails.
pub(crate) async fn carried(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, Carried>, StoreError> {
    let mut orders: HashMap<Uuid, (String, i64)> = postal_order::Entity::find()
        .select_only()
        .columns([
            postal_order::Column::DossierId,
            postal_order::Column::OrderNumber,
            postal_order::Column::CodAmount,
        ])
        .filter(postal_order::Column::DossierId.is_in(ids.clone()))
        .order_by_desc(postal_order::Column::CreatedAt)
        .into_tuple::<(Uuid, String, i64)>()
        .all(db)
        .await?
        .into_iter()
        .map(|(id, number, amount)| (id, (number, amount)))
        .collect();
    let mut receipts = receipts_of(db, &ids).await?;
    let mut told = told_of(db, &ids).await?;
    let mut receivers: HashMap<Uuid, result_receiver::Model> = result_receiver::Entity::find()
        .filter(result_receiver::Column::DossierId.is_in(ids.clone()))
        .filter(result_receiver::Column::DossierId.in_subquery(scope.dossier_ids()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.dossier_id, row))
        .collect();
    let rows = scope.dossiers().filter(dossier::Column::Id.is_in(ids)).all(db).await?;
    let all = with_states(db, rows).await?.into_iter().map(|standing| {
        let id = standing.dossier.id;
        let (slip, cod_amount) = orders.remove(&id).map_or((None, 0), |(slip, cod)| (Some(slip), cod));
        let told = told.remove(&id).unwrap_or_default();
        let carried = Carried {
            standing,
            slip,
            receiver: receivers.remove(&id),
            cod_amount,
            receipts: receipts.remove(&id).unwrap_or_default(),
            surrender: told.surrender,
            is_represented: told.is_represented,
            result_number: told.result_number,
            result_date: told.result_date,
        };
        (id, carried)
    });
    Ok(all.collect())
}

/// Receipts that are not void, by dossier.
async fn receipts_of(
    db: &impl ConnectionTrait,
    ids: &BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, Vec<(String, i64)>>, StoreError> {
    let rows = fee_receipt::Entity::find()
        .filter(fee_receipt::Column::DossierId.is_in(ids.iter().copied()))
        .filter(fee_receipt::Column::VoidedAt.is_null())
        .order_by_asc(fee_receipt::Column::Number)
        .all(db)
        .await?;
    let mut all: HashMap<Uuid, Vec<(String, i64)>> = HashMap::new();
    for row in rows {
        all.entry(row.dossier_id).or_default().push((row.number, row.amount));
    }
    Ok(all)
}

/// What acts say that whoever carries the envelope has to know.
#[derive(Debug, Default)]
struct Told {
    surrender: Vec<String>,
    is_represented: bool,
    result_number: Option<String>,
    result_date: Option<String>,
}

async fn told_of(db: &impl ConnectionTrait, ids: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, Told>, StoreError> {
    let kinds = [
        "dossier.surrender_listed",
        "dossier.surrender_excepted",
        "dossier.represented",
        "dossier.resolved",
    ];
    let rows = dossier_act::Entity::find()
        .filter(dossier_act::Column::DossierId.is_in(ids.iter().copied()))
        .filter(dossier_act::Column::Kind.is_in(kinds))
        .order_by_asc(dossier_act::Column::LogIndex)
        .all(db)
        .await?;
    let mut all: HashMap<Uuid, Told> = HashMap::new();
    for row in rows {
        let data: serde_json::Value = serde_json::from_str(&row.data).unwrap_or_default();
        let paper = data["paper"].as_str().unwrap_or_default().to_owned();
        let told = all.entry(row.dossier_id).or_default();
        let text = |name: &str| data[name].as_str().map(str::to_owned);
        match row.kind.as_str() {
            "dossier.surrender_listed" if !told.surrender.contains(&paper) => told.surrender.push(paper),
            "dossier.surrender_excepted" => told.surrender.retain(|known| *known != paper),
            "dossier.represented" => told.is_represented = true,
            // A result made anew has a number of its own.
            "dossier.resolved" => (told.result_number, told.result_date) = (text("result_number"), text("result_date")),
            _ => {}
        }
    }
    Ok(all)
}
