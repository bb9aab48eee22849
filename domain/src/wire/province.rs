//! The files of a province's folder, as an import reads them.
//!
//! Everything about a province is data: adding one is a folder of these files. Codes
//! refer from file to file; identifiers are made at import.
//!
//! Source: Quy ước Trao Tay, thư mục dữ liệu của một tỉnh

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use super::calendar::{CalendarDateError, CalendarDayRecord, CalendarRecord, CalendarsRecord};

pub use super::agency::AgencyRecord;
pub use super::procedure::{CaseRecord, ChannelRecord, ComponentRecord, ProcedureRecord, SurrenderRecord};

/// `province.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvinceRecord {
    /// The two-digit code of the national statistics list.
    pub code: String,
    /// The name without the kind.
    pub name: String,
    /// Which version of the list the codes belong to.
    pub code_system: String,
}

/// One of `operators.json`, a file that a folder with one postal operator does without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorRecord {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// When an office is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursRecord {
    /// Days of the week, 1 for Monday to 7 for Sunday.
    pub days: Vec<u8>,
    /// From, as `07:00`.
    pub from: String,
    /// To, as `17:00`.
    pub to: String,
}

/// One of `service_points.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServicePointRecord {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The commune it stands in.
    pub commune_code: String,
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// The national postcode, where known.
    #[serde(default)]
    pub postcode: Option<String>,
    /// The post's own code of the point.
    pub pos_code: String,
    /// The postal operator whose point it is; the first one's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator_code: Option<String>,
    /// When it is open.
    pub opening_hours: Vec<HoursRecord>,
    /// The area it serves: a GeoJSON polygon, longitude first.
    pub territory: serde_json::Value,
}

/// One of `desks.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeskRecord {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The agency it belongs to.
    pub agency_code: String,
    /// The service point whose staff run it, when the post does.
    #[serde(default)]
    pub service_point_code: Option<String>,
    /// The commune it stands in.
    pub commune_code: String,
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// When it is open.
    pub opening_hours: Vec<HoursRecord>,
}

/// One of `couriers.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourierRecord {
    /// The name to sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their telephone, E.164.
    pub phone: String,
    /// The service point they work for.
    pub service_point_code: String,
    /// The communes they know best.
    pub areas: Vec<String>,
    /// Their shift.
    pub shift: HoursRecord,
    /// How many stops a day they can take.
    pub capacity: u32,
}

/// One of `staff.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRecord {
    /// The name to sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their telephone, E.164.
    pub phone: String,
    /// `post_agent`, `post_supervisor`, `desk_agent`, `agency_receiver`, `agency_manager`, `ops_admin`, `key_admin` or
    /// `auditor`; two hats are two roles.
    pub roles: Vec<String>,
    /// The service point they work at.
    #[serde(default)]
    pub service_point_code: Option<String>,
    /// The desk they work at.
    #[serde(default)]
    pub desk_code: Option<String>,
    /// The agency they receive for.
    #[serde(default)]
    pub agency_code: Option<String>,
    /// The postal operator whose installation or books they look after, when they work at no service point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator_code: Option<String>,
}

/// One of `lgsp_clients.json`. Secrets are made at import and are in no file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LgspClientRecord {
    /// The customer code the post gave.
    pub customer_code: String,
    /// What its program is called.
    pub name: String,
    /// The agency it orders for.
    pub agency_code: String,
    /// The postal operator it orders from; the first one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator_code: Option<String>,
    /// How the operation is named: `path`, `header` or `body`.
    pub dispatch: String,
    /// How the token is asked for: `basic_form`, `body`, `query`, `header`, `basic_empty` or `key_token`; or that it is
    /// fixed and asked for nowhere: `static_bearer`, `static_header` or `static_url`; or that it is signed for:
    /// `private_key_jwt`. See [`TOKEN_MODES`].
    #[serde(rename = "tokenMode")]
    pub token_mode: String,
    /// How errors are told: `body200` or `http`.
    #[serde(rename = "errorMode")]
    pub error_mode: String,
    /// How fields are spelt: `Pascal`, `camel` or `gen1`.
    #[serde(rename = "fieldCase")]
    pub field_case: String,
    /// Which list province codes are of: `vnpost`, `gso2025` or `gso-legacy`.
    #[serde(rename = "provinceCodeSystem")]
    pub province_code_system: String,
    /// The time zone of the client's texts.
    pub tz: String,
    /// The client's codes of provinces and what they are in today's list, where its list is not that one.
    #[serde(rename = "provinceCodes", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub province_codes: BTreeMap<String, String>,
    /// Other customer codes it orders under.
    #[serde(rename = "customerCodes", default, skip_serializing_if = "Vec::is_empty")]
    pub customer_codes: Vec<String>,
    /// Names its agency goes by as a party of an order, besides its own.
    #[serde(rename = "agencyNames", default, skip_serializing_if = "Vec::is_empty")]
    pub agency_names: Vec<String>,
    /// How a refused token is told: `oauth` (RFC 6749) or `wso2` (the gateway's fault).
    #[serde(rename = "authErrors", default, skip_serializing_if = "Option::is_none")]
    pub auth_errors: Option<String>,
    /// SHA-256 of the certificate the client must show, in hex, as the proxy in front of us forwards it.
    #[serde(rename = "mtls", default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

impl LgspClientRecord {
    /// A client that speaks as the public samples do and proves itself in this way.
    pub fn new(customer_code: &str, name: &str, agency_code: &str, token_mode: &str) -> Self {
        Self {
            customer_code: customer_code.to_owned(),
            name: name.to_owned(),
            agency_code: agency_code.to_owned(),
            operator_code: None,
            dispatch: "path".to_owned(),
            token_mode: token_mode.to_owned(),
            error_mode: "body200".to_owned(),
            field_case: "Pascal".to_owned(),
            province_code_system: "gso2025".to_owned(),
            tz: "Asia/Ho_Chi_Minh".to_owned(),
            province_codes: BTreeMap::new(),
            customer_codes: Vec::new(),
            agency_names: Vec::new(),
            auth_errors: None,
            certificate: None,
        }
    }
}

/// The way of a client that signs an assertion instead of showing a secret (RFC 7523 §2.2).
pub const SIGNED: &str = "private_key_jwt";

/// The ways a one-stop client may prove who it is.
pub const TOKEN_MODES: [&str; 10] = [
    "basic_form",
    "body",
    "query",
    "header",
    "basic_empty",
    "key_token",
    "static_bearer",
    "static_header",
    "static_url",
    SIGNED,
];
