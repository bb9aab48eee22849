//! What a figure is called and how it is counted.
//!
//! Source: Quyết định 766/QĐ-TTg, phụ lục; Thông tư 17/2017/TT-BTTTT, điều 13

use super::Hundredths;

/// In what a figure is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Percent of the denominator.
    Percent,
    /// For each 1,000 of the denominator.
    PerThousand,
    /// For each 10,000 of the denominator.
    PerTenThousand,
    /// Days of 24 hours on average; the numerator is milliseconds.
    Days,
}

impl Unit {
    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::PerThousand => "per_thousand",
            Self::PerTenThousand => "per_ten_thousand",
            Self::Days => "days",
        }
    }

    /// What people read behind the number, the same in both languages but for days.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Percent => "%",
            Self::PerThousand => "trên 1.000",
            Self::PerTenThousand => "trên 10.000",
            Self::Days => "ngày",
        }
    }
}

/// One figure that a report can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Measure {
    /// Its number in the source, or our own name where the source has no number.
    pub code: &'static str,
    /// Its name in Vietnamese.
    pub vietnamese: &'static str,
    /// Its name in English.
    pub english: &'static str,
    /// In what it is given.
    pub unit: Unit,
    /// The instrument it follows.
    pub source: &'static str,
    /// From where on the source gives full marks, unless configured otherwise.
    pub full_marks: Option<Hundredths>,
}

/// A figure given apart for one of several groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// The stable name.
    pub code: &'static str,
    /// Its name in Vietnamese.
    pub vietnamese: &'static str,
    /// Its name in English.
    pub english: &'static str,
}
