//! What can be asked for, and what each of it needs.

use crate::repo::staff::Role;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;

/// What is to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Somebody comes to work here.
    Add,
    /// Somebody gets other roles.
    Roles,
    /// Somebody works elsewhere.
    Place,
    /// Somebody leaves.
    Dismiss,
    /// Somebody comes back.
    Readmit,
    /// Somebody gets a new password.
    Password,
    /// Somebody's second factor is taken away.
    Factor,
    /// A courier's communes, hours and load.
    Round,
    /// What a post office serves.
    Territory,
    /// A one-stop system comes on the bus.
    ClientAdd,
    /// A one-stop system gets a new secret.
    ClientSecret,
    /// A one-stop system signs with a key from now on.
    ClientKey,
    /// A one-stop system may not order any more.
    ClientClose,
    /// A one-stop system may order again.
    ClientReopen,
    /// What carriage costs.
    Tariff,
    /// The rules in force.
    Rules,
    /// Somebody may enrol a device.
    DeviceEnrol,
    /// A device is not trusted any more.
    DeviceRevoke,
}

impl ChangeKind {
    /// Every kind with its stable name.
    pub const ALL: [(Self, &'static str); 18] = [
        (Self::Add, "user.add"),
        (Self::Roles, "user.roles"),
        (Self::Place, "user.place"),
        (Self::Dismiss, "user.dismiss"),
        (Self::Readmit, "user.readmit"),
        (Self::Password, "user.password_reset"),
        (Self::Factor, "user.second_factor_reset"),
        (Self::Round, "courier.round"),
        (Self::Territory, "office.territory"),
        (Self::ClientAdd, "client.add"),
        (Self::ClientSecret, "client.secret_reset"),
        (Self::ClientKey, "client.key"),
        (Self::ClientClose, "client.close"),
        (Self::ClientReopen, "client.reopen"),
        (Self::Tariff, "config.tariff"),
        (Self::Rules, "config.rules"),
        (Self::DeviceEnrol, "device.enrol"),
        (Self::DeviceRevoke, "device.revoke"),
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(kind, _)| *kind)
    }

    /// Whether it makes a password that somebody must be told.
    pub fn makes_password(self) -> bool {
        matches!(self, Self::Add | Self::Password | Self::ClientAdd | Self::ClientSecret)
    }

    /// Whether it is about somebody who works here.
    pub(super) fn is_of_a_person(self) -> bool {
        self.as_str().starts_with("user.") || self == Self::Round
    }

    /// Whether it is about a key somebody signs with.
    pub fn is_of_a_device(self) -> bool {
        matches!(self, Self::DeviceEnrol | Self::DeviceRevoke)
    }

    /// Who proposes and approves it: keys have administrators of their own, and nobody is both (trust §4.3).
    pub fn role(self) -> Role {
        if self.is_of_a_device() {
            Role::KeyAdmin
        } else {
            Role::OpsAdmin
        }
    }

    /// The fields it needs, and those it may have besides.
    fn fields(self) -> (&'static [&'static str], &'static [&'static str]) {
        const PLACES: &[&str] = &["service_point", "desk", "agency"];
        match self {
            Self::Add => (&["name", "roles"], PLACES),
            Self::Roles => (&["roles"], &[]),
            Self::Place => (&[], PLACES),
            Self::Dismiss
            | Self::Readmit
            | Self::Password
            | Self::Factor
            | Self::ClientSecret
            | Self::ClientClose
            | Self::ClientReopen
            | Self::DeviceEnrol
            | Self::DeviceRevoke => (&[], &[]),
            Self::Round => (&["areas", "shift_from_min", "shift_to_min", "capacity"], &[]),
            Self::Territory => (&["territory"], &[]),
            Self::ClientAdd => (&["name", "agency"], &["token_mode"]),
            Self::ClientKey => (&["public_key"], &[]),
            Self::Tariff | Self::Rules => (&["records"], &[]),
        }
    }
}

/// What is asked of a change; which of it a kind needs says [`ChangeKind`]. Places are named by their codes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ChangeBody {
    /// Name for display.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Names of roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Their post office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_point: Option<String>,
    /// Their desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// Their agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Codes of communes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub areas: Option<Vec<String>>,
    /// Start of the shift, minutes of the local day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift_from_min: Option<i64>,
    /// End of the shift, minutes of the local day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift_to_min: Option<i64>,
    /// Items in a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
    /// What an office serves, as GeoJSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<Value>,
    /// How a one-stop system with a secret proves itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_mode: Option<String>,
    /// The public key of a one-stop system, as a JWK.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<Value>,
    /// Tariffs or rules, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<Value>,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: `subject`, or `body/roles`.
    pub field: String,
    /// `missing`, `unknown`, `invalid` or `unknown_reference`.
    pub code: &'static str,
    /// What is wrong.
    pub english: Cow<'static, str>,
    /// The same in Vietnamese.
    pub vietnamese: Cow<'static, str>,
}

impl Fault {
    pub(super) fn at(
        field: &str,
        code: &'static str,
        english: impl Into<Cow<'static, str>>,
        vietnamese: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            field: field.to_owned(),
            code,
            english: english.into(),
            vietnamese: vietnamese.into(),
        }
    }
}

/// Which fields a body lacks for its kind, and which do not belong to it.
pub(super) fn faults(kind: ChangeKind, body: &ChangeBody) -> Vec<Fault> {
    let has = [
        ("name", body.name.is_some()),
        ("roles", body.roles.is_some()),
        ("service_point", body.service_point.is_some()),
        ("desk", body.desk.is_some()),
        ("agency", body.agency.is_some()),
        ("areas", body.areas.is_some()),
        ("shift_from_min", body.shift_from_min.is_some()),
        ("shift_to_min", body.shift_to_min.is_some()),
        ("capacity", body.capacity.is_some()),
        ("territory", body.territory.is_some()),
        ("token_mode", body.token_mode.is_some()),
        ("public_key", body.public_key.is_some()),
        ("records", body.records.is_some()),
    ];
    let (needed, allowed) = kind.fields();
    let mut found = Vec::new();
    for (field, is_there) in has {
        let place = format!("body/{field}");
        if needed.contains(&field) && !is_there {
            let (english, vietnamese) = (
                "this kind of change needs this field",
                "loại thay đổi này cần trường này",
            );
            found.push(Fault::at(&place, "missing", english, vietnamese));
        }
        if is_there && !needed.contains(&field) && !allowed.contains(&field) {
            let (english, vietnamese) = (
                "this kind of change has no such field",
                "loại thay đổi này không có trường này",
            );
            found.push(Fault::at(&place, "unknown", english, vietnamese));
        }
    }
    if body.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
        found.push(Fault::at(
            "body/name",
            "invalid",
            "a name has a letter",
            "tên không được để trống",
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{ChangeBody, ChangeKind, faults};

    #[test]
    fn every_kind_reads_back_from_its_name() {
        for (kind, name) in ChangeKind::ALL {
            assert_eq!((ChangeKind::parse(name), kind.as_str()), (Some(kind), name));
        }
    }

    #[test]
    fn a_body_says_what_it_lacks_and_what_does_not_belong_to_it() {
        let body = ChangeBody {
            desk: Some("A1".to_owned()),
            ..ChangeBody::default()
        };
        let found: Vec<(String, &str)> = faults(ChangeKind::Roles, &body)
            .into_iter()
            .map(|fault| (fault.field, fault.code))
            .collect();
        assert_eq!(
            found,
            [
                ("body/roles".to_owned(), "missing"),
                ("body/desk".to_owned(), "unknown")
            ]
        );
    }
}
