//! Counting for one figure.
//!
//! Sets, not lists: nothing is counted twice and the order does not matter.
//!
//! Source: Quy ước Trao Tay, vết của số liệu

use std::collections::{BTreeMap, BTreeSet};

use super::figure::{Empty, Figure, value};
use super::{Hundredths, LeftOut, Measure, Part, Subject, WhyLeftOut};

/// How figures without a denominator and full marks are given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marking {
    /// What a figure without a denominator says.
    pub empty: Empty,
    /// Full marks by the number of the index, instead of those of the source.
    pub full_marks: BTreeMap<String, Hundredths>,
}

/// The two sides of a figure while it is counted.
#[derive(Debug)]
pub(super) struct Tally {
    measure: Measure,
    part: Option<Part>,
    counted: BTreeSet<Subject>,
    base: BTreeSet<Subject>,
    left_out: BTreeSet<LeftOut>,
    sum: i64,
}

impl Tally {
    pub(super) fn new(measure: Measure) -> Self {
        Self {
            measure,
            part: None,
            counted: BTreeSet::new(),
            base: BTreeSet::new(),
            left_out: BTreeSet::new(),
            sum: 0,
        }
    }

    pub(super) fn of_part(measure: Measure, part: Part) -> Self {
        Self {
            part: Some(part),
            ..Self::new(measure)
        }
    }

    /// Counts something below, and above as well when it fulfils the measure.
    pub(super) fn count(&mut self, subject: Subject, fulfils: bool) {
        if fulfils {
            self.counted.insert(subject.clone());
        }
        self.base.insert(subject);
    }

    /// Counts something below and adds its amount above.
    pub(super) fn add(&mut self, subject: Subject, amount: i64) {
        if self.base.insert(subject.clone()) {
            self.counted.insert(subject);
            self.sum = self.sum.saturating_add(amount);
        }
    }

    pub(super) fn leave_out(&mut self, subject: Subject, why: WhyLeftOut) {
        self.left_out.insert(LeftOut { subject, why });
    }

    /// The figure of what was counted: one of each.
    pub(super) fn share(self, marking: &Marking) -> Figure {
        let numerator = size(&self.counted);
        self.finish(numerator, marking)
    }

    /// The figure of what was added up.
    pub(super) fn average(self, marking: &Marking) -> Figure {
        let numerator = self.sum;
        self.finish(numerator, marking)
    }

    /// The figure with a numerator that is worked out elsewhere.
    pub(super) fn finish(self, numerator: i64, marking: &Marking) -> Figure {
        let denominator = size(&self.base);
        let full_marks = marking.full_marks.get(self.measure.code).copied();
        Figure {
            measure: self.measure,
            part: self.part,
            numerator,
            denominator,
            value: value(self.measure.unit, numerator, denominator, marking.empty),
            full_marks: full_marks.or(self.measure.full_marks),
            counted: self.counted.into_iter().collect(),
            base: self.base.into_iter().collect(),
            left_out: self.left_out.into_iter().collect(),
        }
    }
}

fn size<T>(set: &BTreeSet<T>) -> i64 {
    i64::try_from(set.len()).unwrap_or(i64::MAX)
}
