//! What became of the units of before July 2025.
//!
//! A unit that became one unit, or a part of one, has one successor. A unit that was split
//! has several, and only a person who knows the house can say which: this module lists them
//! and never picks one. Backwards it is the same.
//!
//! Source: Nghị quyết 1654/NQ-UBTVQH15, điều 1; Nghị quyết 202/2025/QH15, điều 1

use std::collections::{BTreeMap, BTreeSet};

use super::code_list::{CodeList, UnitCode};

/// Whether a unit went into its successor as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// As a whole.
    Whole,
    /// In part; the other parts went elsewhere.
    Part,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The code of before.
    pub old_code: String,
    /// The name of before with the kind in front; for people, never a key.
    pub old_name: String,
    /// The code of the former district it lay in; none for a province.
    pub old_district: Option<String>,
    /// The code of the former province it lay in.
    pub old_province: String,
    /// The code of today.
    pub new_code: String,
    /// Whether it went there as a whole.
    pub extent: Extent,
}

/// What a code becomes in another list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Converted {
    /// The same unit under the same code, even where its kind changed (xã to đặc khu).
    Same(UnitCode),
    /// Exactly one unit, which may be larger and may have the same digits.
    One(UnitCode),
    /// It could be any of these; a person must say which. In ascending order.
    Ask(Vec<UnitCode>),
}

/// Why a code cannot be read or converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// The list is not said, and the code names a unit in both.
    #[error("{code} names one unit before July 2025 and another since; say which list it is of")]
    NeedsList {
        /// The digits.
        code: String,
    },
    /// The table knows no such unit.
    #[error("the table of successions knows no unit {0}")]
    Unknown(String),
}

/// The table of a province, ready to be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Successions {
    onwards: BTreeMap<String, BTreeSet<String>>,
    back: BTreeMap<String, BTreeSet<String>>,
    districts: BTreeMap<String, BTreeSet<String>>,
    names: BTreeMap<String, String>,
}

/// Why lines make no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionsError {
    /// A line stands twice.
    #[error("{0} to {1} stands twice")]
    Twice(String, String),
    /// A unit is said to have gone somewhere as a whole and somewhere else as well.
    #[error("{0} went to several units and to one of them as a whole")]
    WholeAndMore(String),
    /// A unit is said to have been split and has one successor.
    #[error("{0} was split and has one successor; the other is missing")]
    PartMissing(String),
}

impl Successions {
    /// Indexes the lines.
    ///
    /// # Errors
    /// [`SuccessionsError`] names the unit whose lines do not fit.
    pub fn new(lines: &[Succession]) -> Result<Self, SuccessionsError> {
        let mut table = Self::default();
        for line in lines {
            let is_new = table
                .onwards
                .entry(line.old_code.clone())
                .or_default()
                .insert(line.new_code.clone());
            if !is_new {
                return Err(SuccessionsError::Twice(line.old_code.clone(), line.new_code.clone()));
            }
            table
                .back
                .entry(line.new_code.clone())
                .or_default()
                .insert(line.old_code.clone());
            if let Some(district) = &line.old_district {
                let communes = table.districts.entry(district.clone()).or_default();
                communes.insert(line.new_code.clone());
            }
            table.names.insert(line.old_code.clone(), line.old_name.clone());
        }
        for line in lines {
            let is_split = table.onwards.get(&line.old_code).is_some_and(|new| new.len() > 1);
            match (is_split, line.extent) {
                (true, Extent::Whole) => return Err(SuccessionsError::WholeAndMore(line.old_code.clone())),
                (false, Extent::Part) => return Err(SuccessionsError::PartMissing(line.old_code.clone())),
                (true, Extent::Part) | (false, Extent::Whole) => {}
            }
        }
        Ok(table)
    }

    /// Reads a code whose list may not be said. Without a list it is read only when one list
    /// alone has such a unit.
    ///
    /// # Errors
    /// [`ConvertError`].
    pub fn read(&self, code: &str, list: Option<CodeList>) -> Result<UnitCode, ConvertError> {
        let unknown = || ConvertError::Unknown(code.to_owned());
        let is_before = self.onwards.contains_key(code) || self.districts.contains_key(code);
        let is_since = self.back.contains_key(code);
        let list = match (list, is_before, is_since) {
            (Some(list), _, _) => list,
            (None, true, true) => return Err(ConvertError::NeedsList { code: code.to_owned() }),
            (None, true, false) => CodeList::BeforeJuly2025,
            (None, false, true) => CodeList::SinceJuly2025,
            (None, false, false) => return Err(unknown()),
        };
        let is_there = match list {
            CodeList::BeforeJuly2025 => is_before,
            CodeList::SinceJuly2025 => is_since,
        };
        if !is_there {
            return Err(unknown());
        }
        UnitCode::new(list, code).map_err(|_| unknown())
    }

    /// The name a unit of before had, for people.
    pub fn old_name(&self, code: &str) -> Option<&str> {
        self.names.get(code).map(String::as_str)
    }

    /// What a code is in another list.
    ///
    /// # Errors
    /// [`ConvertError::Unknown`].
    pub fn convert(&self, code: &str, from: CodeList, to: CodeList) -> Result<Converted, ConvertError> {
        let unit = self.read(code, Some(from))?;
        let found = match (from, to) {
            (CodeList::BeforeJuly2025, CodeList::BeforeJuly2025)
            | (CodeList::SinceJuly2025, CodeList::SinceJuly2025) => return Ok(Converted::Same(unit)),
            (CodeList::BeforeJuly2025, CodeList::SinceJuly2025) => {
                self.onwards.get(code).or_else(|| self.districts.get(code))
            }
            (CodeList::SinceJuly2025, CodeList::BeforeJuly2025) => self.back.get(code),
        };
        let unknown = || ConvertError::Unknown(code.to_owned());
        let units: Vec<UnitCode> = found
            .ok_or_else(unknown)?
            .iter()
            .map(|code| UnitCode::new(to, code).map_err(|_| unknown()))
            .collect::<Result<_, _>>()?;
        Ok(match units.as_slice() {
            [one] if one.code() == code && self.is_unchanged(code) => Converted::Same(one.clone()),
            [one] => Converted::One(one.clone()),
            _ => Converted::Ask(units),
        })
    }

    /// Whether a unit of before is a unit of today by itself and under its old code.
    fn is_unchanged(&self, code: &str) -> bool {
        let alone = |map: &BTreeMap<String, BTreeSet<String>>| {
            map.get(code)
                .is_some_and(|other| other.len() == 1 && other.contains(code))
        };
        alone(&self.onwards) && alone(&self.back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(old: &str, new: &str, extent: Extent) -> Succession {
        Succession {
            old_code: old.to_owned(),
            old_name: format!("xã {old}"),
            old_district: Some("890".to_owned()),
            old_province: "89".to_owned(),
            new_code: new.to_owned(),
            extent,
        }
    }

    #[test]
    fn refuses_a_table_that_contradicts_itself() {
        let split = line("30334", "30316", Extent::Part);
        assert_eq!(
            Successions::new(&[split.clone(), split.clone()]),
            Err(SuccessionsError::Twice("30334".to_owned(), "30316".to_owned()))
        );
        assert_eq!(
            Successions::new(std::slice::from_ref(&split)),
            Err(SuccessionsError::PartMissing("30334".to_owned()))
        );
        assert_eq!(
            Successions::new(&[split, line("30334", "30325", Extent::Whole)]),
            Err(SuccessionsError::WholeAndMore("30334".to_owned()))
        );
    }

    #[test]
    fn a_code_of_one_list_alone_needs_no_list() {
        let table = Successions::new(&[line("30523", "30520", Extent::Whole)]).expect("a table");
        assert_eq!(
            table.read("30523", None).map(|unit| unit.list()),
            Ok(CodeList::BeforeJuly2025)
        );
        assert_eq!(
            table.read("30520", None).map(|unit| unit.list()),
            Ok(CodeList::SinceJuly2025)
        );
        assert_eq!(
            table.read("30520", Some(CodeList::BeforeJuly2025)),
            Err(ConvertError::Unknown("30520".to_owned()))
        );
    }
}
