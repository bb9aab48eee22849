//! The minutes of a hand-over: who gave what to whom, as the signed events tell it.
//!
//! Nothing is kept for them: an ACCEPT names its OFFER, the offer lists the items, and both stand in the log. The minutes carry the
//! id of the acceptance, which is what makes a hand-over.

use super::carried::{self, Carried};
use crate::project::OK;
use crate::repo::device::Device;
use crate::table::{custody_event, device, inbox, item_custody, item_event, staff};
use crate::{Scope, StoreError};
use custody::envelope::Envelope;
use custody::event::Event;
use custody::ids::{DeviceId, EventId};
use custody::kind::Kind;
use domain::holder::Holder;
use domain::ids::{ServicePointId, StaffId};
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Which minutes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Only those with this post office, or somebody of it, on either side.
    pub office: Option<ServicePointId>,
    /// Received by the server from this moment on, milliseconds UTC.
    pub from_ms: Option<i64>,
    /// Received by the server before this moment, milliseconds UTC.
    pub until_ms: Option<i64>,
    /// Only those whose acceptance stands before this place in the log.
    pub before: Option<i64>,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The event that was signed.
    pub event: EventId,
    /// For whom the device signs.
    pub party: Option<Holder>,
    /// Whose device it is.
    pub staff: Option<StaffId>,
    /// When, as the device's clock claims; milliseconds UTC.
    pub claimed_ms: Option<u64>,
    /// When the server had it; milliseconds UTC.
    pub received_ms: i64,
}

/// One line: an item that was offered.
#[derive(Debug, Clone)]
pub struct Line {
    /// The item as it stands today.
    pub item: item_custody::Model,
    /// The seal both sides read.
    pub seal: String,
    /// Why it was not taken ([`custody::event::exception_code`]); none when it was.
    pub exception: Option<u64>,
    /// Whose it is.
    pub carried: Carried,
}

/// The minutes of one hand-over.
#[derive(Debug, Clone)]
pub struct Minutes {
    /// Where the acceptance stands in the log.
    pub log_index: i64,
    /// The giver's offer.
    pub offer: Signed,
    /// The receiver's acceptance.
    pub accept: Signed,
    /// The giver's release; without it the hand-over is provisional.
    pub release: Option<Signed>,
    /// The giver's taking back of the offer; with it the hand-over is in dispute.
    pub revoked: Option<Signed>,
    /// What both sides signed.
    pub manifest_hash: Option<[u8; 32]>,
    /// The items these eyes see.
    pub lines: Vec<Line>,
    /// How many more there are that these eyes do not see.
    pub others: usize,
}

impl Minutes {
    /// Whether two stories contradict each other, about the hand-over or about one of its items.
    pub fn is_disputed(&self) -> bool {
        self.revoked.is_some() || self.lines.iter().any(|line| line.item.disputed)
    }
}

/// A page of minutes with an item these eyes see, newest first, and where the next page begins.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: Wanted,
    limit: u64,
) -> Result<(Vec<Minutes>, Option<i64>), StoreError> {
    let mut query = accepts(scope);
    if let Some(before) = wanted.before {
        query = query.filter(custody_event::Column::LogIndex.lt(before));
    }
    if wanted.from_ms.is_some() || wanted.until_ms.is_some() {
        let mut received = Query::select();
        received.column(inbox::Column::EventId).from(inbox::Entity);
        if let Some(from) = wanted.from_ms {
            received.and_where(inbox::Column::ReceivedAt.gte(from));
        }
        if let Some(until) = wanted.until_ms {
            received.and_where(inbox::Column::ReceivedAt.lt(until));
        }
        query = query.filter(custody_event::Column::EventId.in_subquery(received));
    }
    if let Some(office) = wanted.office {
        query = query.filter(with_office(office));
    }
    let rows = query
        .order_by_desc(custody_event::Column::LogIndex)
        .limit(limit)
        .all(db)
        .await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows.last().filter(|_| is_full).map(|row| row.log_index);
    Ok((read(db, scope, rows).await?, next))
}

/// The minutes that an acceptance makes, if these eyes see one of its items.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn find(db: &impl ConnectionTrait, scope: &Scope, accept: EventId) -> Result<Option<Minutes>, StoreError> {
    let row = accepts(scope)
        .filter(custody_event::Column::EventId.eq(accept.0.to_vec()))
        .all(db)
        .await?;
    Ok(read(db, scope, row).await?.pop())
}

/// Trusted acceptances of items these eyes see.
fn accepts(scope: &Scope) -> sea_orm::Select<custody_event::Entity> {
    let items = scope.items().select_only().column(item_custody::Column::ItemId);
    let linked = Query::select()
        .column(item_event::Column::EventId)
        .from(item_event::Entity)
        .and_where(item_event::Column::ItemId.in_subquery(items.into_query()))
        .to_owned();
    of_kind(Kind::Accept).filter(custody_event::Column::EventId.in_subquery(linked))
}

fn of_kind(kind: Kind) -> sea_orm::Select<custody_event::Entity> {
    custody_event::Entity::find()
        .filter(custody_event::Column::Kind.eq(code(kind)))
        .filter(custody_event::Column::Verdict.eq(OK))
}

fn code(kind: Kind) -> i64 {
    i64::try_from(kind.code()).unwrap_or(i64::MAX)
}

/// Acceptances or offers signed on a device of an office.
fn with_office(office: ServicePointId) -> Condition {
    let people = Query::select()
        .column(staff::Column::Id)
        .from(staff::Entity)
        .and_where(staff::Column::ServicePointId.eq(office.0))
        .to_owned();
    let devices = Query::select()
        .column(device::Column::DeviceId)
        .from(device::Entity)
        .and_where(device::Column::StaffId.in_subquery(people))
        .to_owned();
    let offers = Query::select()
        .column(custody_event::Column::EventId)
        .from(custody_event::Entity)
        .and_where(custody_event::Column::Kind.eq(code(Kind::Offer)))
        .and_where(custody_event::Column::DeviceId.in_subquery(devices.clone()))
        .to_owned();
    Condition::any()
        .add(custody_event::Column::DeviceId.in_subquery(devices))
        .add(custody_event::Column::About.in_subquery(offers))
}

/// What was signed, by event.
pub(super) type Texts = HashMap<Vec<u8>, (Event, i64)>;

/// What was signed under these ids, and when it came.
pub(super) async fn signed(db: &impl ConnectionTrait, ids: Vec<Vec<u8>>) -> Result<Texts, StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>, i64)> = inbox::Entity::find()
        .select_only()
        .columns([inbox::Column::EventId, inbox::Column::Raw, inbox::Column::ReceivedAt])
        .filter(inbox::Column::EventId.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter()
        .map(|(id, raw, received_ms)| {
            let envelope =
                Envelope::parse(&raw).map_err(|error| StoreError::corrupt("inbox", hex::encode(&id), error))?;
            Ok((id, (envelope.into_event(), received_ms)))
        })
        .collect()
}

/// Everything that is read once for a page.
struct Ground {
    texts: Texts,
    devices: HashMap<DeviceId, Device>,
    items: HashMap<Vec<u8>, item_custody::Model>,
    carried: HashMap<Uuid, Carried>,
}

impl Ground {
    fn signed(&self, row: &custody_event::Model) -> Option<Signed> {
        let (event, received_ms) = self.texts.get(&row.event_id)?;
        let device = self.devices.get(&event.device);
        Some(Signed {
            event: EventId(row.event_id.clone().try_into().ok()?),
            party: device.and_then(|device| device.holder(event.hat()?)),
            staff: device.map(|device| device.staff),
            claimed_ms: event.wall_ms,
            received_ms: *received_ms,
        })
    }

    /// How many items changed hands with an offer, those in bags each.
    fn count(&self, offer: &Event) -> usize {
        let find = |id: EventId| self.texts.get(id.0.as_slice()).map(|(event, _)| event);
        let inside = offer.items.iter().map(|named| {
            let inside = custody::bag::contents(named.item, named.head, find);
            inside.map_or(1, |inside| inside.len())
        });
        inside.sum()
    }

    fn lines(&self, offer: &Event, accept: &Event) -> Vec<Line> {
        let find = |id: EventId| self.texts.get(id.0.as_slice()).map(|(event, _)| event);
        // A bag stands on the minutes as what lay in it.
        let lines = offer.items.iter().flat_map(|named| {
            let inside = custody::bag::contents(named.item, named.head, find);
            let inside = inside.map_or_else(|| vec![named.clone()], |inside| inside.into_values().collect());
            inside.into_iter().map(move |line| (named.item, line))
        });
        let lines = lines.filter_map(|(offered, named)| {
            let item = self.items.get(named.item.0.as_slice())?;
            let excepted = accept.exceptions().iter().find(|other| other.item == offered);
            Some(Line {
                carried: self.carried.get(&item.dossier_id)?.clone(),
                item: item.clone(),
                seal: named.seal.clone(),
                exception: excepted.map(|excepted| excepted.code),
            })
        });
        let mut lines: Vec<Line> = lines.collect();
        lines.sort_by(|one, other| one.item.item_code.cmp(&other.item.item_code));
        lines
    }
}

/// Whether an acceptance answers an offer: anything else is shown by the items, as waiting or in dispute.
fn answers(accept: &Event, offer: &Event) -> bool {
    offer.about_device() == Some(accept.device)
        && offer.handover_id == accept.handover_id
        && offer.manifest_hash == accept.manifest_hash
}

async fn read(
    db: &impl ConnectionTrait,
    scope: &Scope,
    accepts: Vec<custody_event::Model>,
) -> Result<Vec<Minutes>, StoreError> {
    let ids: Vec<Vec<u8>> = accepts.iter().map(|row| row.event_id.clone()).collect();
    let offered: Vec<Vec<u8>> = accepts.iter().filter_map(|row| row.about.clone()).collect();
    let offers = of_kind(Kind::Offer)
        .filter(custody_event::Column::EventId.is_in(offered.clone()))
        .all(db)
        .await?;
    let ends = custody_event::Entity::find()
        .filter(custody_event::Column::Kind.is_in([code(Kind::Release), code(Kind::RevokeOffer)]))
        .filter(custody_event::Column::Verdict.eq(OK))
        .filter(custody_event::Column::About.is_in(ids.into_iter().chain(offered)))
        .order_by_asc(custody_event::Column::LogIndex)
        .all(db)
        .await?;
    let ground = ground(db, scope, [&accepts, &offers, &ends]).await?;
    let mut all = Vec::with_capacity(accepts.len());
    for row in &accepts {
        let offer = offers.iter().find(|offer| Some(&offer.event_id) == row.about.as_ref());
        let Some(offer) = offer else { continue };
        let texts = (ground.texts.get(&offer.event_id), ground.texts.get(&row.event_id));
        let (Some((offered, _)), Some((accepted, _))) = texts else {
            continue;
        };
        let signed = (ground.signed(offer), ground.signed(row));
        let (Some(offer_signed), Some(accept_signed)) = signed else {
            continue;
        };
        if !answers(accepted, offered) {
            continue;
        }
        // Only the giver releases or takes back.
        let end = |kind: Kind, about: &[u8]| {
            let end = ends.iter().find(|end| {
                end.kind == code(kind) && end.about.as_deref() == Some(about) && end.device_id == offer.device_id
            });
            end.and_then(|end| ground.signed(end))
        };
        let lines = ground.lines(offered, accepted);
        all.push(Minutes {
            log_index: row.log_index,
            release: end(Kind::Release, &row.event_id),
            revoked: end(Kind::RevokeOffer, &offer.event_id),
            manifest_hash: offered.manifest_hash,
            others: ground.count(offered).saturating_sub(lines.len()),
            lines,
            offer: offer_signed,
            accept: accept_signed,
        });
    }
    Ok(all)
}

/// What was signed of those of these that are bags, from the packing on.
async fn ways_of_bags(db: &impl ConnectionTrait, named: BTreeSet<Vec<u8>>) -> Result<Texts, StoreError> {
    let packings = Query::select()
        .column(custody_event::Column::EventId)
        .from(custody_event::Entity)
        .and_where(custody_event::Column::Kind.eq(code(Kind::Aggregate)))
        .and_where(custody_event::Column::Verdict.eq(OK))
        .to_owned();
    let linked: Vec<Vec<u8>> = item_event::Entity::find()
        .select_only()
        .column(item_event::Column::EventId)
        .distinct()
        .filter(item_event::Column::ItemId.is_in(named.clone()))
        .filter(item_event::Column::EventId.in_subquery(packings))
        .into_tuple()
        .all(db)
        .await?;
    let packings = signed(db, linked).await?;
    let bags = packings.values().filter_map(|(event, _)| event.bag());
    let bags: BTreeSet<Vec<u8>> = bags
        .map(|bag| bag.0.to_vec())
        .filter(|bag| named.contains(bag))
        .collect();
    if bags.is_empty() {
        return Ok(Texts::new());
    }
    let way: Vec<Vec<u8>> = item_event::Entity::find()
        .select_only()
        .column(item_event::Column::EventId)
        .distinct()
        .filter(item_event::Column::ItemId.is_in(bags))
        .into_tuple()
        .all(db)
        .await?;
    signed(db, way).await
}

async fn ground(
    db: &impl ConnectionTrait,
    scope: &Scope,
    rows: [&Vec<custody_event::Model>; 3],
) -> Result<Ground, StoreError> {
    let all = || rows.into_iter().flatten();
    let mut texts = signed(db, all().map(|row| row.event_id.clone()).collect()).await?;
    let offered = texts.values().flat_map(|(event, _)| &event.items);
    let bags = ways_of_bags(db, offered.map(|named| named.item.0.to_vec()).collect()).await?;
    texts.extend(bags);
    let speakers: BTreeSet<Vec<u8>> = all().map(|row| row.device_id.clone()).collect();
    let devices = device::Entity::find()
        .filter(device::Column::DeviceId.is_in(speakers))
        .all(db)
        .await?;
    let devices: Result<HashMap<_, _>, StoreError> = devices
        .iter()
        .map(|row| Device::from_row(row).map(|device| (device.id, device)))
        .collect();
    let named = texts.values().flat_map(|(event, _)| &event.items);
    let named: BTreeSet<Vec<u8>> = named.map(|named| named.item.0.to_vec()).collect();
    let items = scope
        .items()
        .filter(item_custody::Column::ItemId.is_in(named))
        .all(db)
        .await?;
    let owners = items.iter().map(|item| item.dossier_id).collect();
    Ok(Ground {
        texts,
        devices: devices?,
        carried: carried::carried(db, scope, owners).await?,
        items: items.into_iter().map(|item| (item.item_id.clone(), item)).collect(),
    })
}
