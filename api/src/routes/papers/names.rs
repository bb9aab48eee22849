//! Parties by name.

use crate::App;
use crate::problem::Problem;
use domain::dossier::words::Language;
use domain::holder::Holder;
use entity::repo::{reference, staff};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The names of post offices, agencies and some people.
pub(crate) struct Names {
    places: HashMap<Uuid, String>,
    people: HashMap<Uuid, String>,
}

impl Names {
    /// Those of every office and agency, and of these people.
    pub(crate) async fn of(app: &App, people: BTreeSet<Uuid>) -> Result<Self, Problem> {
        let db = app.store.open();
        let offices = reference::service_points(db).await?;
        let agencies = reference::agencies(db).await?;
        let offices = offices.into_iter().map(|office| (office.id, office.name));
        let agencies = agencies.into_iter().map(|agency| (agency.id, agency.name));
        Ok(Self {
            places: offices.chain(agencies).collect(),
            people: staff::names(db, people).await?,
        })
    }

    /// The name of a place.
    pub(crate) fn place(&self, id: Uuid) -> &str {
        self.places.get(&id).map_or("", String::as_str)
    }

    /// The name of somebody who works here.
    pub(crate) fn person(&self, id: Uuid) -> &str {
        self.people.get(&id).map_or("", String::as_str)
    }

    /// A party in words for a paper.
    pub(crate) fn party(&self, holder: Option<&Holder>) -> String {
        let known = match holder {
            Some(Holder::Staff(id)) => self.people.get(&id.0),
            Some(Holder::ServicePoint(id)) => self.places.get(&id.0),
            Some(Holder::Agency(id)) => self.places.get(&id.0),
            Some(Holder::Citizen) => return "Người dân".to_owned(),
            Some(Holder::Bag(_)) | None => None,
        };
        known.map_or_else(
            || domain::dossier::words::holder(holder, None, Language::Vietnamese),
            Clone::clone,
        )
    }
}
