//! A place on the ground.

use geo::{Distance, Haversine};

/// A place in degrees. Coordinates are finite and on the globe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    lat: f64,
    lon: f64,
}

/// Degrees that are nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the coordinates are not degrees of latitude and longitude")]
pub struct PlaceError;

impl Place {
    /// A place at these degrees.
    ///
    /// # Errors
    /// [`PlaceError`] when they are not finite or off the globe.
    pub fn new(lat: f64, lon: f64) -> Result<Self, PlaceError> {
        // false for NaN too
        let is_on_earth = lat.abs() <= 90.0 && lon.abs() <= 180.0;
        is_on_earth.then_some(Self { lat, lon }).ok_or(PlaceError)
    }

    /// Degrees of latitude, north positive.
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees of longitude, east positive.
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Great-circle distance in whole metres.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a distance on the globe is between 0 and 20 million metres"
    )]
    pub fn distance_m(self, other: Self) -> u32 {
        Haversine.distance(self.point(), other.point()).round() as u32
    }

    /// The same as a point of the geometry library: longitude first.
    pub(crate) fn point(self) -> geo::Point {
        geo::Point::new(self.lon, self.lat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_from_long_xuyen_to_chau_doc() {
        let long_xuyen = Place::new(10.3862, 105.4371).expect("a place");
        let chau_doc = Place::new(10.7051, 105.1177).expect("a place");
        let metres = long_xuyen.distance_m(chau_doc);
        assert!((49_000..51_000).contains(&metres), "{metres}");
        assert_eq!(metres, chau_doc.distance_m(long_xuyen));
    }

    #[test]
    fn refuses_what_is_not_on_the_globe() {
        for (lat, lon) in [(f64::NAN, 105.0), (10.0, f64::INFINITY), (91.0, 105.0), (10.0, -181.0)] {
            assert_eq!(Place::new(lat, lon), Err(PlaceError));
        }
    }
}
