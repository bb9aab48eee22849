//! What a device learns from the server.

use serde::{Deserialize, Serialize};

/// Whether a stop is to fetch or to deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// Fetch from the sender.
    Pickup,
    /// Deliver to the addressee.
    Deliver,
}

/// A stop for this courier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssignmentChange {
    /// The assignment.
    pub assignment_id: String,
    /// Fetch or deliver.
    pub leg: Leg,
    /// The number on the label.
    pub item_code: String,
    /// What the item carries, for example `DOSSIER_TO_AGENCY`.
    pub item_kind: String,
    /// How people name the dossier: its code, or the slip number before there is one.
    pub dossier_ref: String,
    /// Whom to ask for.
    pub name: String,
    /// Their telephone, E.164.
    pub phone: String,
    /// Where to go.
    pub address: String,
    /// The commune of the stop.
    pub commune_code: String,
    /// Latitude of the stop.
    pub lat: f64,
    /// Longitude of the stop.
    pub lon: f64,
    /// What the courier should know.
    pub note: String,
    /// Dong to collect.
    pub cod_amount: i64,
    /// How many papers the list names.
    pub paper_count: u32,
    /// The agency the item goes to or comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency_id: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency_name: Option<String>,
    /// Until when, in milliseconds UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_ms: Option<i64>,
}

/// Where the server's fold puts an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemChange {
    /// The number on the label.
    pub item_code: String,
    /// The newest event of the item's chain, in hex.
    pub head: Option<String>,
    /// Who has it, for example `staff:<uuid>`.
    pub holder: Option<String>,
    /// Its state, for example `C2`.
    pub state: String,
    /// What this word was made from: the first eight hex digits of the events of the item that the fold has placed, the newest
    /// sixty-four of them. A device whose own newest event is missing here was not heard yet. Empty where that is not told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heard: Vec<String>,
}

impl ItemChange {
    /// How an event is written in [`heard`](Self::heard): enough digits to tell the events of one item apart.
    pub fn mark(event_hex: &str) -> &str {
        event_hex.get(..8).unwrap_or(event_hex)
    }

    /// Whether this word was made with an event in mind; `None` where that is not told.
    pub fn has_heard(&self, event_hex: &str) -> Option<bool> {
        let mark = Self::mark(event_hex);
        (!self.heard.is_empty()).then(|| self.heard.iter().any(|heard| heard == mark))
    }
}

/// A stop that is no longer this courier's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawnChange {
    /// The number on the label.
    pub item_code: String,
    /// Why.
    pub reason: String,
}

/// One thing a device should know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Change {
    /// A stop for this courier.
    Assignment(AssignmentChange),
    /// Where an item is.
    Item(ItemChange),
    /// A stop that is no longer this courier's.
    Withdrawn(WithdrawnChange),
}

/// A page of changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangesView {
    /// The changes, oldest first.
    pub changes: Vec<Change>,
    /// The cursor for the next page.
    pub next: String,
    /// Whether there are more now.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_its_type_beside_its_fields() {
        let change = Change::Item(ItemChange {
            item_code: "EE000000155VN".to_owned(),
            head: None,
            holder: Some("citizen".to_owned()),
            state: "C8".to_owned(),
            heard: Vec::new(),
        });
        let json = serde_json::to_string(&change).expect("plain data");
        assert_eq!(
            json,
            r#"{"type":"item","item_code":"EE000000155VN","head":null,"holder":"citizen","state":"C8"}"#
        );
        assert_eq!(serde_json::from_str::<Change>(&json).ok(), Some(change));
    }

    #[test]
    fn a_stop_without_an_agency_leaves_the_optional_fields_out() {
        let json = r#"{"type":"assignment","assignment_id":"a","leg":"pickup","item_code":"EE000000155VN",
            "item_kind":"DOSSIER_TO_AGENCY","dossier_ref":"EE000000155VN","name":"Nguyễn Thị Mẫu",
            "phone":"+84912345678","address":"Khóm Xuân Hòa","commune_code":"30520","lat":10.6,"lon":105.0,
            "note":"","cod_amount":0,"paper_count":3}"#;
        let change: Change = serde_json::from_str(json).expect("all required fields are there");
        let again = serde_json::to_value(&change).expect("plain data");
        assert!(again.get("due_ms").is_none());
        assert_eq!(again["leg"], "pickup");
    }
}
