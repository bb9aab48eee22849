//! The number on an item as another system gave it: an S10 code, or an opaque id with the name of its scheme.
//!
//! The post labels some domestic items with numbers of its own. They are kept as received and compared
//! character by character; nothing is read into them.
//!
//! Source: Quy ước Trao Tay, số hiệu bưu gửi ngoài S10

use std::fmt;

use crate::item_code::{ItemCode, ItemCodeError};

/// The scheme of codes that are checked.
pub const S10_SCHEME: &str = "s10";

const SCHEME_LIMIT: usize = 32;
const ID_LIMIT: usize = 64;

/// The number of an item under its scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemLabel {
    /// A checked S10 code.
    S10(ItemCode),
    /// Anything else, as received.
    Opaque(OpaqueLabel),
}

/// A number of another scheme, as received.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpaqueLabel {
    id_scheme: String,
    id: String,
}

/// Why a text is no item label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ItemLabelError {
    /// The scheme is not a short lower-case name.
    #[error("an id scheme is 1 to 32 of a-z, 0-9 and hyphen")]
    Scheme,
    /// The id is empty, too long, or has characters that no label bears.
    #[error("an item id is 1 to 64 visible ASCII characters")]
    Id,
    /// The scheme is S10 and the id is not.
    #[error(transparent)]
    S10(#[from] ItemCodeError),
}

impl ItemLabel {
    /// Checks an id under its scheme; under `s10` it must be a valid item code.
    pub fn new(id_scheme: &str, id: &str) -> Result<Self, ItemLabelError> {
        if id_scheme == S10_SCHEME {
            return Ok(Self::S10(ItemCode::parse(id)?));
        }
        let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=SCHEME_LIMIT).contains(&id_scheme.len()) || !id_scheme.bytes().all(named) {
            return Err(ItemLabelError::Scheme);
        }
        if !(1..=ID_LIMIT).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ItemLabelError::Id);
        }
        Ok(Self::Opaque(OpaqueLabel {
            id_scheme: id_scheme.to_owned(),
            id: id.to_owned(),
        }))
    }

    /// The name of the scheme.
    pub fn id_scheme(&self) -> &str {
        match self {
            Self::S10(_) => S10_SCHEME,
            Self::Opaque(label) => &label.id_scheme,
        }
    }

    /// The id as text.
    pub fn id(&self) -> &str {
        match self {
            Self::S10(code) => code.as_str(),
            Self::Opaque(label) => &label.id,
        }
    }
}

impl fmt::Display for ItemLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_foreign_number_as_received_and_checks_its_own() {
        let label = ItemLabel::new("vnpost-domestic", "vn-0017/AB").expect("visible characters");
        assert_eq!((label.id_scheme(), label.id()), ("vnpost-domestic", "vn-0017/AB"));
        let label = ItemLabel::new("s10", "ee 000000155 vn").expect("a valid code");
        assert_eq!((label.id_scheme(), label.id()), ("s10", "EE000000155VN"));
    }

    #[test]
    fn refuses_a_wrong_scheme_an_empty_id_and_a_wrong_check_digit() {
        assert_eq!(ItemLabel::new("VNPost", "1"), Err(ItemLabelError::Scheme));
        assert_eq!(ItemLabel::new("", "1"), Err(ItemLabelError::Scheme));
        assert_eq!(ItemLabel::new("x", ""), Err(ItemLabelError::Id));
        assert_eq!(ItemLabel::new("x", "a b"), Err(ItemLabelError::Id));
        assert!(matches!(
            ItemLabel::new("s10", "EE000000018VN"),
            Err(ItemLabelError::S10(_))
        ));
    }
}
