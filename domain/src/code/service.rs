//! The two letters an item code starts with, and what they mean.
//!
//! Which letters the post uses for dossiers is not published, so meanings and choice are a table that is
//! passed in; the default holds what the union gives. It makes no item code: see [`crate::item_code`].
//!
//! Source: UPU S10, service indicator

use std::fmt;
use std::str::FromStr;

/// The two capital letters of service of an item code, for example `EE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceIndicator([u8; 2]);

/// A text that is not two letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a service indicator is two letters from A to Z")]
pub struct ServiceIndicatorError;

impl ServiceIndicator {
    /// Reads two letters; lower case is raised.
    pub fn parse(text: &str) -> Result<Self, ServiceIndicatorError> {
        match text.as_bytes() {
            [first, second] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
                Ok(Self([first.to_ascii_uppercase(), second.to_ascii_uppercase()]))
            }
            _ => Err(ServiceIndicatorError),
        }
    }

    /// The two letters.
    #[expect(clippy::missing_panics_doc, reason = "only ASCII is ever stored")]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("checked to be letters when made")
    }

    /// Whether the union keeps the first letter (J, K, S, T or W) for itself.
    pub const fn is_reserved(&self) -> bool {
        matches!(self.0[0], b'J' | b'K' | b'S' | b'T' | b'W')
    }
}

impl fmt::Display for ServiceIndicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ServiceIndicator {
    type Err = ServiceIndicatorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// What the indicators that start with a prefix stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceMeaning {
    /// One or two capital letters.
    pub prefix: String,
    /// The service in Vietnamese.
    pub vietnamese: String,
    /// The service in English.
    pub english: String,
}

/// The services of a post: configuration, with the union's meanings as default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceTable {
    /// Meanings; where two prefixes fit, the longer one counts.
    pub meanings: Vec<ServiceMeaning>,
    /// The indicators this post gives to items with dossiers.
    ///
    /// Source: Quy ước Trao Tay, chỉ dẫn dịch vụ của bưu gửi hồ sơ
    pub for_dossiers: Vec<ServiceIndicator>,
}

impl ServiceTable {
    /// What an indicator stands for, if the table knows.
    pub fn meaning(&self, service: &str) -> Option<&ServiceMeaning> {
        self.meanings
            .iter()
            .filter(|meaning| service.starts_with(&meaning.prefix))
            .max_by_key(|meaning| meaning.prefix.len())
    }
}

impl Default for ServiceTable {
    /// The letters the union defines; `EE` on the way to the agency and `RR` on the way back.
    fn default() -> Self {
        let meanings = [
            ("E", "chuyển phát nhanh EMS", "EMS"),
            ("R", "thư bảo đảm", "registered letter"),
            ("C", "bưu kiện", "parcel"),
            ("V", "thư khai giá", "insured letter"),
            ("L", "thư chuyển nhanh", "express letter"),
            ("U", "thư thường", "ordinary letter"),
        ];
        Self {
            meanings: meanings
                .map(|(prefix, vietnamese, english)| ServiceMeaning {
                    prefix: prefix.to_owned(),
                    vietnamese: vietnamese.to_owned(),
                    english: english.to_owned(),
                })
                .into(),
            for_dossiers: vec![ServiceIndicator(*b"EE"), ServiceIndicator(*b"RR")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_prefix_names_the_service() {
        let mut table = ServiceTable::default();
        assert_eq!(table.meaning("EE").map(|meaning| meaning.english.as_str()), Some("EMS"));
        table.meanings.push(ServiceMeaning {
            prefix: "EH".to_owned(),
            vietnamese: "hồ sơ hành chính".to_owned(),
            english: "dossier".to_owned(),
        });
        assert_eq!(
            table.meaning("EH").map(|meaning| meaning.english.as_str()),
            Some("dossier")
        );
        assert_eq!(table.meaning("QQ"), None);
    }

    #[test]
    fn the_union_keeps_five_letters() {
        let reserved: String = ('A'..='Z')
            .filter(|letter| ServiceIndicator::parse(&format!("{letter}A")).is_ok_and(|service| service.is_reserved()))
            .collect();
        assert_eq!(reserved, "JKSTW");
    }

    #[test]
    fn refuses_what_is_not_two_letters() {
        for text in ["", "E", "EEE", "E1", "Đ"] {
            assert_eq!(text.parse::<ServiceIndicator>(), Err(ServiceIndicatorError), "{text}");
        }
        assert_eq!(
            "ee".parse::<ServiceIndicator>().map(|service| service.to_string()),
            Ok("EE".to_owned())
        );
    }
}
