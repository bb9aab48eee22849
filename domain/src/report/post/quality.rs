//! The quality of carriage.
//!
//! Cohorts: by the day of acceptance for carriage, by the day of the act for handovers,
//! surrenders and money. What has not ended and is not overdue at the hour of the report
//! is left out, not counted as a miss.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 7

use time::Date;

use super::complaint::ComplaintRecord;
use super::item::ItemRecord;
use super::measures as m;
use super::{FaultParty, Input, MoneyLine, Policy, PostRelation, share};
use crate::item::{Addressee, ItemKind};
use crate::report::day::{last_day, local_date};
use crate::report::table::of_figures;
use crate::report::tally::{Marking, Tally};
use crate::report::{Figure, Measure, ReportError, ReportPeriod, Subject, Table, WhyLeftOut};

/// The quality figures of a period, as known at an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostQuality {
    /// The period.
    pub period: ReportPeriod,
    /// Only what was recorded up to here was used (ms UTC).
    pub as_of_ms: i64,
    /// The figures.
    pub figures: Vec<Figure>,
}

impl PostQuality {
    /// The figure with this name, of the group with this name where there are several.
    pub fn figure(&self, code: &str, part: Option<&str>) -> Option<&Figure> {
        self.figures
            .iter()
            .find(|figure| figure.measure.code == code && figure.part.map(|part| part.code) == part)
    }

    /// The figures as rows for a table file.
    pub fn table(&self) -> Table {
        of_figures(&self.figures)
    }
}

/// Works out the quality of carriage and the post's share.
///
/// # Errors
/// [`ReportError::Twice`] when two histories are of the same thing.
pub fn quality(
    input: Input<'_>,
    period: &ReportPeriod,
    as_of_ms: i64,
    policy: &Policy,
) -> Result<PostQuality, ReportError> {
    input.check()?;
    let items: Vec<ItemRecord<'_>> = input.items.iter().filter_map(|item| item.record(as_of_ms)).collect();
    let complaints: Vec<ComplaintRecord> = input
        .complaints
        .iter()
        .filter_map(|complaint| complaint.record(as_of_ms))
        .filter(|complaint| period.contains(complaint.received_at_ms))
        .collect();
    let view = View {
        items: &items,
        period,
        today: local_date(as_of_ms),
        marking: &policy.marking,
    };
    let mut figures = vec![safety(view.accepted(), &policy.marking)];
    figures.extend(view.in_time());
    figures.extend([
        view.first_attempt(),
        view.days_held(),
        view.brought_back(),
        view.surrendered(),
    ]);
    figures.push(same_day_fee(input, &view, as_of_ms));
    figures.push(view.discrepancy());
    figures.extend(view.carried_again());
    figures.push(view.complained(&complaints));
    figures.push(answered(&complaints, input, &view, policy));
    figures.extend(share::figures(input.dossiers, period, as_of_ms, &policy.marking)?);
    Ok(PostQuality {
        period: *period,
        as_of_ms,
        figures,
    })
}

/// Items that were neither lost nor missing nor damaged, of those accepted.
pub(super) fn safety<'a>(items: impl Iterator<Item = &'a ItemRecord<'a>>, marking: &Marking) -> Figure {
    let mut tally = Tally::new(m::SAFETY);
    for item in items {
        let is_safe = !super::tt17::UNSAFE.iter().any(|sort| item.incidents.contains_key(sort));
        tally.count(item.subject(), is_safe);
    }
    tally.share(marking)
}

struct View<'a> {
    items: &'a [ItemRecord<'a>],
    period: &'a ReportPeriod,
    today: Date,
    marking: &'a Marking,
}

impl<'a> View<'a> {
    fn accepted(&self) -> impl Iterator<Item = &'a ItemRecord<'a>> {
        let period = self.period;
        self.items.iter().filter(|item| period.contains(item.accepted_at_ms))
    }

    fn holds(&self, at_ms: Option<i64>) -> bool {
        at_ms.is_some_and(|at_ms| self.period.contains(at_ms))
    }

    /// J+n for each relation that occurs: to the agency until the handover, with the
    /// appointment slip until it is in hand, to the person until the first offer.
    fn in_time(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        for relation in PostRelation::ALL {
            let mut send = Tally::of_part(m::IN_TIME_TO_AGENCY, relation.part());
            let mut slip = Tally::of_part(m::IN_TIME_SLIP, relation.part());
            let mut back = Tally::of_part(m::IN_TIME_TO_CITIZEN, relation.part());
            for item in self.accepted().filter(|item| item.relation == relation) {
                if item.history.kind == ItemKind::DossierToAgency {
                    self.judge(&mut send, item, item.promised_on, item.handed_over_at_ms);
                    if item.slip_promised_on.is_some() {
                        self.judge(&mut slip, item, item.slip_promised_on, item.slip_in_hands_at_ms);
                    }
                } else if item.history.kind == ItemKind::ResultToApplicant {
                    self.judge(&mut back, item, item.promised_on, item.first_offer_at_ms());
                }
            }
            figures.extend([send, slip, back].map(|tally| tally.share(self.marking)));
        }
        figures
    }

    fn judge(&self, tally: &mut Tally, item: &ItemRecord<'_>, promised: Option<Date>, done: Option<i64>) {
        let subject = item.subject();
        match (promised, done) {
            _ if item.had_force_majeure => tally.leave_out(subject, WhyLeftOut::ForceMajeure),
            (None, _) => tally.leave_out(subject, WhyLeftOut::NoPromise),
            (Some(promised), Some(done)) => tally.count(subject, local_date(done) <= promised),
            (Some(promised), None) if self.today > promised => tally.count(subject, false),
            (Some(_), None) => tally.leave_out(subject, WhyLeftOut::NotYetDue),
        }
    }

    /// Of the items for a person to which an attempt was made; one collected at the office
    /// without an attempt is none.
    fn first_attempt(&self) -> Figure {
        let mut tally = Tally::new(m::FIRST_ATTEMPT);
        let to_person = self
            .accepted()
            .filter(|item| item.history.kind.addressee() == Addressee::Citizen);
        for item in to_person {
            let first = item.first_offer_at_ms();
            if first.is_some() && item.attempt_failed_at_ms == first {
                tally.count(item.subject(), false);
            } else if first.is_some() && item.delivered_at_ms == first {
                tally.count(item.subject(), true);
            }
        }
        tally.share(self.marking)
    }

    /// From being told to collect until the end, of those whose holding ended in the period.
    fn days_held(&self) -> Figure {
        let mut tally = Tally::new(m::DAYS_HELD);
        for item in self.items {
            match (item.notified_at_ms, item.ended_at_ms()) {
                (Some(from), Some(end)) if self.period.contains(end) => {
                    tally.add(item.subject(), end.saturating_sub(from).max(0));
                }
                (Some(from), None) if from < self.period.until_ms() => {
                    tally.leave_out(item.subject(), WhyLeftOut::StillHeld);
                }
                (Some(_) | None, _) => {}
            }
        }
        tally.average(self.marking)
    }

    fn brought_back(&self) -> Figure {
        let mut tally = Tally::new(m::BROUGHT_BACK);
        let results = self
            .accepted()
            .filter(|item| item.history.kind == ItemKind::ResultToApplicant);
        for item in results {
            if item.ended_at_ms().is_some() {
                tally.count(item.subject(), item.delivered_at_ms.is_none());
            } else {
                tally.leave_out(item.subject(), WhyLeftOut::UnderWay);
            }
        }
        tally.share(self.marking)
    }

    /// Of the items delivered in the period against which papers had to be surrendered.
    fn surrendered(&self) -> Figure {
        let mut tally = Tally::new(m::SURRENDERED);
        for item in self.items {
            if item.surrender_listed > 0 && self.holds(item.delivered_at_ms) {
                tally.count(item.subject(), item.surrender_collected >= item.surrender_listed);
            }
        }
        tally.share(self.marking)
    }

    fn discrepancy(&self) -> Figure {
        let mut tally = Tally::new(m::DISCREPANCY);
        for item in self.items {
            if self.holds(item.handed_over_at_ms) {
                tally.count(item.subject(), item.has_discrepancy);
            }
        }
        tally.share(self.marking)
    }

    fn carried_again(&self) -> [Figure; 3] {
        FaultParty::ALL.map(|party| {
            let mut tally = Tally::of_part(m::CARRIED_AGAIN, party.part());
            for item in self.accepted() {
                tally.count(item.subject(), item.carried_again == Some(party));
            }
            tally.share(self.marking)
        })
    }

    /// Complaints received in the period, for the items accepted in it. Both sides count
    /// different things, so only the items are the base.
    fn complained(&self, complaints: &[ComplaintRecord]) -> Figure {
        let mut tally = Tally::new(m::COMPLAINED);
        for item in self.accepted() {
            tally.count(item.subject(), false);
        }
        let number = i64::try_from(complaints.len()).unwrap_or(i64::MAX);
        let mut figure = tally.finish(number, self.marking);
        figure.counted = complaints
            .iter()
            .map(|complaint| Subject::Complaint(complaint.id))
            .collect();
        figure.counted.sort();
        figure
    }

    /// Whether something was done by its day; `None` while it may still be.
    fn by_day(&self, last: Date, done: Option<i64>) -> Option<bool> {
        match done {
            Some(done) => Some(local_date(done) <= last),
            None => (self.today > last).then_some(false),
        }
    }

    fn tally_by_day(&self, measure: Measure, acts: impl Iterator<Item = (Subject, Date, Option<i64>)>) -> Figure {
        let mut tally = Tally::new(measure);
        for (subject, last, done) in acts {
            match self.by_day(last, done) {
                Some(is_in_time) => tally.count(subject, is_in_time),
                None => tally.leave_out(subject, WhyLeftOut::NotYetDue),
            }
        }
        tally.share(self.marking)
    }
}

/// Receipts for State fees taken in the period and handed over on the same day.
fn same_day_fee(input: Input<'_>, view: &View<'_>, as_of_ms: i64) -> Figure {
    let fees = input
        .receipts
        .iter()
        .filter(|receipt| receipt.line == MoneyLine::StateFee);
    let acts = fees.filter_map(|receipt| {
        let known = receipt.record(as_of_ms)?;
        let day = local_date(known.collected_at_ms);
        view.period
            .contains(known.collected_at_ms)
            .then(|| (receipt.subject(), day, known.remitted_at_ms))
    });
    view.tally_by_day(m::SAME_DAY_FEE, acts)
}

/// Complaints received in the period and answered within their working days.
fn answered(complaints: &[ComplaintRecord], input: Input<'_>, view: &View<'_>, policy: &Policy) -> Figure {
    let acts = complaints.iter().map(|complaint| {
        let days = if complaint.between_provinces {
            policy.complaints.between_provinces
        } else {
            policy.complaints.within_province
        };
        let last = last_day(complaint.received_at_ms, days, input.calendar);
        (
            Subject::Complaint(complaint.id),
            last,
            complaint.answer.map(|(at_ms, _)| at_ms),
        )
    });
    view.tally_by_day(m::ANSWERED, acts)
}
