//! Deciding who fetches and delivers: what the decision needs to know, the decision, and what could not be placed.
//!
//! A pickup is decided once. A delivery is decided anew each time the item comes to rest at an office on its way out: the
//! event that brought it there, its head, is the key, so each need is met once whatever is repeated.

mod list;
mod need;
mod standing;
mod stop;

pub use list::{close_unplaced, put_unplaced};
pub(crate) use need::Need;
pub use standing::{Held, hold, is_decided, keep, latest, loads, standing};
pub(crate) use standing::{brought_in, delivery_is_off, end_of_item};
pub use stop::{Stop, stop};

use crate::inbox::append_act;
use crate::repo::intake::act;
use crate::repo::receiver;
use crate::store::Store;
use crate::table::{assignment, desk, dossier, item_custody, postal_item};
use crate::{Scope, ServerKeys, StoreError, clock};
use domain::holder::{Holder, HolderClass};
use domain::ids::{AssignmentId, DossierId, OperatorId, ServicePointId, StaffId};
use domain::item::{Addressee, ItemKind, ItemState};
use domain::item_code::ItemCode;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};
use serde_json::json;

/// The leg to the addressee.
pub(crate) const DELIVER: &str = "deliver";

/// What has to be fetched or delivered.
#[derive(Debug, Clone)]
pub struct Task {
    /// The label.
    pub item_code: ItemCode,
    /// What it carries.
    pub kind: ItemKind,
    /// Whose it is.
    pub dossier: DossierId,
    /// Who carries it: only their people can be told to.
    pub operator: OperatorId,
    /// Address as written.
    pub address: String,
    /// Commune, when the address was understood at intake.
    pub commune_code: Option<String>,
    /// Latitude and longitude, when known.
    pub place: Option<(f64, f64)>,
    /// Whether the item can still be carried: not cancelled, not delivered.
    pub is_open: bool,
    /// For a delivery the event after which the item lies where it is; absent while the post does not have it.
    pub head: Option<Vec<u8>>,
    /// Whether it goes to somebody else than whoever sent the papers.
    pub to_receiver: bool,
    /// Whether somebody has to be found now: a delivery waits only at the agency it comes from and at an office that sends
    /// it on, not in a carrier's bag and not where it is held for collection.
    pub is_needed: bool,
}

/// Whether nobody has to carry an item in this state any more.
pub(crate) const fn is_closed(state: ItemState) -> bool {
    match state {
        ItemState::Delivered | ItemState::Returned | ItemState::Withdrawn => true,
        ItemState::Created
        | ItemState::PickupAssigned
        | ItemState::Accepted
        | ItemState::InTransit
        | ItemState::AtDeliveryOffice
        | ItemState::OutForDelivery
        | ItemState::AttemptFailed
        | ItemState::HeldForPickup
        | ItemState::Refused
        | ItemState::Returning
        | ItemState::Redirected => false,
    }
}

/// Whether an item in this state, in these hands, waits for somebody who takes it on to its addressee.
pub(crate) fn waits_for_delivery(state: ItemState, holder: Option<Holder>) -> bool {
    let Some(holder) = holder else {
        return matches!(state, ItemState::Created | ItemState::PickupAssigned);
    };
    holder.class() == HolderClass::ServicePoint
        && match state {
            ItemState::Accepted | ItemState::InTransit | ItemState::AtDeliveryOffice | ItemState::Redirected => true,
            ItemState::Created
            | ItemState::PickupAssigned
            | ItemState::OutForDelivery
            | ItemState::AttemptFailed
            | ItemState::HeldForPickup
            | ItemState::Delivered
            | ItemState::Refused
            | ItemState::Returning
            | ItemState::Returned
            | ItemState::Withdrawn => false,
        }
}

/// The task of one leg of an item, read fresh: a pickup is where the sender is, a delivery where the addressee is.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn task(db: &impl ConnectionTrait, item_code: &ItemCode, leg: &str) -> Result<Option<Task>, StoreError> {
    let Some(item) = postal_item::Entity::find()
        .filter(postal_item::Column::ItemCode.eq(item_code.as_str()))
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let Some(owner) = dossier::Entity::find_by_id(item.dossier_id).one(db).await? else {
        return Err(StoreError::corrupt("postal_item", &item.item_code, "has no dossier"));
    };
    let kind: ItemKind = item
        .kind
        .parse()
        .map_err(|error| StoreError::corrupt("postal_item", &item.item_code, error))?;
    let to_desk = leg == DELIVER && kind.addressee() == Addressee::Agency;
    let desk = if to_desk { desk_of(db, &owner).await? } else { None };
    let custody = item_custody::Entity::find_by_id(item.item_id.clone()).one(db).await?;
    let bad = |what: &str| StoreError::corrupt("item_custody", &item.item_code, what);
    let (state, holder, head) = match custody {
        None => (ItemState::Created, None::<Holder>, None),
        Some(row) => (
            row.state.parse().map_err(|_| bad("state"))?,
            row.holder
                .map(|text| text.parse().map_err(|_| bad("holder")))
                .transpose()?,
            row.head,
        ),
    };
    let is_open = !is_closed(state);
    let dossier = DossierId(owner.id);
    let to_citizen = leg == DELIVER && kind.addressee() == Addressee::Citizen;
    let receiver = if to_citizen {
        receiver::of(db, &Scope::dossier(dossier), dossier).await?
    } else {
        None
    };
    let to_receiver = receiver.is_some();
    let (address, commune_code, place) = match (desk, receiver) {
        (Some(desk), _) => (desk.name, Some(desk.commune_code), Some((desk.lat, desk.lon))),
        (None, Some(to)) => (to.address, to.commune_code, to.place),
        (None, None) => (owner.applicant_address, owner.commune_code, owner.lat.zip(owner.lon)),
    };
    Ok(Some(Task {
        kind,
        item_code: *item_code,
        dossier,
        operator: OperatorId(owner.operator_id),
        address,
        commune_code,
        place,
        to_receiver,
        is_open,
        is_needed: is_open && (leg != DELIVER || waits_for_delivery(state, holder)),
        head: head.filter(|_| leg == DELIVER && holder.is_some()),
    }))
}

/// Where a dossier is received: its own desk, else the first of its agency's.
async fn desk_of(db: &impl ConnectionTrait, owner: &dossier::Model) -> Result<Option<desk::Model>, StoreError> {
    let query = match owner.desk_id {
        Some(id) => desk::Entity::find_by_id(id),
        None => desk::Entity::find()
            .filter(desk::Column::AgencyId.eq(owner.agency_id))
            .order_by_asc(desk::Column::Code),
    };
    Ok(query.one(db).await?)
}

/// A decision of the assignment job.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What.
    pub task: Task,
    /// `pickup` or `deliver`.
    pub leg: String,
    /// Who.
    pub courier: StaffId,
    /// From which post office.
    pub service_point: ServicePointId,
    /// Why this one, in words.
    pub why: String,
    /// The commune the address turned out to be in.
    pub commune_code: Option<String>,
    /// Where that is.
    pub place: Option<(f64, f64)>,
}

/// Writes a decision: the row that counts as load, the act in the log, and the address as now understood. Another decision
/// on the same leg ends.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    decision: &Decision,
) -> Result<AssignmentId, StoreError> {
    let now = store.now_ms();
    let id = AssignmentId(clock::new_id());
    let item_id = custody::ids::ItemId::of(decision.task.item_code.as_str()).0.to_vec();
    standing::hold_item(tx, &decision.task.item_code).await?;
    standing::end_of_leg(tx, &item_id, &decision.leg, now).await?;
    assignment::ActiveModel {
        id: Set(id.0),
        item_id: Set(item_id.clone()),
        dossier_id: Set(decision.task.dossier.0),
        leg: Set(decision.leg.clone()),
        staff_id: Set(decision.courier.0),
        service_point_id: Set(decision.service_point.0),
        why: Set(decision.why.clone()),
        decided_at: Set(now),
        head: Set(decision.task.head.clone()),
        ended_at: Set(None),
    }
    .insert(tx)
    .await?;
    if let Some(place) = decision.place
        && decision.task.to_receiver
    {
        receiver::locate(tx, decision.task.dossier, place, decision.commune_code.clone()).await?;
    } else if let Some((lat, lon)) = decision.place {
        dossier::Entity::update_many()
            .col_expr(dossier::Column::Lat, Expr::value(lat))
            .col_expr(dossier::Column::Lon, Expr::value(lon))
            .col_expr(dossier::Column::CommuneCode, Expr::value(decision.commune_code.clone()))
            .filter(dossier::Column::Id.eq(decision.task.dossier.0))
            .exec(tx)
            .await?;
    }
    list::resolve(tx, &item_id, Some(&decision.leg), "assigned").await?;
    let data = json!({
        "assignment": id.to_string(), "item_code": decision.task.item_code.as_str(), "leg": decision.leg,
        "staff": decision.courier.to_string(), "service_point": decision.service_point.to_string(),
    });
    append_act(
        tx,
        store,
        keys,
        &act("item.assigned", decision.task.dossier, "server", now, &data),
    )
    .await?;
    Ok(id)
}
