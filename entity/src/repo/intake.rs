//! How a dossier comes into being: an order over the bus, a form at a counter, a result at a desk.
//!
//! One transaction writes the order, the dossier, the label, the acts and the job that assigns it. (Customer code, order
//! number) is the natural key: the same order again finds what it made the first time, other content under the same number
//! changes nothing and says so.

use crate::inbox::append_act;
use crate::outbox::{self, NewJob};
use crate::repo::{item, receiver, search, serial};
use crate::store::Store;
use crate::table::{dossier, postal_item, postal_order};
use crate::{ServerKeys, StoreError, clock, keys};
use custody::act::Act;
use domain::catalogue::Channel;
use domain::ids::{AgencyId, ClientId, DeskId, DossierId, OperatorId, OrderId, ServicePointId};
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use domain::mode::Mode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

/// The person a dossier belongs to, and where they are. Never leaves this database except to whom it concerns.
#[derive(Debug, Clone, Default)]
pub struct Applicant {
    /// Name.
    pub name: String,
    /// Phone in E.164, or as given when it could not be read.
    pub phone: String,
    /// Address as written.
    pub address: String,
    /// Commune code, when the address was understood.
    pub commune_code: Option<String>,
    /// Latitude and longitude, when known.
    pub place: Option<(f64, f64)>,
}

/// An order, understood and ready to be written.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// The one-stop client, when it came over the bus.
    pub client: Option<ClientId>,
    /// Whose number space `order_number` is in.
    pub customer_code: String,
    /// The client's number.
    pub order_number: String,
    /// SHA-256 of the canonical body.
    pub digest: [u8; 32],
    /// Who carries it.
    pub operator: OperatorId,
    /// What is carried.
    pub mode: Mode,
    /// Which agency decides.
    pub agency: AgencyId,
    /// Which desk receives, when known.
    pub desk: Option<DeskId>,
    /// Procedure code, when known.
    pub procedure: Option<String>,
    /// The case of the procedure, when told; otherwise the ordinary one.
    pub case: Option<String>,
    /// How it is lodged, when told; otherwise by post when the post carries the dossier.
    pub channel: Option<Channel>,
    /// Who applies.
    pub applicant: Applicant,
    /// Papers counted, 0 when not counted yet.
    pub paper_count: i64,
    /// What the envelope weighs, grams, when it was weighed.
    pub weight_g: Option<i64>,
    /// Amount to collect, đồng.
    pub cod_amount: i64,
    /// The body as received, normalised to JSON.
    pub body: serde_json::Value,
    /// The label to use when it was printed before; otherwise the next one is drawn.
    pub label: Option<ItemCode>,
    /// The counter it was brought to, from whose run of labels its label is drawn; none when it came in at no counter.
    pub office: Option<ServicePointId>,
    /// Whether a courier has to be found: not when the citizen stands at the counter.
    pub needs_pickup: bool,
    /// Who gets the result, when that is not the applicant.
    pub receiver: Option<Applicant>,
}

/// What an order made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The order.
    pub order: OrderId,
    /// The dossier.
    pub dossier: DossierId,
    /// Its label.
    pub item_code: ItemCode,
}

/// The answer to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placing {
    /// It is new.
    New(Placed),
    /// It was placed before with the same content.
    Same(Placed),
    /// Its number is taken by an order with other content.
    Different,
}

/// Places an order, once.
///
/// # Errors
/// When the database fails.
pub async fn place(store: &Store, keys: &ServerKeys, order: NewOrder) -> Result<Placing, StoreError> {
    let placing = match attempt(store, keys, order.clone()).await {
        // Two of the same order at once: the other one won, so now it can be found.
        Err(error) if error.is_duplicate() => attempt(store, keys, order).await?,
        other => other?,
    };
    store.deposited().notify_one();
    store.jobs().notify_one();
    Ok(placing)
}

async fn attempt(store: &Store, keys: &ServerKeys, order: NewOrder) -> Result<Placing, StoreError> {
    let (inner, keys) = (store.clone(), keys.clone());
    store
        .write(move |tx| Box::pin(async move { place_in(tx, &inner, &keys, order).await }))
        .await
}

async fn place_in(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    order: NewOrder,
) -> Result<Placing, StoreError> {
    if let Some(known) = find(tx, &order.customer_code, &order.order_number).await? {
        return placed_before(tx, known, &order.digest).await;
    }
    let now = store.now_ms();
    let (dossier_id, order_id) = (DossierId(clock::new_id()), OrderId(clock::new_id()));
    let kind = if order.mode.carries_dossier() {
        ItemKind::DossierToAgency
    } else {
        ItemKind::ResultToApplicant
    };
    let item_code = match &order.label {
        Some(code) => *code,
        None => serial::draw(tx, order.office).await?,
    };
    dossier_row(&order, dossier_id, keys, now).insert(tx).await?;
    let mut people = vec![(order.applicant.name.as_str(), order.applicant.phone.as_str())];
    people.extend(order.receiver.iter().map(|to| (to.name.as_str(), to.phone.as_str())));
    search::index(tx, dossier_id.0, &people).await?;
    if let Some(to) = order.receiver.clone() {
        receiver::insert(tx, dossier_id, to).await?;
    }
    postal_order::ActiveModel {
        id: Set(order_id.0),
        client_id: Set(order.client.map(|client| client.0)),
        customer_code: Set(order.customer_code),
        order_number: Set(order.order_number),
        body_digest: Set(order.digest.to_vec()),
        direction: Set(if order.mode.carries_dossier() {
            "collect"
        } else {
            "return"
        }
        .to_owned()),
        dossier_id: Set(dossier_id.0),
        item_id: Set(Some(custody::ids::ItemId::of(item_code.as_str()).0.to_vec())),
        cod_amount: Set(order.cod_amount),
        body: Set(order.body.to_string()),
        created_at: Set(now),
    }
    .insert(tx)
    .await?;
    let fact = |kind: &str, data: serde_json::Value| act(kind, dossier_id, "order", now, &data);
    append_act(
        tx,
        store,
        keys,
        &fact("dossier.ordered", json!({ "mode": order.mode.as_str() })),
    )
    .await?;
    if !order.mode.carries_dossier() {
        // An agency that orders the return of a result says by that that there is one.
        append_act(
            tx,
            store,
            keys,
            &fact("dossier.resolved", json!({ "outcome": "granted" })),
        )
        .await?;
    }
    create_item(
        tx,
        store,
        keys,
        NewItem {
            code: item_code,
            kind,
            dossier: dossier_id,
            order: Some(order_id),
            weight_g: order.weight_g,
        },
    )
    .await?;
    if order.needs_pickup {
        let leg = if kind == ItemKind::ResultToApplicant {
            "deliver"
        } else {
            "pickup"
        };
        outbox::push(tx, now, assign_job(&item_code, leg)).await?;
    }
    Ok(Placing::New(Placed {
        order: order_id,
        dossier: dossier_id,
        item_code,
    }))
}

fn dossier_row(order: &NewOrder, id: DossierId, keys: &ServerKeys, now: i64) -> dossier::ActiveModel {
    let applicant = &order.applicant;
    dossier::ActiveModel {
        id: Set(id.0),
        mode: Set(order.mode.as_str().to_owned()),
        agency_id: Set(order.agency.0),
        desk_id: Set(order.desk.map(|desk| desk.0)),
        procedure_code: Set(order.procedure.clone()),
        procedure_case: Set(order.case.clone()),
        channel: Set(order.channel.map(|channel| channel.as_str().to_owned())),
        applicant_name: Set(applicant.name.clone()),
        applicant_phone: Set(applicant.phone.clone()),
        applicant_address: Set(applicant.address.clone()),
        commune_code: Set(applicant.commune_code.clone()),
        lat: Set(applicant.place.map(|place| place.0)),
        lon: Set(applicant.place.map(|place| place.1)),
        paper_count: Set(order.paper_count),
        capability_hash: Set(keys::capability_hash(&keys.capability(id.0)).to_vec()),
        created_at: Set(now),
        operator_id: Set(order.operator.0),
        counter_id: Set(order.office.map(|office| office.0)),
    }
}

/// The job that finds a courier for one leg of an item, once in the item's life: the pickup of an order, a result that the
/// agency gives to the post.
pub fn assign_job(item_code: &ItemCode, leg: &str) -> NewJob {
    NewJob {
        kind: "assign",
        payload: json!({ "item_code": item_code.as_str(), "leg": leg }),
        dedup_key: format!("assign:{item_code}:{leg}"),
    }
}

/// An item about to exist.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Its label.
    pub code: ItemCode,
    /// What it carries.
    pub kind: ItemKind,
    /// Whose it is.
    pub dossier: DossierId,
    /// The order it belongs to.
    pub order: Option<OrderId>,
    /// What it weighs, grams, when it was weighed.
    pub weight_g: Option<i64>,
}

/// Makes an item: its row and the act that tells the log.
///
/// # Errors
/// When the database fails, also when the label is taken.
pub async fn create_item(
    tx: &DatabaseTransaction,
    store: &Store,
    keys: &ServerKeys,
    item: NewItem,
) -> Result<(), StoreError> {
    let now = store.now_ms();
    postal_item::ActiveModel {
        item_id: Set(custody::ids::ItemId::of(item.code.as_str()).0.to_vec()),
        item_code: Set(item.code.as_str().to_owned()),
        kind: Set(item.kind.as_str().to_owned()),
        dossier_id: Set(item.dossier.0),
        order_id: Set(item.order.map(|order| order.0)),
        created_at: Set(now),
        weight_g: Set(item.weight_g),
    }
    .insert(tx)
    .await?;
    let data = json!({ "item_code": item.code.as_str(), "kind": item.kind.as_str() });
    append_act(
        tx,
        store,
        keys,
        &act("item.created", item.dossier, "server", now, &data),
    )
    .await
    .map(drop)
}

/// An act about a dossier.
pub fn act(kind: &str, dossier: DossierId, actor: &str, at_ms: i64, data: &serde_json::Value) -> Act {
    Act {
        kind: kind.to_owned(),
        subject: *dossier.0.as_bytes(),
        actor: actor.to_owned(),
        at_ms,
        data: data.to_string(),
        nonce: custody::ids::Nonce(clock::random()),
    }
}

async fn find(
    tx: &DatabaseTransaction,
    customer_code: &str,
    order_number: &str,
) -> Result<Option<postal_order::Model>, StoreError> {
    Ok(postal_order::Entity::find()
        .filter(postal_order::Column::CustomerCode.eq(customer_code))
        .filter(postal_order::Column::OrderNumber.eq(order_number))
        .one(tx)
        .await?)
}

async fn placed_before(
    tx: &DatabaseTransaction,
    order: postal_order::Model,
    digest: &[u8; 32],
) -> Result<Placing, StoreError> {
    if order.body_digest != digest {
        return Ok(Placing::Different);
    }
    let label = postal_item::Entity::find()
        .filter(postal_item::Column::OrderId.eq(order.id))
        .one(tx)
        .await?
        .ok_or_else(|| StoreError::corrupt("postal_order", order.id, "has no item"))?;
    let item_code = ItemCode::parse(&label.item_code)
        .map_err(|error| StoreError::corrupt("postal_item", &label.item_code, error))?;
    Ok(Placing::Same(Placed {
        order: OrderId(order.id),
        dossier: DossierId(order.dossier_id),
        item_code,
    }))
}

/// The answer to a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelling {
    /// Done now, or done before.
    Cancelled,
    /// Too late: the item is in the post's hands.
    AlreadyCollected,
    /// There is no such order for this client.
    Unknown,
}

/// Cancels an order of `client` unless its item has been collected.
///
/// # Errors
/// When the database fails.
pub async fn cancel(
    store: &Store,
    keys: &ServerKeys,
    client: ClientId,
    customer_code: String,
    order_number: String,
) -> Result<Cancelling, StoreError> {
    let (inner, signing) = (store.clone(), keys.clone());
    let answer = store
        .write(move |tx| {
            Box::pin(async move {
                let Some(order) = find(tx, &customer_code, &order_number)
                    .await?
                    .filter(|o| o.client_id == Some(client.0))
                else {
                    return Ok(Cancelling::Unknown);
                };
                let Some(label) = postal_item::Entity::find()
                    .filter(postal_item::Column::OrderId.eq(order.id))
                    .one(tx)
                    .await?
                else {
                    return Err(StoreError::corrupt("postal_order", order.id, "has no item"));
                };
                match item::can_cancel(tx, &label.item_id).await? {
                    item::CanCancel::AlreadyCancelled => Ok(Cancelling::Cancelled),
                    item::CanCancel::No => Ok(Cancelling::AlreadyCollected),
                    item::CanCancel::Yes => {
                        let data = json!({ "item_code": label.item_code });
                        let told = act(
                            "dossier.cancelled",
                            DossierId(order.dossier_id),
                            "order",
                            inner.now_ms(),
                            &data,
                        );
                        append_act(tx, &inner, &signing, &told).await?;
                        outbox::call_off(tx, &format!("assign:{}:", label.item_code), inner.now_ms()).await?;
                        Ok::<_, StoreError>(Cancelling::Cancelled)
                    }
                }
            })
        })
        .await?;
    store.deposited().notify_one();
    Ok(answer)
}
