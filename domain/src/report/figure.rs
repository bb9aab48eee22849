//! A figure with both its sides and everything it counted.
//!
//! Source: Quyết định 766/QĐ-TTg, cách tính chỉ số

use std::fmt;

use super::day::DAY_MS;
use super::hundredths::ratio;
use super::{Hundredths, LeftOut, Measure, Part, Subject, Unit};

/// What a figure without a denominator says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Empty {
    /// That it cannot be given.
    #[default]
    NotApplicable,
    /// 0.00.
    Zero,
}

/// The value of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// With two decimals.
    Known(Hundredths),
    /// Nothing was there to divide by.
    NotApplicable,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::NotApplicable => f.write_str("N/A"),
        }
    }
}

/// One figure of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What it is.
    pub measure: Measure,
    /// The group it is about, when it is given for several.
    pub part: Option<Part>,
    /// The upper side.
    pub numerator: i64,
    /// The lower side.
    pub denominator: i64,
    /// The value, or what stands for it.
    pub value: Value,
    /// From where on full marks are given.
    pub full_marks: Option<Hundredths>,
    /// What the upper side counted, in order.
    pub counted: Vec<Subject>,
    /// What the lower side counted, in order.
    pub base: Vec<Subject>,
    /// What stands on neither side, and why.
    pub left_out: Vec<LeftOut>,
}

impl Figure {
    /// Whether full marks are reached; `None` when there is no mark or no value.
    pub fn has_full_marks(&self) -> Option<bool> {
        match (self.value, self.full_marks) {
            (Value::Known(value), Some(mark)) => Some(value >= mark),
            (Value::Known(_) | Value::NotApplicable, _) => None,
        }
    }
}

/// The value of two sides, in a unit.
pub(super) fn value(unit: Unit, numerator: i64, denominator: i64, empty: Empty) -> Value {
    let (scale, divisor) = match unit {
        Unit::Percent => (100, 1),
        Unit::PerThousand => (1_000, 1),
        Unit::PerTenThousand => (10_000, 1),
        Unit::Days => (1, DAY_MS),
    };
    match (ratio(numerator, denominator, scale, divisor), empty) {
        (Some(value), _) => Value::Known(value),
        (None, Empty::NotApplicable) => Value::NotApplicable,
        (None, Empty::Zero) => Value::Known(Hundredths(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_has_its_scale() {
        let shown = |unit, above, below| value(unit, above, below, Empty::default()).to_string();
        assert_eq!(shown(Unit::Percent, 2, 5), "40.00");
        assert_eq!(shown(Unit::PerThousand, 3, 2_000), "1.50");
        assert_eq!(shown(Unit::PerTenThousand, 1, 3), "3333.33");
        assert_eq!(shown(Unit::Days, DAY_MS * 7, 2), "3.50");
    }

    #[test]
    fn an_empty_figure_is_not_applicable_or_zero_as_configured() {
        assert_eq!(value(Unit::Percent, 0, 0, Empty::NotApplicable).to_string(), "N/A");
        assert_eq!(value(Unit::Percent, 0, 0, Empty::Zero).to_string(), "0.00");
    }
}
