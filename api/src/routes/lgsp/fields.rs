//! The fields of a call, found whatever their case and in the names of an older generation too.

use super::reply::Reply;
use crate::form;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Fields by folded name.
#[derive(Debug, Clone, Default)]
pub(in crate::routes) struct Fields(BTreeMap<String, Value>);

/// Names of the first generation and what they became.
const OLD_NAMES: [(&str, &str); 18] = [
    ("makhachhang", "customercode"),
    ("sodonhang", "ordernumber"),
    ("sotiencod", "codamount"),
    ("matinhgui", "senderprovince"),
    ("mahuyengui", "senderdistrict"),
    ("diachinguoigui", "senderaddress"),
    ("tennguoigui", "sendername"),
    ("emailnguoigui", "senderemail"),
    ("dienthoainguoigui", "sendertel"),
    ("noidunghang", "senderdesc"),
    ("ghichu", "description"),
    ("matinhnhan", "receiverprovince"),
    ("mahuyennhan", "receiverdistrict"),
    ("diachinguoinhan", "receiveraddress"),
    ("tennguoinhan", "receivername"),
    ("dienthoainguoinhan", "receivertel"),
    ("emailnguoinhan", "receiveremail"),
    ("mabuugui", "itemcode"),
];

fn folded(name: &str) -> String {
    let name = name.trim().to_lowercase();
    OLD_NAMES
        .iter()
        .find(|(old, _)| *old == name)
        .map_or(name, |(_, now)| (*now).to_owned())
}

impl Fields {
    /// The fields of a query or form.
    pub(super) fn of_pairs(text: &[u8]) -> Result<Self, Reply> {
        let pairs =
            form::pairs(text).map_err(|_| Reply::unreadable("Tham số không phải UTF-8 (the query is not UTF-8)"))?;
        // A repeated parameter is a known client fault; the first one is meant.
        let mut fields = BTreeMap::new();
        for (name, value) in pairs {
            fields.entry(folded(&name)).or_insert(Value::String(value));
        }
        Ok(Self(fields))
    }

    /// The fields of a JSON body; an empty one has none.
    pub(in crate::routes) fn of_json(body: &[u8]) -> Result<Self, Reply> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let text = std::str::from_utf8(body).map_err(|error| {
            let at = error.valid_up_to();
            Reply::unreadable(format!(
                "Nội dung không phải UTF-8 từ byte {at}; gửi lại với charset=utf-8 (not UTF-8 at byte {at})"
            ))
        })?;
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let fields: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Reply::unreadable(format!(
                "Không đọc được JSON tại dòng {line}, cột {column} (unreadable JSON)"
            ))
        })?;
        let mut found = BTreeMap::new();
        for (name, value) in fields {
            let name = folded(&name);
            if found.get(&name).is_some_and(|known| *known != value) {
                return Err(Reply::unreadable(format!(
                    "Trường {name} có hai giá trị khác nhau (given twice)"
                )));
            }
            found.insert(name, value);
        }
        Ok(Self(found))
    }

    /// These, and those of `other` that are not here.
    pub(super) fn or(mut self, other: Self) -> Self {
        for (name, value) in other.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }

    /// A text that is not empty, without the spaces around it.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)?
            .as_str()
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// A field as text, numbers included: order numbers and telephones are sent as either.
    pub(super) fn any_text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::Number(number) => Some(number.to_string()),
            _ => self.text(name).map(str::to_owned),
        }
    }

    /// A whole number, written as a number or as text.
    pub(super) fn whole(&self, name: &str) -> Whole {
        match self.0.get(name) {
            None | Some(Value::Null) => Whole::Absent,
            Some(Value::Number(number)) => {
                let whole = number.as_i64().or_else(|| number.as_f64().and_then(crate::once::whole));
                whole.map_or(Whole::Unreadable, Whole::Is)
            }
            Some(Value::String(text)) if text.trim().is_empty() => Whole::Absent,
            Some(Value::String(text)) => text.trim().parse().map_or(Whole::Unreadable, Whole::Is),
            Some(_) => Whole::Unreadable,
        }
    }

    /// A text inside an object, as in `Procedure.Code`.
    pub(super) fn inner_text(&self, name: &str, inner: &str) -> Option<&str> {
        let fields = self.0.get(name)?.as_object()?;
        let (_, value) = fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(inner))?;
        value.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The fields of an object inside, as of `DocumentSender`; none when there is no such object.
    pub(super) fn inner(&self, name: &str) -> Self {
        let fields = self.0.get(name).and_then(Value::as_object).into_iter().flatten();
        let named = fields.map(|(name, value)| (name.trim().to_lowercase(), value.clone()));
        Self(named.collect())
    }

    /// What a field says, yes or no; nothing when it is not there.
    pub(super) fn says(&self, name: &str) -> Option<bool> {
        match self.0.get(name)? {
            Value::Bool(yes) => Some(*yes),
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(matches!(text.trim().to_lowercase().as_str(), "true" | "1")),
            Value::Number(number) => Some(number.as_i64() == Some(1)),
            Value::Null => None,
            Value::Array(_) | Value::Object(_) => Some(false),
        }
    }

    /// Whether a field says yes.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.says(name) == Some(true)
    }

    /// Refuses a name whose letters were lost on the way: software that writes Vietnamese as Latin-1 sends `?` for what
    /// that cannot say, and nobody can put it back later.
    pub(super) fn with_letters(self) -> Result<Self, Reply> {
        for (name, value) in &self.0 {
            let lost = match value {
                Value::String(text) => name.ends_with("name") && has_lost_letters(text),
                Value::Object(inner) => inner.iter().any(|(key, value)| {
                    key.eq_ignore_ascii_case("name") && value.as_str().is_some_and(has_lost_letters)
                }),
                _ => false,
            };
            if lost {
                return Err(Reply::unreadable(format!(
                    "Trường {name} bị mất dấu (có ký tự ?); gửi lại bằng UTF-8: Content-Type: application/json; \
                     charset=utf-8 (letters were lost, send UTF-8)"
                )));
            }
        }
        Ok(self)
    }

    /// Everything, as one object.
    pub(super) fn to_json(&self) -> Value {
        Value::Object(
            self.0
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    }
}

/// No name holds a question mark; one that does was converted by software that had no letter for it.
fn has_lost_letters(text: &str) -> bool {
    text.contains(['?', '\u{fffd}'])
}

/// What became of reading a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Absent,
    Is(i64),
    Unreadable,
}

#[cfg(test)]
mod tests {
    use super::{Fields, Whole};

    #[test]
    fn names_are_found_in_any_case_and_generation() {
        let fields =
            Fields::of_json("{\"OrderNUmber\":\" A1 \",\"maKhachHang\":\"C\",\"soTienCOD\":\"26500\"}".as_bytes());
        let fields = fields.expect("readable");
        assert_eq!(fields.text("ordernumber"), Some("A1"));
        assert_eq!(fields.text("customercode"), Some("C"));
        assert_eq!(fields.whole("codamount"), Whole::Is(26_500));
    }

    #[test]
    fn numbers_may_be_written_with_a_point_but_not_with_a_fraction() {
        let fields = Fields::of_json(br#"{"a":5.0,"b":5.5,"c":"x","d":""}"#).expect("readable");
        assert_eq!(fields.whole("a"), Whole::Is(5));
        assert_eq!(fields.whole("b"), Whole::Unreadable);
        assert_eq!(fields.whole("c"), Whole::Unreadable);
        assert_eq!(fields.whole("d"), Whole::Absent);
        assert_eq!(fields.whole("e"), Whole::Absent);
    }

    #[test]
    fn a_name_that_lost_its_letters_is_refused_and_a_question_in_a_note_is_not() {
        let read = |text: &str| Fields::of_json(text.as_bytes()).expect("readable").with_letters();
        for lost in [
            r#"{"SenderName":"Nguy?n Th? M?u"}"#,
            r#"{"DocumentSender":{"Name":"Tr?n"}}"#,
        ] {
            let refused = read(lost).expect_err("lost");
            assert!(refused.message.contains("UTF-8"), "{}", refused.message);
        }
        assert!(read(r#"{"SenderName":"Nguyễn Thị Mẫu","Description":"Có cần bản sao?"}"#).is_ok());
    }

    #[test]
    fn says_which_byte_is_not_utf_8_and_which_field_contradicts_itself() {
        let refused = Fields::of_json(b"{\"SenderName\":\"Nguy\xeen\"}").expect_err("Latin-1");
        assert!(refused.message.contains("byte 19"), "{}", refused.message);
        let refused = Fields::of_json(br#"{"OrderNumber":"1","ordernumber":"2"}"#).expect_err("contradicts");
        assert!(refused.message.contains("ordernumber"));
        assert!(Fields::of_json(b"[1]").is_err());
        assert!(Fields::of_json(b"").is_ok());
    }
}
