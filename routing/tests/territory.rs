//! Which service point of the demo province serves a place.

use domain::ids::ServicePointId;
use domain::place::Gazetteer;
use domain::wire::province::ServicePointRecord;
use proptest::prelude::*;
use routing::place::Place;
use routing::territory::{Area, AreaError, ServedBy, ServicePoint, neighbours, serving};
use uuid::Uuid;

fn an_giang() -> Vec<(ServicePointRecord, ServicePoint)> {
    let file = include_str!("../../data/an-giang/service_points.json");
    let records: Vec<ServicePointRecord> = serde_json::from_str(file).expect("the file is in order");
    records
        .into_iter()
        .zip(1_u128..)
        .map(|(record, number)| {
            let point = ServicePoint {
                id: ServicePointId(Uuid::from_u128(number)),
                at: Place::new(record.lat, record.lon).expect("a place"),
                territory: Some(record.territory.to_string().parse().expect("a polygon")),
            };
            (record, point)
        })
        .collect()
}

fn points() -> Vec<ServicePoint> {
    an_giang().into_iter().map(|(_, point)| point).collect()
}

fn square(id: u128, lat: f64, lon: f64, half: f64) -> ServicePoint {
    let (n, s, e, w) = (lat + half, lat - half, lon + half, lon - half);
    let json = format!(r#"{{"type":"Polygon","coordinates":[[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]]}}"#);
    ServicePoint {
        id: ServicePointId(Uuid::from_u128(id)),
        at: Place::new(lat, lon).expect("a place"),
        territory: Some(json.parse().expect("a polygon")),
    }
}

#[test]
fn every_service_point_stands_in_its_own_territory_and_in_no_other() {
    for (record, point) in an_giang() {
        let holding: Vec<ServicePointId> = points()
            .into_iter()
            .filter(|other| other.territory.as_ref().is_some_and(|area| area.contains(point.at)))
            .map(|other| other.id)
            .collect();
        assert_eq!(holding, [point.id], "{}", record.code);
    }
}

#[test]
fn the_communes_with_an_office_are_served_by_it() {
    let communes =
        Gazetteer::from_csv("An Giang", include_str!("../../data/an-giang/communes.csv")).expect("a good list");
    for (record, point) in an_giang() {
        let commune = communes.find(&record.commune_code).expect("a commune of the list");
        let centre = Place::new(commune.lat, commune.lon).expect("a place");
        let served = serving(centre, &points(), 25_000).expect("somebody");
        assert_eq!(
            (served.id, served.by),
            (point.id, ServedBy::Territory),
            "{}",
            record.code
        );
    }
}

#[test]
fn outside_every_territory_the_nearest_serves_unless_too_far() {
    let ha_tien = Place::new(10.405, 104.497).expect("a place");
    assert_eq!(serving(ha_tien, &points(), 25_000), None);
    let served = serving(ha_tien, &points(), 60_000).expect("within 60 km");
    assert_eq!(served.by, ServedBy::Nearest);
    assert!((25_001..=60_000).contains(&served.distance_m));
}

#[test]
fn where_territories_overlap_the_nearer_serves_and_then_the_smaller_id() {
    let between = Place::new(10.0, 105.1).expect("a place");
    let (near, far) = (square(2, 10.0, 105.05, 1.0), square(1, 10.0, 105.3, 1.0));
    assert_eq!(
        serving(between, &[far.clone(), near.clone()], 0).map(|served| served.id),
        Some(near.id)
    );
    let twin = square(3, 10.0, 105.05, 1.0);
    assert_eq!(
        serving(between, &[twin, far, near.clone()], 0).map(|served| served.id),
        Some(near.id)
    );
}

#[test]
fn neighbours_come_nearest_first_without_the_office_itself() {
    let points = [
        square(1, 10.0, 105.0, 0.1),
        square(2, 10.0, 105.2, 0.1),
        square(3, 10.0, 105.1, 0.1),
    ];
    let here = Place::new(10.0, 105.0).expect("a place");
    let around: Vec<ServicePointId> = neighbours(here, &points, points[0].id, 30_000)
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(around, [points[2].id, points[1].id]);
    assert_eq!(neighbours(here, &points, points[0].id, 15_000).len(), 1);
}

#[test]
fn an_area_is_read_bare_or_as_a_feature_and_nothing_else_is_one() {
    let polygon = r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}"#;
    let many = r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[2,0],[2,2],[0,2],[0,0]]]]}"#;
    let feature = format!(r#"{{"type":"Feature","properties":{{}},"geometry":{polygon}}}"#);
    let inside = Place::new(1.0, 1.0).expect("a place");
    for text in [polygon, many, &feature] {
        assert!(text.parse::<Area>().expect("an area").contains(inside));
    }
    for (text, why) in [
        ("", AreaError::NotGeoJson),
        (r#"{"type":"Polygon"}"#, AreaError::NotGeoJson),
        (
            r#"{"type":"Polygon","coordinates":[[[0],[1],[2],[0]]]}"#,
            AreaError::Broken,
        ),
        (
            r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2]]]}"#,
            AreaError::Broken,
        ),
        (
            r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[0,0]]]}"#,
            AreaError::Broken,
        ),
        (
            r#"{"type":"Polygon","coordinates":[[[0,0],[200,0],[2,2],[0,0]]]}"#,
            AreaError::Broken,
        ),
        (r#"{"type":"Polygon","coordinates":[]}"#, AreaError::Broken),
        (r#"{"type":"MultiPolygon","coordinates":[]}"#, AreaError::Broken),
        (r#"{"type":"Point","coordinates":[1,1]}"#, AreaError::NotPolygon),
        (r#"{"type":"FeatureCollection","features":[]}"#, AreaError::NotPolygon),
        (
            r#"{"type":"Feature","properties":{},"geometry":null}"#,
            AreaError::NotPolygon,
        ),
    ] {
        assert_eq!(text.parse::<Area>(), Err(why), "{text}");
    }
}

proptest! {
    #[test]
    fn the_province_has_no_gap_between_its_territories(lat in 10.181..10.979_f64, lon in 104.751..105.599_f64) {
        let place = Place::new(lat, lon).expect("a place");
        // an edge belongs to nobody, so the nearest serves there: never farther than a cell is wide
        let served = serving(place, &points(), 60_000).expect("somebody serves every place");
        let nearest = points().into_iter().map(|point| point.at.distance_m(place)).min();
        // the cells are those of the nearest office, drawn with four decimals
        prop_assert!(nearest.is_some_and(|nearest| served.distance_m <= nearest + 100));
    }
}
