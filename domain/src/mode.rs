//! The three ways a person can use the service.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 5; Thông tư 17/2017/TT-BTTTT, điều 4

use std::fmt;
use std::str::FromStr;

/// What the post does for one dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// M1: carries the dossier to the agency.
    Send,
    /// M2: carries the result to the person.
    Return,
    /// M3: both under one request.
    Both,
}

impl Mode {
    /// Every mode, M1 first.
    pub const ALL: [Self; 3] = [Self::Send, Self::Return, Self::Both];

    /// The short code of the postal service: M1, M2 or M3.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Send => "M1",
            Self::Return => "M2",
            Self::Both => "M3",
        }
    }

    /// The text form, lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Return => "return",
            Self::Both => "both",
        }
    }

    /// Whether the post carries the dossier to the agency.
    pub const fn carries_dossier(self) -> bool {
        match self {
            Self::Send | Self::Both => true,
            Self::Return => false,
        }
    }

    /// Whether the post carries the result to the person.
    pub const fn carries_result(self) -> bool {
        match self {
            Self::Return | Self::Both => true,
            Self::Send => false,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mode: expected send, return or both (M1, M2 or M3)")]
pub struct ParseModeError;

impl FromStr for Mode {
    type Err = ParseModeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.as_str() == text || mode.code() == text)
            .ok_or(ParseModeError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_reads_back_from_both_its_forms() {
        for mode in Mode::ALL {
            assert_eq!(mode.as_str().parse(), Ok(mode));
            assert_eq!(mode.code().parse(), Ok(mode));
        }
        assert_eq!("collect".parse::<Mode>(), Err(ParseModeError));
    }
}
