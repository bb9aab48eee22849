//! Which service point serves a place.
//!
//! The territory that contains the place decides; where none does, the nearest service
//! point within the operator's maximum distance.

use std::str::FromStr;

use domain::ids::ServicePointId;
use geo::{Contains, Coord, LineString, MultiPolygon, Polygon};
use geojson::{GeoJson, GeometryValue, Position};

use crate::place::{Place, PlaceError};

/// The ground a service point serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Area(MultiPolygon);

/// A text that describes no area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    /// Not GeoJSON.
    #[error("the territory is not GeoJSON")]
    NotGeoJson,
    /// GeoJSON of something else than a polygon.
    #[error("the territory is not a polygon or a set of polygons")]
    NotPolygon,
    /// A ring is open, has too few corners or leaves the globe.
    #[error("a ring of the territory is open, too short or not on the globe")]
    Broken,
}

impl FromStr for Area {
    type Err = AreaError;

    /// Reads a GeoJSON polygon or multipolygon, bare or as a feature.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let json: GeoJson = text.parse().map_err(|_| AreaError::NotGeoJson)?;
        let value = match json {
            GeoJson::Geometry(geometry) => Some(geometry.value),
            GeoJson::Feature(feature) => feature.geometry.map(|geometry| geometry.value),
            GeoJson::FeatureCollection(_) => None,
        };
        let polygons = match value {
            Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
            Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
            Some(_) | None => return Err(AreaError::NotPolygon),
        };
        polygons
            .iter()
            .map(|rings| read_polygon(rings))
            .collect::<Option<Vec<Polygon>>>()
            .filter(|polygons| !polygons.is_empty())
            .map(|polygons| Self(MultiPolygon(polygons)))
            .ok_or(AreaError::Broken)
    }
}

/// A polygon of rings; the first is the outer one. By hand, because the library's own
/// conversion panics on a position of fewer than two numbers.
fn read_polygon(rings: &[Vec<Position>]) -> Option<Polygon> {
    let mut rings = rings
        .iter()
        .map(|ring| read_ring(ring))
        .collect::<Option<Vec<LineString>>>()?
        .into_iter();
    let outer = rings.next()?;
    Some(Polygon::new(outer, rings.collect()))
}

/// A closed ring of at least three corners on the globe.
fn read_ring(ring: &[Position]) -> Option<LineString> {
    let corners = ring
        .iter()
        .map(|position| match position.as_slice() {
            [lon, lat, ..] => Place::new(*lat, *lon).ok().map(|place| Coord {
                x: place.lon(),
                y: place.lat(),
            }),
            [] | [_] => None,
        })
        .collect::<Option<Vec<Coord>>>()?;
    let line = LineString::new(corners);
    (line.0.len() >= 4 && line.is_closed()).then_some(line)
}

impl Area {
    /// Whether the area contains a place. Its edge belongs to nobody.
    pub fn contains(&self, place: Place) -> bool {
        self.0.contains(&place.point())
    }
}

/// A service point as far as routing cares.
#[derive(Debug, Clone, PartialEq)]
pub struct ServicePoint {
    /// Which one.
    pub id: ServicePointId,
    /// Where it stands.
    pub at: Place,
    /// What it serves, where drawn.
    pub territory: Option<Area>,
}

/// Why a service point cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServicePointError {
    /// It stands nowhere.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// What it serves is no area.
    #[error(transparent)]
    Area(#[from] AreaError),
}

impl ServicePoint {
    /// A service point as it is stored: where it stands in degrees, and what it serves as GeoJSON where that is drawn.
    ///
    /// # Errors
    /// [`ServicePointError`].
    pub fn read(
        id: ServicePointId,
        (lat, lon): (f64, f64),
        territory: Option<&str>,
    ) -> Result<Self, ServicePointError> {
        Ok(Self {
            id,
            at: Place::new(lat, lon)?,
            territory: territory.map(str::parse).transpose()?,
        })
    }
}

/// Why a service point serves a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServedBy {
    /// Its territory contains the place.
    Territory,
    /// No territory does, and it is the nearest.
    Nearest,
}

/// The service point that serves a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// Which one.
    pub id: ServicePointId,
    /// Why.
    pub by: ServedBy,
    /// How far it is.
    pub distance_m: u32,
}

/// The service point that serves a place, if one does. Where territories overlap the
/// nearer one serves; at the same distance, the smaller id.
pub fn serving(place: Place, points: &[ServicePoint], max_distance_m: u32) -> Option<Served> {
    let distances = points.iter().map(|point| (point.at.distance_m(place), point));
    let nearest = |drawn: bool| {
        distances
            .clone()
            .filter(|(distance_m, point)| {
                if drawn {
                    point.territory.as_ref().is_some_and(|area| area.contains(place))
                } else {
                    *distance_m <= max_distance_m
                }
            })
            .min_by_key(|(distance_m, point)| (*distance_m, point.id))
    };
    let found = |by| {
        move |(distance_m, point): (u32, &ServicePoint)| Served {
            id: point.id,
            by,
            distance_m,
        }
    };
    nearest(true)
        .map(found(ServedBy::Territory))
        .or_else(|| nearest(false).map(found(ServedBy::Nearest)))
}

/// The other service points within a distance of a place, nearest first.
pub fn neighbours(
    place: Place,
    points: &[ServicePoint],
    except: ServicePointId,
    max_distance_m: u32,
) -> Vec<(ServicePointId, u32)> {
    let mut found: Vec<(ServicePointId, u32)> = points
        .iter()
        .filter(|point| point.id != except)
        .map(|point| (point.id, point.at.distance_m(place)))
        .filter(|(_, distance_m)| *distance_m <= max_distance_m)
        .collect();
    found.sort_by_key(|(id, distance_m)| (*distance_m, *id));
    found
}
