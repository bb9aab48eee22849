//! Which time limit holds for a dossier: of its case, on its channel, in the version of its day.
//!
//! Source: Nghị định 61/2018/NĐ-CP, điều 19; Thông tư 01/2018/TT-VPCP, điều 3

use time::Date;

use super::case::TimeLimit;
use super::channel::Channel;
use super::find::{Catalogue, FindError};
use super::kind::LimitUnit;
use crate::calendar::Term;
use crate::procedure_code::ProcedureCode;

/// Office hours of a day.
const HOURS_A_DAY: u16 = 8;

/// The limit that holds for a dossier, and where it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChosenLimit<'a> {
    /// The limit.
    pub limit: TimeLimit,
    /// The code of the case.
    pub case: &'a str,
    /// When it is that case, in words.
    pub case_name: &'a str,
    /// The channel whose terms these are.
    pub channel: Channel,
    /// Where the limit is from, and what is unsure.
    pub source: &'a str,
}

impl From<TimeLimit> for Term {
    /// A date is promised, never an hour: a limit in hours is the working days it fills.
    fn from(limit: TimeLimit) -> Self {
        match limit.unit() {
            LimitUnit::WorkingDays => Self::Working(limit.amount()),
            LimitUnit::CalendarDays => Self::Calendar(limit.amount()),
            LimitUnit::Hours => Self::Working(limit.amount().div_ceil(HOURS_A_DAY)),
        }
    }
}

impl Catalogue {
    /// The limit of a dossier lodged through a channel on a day. Without a case it is the ordinary one, the first. A case that
    /// is not offered on the channel has the limit it has in person: the dossier is there, however it came.
    ///
    /// # Errors
    /// [`FindError`]; [`FindError::NotOffered`] only when it is not offered in person either.
    pub fn limit(
        &self,
        code: &ProcedureCode,
        case: Option<&str>,
        channel: Channel,
        day: Date,
    ) -> Result<ChosenLimit<'_>, FindError> {
        let procedure = self.in_force(code, day)?;
        let no_case = |case: &str| FindError::NoCase(case.to_owned());
        let found = match case {
            Some(case) => procedure.case(case).ok_or_else(|| no_case(case))?,
            None => procedure.cases.first().ok_or_else(|| no_case(""))?,
        };
        let (channel, terms) = [channel, Channel::InPerson]
            .into_iter()
            .find_map(|channel| Some((channel, found.channels.get(&channel)?)))
            .ok_or(FindError::NotOffered(channel))?;
        Ok(ChosenLimit {
            limit: terms.limit,
            case: &found.code,
            case_name: &found.name,
            channel,
            source: &procedure.source,
        })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::catalogue::LegacyLevels;
    use crate::wire::procedure::read_procedures;

    const RECORD: &str = r#"[{"code": "1.012783", "name": "Cấp đổi", "sector": "Đất đai", "limit_days": 5, "limit_unit": "working",
        "copies": 1, "components": [{"name": "Đơn", "copy": "original", "count": 1}], "post_send": true, "post_return": true,
        "source_ref": "thử nghiệm", "valid_from": "2025-07-01",
        "channels": [{"channel": "in_person"}, {"channel": "post", "limit": 7}],
        "cases": [{"code": "1", "name": "Không đo đạc lại"}, {"code": "2", "name": "Đo đạc lại", "limit": 10,
            "channels": [{"channel": "in_person", "limit": 80, "unit": "hours"}]}]}]"#;

    fn catalogue() -> Catalogue {
        let records: Vec<_> = serde_json::from_str(RECORD).expect("records");
        read_procedures(&records, &LegacyLevels::default()).expect("in order")
    }

    #[test]
    fn the_case_and_the_channel_decide_and_the_first_case_is_the_ordinary_one() {
        let (catalogue, code) = (catalogue(), ProcedureCode::parse("1.012783").expect("a code"));
        let day = date!(2026 - 11 - 23);
        let of = |case, channel| {
            let chosen = catalogue.limit(&code, case, channel, day).expect("in force");
            (chosen.case.to_owned(), chosen.channel, Term::from(chosen.limit))
        };
        for (case, channel, found) in [
            (None, Channel::Post, ("1", Channel::Post, Term::Working(7))),
            (None, Channel::InPerson, ("1", Channel::InPerson, Term::Working(5))),
            (None, Channel::Online, ("1", Channel::InPerson, Term::Working(5))),
            (Some("2"), Channel::Post, ("2", Channel::InPerson, Term::Working(10))),
        ] {
            let (code, channel_found, term) = of(case, channel);
            assert_eq!((&*code, channel_found, term), found);
        }
        assert_eq!(
            catalogue.limit(&code, Some("3"), Channel::Post, day),
            Err(FindError::NoCase("3".to_owned()))
        );
        assert_eq!(
            catalogue.limit(&code, None, Channel::Post, date!(2025 - 06 - 30)),
            Err(FindError::NotInForce(code))
        );
    }
}
