//! `GET /api/v1/sync/changes`

use super::schema;
use crate::App;
use crate::auth::DeviceRight;
use crate::extract::{Json, Query};
use crate::openapi::DeviceRead;
use crate::problem::{Kind, Problem};
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::holder::Holder;
use domain::ids::{AgencyId, AssignmentId, DeskId, DossierId};
use domain::item::{Addressee, ItemKind};
use domain::wire::v1::{AssignmentChange, Change, ChangesView, Leg};
use entity::repo::assignment::{self, Stop};
use entity::repo::{changes, dossier, receiver, reference, setting};
use entity::store::Look;
use serde::Deserialize;
use subtle::ConstantTimeEq;
use utoipa::IntoParams;
use uuid::Uuid;

/// Where to go on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesQuery {
    /// The `next` of the page before; absent or empty at first.
    #[serde(default)]
    cursor: String,
}

/// What this device should know: new stops, items that moved, stops taken back.
#[utoipa::path(get, path = "/api/v1/sync/changes", tag = "sync", params(ChangesQuery), security(("device" = [])),
    responses((status = 200, body = schema::ChangesView), DeviceRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: DeviceRight,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<ChangesView>, Problem> {
    let mut recipients: Vec<Holder> = right.device.hats.iter().map(|(_, holder)| *holder).collect();
    recipients.sort_unstable();
    recipients.dedup();
    let feed = Feed {
        app: &app,
        right: &right,
        recipients,
        epoch: setting::epoch(&app.store).await?,
    };
    let after = feed.read_cursor(&query.cursor)?;
    let limit = app.config.changes_page;
    let rows = changes::after(app.store.open(), &feed.recipients, after, limit).await?;
    let more = u64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = feed.write_cursor(rows.last().map_or(after, |row| row.seq));
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows {
        let told = serde_json::from_str(&row.body).map_err(|error| Problem::caused(Kind::Internal, error))?;
        changes.extend(feed.change(told).await?);
    }
    Ok(Json(ChangesView { changes, next, more }))
}

/// One device's feed. Its cursors fit no other device, no other set of hats, and no store that was restored since: there the
/// numbers count on from an earlier place.
struct Feed<'a> {
    app: &'a App,
    right: &'a DeviceRight,
    recipients: Vec<Holder>,
    epoch: u64,
}

/// What the feed holds: a change, or an assignment whose names and addresses are read now, under the device's own scope.
#[derive(Deserialize)]
#[serde(untagged)]
enum Told {
    Whole(Box<Change>),
    Assigned { assignment_id: Uuid },
}

/// Where a stop is.
struct Place {
    name: String,
    phone: String,
    address: String,
    commune_code: String,
    place: (f64, f64),
}

impl Feed<'_> {
    async fn change(&self, told: Told) -> Result<Option<Change>, Problem> {
        let id = match told {
            Told::Whole(change) => return Ok(Some(*change)),
            Told::Assigned { assignment_id } => AssignmentId(assignment_id),
        };
        let db = &self.app.store.see(&self.right.scope).await?;
        let Some(stop) = assignment::stop(db, &self.right.scope, id).await? else {
            return Ok(None);
        };
        // Decided again since then. That the stop is taken back is told further on, also to whoever has seen it.
        let code = stop
            .item
            .item_code
            .parse()
            .map_err(|error| Problem::caused(Kind::Internal, error))?;
        let latest = assignment::latest(db, &code, &stop.assignment.leg).await?;
        if latest.is_some_and(|latest| latest.id != stop.assignment.id) {
            return Ok(None);
        }
        self.stop(db, stop).await.map(Some)
    }

    // One look for all of a stop: whoever holds a connection and asks for a second waits for others who do the same.
    async fn stop(&self, db: &Look, stop: Stop) -> Result<Change, Problem> {
        let standing = dossier::find(db, &self.right.scope, DossierId(stop.dossier.id)).await?;
        let code = standing
            .and_then(|standing| standing.state)
            .and_then(|state| state.code);
        let agency = reference::agency(db, AgencyId(stop.dossier.agency_id)).await?;
        let at = self.place(db, &stop).await?;
        let Stop {
            assignment,
            item,
            dossier: owner,
            cod_amount,
        } = stop;
        Ok(Change::Assignment(AssignmentChange {
            assignment_id: assignment.id.to_string(),
            leg: if assignment.leg == "pickup" {
                Leg::Pickup
            } else {
                Leg::Deliver
            },
            dossier_ref: code.unwrap_or_else(|| item.item_code.clone()),
            item_code: item.item_code,
            item_kind: item.kind,
            name: at.name,
            phone: at.phone,
            address: at.address,
            commune_code: at.commune_code,
            lat: at.place.0,
            lon: at.place.1,
            note: String::new(),
            cod_amount,
            paper_count: u32::try_from(owner.paper_count).unwrap_or(0),
            agency_id: agency.as_ref().map(|agency| agency.id.to_string()),
            agency_name: agency.map(|agency| agency.name),
            due_ms: None,
        }))
    }

    /// Whom to ask for and where: the citizen, or the desk when the item goes to or comes from the agency.
    async fn place(&self, db: &Look, stop: &Stop) -> Result<Place, Problem> {
        let kind: ItemKind = stop
            .item
            .kind
            .parse()
            .map_err(|error| Problem::caused(Kind::Internal, error))?;
        let party = if stop.assignment.leg == "pickup" {
            kind.sender()
        } else {
            kind.addressee()
        };
        let owner = &stop.dossier;
        let desk = match (party, owner.desk_id) {
            (Addressee::Citizen, _) => None,
            (Addressee::Agency, Some(desk)) => reference::desk(db, DeskId(desk)).await?,
            (Addressee::Agency, None) => reference::desks(db, AgencyId(owner.agency_id))
                .await?
                .into_iter()
                .next(),
        };
        let dossier = DossierId(owner.id);
        let receiver = if desk.is_none() && stop.assignment.leg != "pickup" {
            receiver::of(db, &self.right.scope, dossier).await?
        } else {
            None
        };
        if let Some(to) = receiver {
            return Ok(Place {
                name: to.name,
                phone: to.phone,
                address: to.address,
                commune_code: to.commune_code.unwrap_or_default(),
                place: to.place.unwrap_or_default(),
            });
        }
        Ok(match desk {
            Some(desk) => Place {
                address: desk.name.clone(),
                name: desk.name,
                phone: String::new(),
                commune_code: desk.commune_code,
                place: (desk.lat, desk.lon),
            },
            None => Place {
                name: owner.applicant_name.clone(),
                phone: owner.applicant_phone.clone(),
                address: owner.applicant_address.clone(),
                commune_code: owner.commune_code.clone().unwrap_or_default(),
                place: (owner.lat.unwrap_or_default(), owner.lon.unwrap_or_default()),
            },
        })
    }

    fn tag(&self, seq: i64) -> [u8; 8] {
        let mut subject = self.right.device.id.0.to_vec();
        subject.extend(self.epoch.to_be_bytes());
        subject.extend(seq.to_be_bytes());
        for recipient in &self.recipients {
            subject.extend(recipient.to_string().bytes());
            subject.push(0);
        }
        let tag = self.app.keys.derive("changes-cursor", &subject);
        tag.first_chunk().copied().unwrap_or_default()
    }

    fn write_cursor(&self, seq: i64) -> String {
        URL_SAFE_NO_PAD.encode([seq.to_be_bytes(), self.tag(seq)].concat())
    }

    fn read_cursor(&self, cursor: &str) -> Result<i64, Problem> {
        if cursor.is_empty() {
            return Ok(0);
        }
        let bytes: Option<[u8; 16]> = URL_SAFE_NO_PAD
            .decode(cursor)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.ok_or(Kind::Resync)?;
        let (seq, tag) = bytes.split_at(8);
        let seq = i64::from_be_bytes(seq.try_into().map_err(|_| Kind::Resync)?);
        if bool::from(self.tag(seq).ct_eq(tag)) {
            Ok(seq)
        } else {
            Err(Kind::Resync.into())
        }
    }
}
