//! The answer of `traotay inspect`, as JSON.
//!
//! Vietnamese stands in `reason` and `warnings`, English beside it. Text stays text, so that zeros in front
//! of a code survive.
//!
//! Source: Quy ước Trao Tay, bản ghi kết quả nhận dạng mã

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::code::inspect::{Inspection, Part, Parts};
use crate::code::words::Words;

/// What a string is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct InspectionRecord {
    /// `s10`, `dossier_code`, `personal_id`, `cccd_qr`, `vietqr`, `postcode`, `phone`, `receipt` or `unknown`.
    pub kind: &'static str,
    /// Whether it is valid as such.
    pub valid: bool,
    /// Why it is not, in Vietnamese; null where it is valid.
    pub reason: Option<String>,
    /// The same in English.
    pub reason_en: Option<String>,
    /// What could be read from it, in order.
    pub parts: PartsRecord,
    /// What is doubtful, in Vietnamese.
    pub warnings: Vec<String>,
    /// The same in English, in the same order.
    pub warnings_en: Vec<String>,
}

/// Names with a text or a number each, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartsRecord(Parts);

impl Serialize for PartsRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, part) in self.0.iter() {
            match part {
                Part::Text(text) => map.serialize_entry(name, text)?,
                Part::Number(number) => map.serialize_entry(name, number)?,
            }
        }
        map.end()
    }
}

impl From<Inspection> for InspectionRecord {
    fn from(inspection: Inspection) -> Self {
        let both = |words: Words| (words.vietnamese.into_owned(), words.english.into_owned());
        let (reason, reason_en) = inspection.reason.map(both).unzip();
        let (warnings, warnings_en) = inspection.warnings.into_iter().map(both).unzip();
        Self {
            kind: inspection.kind.name(),
            valid: inspection.valid,
            reason,
            reason_en,
            parts: PartsRecord(inspection.parts),
            warnings,
            warnings_en,
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::code::inspect::{InspectContext, inspect};

    fn json(text: &str) -> String {
        let inspection = inspect(text, &InspectContext::new(date!(2026 - 11 - 22)));
        serde_json::to_string(&InspectionRecord::from(inspection)).expect("plain text and numbers")
    }

    #[test]
    fn a_valid_code_is_told_with_its_parts_in_order() {
        assert_eq!(
            json("EE000000155VN"),
            r#"{"kind":"s10","valid":true,"reason":null,"reason_en":null,"parts":{"id":"EE000000155VN","id_scheme":"s10","service_indicator":"EE","service":"chuyển phát nhanh EMS","serial":"00000015","check_digit":5,"country":"VN"},"warnings":[],"warnings_en":[]}"#
        );
    }

    #[test]
    fn a_wrong_code_says_why_in_both_languages() {
        let told: serde_json::Value = serde_json::from_str(&json("EB000717594HK")).expect("JSON");
        assert_eq!(told["reason"], "số kiểm tra sai: phải là 5");
        assert_eq!(told["reason_en"], "the check digit is 4 where 5 was expected");
    }

    #[test]
    fn a_doubt_stands_in_both_languages() {
        let told: serde_json::Value = serde_json::from_str(&json("080015123456")).expect("JSON");
        assert_eq!(told["warnings"], serde_json::json!(["số này ghi tuổi 111"]));
        assert_eq!(
            told["warnings_en"],
            serde_json::json!(["the number says an age of 111"])
        );
    }
}
