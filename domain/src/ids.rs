//! Identifiers: one UUID newtype per noun, so that two of them cannot be confused.
//!
//! Making a new id needs a clock and randomness, so it happens outside this crate.
//!
//! Source: Quy ước Trao Tay, mã định danh nội bộ

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A text that is not a UUID where an id was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {noun} id")]
pub struct ParseIdError {
    /// Which id was expected, for example `staff`.
    pub noun: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $noun:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The noun this id names, in lower case.
            pub const NOUN: &'static str = $noun;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self).map_err(|_| ParseIdError { noun: $noun })
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// Somebody who runs a postal service.
    OperatorId = "operator";
    /// A dossier, from the first order to the returned result.
    DossierId = "dossier";
    /// An order to fetch or deliver.
    OrderId = "order";
    /// A person who works for the post or an agency.
    StaffId = "staff";
    /// One enrolment of a device for a staff member.
    DeviceEnrolmentId = "device enrolment";
    /// A post office or other point of service.
    ServicePointId = "service point";
    /// A one-stop desk.
    DeskId = "desk";
    /// A competent agency.
    AgencyId = "agency";
    /// One piece of work given to one courier.
    AssignmentId = "assignment";
    /// One row of the outbox.
    OutboxId = "outbox";
    /// A client program of another system.
    ClientId = "client";
    /// A message to a person.
    NotificationId = "notification";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = StaffId(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn a_wrong_id_says_which_noun_was_expected() {
        let error = "x".parse::<AgencyId>().expect_err("not a uuid");
        assert_eq!(error.to_string(), "not a valid agency id");
    }
}
