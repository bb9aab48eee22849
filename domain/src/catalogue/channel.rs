//! How a dossier is submitted.
//!
//! Source: Quyết định 766/QĐ-TTg, phụ lục

use std::fmt;
use std::str::FromStr;

/// The channel of submission; how the result comes back is a separate matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// 1, trực tiếp.
    InPerson,
    /// 2, trực tuyến.
    Online,
    /// 3, bưu chính công ích.
    Post,
}

impl Channel {
    /// All three, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::InPerson, Self::Online, Self::Post];

    /// The number in `KenhThucHien`.
    pub const fn number(self) -> u8 {
        match self {
            Self::InPerson => 1,
            Self::Online => 2,
            Self::Post => 3,
        }
    }

    /// The text form in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Online => "online",
            Self::Post => "post",
        }
    }

    /// The word for people.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::InPerson => "trực tiếp",
            Self::Online => "trực tuyến",
            Self::Post => "bưu chính công ích",
        }
    }

    /// The words in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::InPerson => "in person",
            Self::Online => "online",
            Self::Post => "by the public post",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a channel: expected in_person, online or post (1, 2 or 3)")]
pub struct ParseChannelError;

impl FromStr for Channel {
    type Err = ParseChannelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == text || channel.number().to_string() == text)
            .ok_or(ParseChannelError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_reads_back_from_its_word_and_its_number() {
        for channel in Channel::ALL {
            assert_eq!(channel.as_str().parse(), Ok(channel));
            assert_eq!(channel.number().to_string().parse(), Ok(channel));
        }
        assert_eq!("4".parse::<Channel>(), Err(ParseChannelError));
    }
}
