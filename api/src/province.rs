//! The province in memory, as its public pages tell it; read again when reference data change.

mod read;

use crate::kept::Kept;
use domain::catalogue::Catalogue;
use domain::place::Commune;
use domain::wire::province::HoursRecord;
use entity::{Store, StoreError};
use std::sync::Arc;

/// The last reading.
#[derive(Debug, Default)]
pub(crate) struct Provinces(Kept<Province>);

impl Provinces {
    /// The province as of now.
    pub(crate) async fn get(&self, store: &Store) -> Result<Arc<Province>, StoreError> {
        self.0.of(store, read::province(store)).await
    }
}

/// What the public may know of a province: places and offices, no person.
#[derive(Debug)]
pub(crate) struct Province {
    /// Its name, when one was loaded.
    pub(crate) name: Option<String>,
    /// Its two-digit code, when one was loaded.
    pub(crate) code: Option<String>,
    /// How many agencies it has.
    pub(crate) agencies: usize,
    /// Its communes, by name.
    pub(crate) communes: Vec<CommuneEntry>,
    /// Service points of the post, by name.
    pub(crate) points: Vec<PointEntry>,
    /// One-stop desks, by name.
    pub(crate) desks: Vec<DeskEntry>,
    /// Its procedures.
    pub(crate) catalogue: Catalogue,
}

/// A commune and what a person asks about it.
#[derive(Debug)]
pub(crate) struct CommuneEntry {
    /// The commune.
    pub(crate) commune: Commune,
    /// What it was made of in 2025.
    pub(crate) made_of: Vec<Former>,
    /// The service point that serves its centre, by its place among the points.
    pub(crate) served_by: Option<usize>,
}

/// A unit of before July 2025.
#[derive(Debug)]
pub(crate) struct Former {
    /// Its name with the kind in front.
    pub(crate) name: String,
    /// Its code of then, where the table of successions is loaded.
    pub(crate) code: Option<String>,
    /// Whether only a part of it came here.
    pub(crate) is_part: bool,
}

/// A service point of the post.
#[derive(Debug)]
pub(crate) struct PointEntry {
    /// Its name.
    pub(crate) name: String,
    /// The code of the commune it stands in.
    pub(crate) commune_code: String,
    /// The national postcode, where known.
    pub(crate) postcode: Option<String>,
    /// When it is open; empty when not known.
    pub(crate) hours: Vec<HoursRecord>,
}

/// A one-stop desk.
#[derive(Debug)]
pub(crate) struct DeskEntry {
    /// Its name.
    pub(crate) name: String,
    /// Its agency's name.
    pub(crate) agency: String,
    /// Where its agency stands, where known.
    pub(crate) address: Option<String>,
    /// The code of the commune it stands in.
    pub(crate) commune_code: String,
    /// The service point whose staff run it, by its place among the points.
    pub(crate) run_by: Option<usize>,
    /// Whether it stands in that service point.
    pub(crate) is_inside: bool,
    /// When it is open; empty when not known.
    pub(crate) hours: Vec<HoursRecord>,
}

impl Province {
    /// The commune of a code.
    pub(crate) fn commune(&self, code: &str) -> Option<&CommuneEntry> {
        self.communes.iter().find(|entry| entry.commune.code == code)
    }

    /// A commune's name with its kind in front; its code when it is not known.
    pub(crate) fn commune_name(&self, code: &str) -> String {
        self.commune(code)
            .map_or_else(|| code.to_owned(), |entry| entry.commune.full_name())
    }

    /// The service point at a place among them.
    pub(crate) fn point(&self, at: Option<usize>) -> Option<&PointEntry> {
        self.points.get(at?)
    }
}
