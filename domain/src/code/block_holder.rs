//! Who labels items with the serials of a block.
//!
//! Source: UPU S10, serial number

use std::fmt;
use std::str::FromStr;

use crate::ids::{DeviceEnrolmentId, ServicePointId};

/// Who labels items with the serials of a block. Its text form is `post`, `office:<uuid>` or `device:<uuid>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockHolder {
    /// The post as a whole: for orders that come in at no counter.
    Post,
    /// A post office, connected.
    Office(ServicePointId),
    /// A device, perhaps without a network.
    Device(DeviceEnrolmentId),
}

/// A text that names no holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a holder of serials is `post`, `office:<uuid>` or `device:<uuid>`")]
pub struct ParseBlockHolderError;

impl fmt::Display for BlockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Post => f.write_str("post"),
            Self::Office(id) => write!(f, "office:{id}"),
            Self::Device(id) => write!(f, "device:{id}"),
        }
    }
}

impl FromStr for BlockHolder {
    type Err = ParseBlockHolderError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "post" => Ok(Self::Post),
            Some(("office", id)) => id.parse().map(Self::Office).map_err(|_| ParseBlockHolderError),
            Some(("device", id)) => id.parse().map(Self::Device).map_err(|_| ParseBlockHolderError),
            _ => Err(ParseBlockHolderError),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_holder_reads_back_what_it_prints() {
        for holder in [
            BlockHolder::Post,
            BlockHolder::Office(ServicePointId(Uuid::from_u128(1))),
            BlockHolder::Device(DeviceEnrolmentId(Uuid::from_u128(2))),
        ] {
            assert_eq!(holder.to_string().parse(), Ok(holder));
        }
        for text in [
            "",
            "Post",
            "office",
            "office:1",
            "desk:00000000-0000-0000-0000-000000000001",
        ] {
            assert_eq!(text.parse::<BlockHolder>(), Err(ParseBlockHolderError));
        }
    }
}
