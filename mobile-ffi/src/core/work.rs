//! The work pack: stops the server assigned, readable without a network.

use custody::ids::ItemId;
use domain::item::ItemState;
use domain::item_code::ItemCode;
use domain::wire::v1::{AssignmentChange, Leg};

use super::Core;
use super::error::CourierError;
use super::store::{StoreError, assignment, item};

/// One stop of the work pack.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// The stop as the server described it.
    pub assignment: AssignmentChange,
    /// Where the item stands on this phone.
    pub state: ItemState,
    /// Nothing is left to do here.
    pub done: bool,
    /// Why the server took it back, if it did.
    pub withdrawn_reason: Option<String>,
}

impl Core {
    /// Every stop this phone was given, in the order of arrival; those taken back carry the reason.
    ///
    /// # Errors
    /// [`CourierError::Store`].
    pub fn work(&self) -> Result<Vec<Stop>, CourierError> {
        self.enter()?;
        self.store.read(|db| {
            let mut stops = Vec::new();
            for stored in assignment::list(db)? {
                let stop: AssignmentChange =
                    serde_json::from_str(&stored.body).map_err(|_| StoreError::Corrupt { what: "assignment" })?;
                let code = ItemCode::parse(&stop.item_code).map_err(|_| StoreError::Corrupt { what: "assignment" })?;
                let state = item::find(db, ItemId::of(code.as_str()))?.map_or(ItemState::Created, |known| known.state);
                let done = match stop.leg {
                    Leg::Pickup => !state.is_before_post(),
                    Leg::Deliver => state.is_terminal(),
                };
                stops.push(Stop {
                    assignment: stop,
                    state,
                    done,
                    withdrawn_reason: stored.withdrawn_reason,
                });
            }
            Ok(stops)
        })
    }
}
