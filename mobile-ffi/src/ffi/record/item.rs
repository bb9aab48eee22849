//! Items, scans and stops.

use domain::wire::v1::Leg;

use super::person::Hat;
use crate::core;

/// Something a person can do with an item, and in which hat.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Permitted {
    /// `take_in`, `offer`, `deliver`, `attempt_failed`, `hold`, `return` or `refuse`.
    pub act: String,
    /// The hat.
    pub hat: Hat,
}

/// An item as this phone knows it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ItemCard {
    /// The label.
    pub item_code: String,
    /// What it carries, once known.
    pub item_kind: Option<String>,
    /// Where its custody stands, `C0` to `C13`.
    pub state: String,
    /// Who has it, for example `staff:<uuid>`.
    pub holder: Option<String>,
    /// The last custody event known of it.
    pub head: Option<String>,
    /// Number on the seal.
    pub seal: String,
    /// Papers counted at intake.
    pub paper_count: Option<u32>,
    /// Taken over, the giver's release is not here yet.
    pub provisional: bool,
    /// The open handover in which it is offered.
    pub offered_in: Option<String>,
    /// The server's last word on its state.
    pub server_state: Option<String>,
}

impl From<core::LocalItem> for ItemCard {
    fn from(item: core::LocalItem) -> Self {
        Self {
            item_code: item.item_code.to_string(),
            item_kind: item.kind.map(|kind| kind.to_string()),
            state: item.state.code().to_owned(),
            holder: item.holder.map(|holder| holder.to_string()),
            head: item.head.map(|head| head.to_string()),
            seal: item.seal,
            paper_count: item.paper_count,
            provisional: item.provisional,
            offered_in: item.offered_in.map(|id| id.to_string()),
            server_state: item.server.map(|word| word.state.code().to_owned()),
        }
    }
}

/// The answer to a scan.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Scanned {
    /// The label in its one spelling.
    pub item_code: String,
    /// What this phone knows of it.
    pub item: Option<ItemCard>,
    /// Whether this person has it.
    pub held: bool,
    /// A pickup in the work pack asks for it.
    pub to_fetch: bool,
    /// What may be done, and as whom.
    pub may: Vec<Permitted>,
}

impl From<core::Scanned> for Scanned {
    fn from(scanned: core::Scanned) -> Self {
        let may = scanned.may.iter();
        Self {
            item_code: scanned.item_code.to_string(),
            held: scanned.held,
            to_fetch: scanned.to_fetch,
            may: may
                .map(|one| Permitted {
                    act: one.act.as_str().to_owned(),
                    hat: one.hat.into(),
                })
                .collect(),
            item: scanned.item.map(Into::into),
        }
    }
}

/// One stop of the work pack.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Stop {
    /// The assignment.
    pub assignment_id: String,
    /// Fetch (`pickup`) or deliver (`deliver`).
    pub leg: String,
    /// The label.
    pub item_code: String,
    /// What it carries.
    pub item_kind: String,
    /// How people name the dossier.
    pub dossier_ref: String,
    /// Whom to ask for.
    pub name: String,
    /// Their telephone.
    pub phone: String,
    /// Where to go.
    pub address: String,
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// What the courier should know.
    pub note: String,
    /// Dong to collect.
    pub cod_amount: i64,
    /// Papers the list names.
    pub paper_count: u32,
    /// Until when.
    pub due_ms: Option<i64>,
    /// Where the item stands, `C0` to `C13`.
    pub state: String,
    /// Nothing is left to do.
    pub done: bool,
    /// Why the server took it back, if it did.
    pub withdrawn_reason: Option<String>,
}

impl From<core::Stop> for Stop {
    fn from(stop: core::Stop) -> Self {
        let told = stop.assignment;
        let leg = match told.leg {
            Leg::Pickup => "pickup",
            Leg::Deliver => "deliver",
        };
        Self {
            assignment_id: told.assignment_id,
            leg: leg.to_owned(),
            item_code: told.item_code,
            item_kind: told.item_kind,
            dossier_ref: told.dossier_ref,
            name: told.name,
            phone: told.phone,
            address: told.address,
            lat: told.lat,
            lon: told.lon,
            note: told.note,
            cod_amount: told.cod_amount,
            paper_count: told.paper_count,
            due_ms: told.due_ms,
            state: stop.state.code().to_owned(),
            done: stop.done,
            withdrawn_reason: stop.withdrawn_reason,
        }
    }
}
