//! The national postcode of five digits.
//!
//! It is text, its leading zeros count, and it has no check digit. It checks addresses; it never routes an
//! item by itself, the commune does. The lists change and carry misprints, so they are data.
//!
//! Source: Thông tư 07/2017/TT-BTTTT, điều 5

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::code::words::Explain;

const LENGTH: usize = 5;

/// A postcode whose form is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode([u8; LENGTH]);

/// Why a text is no postcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostcodeError {
    /// Not five characters.
    #[error("a postcode has 5 digits, this has {found} characters")]
    Length {
        /// How many characters there were.
        found: usize,
    },
    /// Four digits, as a table leaves them that drops leading zeros.
    #[error("a postcode has 5 digits; perhaps a leading 0 was lost")]
    LostZero,
    /// Something else than digits.
    #[error("a postcode has digits only")]
    NotDigits,
}

/// A postcode that does not fit the address it stands with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the postcode belongs to {listed}, the address says {stated}")]
pub struct PostcodeMismatch {
    /// The unit in the list.
    pub listed: String,
    /// The unit of the address.
    pub stated: String,
}

impl Postcode {
    /// Reads five digits.
    pub fn parse(text: &str) -> Result<Self, PostcodeError> {
        let found = text.chars().count();
        if found != LENGTH {
            let lost = found + 1 == LENGTH && text.bytes().all(|byte| byte.is_ascii_digit());
            return Err(if lost {
                PostcodeError::LostZero
            } else {
                PostcodeError::Length { found }
            });
        }
        let digits: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| PostcodeError::NotDigits)?;
        if digits.iter().all(u8::is_ascii_digit) {
            Ok(Self(digits))
        } else {
            Err(PostcodeError::NotDigits)
        }
    }

    /// The five digits.
    #[expect(clippy::missing_panics_doc, reason = "only digits are ever stored")]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("checked to be digits when made")
    }

    /// The two digits of the province.
    pub fn province_prefix(&self) -> &str {
        &self.as_str()[..2]
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Explain for PostcodeError {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::Length { found } => format!("mã bưu chính có 5 chữ số, ở đây có {found} ký tự").into(),
            Self::LostZero => "mã bưu chính có 5 chữ số; có thể đã mất số 0 ở đầu".into(),
            Self::NotDigits => "mã bưu chính chỉ gồm chữ số".into(),
        }
    }
}

impl Explain for PostcodeMismatch {
    fn vietnamese(&self) -> Cow<'static, str> {
        format!("mã bưu chính thuộc {}, địa chỉ ghi {}", self.listed, self.stated).into()
    }
}

/// Which postcodes belong where: data, never complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostcodeTable {
    /// Provinces by their two digits.
    pub provinces: BTreeMap<String, String>,
    /// Communes by their postcode.
    pub communes: BTreeMap<Postcode, String>,
}

impl PostcodeTable {
    /// The province, if the table knows.
    pub fn province(&self, postcode: Postcode) -> Option<&str> {
        self.provinces.get(postcode.province_prefix()).map(String::as_str)
    }

    /// The commune, if the table knows.
    pub fn commune(&self, postcode: Postcode) -> Option<&str> {
        self.communes.get(&postcode).map(String::as_str)
    }

    /// A doubt if the table knows the postcode's commune and it is another than the address says.
    pub fn compare(&self, postcode: Postcode, stated: &str) -> Option<PostcodeMismatch> {
        let listed = self.commune(postcode).filter(|listed| *listed != stated)?;
        Some(PostcodeMismatch {
            listed: listed.to_owned(),
            stated: stated.to_owned(),
        })
    }
}

impl Default for PostcodeTable {
    /// The provinces and communes that could be verified in the list of August 2025.
    fn default() -> Self {
        const PROVINCES: [(&str, &[&str]); 5] = [
            ("Hải Phòng", &["03", "04", "05"]),
            ("Hà Nội", &["10", "11", "12", "13", "14"]),
            ("TP. Hồ Chí Minh", &["70", "71", "72", "73", "74", "75", "78"]),
            ("Tây Ninh", &["80", "82", "83"]),
            ("An Giang", &["90", "91", "92"]),
        ];
        const COMMUNES: [(&[u8; LENGTH], &str); 12] = [
            (b"05127", "xã Nghi Dương"),
            (b"11120", "phường Ba Đình"),
            (b"90119", "phường Long Xuyên"),
            (b"90513", "phường Châu Đốc"),
            (b"90706", "phường Tịnh Biên"),
            (b"90708", "xã An Cư"),
            (b"90712", "phường Thới Sơn"),
            (b"90715", "phường Chi Lăng"),
            (b"90720", "xã Núi Cấm"),
            (b"90806", "xã Tri Tôn"),
            (b"91118", "phường Rạch Giá"),
            (b"92516", "đặc khu Phú Quốc"),
        ];
        let provinces = PROVINCES
            .iter()
            .flat_map(|(name, prefixes)| prefixes.iter().map(|prefix| ((*prefix).to_owned(), (*name).to_owned())));
        Self {
            provinces: provinces.collect(),
            communes: COMMUNES.map(|(code, name)| (Postcode(*code), name.to_owned())).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_knows_the_postcodes_of_the_reference() {
        let table = PostcodeTable::default();
        for (text, commune, province) in [
            ("90706", "phường Tịnh Biên", "An Giang"),
            ("90712", "phường Thới Sơn", "An Giang"),
            ("90715", "phường Chi Lăng", "An Giang"),
            ("90708", "xã An Cư", "An Giang"),
            ("90720", "xã Núi Cấm", "An Giang"),
            ("90806", "xã Tri Tôn", "An Giang"),
            ("90119", "phường Long Xuyên", "An Giang"),
            ("90513", "phường Châu Đốc", "An Giang"),
            ("91118", "phường Rạch Giá", "An Giang"),
            ("92516", "đặc khu Phú Quốc", "An Giang"),
            ("05127", "xã Nghi Dương", "Hải Phòng"),
            ("11120", "phường Ba Đình", "Hà Nội"),
        ] {
            let postcode = Postcode::parse(text).expect(text);
            assert_eq!(postcode.as_str(), text, "the zero stays");
            assert_eq!(
                (table.commune(postcode), table.province(postcode)),
                (Some(commune), Some(province))
            );
        }
    }

    #[test]
    fn says_why_a_postcode_is_wrong() {
        for (text, why) in [
            ("5127", PostcodeError::LostZero),
            ("880000", PostcodeError::Length { found: 6 }),
            ("#VALUE!", PostcodeError::Length { found: 7 }),
            ("9070x", PostcodeError::NotDigits),
            ("90 06", PostcodeError::NotDigits),
            ("đđđđđ", PostcodeError::NotDigits),
            ("", PostcodeError::Length { found: 0 }),
        ] {
            assert_eq!(Postcode::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn another_commune_is_a_doubt_only_where_the_table_knows() {
        let table = PostcodeTable::default();
        let postcode = |text| Postcode::parse(text).expect("five digits");
        let doubt = table.compare(postcode("90706"), "xã An Cư").expect("another commune");
        assert_eq!(
            doubt.vietnamese(),
            "mã bưu chính thuộc phường Tịnh Biên, địa chỉ ghi xã An Cư"
        );
        assert_eq!(table.compare(postcode("90706"), "phường Tịnh Biên"), None);
        assert_eq!(table.compare(postcode("66000"), "xã An Cư"), None);
    }
}
