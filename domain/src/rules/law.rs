//! The clock, the forms and the terms.
//!
//! Source: Nghị định 61/2018/NĐ-CP, điều 17; Nghị định 61/2018/NĐ-CP, điều 18; Nghị định 61/2018/NĐ-CP, điều 19; Nghị định 61/2018/NĐ-CP, điều 20; Thông tư 17/2017/TT-BTTTT, điều 5; Thông tư 17/2017/TT-BTTTT, điều 7; Thông tư 17/2017/TT-BTTTT, điều 8; Thông tư 17/2017/TT-BTTTT, điều 14

use std::collections::BTreeMap;

use super::sourced::Sourced;
use crate::calendar::{PostalLimit, PostalTable};
use crate::dossier::SupplementClock;

/// An hour of the day at +07:00, in minutes from midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// 15:00.
    pub const THREE_IN_THE_AFTERNOON: Self = Self(15 * 60);

    /// An hour and a minute; none when there is no such time.
    pub const fn new(hour: u16, minute: u16) -> Option<Self> {
        if hour < 24 && minute < 60 {
            Some(Self(hour * 60 + minute))
        } else {
            None
        }
    }

    /// Reads `15:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        let is_pair = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_pair(hour) || !is_pair(minute) {
            return None;
        }
        Self::new(hour.parse().ok()?, minute.parse().ok()?)
    }

    /// Minutes from midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

/// How a time limit in working days is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountingMode {
    /// Whole days, the first not counted.
    Days,
    /// Eight-hour days from the minute of reception.
    Hours,
}

/// Which dossier code a one-stop system makes; both are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DossierCodeGrammar {
    /// `000.00.10.H01-230801-0001`: lowest level first.
    LowestFirst,
    /// `H01.23.11-250701-0001`: level 1 first.
    HighestFirst,
}

/// The postal days of one relation; none where the post publishes its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlaDays {
    /// From J to the agency, or to the first attempt.
    pub carriage: u16,
    /// From J until the person has the receipt slip or the due date.
    pub notice: u16,
}

/// J + n by relation, in working days.
///
/// Source: Thông tư 17/2017/TT-BTTTT, điều 7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlaTable {
    /// What the table is called, for records.
    pub id: String,
    /// Within one zone (former district).
    pub within_zone: SlaDays,
    /// Between zones of a province.
    pub between_zones: SlaDays,
    /// Between special-class and class-I cities of two provinces.
    pub between_big_cities: SlaDays,
    /// Other relations between provinces.
    pub between_provinces: SlaDays,
    /// Whether Saturdays count.
    pub counts_saturdays: bool,
}

/// The parameters of the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawRules {
    /// The set of forms that is printed.
    pub form_set: Sourced<String>,
    /// The dossier code that is made.
    pub dossier_code_grammar: Sourced<DossierCodeGrammar>,
    /// From when on a dossier counts as received the next working day; none: never.
    pub cutoff_15h: Sourced<Option<TimeOfDay>>,
    /// How working days are counted.
    pub counting_mode: Sourced<CountingMode>,
    /// Working days from reception in which a supplement may be asked for.
    pub supplement_limit_working_days: Sourced<u16>,
    /// How often a supplement may be asked for; none: the law sets no number.
    pub supplement_max: Sourced<Option<u16>>,
    /// What a supplement does to the time limit.
    pub supplement_clock: Sourced<SupplementClock>,
    /// How often the due date may be moved.
    pub extension_max: Sourced<u16>,
    /// Days before the due date by which the apology has to be out.
    pub apology_lead_days: Sourced<u16>,
    /// Whether the agency's due date prevails over ours.
    pub agency_due_date_prevails: Sourced<bool>,
    /// The postal days.
    pub sla_table: Sourced<SlaTable>,
    /// Years a paper slip is kept from acceptance.
    pub retention_paper_years: Sourced<u16>,
    /// Years an electronic slip is kept from acceptance.
    pub retention_electronic_years: Sourced<u16>,
    /// Months after the end of the total time in which a complaint may be made.
    pub complaint_window_months: Sourced<u16>,
    /// Working days to answer a complaint within the province.
    pub complaint_answer_days_within_province: Sourced<u16>,
    /// Working days to answer a complaint between provinces.
    pub complaint_answer_days_between_provinces: Sourced<u16>,
    /// Days from the liability record to the payment.
    pub compensation_payment_days: Sourced<u16>,
    /// Compensation for loss, as a multiple of the postage.
    pub compensation_postage_multiple: Sourced<u16>,
    /// Years an authorisation without a term holds.
    pub authorisation_default_years: Sourced<u16>,
    /// Whether an incomplete dossier may be taken when the person insists in writing.
    pub incomplete_with_waiver: Sourced<bool>,
}

impl From<&SlaTable> for PostalTable {
    /// The same days as days are counted by; special areas have times of their own.
    fn from(table: &SlaTable) -> Self {
        let limit = |days: SlaDays| PostalLimit {
            days: days.carriage,
            slip_days: days.notice,
        };
        Self {
            within_district: limit(table.within_zone),
            between_districts: limit(table.between_zones),
            between_major_cities: limit(table.between_big_cities),
            between_provinces: limit(table.between_provinces),
            special_areas: BTreeMap::new(),
            saturday_counts: table.counts_saturdays,
        }
    }
}

impl Default for SlaTable {
    fn default() -> Self {
        let days = |carriage| SlaDays {
            carriage,
            notice: carriage * 2,
        };
        Self {
            id: "J+n".to_owned(),
            within_zone: days(1),
            between_zones: days(2),
            between_big_cities: days(3),
            between_provinces: days(4),
            counts_saturdays: false,
        }
    }
}

impl Default for LawRules {
    /// The safe reading where the text in force was not seen.
    fn default() -> Self {
        let one_stop = "Nghị định 61/2018/NĐ-CP, điều 19; giữ nguyên tới khi đối chiếu Nghị định 118/2025/NĐ-CP";
        let complaints = "Thông tư 17/2017/TT-BTTTT, điều 8";
        let kept = "Thông tư 17/2017/TT-BTTTT, điều 14";
        Self {
            form_set: Sourced::known(
                "TT03-2025".to_owned(),
                "Thông tư 03/2025/TT-VPCP, phụ lục; cần đối chiếu trước khi dùng thật",
            ),
            dossier_code_grammar: Sourced::known(
                DossierCodeGrammar::HighestFirst,
                "Quyết định 20/2020/QĐ-TTg, điều 4; cần đối chiếu trước khi dùng thật",
            ),
            cutoff_15h: Sourced::known(
                None,
                "Nghị định 61/2018/NĐ-CP, điều 18: chỉ dời việc chuyển hồ sơ; áp dụng khác theo quyết định của tỉnh",
            ),
            counting_mode: Sourced::known(CountingMode::Days, "Bộ luật Dân sự 2015, điều 147"),
            supplement_limit_working_days: Sourced::known(3, one_stop),
            supplement_max: Sourced::known(None, one_stop),
            supplement_clock: Sourced::known(SupplementClock::Restart, one_stop),
            extension_max: Sourced::known(1, one_stop),
            apology_lead_days: Sourced::known(1, one_stop),
            agency_due_date_prevails: Sourced::known(true, "Nghị định 61/2018/NĐ-CP, điều 17"),
            sla_table: Sourced::known(SlaTable::default(), "Thông tư 17/2017/TT-BTTTT, điều 7"),
            retention_paper_years: Sourced::known(1, kept),
            retention_electronic_years: Sourced::known(5, kept),
            complaint_window_months: Sourced::known(6, complaints),
            complaint_answer_days_within_province: Sourced::known(5, complaints),
            complaint_answer_days_between_provinces: Sourced::known(7, complaints),
            compensation_payment_days: Sourced::known(30, "Nghị định 47/2011/NĐ-CP, điều 26"),
            compensation_postage_multiple: Sourced::known(4, "Nghị định 47/2011/NĐ-CP, điều 25"),
            authorisation_default_years: Sourced::known(1, "Bộ luật Dân sự 2015, điều 140"),
            incomplete_with_waiver: Sourced::known(
                false,
                "Quyết định 45/2016/QĐ-TTg, điều 6: hướng dẫn hoàn thiện; không có quy định nhận thiếu",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_hour_and_nothing_else() {
        assert_eq!(TimeOfDay::parse("15:00"), Some(TimeOfDay::THREE_IN_THE_AFTERNOON));
        for text in ["24:00", "15:60", "15", "3:00", "15:0", "+3:00"] {
            assert_eq!(TimeOfDay::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_defaults_are_the_safe_ones() {
        let law = LawRules::default();
        assert_eq!(*law.cutoff_15h.value(), None);
        assert_eq!(*law.supplement_clock.value(), SupplementClock::Restart);
        assert_eq!(*law.supplement_limit_working_days.value(), 3);
        assert_eq!(*law.extension_max.value(), 1);
        assert!(!law.incomplete_with_waiver.value());
        let sla = law.sla_table.value();
        let days: Vec<(u16, u16)> = [
            sla.within_zone,
            sla.between_zones,
            sla.between_big_cities,
            sla.between_provinces,
        ]
        .iter()
        .map(|days| (days.carriage, days.notice))
        .collect();
        assert_eq!(days, [(1, 2), (2, 4), (3, 6), (4, 8)]);
    }
}
