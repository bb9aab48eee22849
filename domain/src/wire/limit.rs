//! The time limit a due date was computed with, as it is written into the act that gives the date: what was promised can be
//! counted again with the same limit, whatever the catalogue says by then.
//!
//! Source: Nghị định 61/2018/NĐ-CP, điều 19; Quy ước Trao Tay, dạng lưu của sự kiện hồ sơ

use serde::{Deserialize, Serialize};

use crate::calendar::Term;
use crate::catalogue::{CaseError, Channel, ChosenLimit, LimitUnit, TimeLimit};

/// A time limit and where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitRecord {
    /// How many.
    pub amount: u16,
    /// `working`, `calendar` or `hours`.
    pub unit: String,
    /// The case of the procedure; none when the limit is the procedure's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// When it is that case, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_name: Option<String>,
    /// `in_person`, `online` or `post`; none when the limit is the procedure's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Where the limit is from, and what is unsure.
    pub source: String,
}

impl From<ChosenLimit<'_>> for LimitRecord {
    fn from(chosen: ChosenLimit<'_>) -> Self {
        let ChosenLimit {
            limit,
            case,
            case_name,
            channel,
            source,
        } = chosen;
        Self {
            amount: limit.amount(),
            unit: limit.unit().as_str().to_owned(),
            case: Some(case.to_owned()),
            case_name: Some(case_name.to_owned()),
            channel: Some(channel.as_str().to_owned()),
            source: source.to_owned(),
        }
    }
}

impl LimitRecord {
    /// The limit; what has no unit we know counts in working days, as it did before units were kept.
    ///
    /// # Errors
    /// [`CaseError::NoTime`] for a limit of nothing.
    pub fn limit(&self) -> Result<TimeLimit, CaseError> {
        TimeLimit::new(
            self.amount,
            LimitUnit::parse(&self.unit).unwrap_or(LimitUnit::WorkingDays),
        )
    }

    /// The limit as it is counted.
    pub fn term(&self) -> Term {
        self.limit().map_or(Term::Working(0), Term::from)
    }

    /// The channel whose terms these are.
    pub fn channel(&self) -> Option<Channel> {
        self.channel.as_deref()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_reads_back_and_one_without_case_and_channel_is_the_procedures_own() {
        let written = r#"{"amount": 3, "unit": "calendar", "source": "thử nghiệm"}"#;
        let read: LimitRecord = serde_json::from_str(written).expect("a record");
        assert_eq!((read.term(), read.channel()), (Term::Calendar(3), None));
        let post = LimitRecord {
            channel: Some("post".to_owned()),
            ..read
        };
        let again: LimitRecord = serde_json::from_str(&serde_json::json!(post).to_string()).expect("a record");
        assert_eq!((again.channel(), &again), (Some(Channel::Post), &post));
    }
}
