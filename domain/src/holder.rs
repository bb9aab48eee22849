//! Who has an item in hand.
//!
//! A holder is a party read from the signer's credential, never from the device.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 7

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::ids::{AgencyId, ServicePointId, StaffId};

/// The party that has an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// The applicant or the person who may receive for them.
    Citizen,
    /// A member of staff in person.
    Staff(StaffId),
    /// A post office or other point of service.
    ServicePoint(ServicePointId),
    /// An agency or its one-stop desk.
    Agency(AgencyId),
    /// A sealed bag that is itself in somebody's hands.
    Bag(Uuid),
}

/// What sort of party a holder is, without saying which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolderClass {
    /// The applicant's side.
    Citizen,
    /// One member of staff.
    Staff,
    /// A service point.
    ServicePoint,
    /// An agency.
    Agency,
    /// A bag.
    Bag,
}

impl Holder {
    /// What sort of party this is.
    pub const fn class(&self) -> HolderClass {
        match self {
            Self::Citizen => HolderClass::Citizen,
            Self::Staff(_) => HolderClass::Staff,
            Self::ServicePoint(_) => HolderClass::ServicePoint,
            Self::Agency(_) => HolderClass::Agency,
            Self::Bag(_) => HolderClass::Bag,
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Citizen => f.write_str("citizen"),
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::ServicePoint(id) => write!(f, "service_point:{id}"),
            Self::Agency(id) => write!(f, "agency:{id}"),
            Self::Bag(id) => write!(f, "bag:{id}"),
        }
    }
}

/// A text that names no holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a holder: expected citizen, or staff, service_point, agency or bag with an id")]
pub struct ParseHolderError;

impl FromStr for Holder {
    type Err = ParseHolderError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "citizen" {
            return Ok(Self::Citizen);
        }
        let (class, id) = text.split_once(':').ok_or(ParseHolderError)?;
        let id = Uuid::parse_str(id).map_err(|_| ParseHolderError)?;
        match class {
            "staff" => Ok(Self::Staff(StaffId(id))),
            "service_point" => Ok(Self::ServicePoint(ServicePointId(id))),
            "agency" => Ok(Self::Agency(AgencyId(id))),
            "bag" => Ok(Self::Bag(id)),
            _ => Err(ParseHolderError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_of_holder_reads_back_what_it_prints() {
        let id = Uuid::from_u128(9);
        for holder in [
            Holder::Citizen,
            Holder::Staff(StaffId(id)),
            Holder::ServicePoint(ServicePointId(id)),
            Holder::Agency(AgencyId(id)),
            Holder::Bag(id),
        ] {
            assert_eq!(holder.to_string().parse(), Ok(holder));
        }
    }

    #[test]
    fn an_unknown_class_or_a_bad_id_is_refused() {
        for text in ["", "staff", "staff:", "courier:00000000-0000-0000-0000-000000000009"] {
            assert_eq!(text.parse::<Holder>(), Err(ParseHolderError));
        }
    }
}
