//! Checks a province's folder row by row before anything is written. Every problem names file, row and what to do.

use super::read::{Folder, minutes};
use domain::wire::province::{LgspClientRecord, TOKEN_MODES};
use entity::repo::staff::Role;
use std::collections::BTreeSet;

/// Everything that is wrong; empty when nothing is.
pub(super) fn problems(folder: &Folder) -> Vec<String> {
    let mut found = Found(super::records::faults(folder));
    let mut operators = found.codes("operators.json", folder.operators.iter().map(|row| row.code.as_str()));
    // The first operator is there without being named.
    operators.insert("VNPOST");
    let communes = found.codes("communes.csv", folder.communes.iter().map(|row| row.code.as_str()));
    let points = found.codes(
        "service_points.json",
        folder.service_points.iter().map(|row| row.code.as_str()),
    );
    let agencies = found.codes("agencies.json", folder.agencies.iter().map(|row| row.code.as_str()));
    let desks = found.codes("desks.json", folder.desks.iter().map(|row| row.code.as_str()));
    let logins = folder.staff.iter().map(|row| row.login.as_str());
    found.codes(
        "staff.json and couriers.json",
        logins.chain(folder.couriers.iter().map(|row| row.login.as_str())),
    );
    found.codes("procedures.json", folder.procedures.iter().map(|row| row.code.as_str()));
    found.codes(
        "lgsp_clients.json",
        folder.lgsp_clients.iter().map(|row| row.customer_code.as_str()),
    );
    for row in &folder.communes {
        found.place("communes.csv", &row.code, row.lat, row.lon);
        found.when(row.code.len() != 5, || {
            format!("communes.csv: {}: a commune code has five digits", row.code)
        });
    }
    for row in &folder.service_points {
        found.place("service_points.json", &row.code, row.lat, row.lon);
        if let Some(operator) = &row.operator_code {
            found.refers(
                "service_points.json",
                &row.code,
                "postal operator",
                operator,
                &operators,
            );
        }
        found.refers(
            "service_points.json",
            &row.code,
            "commune",
            &row.commune_code,
            &communes,
        );
        found.when(!is_polygon(&row.territory), || {
            format!(
                "service_points.json: {}: the territory is not a GeoJSON polygon",
                row.code
            )
        });
    }
    for row in &folder.desks {
        found.place("desks.json", &row.code, row.lat, row.lon);
        found.refers("desks.json", &row.code, "agency", &row.agency_code, &agencies);
        found.refers("desks.json", &row.code, "commune", &row.commune_code, &communes);
        if let Some(point) = &row.service_point_code {
            found.refers("desks.json", &row.code, "service point", point, &points);
        }
    }
    for row in &folder.couriers {
        found.refers(
            "couriers.json",
            &row.login,
            "service point",
            &row.service_point_code,
            &points,
        );
        for area in &row.areas {
            found.refers("couriers.json", &row.login, "commune", area, &communes);
        }
        let shift = minutes(&row.shift.from).zip(minutes(&row.shift.to));
        found.when(shift.is_none_or(|(from, to)| from >= to), || {
            format!("couriers.json: {}: the shift must be HH:MM to a later HH:MM", row.login)
        });
    }
    people(&mut found, folder, [&operators, &points, &desks, &agencies]);
    for row in &folder.lgsp_clients {
        found.refers(
            "lgsp_clients.json",
            &row.customer_code,
            "agency",
            &row.agency_code,
            &agencies,
        );
        client(&mut found, row);
    }
    found.0
}

/// Staff: roles that exist and go together, places that exist.
fn people(found: &mut Found, folder: &Folder, [operators, points, desks, agencies]: [&BTreeSet<&str>; 4]) {
    for row in &folder.staff {
        for role in &row.roles {
            found.when(Role::parse(role).is_none(), || {
                format!("staff.json: {}: there is no role {role}", row.login)
            });
        }
        let roles: Vec<Role> = row.roles.iter().filter_map(|role| Role::parse(role)).collect();
        if let Some(why) = Role::conflict(&roles) {
            found.when(true, || format!("staff.json: {}: {why}", row.login));
        }
        let named = [
            ("postal operator", &row.operator_code, operators),
            ("service point", &row.service_point_code, points),
            ("desk", &row.desk_code, desks),
            ("agency", &row.agency_code, agencies),
        ];
        for (what, code, known) in named {
            if let Some(code) = code {
                found.refers("staff.json", &row.login, what, code, known);
            }
        }
    }
}

/// The words of a one-stop client's profile.
fn client(found: &mut Found, row: &LgspClientRecord) {
    let auth_errors = row.auth_errors.as_deref().unwrap_or("oauth");
    for (what, value, known) in [
        ("tokenMode", row.token_mode.as_str(), &TOKEN_MODES[..]),
        ("errorMode", row.error_mode.as_str(), &["body200", "http"]),
        ("authErrors", auth_errors, &["oauth", "wso2"]),
    ] {
        found.when(!known.contains(&value), || {
            let known = known.join(", ");
            format!("lgsp_clients.json: {}: {what} is one of {known}", row.customer_code)
        });
    }
    if let Some(certificate) = &row.certificate {
        let is_hash = certificate.len() == 64 && certificate.bytes().all(|byte| byte.is_ascii_hexdigit());
        found.when(!is_hash, || {
            format!(
                "lgsp_clients.json: {}: mtls is the certificate's SHA-256, 64 hex digits",
                row.customer_code
            )
        });
    }
}

#[derive(Default)]
struct Found(Vec<String>);

impl Found {
    fn when(&mut self, wrong: bool, what: impl FnOnce() -> String) {
        if wrong {
            self.0.push(what());
        }
    }

    fn codes<'a>(&mut self, file: &str, codes: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        for code in codes {
            let fresh = seen.insert(code);
            self.when(!fresh, || format!("{file}: {code} stands twice"));
        }
        seen
    }

    fn refers(&mut self, file: &str, row: &str, what: &str, code: &str, known: &BTreeSet<&str>) {
        self.when(!known.contains(code), || {
            format!("{file}: {row}: there is no {what} {code}")
        });
    }

    fn place(&mut self, file: &str, row: &str, lat: f64, lon: f64) {
        let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        self.when(!on_earth, || {
            format!("{file}: {row}: latitude {lat} and longitude {lon} are no place on earth")
        });
    }
}

fn is_polygon(territory: &serde_json::Value) -> bool {
    matches!(territory["type"].as_str(), Some("Polygon" | "MultiPolygon")) && territory["coordinates"].is_array()
}
