//! The national index of service quality, as far as dossiers, procedures and feedback tell.
//!
//! Publication and synchronisation rates (1.1 to 1.4) need data of other systems and are
//! not here. Where the formula leaves a choice, the choice is said at its figure and, when
//! it changes results, is a setting of [`Policy`].
//!
//! Source: Quyết định 766/QĐ-TTg, phụ lục

mod digital;
mod feedback;
mod measures;
mod offer;
mod on_time;
mod online;

use std::collections::BTreeMap;

use time::Date;

pub use feedback::{Feedback, FeedbackStep, FeedbackTerms};
pub use offer::offers_of;
pub use on_time::{Verdict, judge};

use super::record::records;
use super::table::of_figures;
use super::tally::Marking;
use super::{DossierHistory, DossierRecord, Figure, Recorded, ReportError, ReportPeriod, Table};
use crate::calendar::Calendar;
use crate::procedure_code::ProcedureCode;
use crate::status::online::OnlineService;

/// Which due date a dossier is measured against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueBasis {
    /// The one new date the law allows, else the first: `NgayHenTra` as the national data
    /// hold it.
    #[default]
    Redated,
    /// The date first given, whatever came after.
    First,
}

/// What the formulas leave open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// How figures without a denominator and full marks are given.
    pub marking: Marking,
    /// Which due date counts.
    pub due: DueBasis,
    /// The times for feedback.
    pub feedback: FeedbackTerms,
}

/// How a procedure is offered from a day on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcedureOffer {
    /// The procedure.
    pub procedure: ProcedureCode,
    /// From this day.
    pub from: Date,
    /// How; `None` when it is no longer offered at all.
    pub service: Option<OnlineService>,
}

/// What the index is worked out from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// One history for each dossier.
    pub dossiers: &'a [DossierHistory],
    /// How procedures are offered.
    pub procedures: &'a [Recorded<ProcedureOffer>],
    /// Citizens' feedback on the agency.
    pub feedback: &'a [Feedback],
    /// The calendar of the State's offices, as it stood at the hour of the report.
    pub calendar: &'a Calendar,
}

/// The days a figure looks at, and the hour from which it looks.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// The first instant of the period (ms UTC).
    pub start_ms: i64,
    /// The first instant after the period (ms UTC).
    pub until_ms: i64,
    /// Only what was recorded up to here is used (ms UTC).
    pub as_of_ms: i64,
}

impl Window {
    /// The window of a period.
    pub fn new(period: &ReportPeriod, as_of_ms: i64) -> Self {
        Self {
            start_ms: period.start_ms(),
            until_ms: period.until_ms(),
            as_of_ms,
        }
    }

    fn holds(&self, at_ms: Option<i64>) -> bool {
        at_ms.is_some_and(|at_ms| (self.start_ms..self.until_ms).contains(&at_ms))
    }

    /// The last instant seen: of the period, or the hour of the report when it is earlier.
    fn last_ms(&self) -> i64 {
        self.until_ms.saturating_sub(1).min(self.as_of_ms)
    }
}

/// The index for a period, as known at an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kpi766 {
    /// The period.
    pub period: ReportPeriod,
    /// Only what was recorded up to here was used (ms UTC).
    pub as_of_ms: i64,
    /// The figures, by their numbers.
    pub figures: Vec<Figure>,
}

impl Kpi766 {
    /// The figure with this number; of a figure in parts, the first.
    pub fn figure(&self, code: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.measure.code == code)
    }

    /// The figures as rows for a table file.
    pub fn table(&self) -> Table {
        of_figures(&self.figures)
    }
}

/// Works out the index. A dossier is looked at as it stood at the end of the period, as far
/// as was known at `as_of_ms`.
///
/// # Errors
/// [`ReportError::Twice`] when two histories are of the same thing.
pub fn report(input: Input<'_>, period: &ReportPeriod, as_of_ms: i64, policy: &Policy) -> Result<Kpi766, ReportError> {
    let window = Window::new(period, as_of_ms);
    let dossiers = records(input.dossiers, as_of_ms, window.until_ms)?;
    let mut figures = on_time::figures(&dossiers, window, policy);
    figures.extend(online::figures(
        &dossiers,
        &offers(input.procedures, period, as_of_ms),
        window,
        &policy.marking,
    ));
    figures.extend(digital::figures(&dossiers, window, &policy.marking));
    figures.extend(feedback::figures(input.feedback, input.calendar, window, policy)?);
    figures.push(on_time::satisfaction(&dossiers, window, policy));
    Ok(Kpi766 {
        period: *period,
        as_of_ms,
        figures,
    })
}

/// How each procedure is offered on the last day of the period.
fn offers<'a>(
    all: &'a [Recorded<ProcedureOffer>],
    period: &ReportPeriod,
    as_of_ms: i64,
) -> BTreeMap<&'a ProcedureCode, OnlineService> {
    let mut known: Vec<(Date, i64, &ProcedureOffer)> = all
        .iter()
        .filter_map(|offer| {
            offer
                .known(as_of_ms)
                .map(|fact| (fact.from, offer.recorded_at_ms, fact))
        })
        .filter(|(from, ..)| *from <= period.last())
        .collect();
    known.sort_unstable();
    let last: BTreeMap<&ProcedureCode, Option<OnlineService>> = known
        .into_iter()
        .map(|(_, _, offer)| (&offer.procedure, offer.service))
        .collect();
    last.into_iter()
        .filter_map(|(code, service)| service.map(|service| (code, service)))
        .collect()
}

fn received_in(dossiers: &[DossierRecord], window: Window) -> impl Iterator<Item = &DossierRecord> {
    dossiers
        .iter()
        .filter(move |dossier| window.holds(dossier.received_at_ms))
}

fn decided_in(dossiers: &[DossierRecord], window: Window) -> impl Iterator<Item = &DossierRecord> {
    dossiers
        .iter()
        .filter(move |dossier| window.holds(dossier.decided_at_ms()))
}
