//! The code that names an agency: a letter and two digits for its first level, groups for the levels below.
//!
//! Which first-level codes exist, and from when to when, is a table that is passed in; the default names
//! what could be verified and leaves the name open elsewhere, since the mergers of 2025 moved them. It knows
//! no people and no desks.
//!
//! Source: Quyết định 20/2020/QĐ-TTg, điều 4

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use time::Date;

use crate::agency_list::AgencyList;
use crate::code::words::Explain;

const LIMIT: usize = 35;
const LEVEL_1: usize = 3;

/// A checked agency code, first level first: `H01.23.11`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgencyCode(String);

/// Why a text is no agency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgencyCodeError {
    /// More than 35 characters.
    #[error("an agency code has at most 35 characters")]
    Length,
    /// The first level is not a letter from A to Y and two digits.
    #[error("an agency code starts with a letter from A to Y and two digits")]
    FirstLevel,
    /// A group is empty or has other characters than capital letters and digits.
    #[error("the groups of an agency code are capital letters and digits between single dots")]
    Group,
}

impl AgencyCode {
    /// Reads a code, first level first.
    pub fn parse(text: &str) -> Result<Self, AgencyCodeError> {
        if text.len() > LIMIT {
            return Err(AgencyCodeError::Length);
        }
        let mut groups = text.split('.');
        let first = groups.next().unwrap_or_default();
        if !matches!(first.as_bytes(), [b'A'..=b'Y', b'0'..=b'9', b'0'..=b'9']) {
            return Err(AgencyCodeError::FirstLevel);
        }
        let is_group = |group: &str| {
            !group.is_empty()
                && group
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        };
        if groups.all(is_group) {
            Ok(Self(text.to_owned()))
        } else {
            Err(AgencyCodeError::Group)
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first level, for example `H01`.
    pub fn level_1(&self) -> &str {
        &self.0[..LEVEL_1]
    }

    /// The groups below the first level, from above to below.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.0.split('.').skip(1)
    }
}

impl fmt::Display for AgencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Explain for AgencyCodeError {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::Length => "mã cơ quan có nhiều nhất 35 ký tự".into(),
            Self::FirstLevel => "mã cơ quan bắt đầu bằng một chữ cái từ A đến Y và hai chữ số".into(),
            Self::Group => "các nhóm của mã cơ quan gồm chữ cái in hoa và chữ số, cách nhau một dấu chấm".into(),
        }
    }
}

/// The code of any body that may appear as an agency.
///
/// Source: Quyết định 20/2020/QĐ-TTg, điều 4; Quyết định 20/2020/QĐ-TTg, điều 5; Quyết định 20/2020/QĐ-TTg, điều 6
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyCode {
    /// A state agency.
    Agency(AgencyCode),
    /// An enterprise, cooperative or household business: its enterprise or tax number.
    Business(String),
    /// Another organisation: `Z01` to `Z99` and up to 32 characters.
    Other(String),
}

impl BodyCode {
    /// Reads whichever of the three a text is.
    pub fn parse(text: &str) -> Result<Self, AgencyCodeError> {
        let other = |text: &str| {
            text.len() <= LIMIT
                && matches!(text.as_bytes(), [b'Z', b'0'..=b'9', b'0'..=b'9', rest @ ..]
                    if rest.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'.'))
                && !text.starts_with("Z00")
        };
        if is_business_number(text) {
            Ok(Self::Business(text.to_owned()))
        } else if other(text) {
            Ok(Self::Other(text.to_owned()))
        } else {
            AgencyCode::parse(text).map(Self::Agency)
        }
    }
}

/// Whether a text has the form of an enterprise or tax number: ten digits, or with three more for a branch.
///
/// Source: Quyết định 20/2020/QĐ-TTg, điều 5
pub fn is_business_number(text: &str) -> bool {
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('-') {
        Some((number, branch)) => digits(number, 10) && digits(branch, 3),
        None => digits(text, 10),
    }
}

/// One meaning of a first-level code during a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyEntry {
    /// The agency's name, where it is known.
    pub name: Option<String>,
    /// The first day of its validity, where known.
    pub valid_from: Option<Date>,
    /// The last day of its validity, where it has ended.
    pub valid_to: Option<Date>,
}

/// What the table says of a code on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgencyStanding<'a> {
    /// In force on that day.
    InForce(&'a AgencyEntry),
    /// Known, and not in force on that day.
    NotInForce(&'a AgencyEntry),
    /// Not in the table.
    Unknown,
}

/// The first-level codes: data, with validity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyTable {
    /// Entries by code; a code may have had several meanings.
    pub level_1: BTreeMap<String, Vec<AgencyEntry>>,
    /// The ministries whose number leads the sequence of a national portal's dossier codes.
    ///
    /// Source: Quy ước Trao Tay, số bộ ngành đầu dãy số hồ sơ
    pub ministries: BTreeMap<String, String>,
}

impl AgencyTable {
    /// The table with a province's list in place of what it says of the same codes.
    #[must_use]
    pub fn with(mut self, list: &AgencyList) -> Self {
        for entry in list.entries() {
            let named = AgencyEntry {
                name: Some(entry.name.clone()),
                valid_from: Some(entry.validity.from()).filter(|from| *from != Date::MIN),
                valid_to: entry.validity.to(),
            };
            self.level_1.insert(entry.code.clone(), vec![named]);
        }
        self
    }

    /// What a first-level code meant on a day.
    pub fn on(&self, level_1: &str, day: Date) -> AgencyStanding<'_> {
        let entries = self.level_1.get(level_1).map_or(&[][..], Vec::as_slice);
        let in_force = |entry: &&AgencyEntry| {
            entry.valid_from.is_none_or(|from| from <= day) && entry.valid_to.is_none_or(|to| day <= to)
        };
        match (entries.iter().find(in_force), entries.last()) {
            (Some(entry), _) => AgencyStanding::InForce(entry),
            (None, Some(entry)) => AgencyStanding::NotInForce(entry),
            (None, None) => AgencyStanding::Unknown,
        }
    }
}

impl Default for AgencyTable {
    /// The agencies that are known by name, and the 63 provinces of 2020, most of them without a name.
    fn default() -> Self {
        const NAMED: [(&str, &str); 13] = [
            ("G01", "Bộ Công an"),
            ("G09", "Bộ Nội vụ"),
            ("G12", "Bộ Tài chính"),
            ("G14", "Bộ Thông tin và Truyền thông"),
            ("G15", "Bộ Tư pháp"),
            ("G18", "Bộ Y tế"),
            ("G22", "Văn phòng Chính phủ"),
            ("G24", "Bảo hiểm xã hội Việt Nam"),
            ("H01", "An Giang"),
            ("H05", "Bắc Ninh"),
            ("H15", "Đắk Lắk"),
            ("H22", "Hà Giang"),
            ("H38", "Lào Cai"),
        ];
        const MINISTRIES: [(&str, &str); 7] = [
            ("03", "Giáo dục và Đào tạo"),
            ("06", "Khoa học và Công nghệ"),
            ("09", "Nội vụ"),
            ("10", "Nông nghiệp và Môi trường"),
            ("15", "Tư pháp"),
            ("16", "Văn hóa, Thể thao và Du lịch"),
            ("18", "Y tế"),
        ];
        let entry = |name: Option<&str>| {
            vec![AgencyEntry {
                name: name.map(str::to_owned),
                valid_from: None,
                valid_to: None,
            }]
        };
        let mut level_1: BTreeMap<_, _> = (1..=63).map(|number| (format!("H{number:02}"), entry(None))).collect();
        level_1.extend(NAMED.map(|(code, name)| (code.to_owned(), entry(Some(name)))));
        Self {
            level_1,
            ministries: MINISTRIES
                .map(|(number, name)| (number.to_owned(), name.to_owned()))
                .into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn reads_the_levels_from_above_to_below() {
        let code = AgencyCode::parse("H15.50.05.13").expect("a code");
        assert_eq!(
            (code.level_1(), code.groups().collect::<Vec<_>>()),
            ("H15", vec!["50", "05", "13"])
        );
    }

    #[test]
    fn says_why_a_code_is_wrong() {
        for (text, why) in [
            ("", AgencyCodeError::FirstLevel),
            ("Z01", AgencyCodeError::FirstLevel),
            ("H1", AgencyCodeError::FirstLevel),
            ("h01", AgencyCodeError::FirstLevel),
            ("H01.", AgencyCodeError::Group),
            ("H01..2", AgencyCodeError::Group),
            ("H01.2a", AgencyCodeError::Group),
            ("H01.0000000000.0000000000.0000000000", AgencyCodeError::Length),
        ] {
            assert_eq!(AgencyCode::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn the_list_of_a_province_says_when_a_code_was_in_force() {
        let entry = crate::agency_list::AgencyEntry {
            code: "H22".to_owned(),
            name: "Hà Giang (đến khi sáp nhập)".to_owned(),
            validity: crate::validity::Validity::new(Date::MIN, Some(date!(2025 - 06 - 30))).expect("a period"),
            successor: None,
            source: "Quyết định 20/2020/QĐ-TTg, điều 4".to_owned(),
        };
        let list = AgencyList::new([entry]).expect("a list");
        let table = AgencyTable::default().with(&list);
        assert!(matches!(
            table.on("H22", date!(2025 - 07 - 01)),
            AgencyStanding::NotInForce(_)
        ));
        let AgencyStanding::InForce(entry) = table.on("H22", date!(2025 - 06 - 30)) else {
            panic!("it was in force")
        };
        assert_eq!(
            (entry.name.as_deref(), entry.valid_from),
            (Some("Hà Giang (đến khi sáp nhập)"), None)
        );
        assert!(matches!(
            table.on("H01", date!(2025 - 07 - 01)),
            AgencyStanding::InForce(_)
        ));
    }

    #[test]
    fn tells_agencies_businesses_and_others_apart() {
        assert!(matches!(BodyCode::parse("G22.99"), Ok(BodyCode::Agency(_))));
        for number in ["0301482205", "0301482205-001"] {
            assert_eq!(BodyCode::parse(number), Ok(BodyCode::Business(number.to_owned())));
        }
        assert!(matches!(BodyCode::parse("Z01ABC"), Ok(BodyCode::Other(_))));
        assert_eq!(BodyCode::parse("Z00ABC"), Err(AgencyCodeError::FirstLevel));
    }

    #[test]
    fn a_code_means_what_it_meant_on_the_day() {
        let mut table = AgencyTable::default();
        let entry = |name: &str, valid_from, valid_to| AgencyEntry {
            name: Some(name.to_owned()),
            valid_from,
            valid_to,
        };
        let change = date!(2025 - 07 - 01);
        let old = entry("Tỉnh cũ", None, change.previous_day());
        table.level_1.insert("H33".to_owned(), vec![old.clone()]);
        assert_eq!(table.on("H33", date!(2025 - 06 - 30)), AgencyStanding::InForce(&old));
        assert_eq!(table.on("H33", change), AgencyStanding::NotInForce(&old));
        let new = entry("Tỉnh mới", Some(change), None);
        table.level_1.insert("H33".to_owned(), vec![old, new.clone()]);
        assert_eq!(table.on("H33", change), AgencyStanding::InForce(&new));
        assert_eq!(table.on("H64", change), AgencyStanding::Unknown);
    }
}
