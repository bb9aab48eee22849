//! In which capacity a person signs.
//!
//! Post staff who also run a one-stop desk wear two hats: two roles and two audit
//! identities, never one merged action.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 16; Quyết định 468/QĐ-TTg, nhân viên bưu chính tại bộ phận một cửa

use std::fmt;
use std::str::FromStr;

/// The capacity in which a device's owner signs a custody event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hat {
    /// Post staff at a counter or at the applicant's door, acting under the postal contract.
    PostAgent,
    /// One-stop desk staff, acting for the State.
    DeskAgent,
    /// The person an agency named to receive from the post.
    AgencyReceiver,
    /// Whoever carries sealed items.
    Carrier,
}

impl Hat {
    /// Every hat, in the order of the codes.
    pub const ALL: [Self; 4] = [Self::PostAgent, Self::DeskAgent, Self::AgencyReceiver, Self::Carrier];

    /// The number used in signed events.
    pub const fn code(self) -> u64 {
        match self {
            Self::PostAgent => 1,
            Self::DeskAgent => 2,
            Self::AgencyReceiver => 3,
            Self::Carrier => 4,
        }
    }

    /// The hat with this number in signed events.
    pub const fn from_code(code: u64) -> Option<Self> {
        match code {
            1 => Some(Self::PostAgent),
            2 => Some(Self::DeskAgent),
            3 => Some(Self::AgencyReceiver),
            4 => Some(Self::Carrier),
            _ => None,
        }
    }

    /// The text form, lower snake case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PostAgent => "post_agent",
            Self::DeskAgent => "desk_agent",
            Self::AgencyReceiver => "agency_receiver",
            Self::Carrier => "carrier",
        }
    }
}

impl fmt::Display for Hat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no hat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hat: expected post_agent, desk_agent, agency_receiver or carrier")]
pub struct ParseHatError;

impl FromStr for Hat {
    type Err = ParseHatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|hat| hat.as_str() == text)
            .ok_or(ParseHatError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hat_reads_back_from_its_code_and_its_text() {
        for hat in Hat::ALL {
            assert_eq!(Hat::from_code(hat.code()), Some(hat));
            assert_eq!(hat.as_str().parse(), Ok(hat));
        }
        assert_eq!(Hat::from_code(0), None);
        assert_eq!(Hat::from_code(5), None);
    }
}
