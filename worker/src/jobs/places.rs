//! The communes by name, read once and kept, because making the index costs more than asking it.

use crate::error::JobError;
use domain::place::{Commune, CommuneKind, Gazetteer, OldName, Place};
use entity::repo::{reference, setting};
use entity::table::commune;
use entity::{Store, StoreError};
use std::sync::{Arc, Mutex, PoisonError};

/// The setting that holds the province's name, as people write it at the end of an address.
const PROVINCE: &str = "province_name";

/// The gazetteer of this process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(Arc<Mutex<Option<Arc<Gazetteer>>>>);

impl Places {
    /// The commune an address means. What is not found in the gazetteer at hand is looked for in a fresh one, since the
    /// communes may have been imported after it was made.
    pub(crate) async fn locate(&self, store: &Store, address: &str) -> Result<(Place, Arc<Gazetteer>), JobError> {
        if let Some(known) = self.known() {
            let place = known.locate(address);
            if matches!(place, Place::Located(_)) {
                return Ok((place, known));
            }
        }
        let fresh = self.load(store).await?;
        Ok((fresh.locate(address), fresh))
    }

    /// Latitude and longitude of a commune's centre.
    pub(crate) async fn centre(&self, store: &Store, code: &str) -> Result<Option<(f64, f64)>, JobError> {
        let centre = |places: &Gazetteer| places.find(code).map(|commune| (commune.lat, commune.lon));
        if let Some(found) = self.known().as_deref().and_then(centre) {
            return Ok(Some(found));
        }
        Ok(centre(self.load(store).await?.as_ref()))
    }

    fn known(&self) -> Option<Arc<Gazetteer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn load(&self, store: &Store) -> Result<Arc<Gazetteer>, JobError> {
        let province = setting::get(store.read(), PROVINCE).await?.unwrap_or_default();
        let communes = reference::communes(store.read()).await?;
        let communes = communes.into_iter().map(commune).collect::<Result<_, _>>()?;
        let fresh = Arc::new(Gazetteer::new(&province, communes));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(fresh.clone());
        Ok(fresh)
    }
}

/// Units that held communes and are not communes themselves.
const REGIONS: [&str; 5] = ["huyện ", "thị xã ", "thành phố ", "quận ", "tỉnh "];

/// Kinds of communes, by the word in front of the name.
const KINDS: [CommuneKind; 4] = [
    CommuneKind::Rural,
    CommuneKind::Ward,
    CommuneKind::Township,
    CommuneKind::SpecialZone,
];

/// A row as the gazetteer wants it: old names lie in the row as a list, former districts among them.
fn commune(row: commune::Model) -> Result<Commune, StoreError> {
    let bad = |why: &str| StoreError::corrupt("commune", &row.code, why);
    // The list of the imported file, or the same list as JSON.
    let names: Vec<String> = serde_json::from_str(&row.old_names)
        .unwrap_or_else(|_| row.old_names.split(';').map(|name| name.trim().to_owned()).collect());
    let is_region = |name: &String| REGIONS.iter().any(|prefix| name.starts_with(prefix));
    let (old_regions, old_names): (Vec<String>, Vec<String>) =
        names.into_iter().filter(|name| !name.is_empty()).partition(is_region);
    let kind = KINDS
        .into_iter()
        .find(|kind| kind.vietnamese() == row.kind)
        .ok_or_else(|| bad("kind"))?;
    Ok(Commune {
        kind,
        old_names: old_names.iter().map(|name| old_name(name)).collect(),
        old_regions,
        code: row.code,
        name: row.name,
        lat: row.lat,
        lon: row.lon,
    })
}

fn old_name(text: &str) -> OldName {
    let split = KINDS.into_iter().find_map(|kind| {
        let name = text.strip_prefix(kind.vietnamese())?.strip_prefix(' ')?;
        Some(OldName {
            kind: Some(kind),
            name: name.to_owned(),
        })
    });
    split.unwrap_or_else(|| OldName {
        kind: None,
        name: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{commune, old_name};
    use domain::place::CommuneKind;

    fn row(old_names: &str) -> entity::table::commune::Model {
        entity::table::commune::Model {
            code: "30526".to_owned(),
            name: "An Cư".to_owned(),
            kind: "xã".to_owned(),
            old_names: old_names.to_owned(),
            lat: 10.5,
            lon: 105.0,
        }
    }

    #[test]
    fn former_districts_are_told_from_former_communes() {
        let read = commune(row("xã Văn Giáo;thị xã Tịnh Biên; Vĩnh Trung")).expect("readable");
        assert_eq!(read.old_regions, ["thị xã Tịnh Biên"]);
        assert_eq!(
            (read.old_names[0].kind, read.old_names[0].name.as_str()),
            (Some(CommuneKind::Rural), "Văn Giáo")
        );
        assert_eq!(read.old_names[1], old_name("Vĩnh Trung"));
        let json = commune(row(r#"["xã Văn Giáo","thị xã Tịnh Biên","Vĩnh Trung"]"#)).expect("readable");
        assert_eq!(read, json);
    }

    #[test]
    fn a_commune_of_an_unheard_kind_is_said_to_be_broken() {
        let mut broken = row("");
        broken.kind = "huyện".to_owned();
        assert!(commune(broken).is_err());
    }
}
