//! 5.1 to 5.3: citizens' feedback on the agency.
//!
//! Which of the four times belongs to which number is our reading of the index.
//!
//! Source: Quyết định 766/QĐ-TTg, chỉ số 5.1; Quyết định 766/QĐ-TTg, chỉ số 5.2; Quyết định 766/QĐ-TTg, chỉ số 5.3

use uuid::Uuid;

use super::measures::{ANSWERED, PUBLISHED, TURNED_BACK};
use super::{Policy, Window};
use crate::calendar::Calendar;
use crate::report::day::{last_day, local_date};
use crate::report::recorded::each_once;
use crate::report::tally::Tally;
use crate::report::{Figure, Recorded, ReportError, Subject, WhyLeftOut};

/// The times for feedback, in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FeedbackTerms {
    /// To answer.
    pub answer: u16,
    /// To refuse.
    pub refuse: u16,
    /// To ask for more.
    pub ask: u16,
    /// To publish an answer.
    pub publish: u16,
}

impl Default for FeedbackTerms {
    /// 15, 2, 5 and 2 working days.
    ///
    /// Source: Quyết định 766/QĐ-TTg, chỉ số 5.1
    fn default() -> Self {
        Self {
            answer: 15,
            refuse: 2,
            ask: 5,
            publish: 2,
        }
    }
}

/// What became of feedback. Hours are milliseconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "every `at_ms` is the hour of the step")]
pub enum FeedbackStep {
    /// The agency has it.
    Received { at_ms: i64 },
    /// More was asked of the citizen.
    Asked { at_ms: i64 },
    /// It was refused.
    Refused { at_ms: i64 },
    /// It was answered.
    Answered { at_ms: i64 },
    /// The answer was made public.
    Published { at_ms: i64 },
}

/// One citizen's feedback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// Its name.
    pub id: Uuid,
    /// What became of it.
    pub steps: Vec<Recorded<FeedbackStep>>,
}

#[derive(Default)]
struct Hours {
    received: Option<i64>,
    asked: Option<i64>,
    refused: Option<i64>,
    answered: Option<i64>,
    published: Option<i64>,
}

impl Feedback {
    /// The first hour of each step, as known.
    fn hours(&self, as_of_ms: i64) -> Hours {
        let mut hours = Hours::default();
        for step in self.steps.iter().filter_map(|step| step.known(as_of_ms)) {
            let (slot, at_ms) = match step {
                FeedbackStep::Received { at_ms } => (&mut hours.received, *at_ms),
                FeedbackStep::Asked { at_ms } => (&mut hours.asked, *at_ms),
                FeedbackStep::Refused { at_ms } => (&mut hours.refused, *at_ms),
                FeedbackStep::Answered { at_ms } => (&mut hours.answered, *at_ms),
                FeedbackStep::Published { at_ms } => (&mut hours.published, *at_ms),
            };
            *slot = Some(slot.map_or(at_ms, |first| first.min(at_ms)));
        }
        hours
    }
}

/// The feedback received in the period. What has neither been done nor is overdue at the
/// hour of the report is left out.
pub(super) fn figures(
    all: &[Feedback],
    calendar: &Calendar,
    window: Window,
    policy: &Policy,
) -> Result<[Figure; 3], ReportError> {
    each_once(all.iter().map(|feedback| Subject::Feedback(feedback.id)))?;
    let terms = policy.feedback;
    let today = local_date(window.as_of_ms);
    let in_time = |from: i64, days: u16, done: Option<i64>| {
        let last = last_day(from, days, calendar);
        match done {
            Some(done) => Some(local_date(done) <= last),
            None if today > last => Some(false),
            None => None,
        }
    };
    let mut answered = Tally::new(ANSWERED);
    let mut turned_back = Tally::new(TURNED_BACK);
    let mut published = Tally::new(PUBLISHED);
    for feedback in all {
        let hours = feedback.hours(window.as_of_ms);
        let Some(received) = hours.received.filter(|at_ms| window.holds(Some(*at_ms))) else {
            continue;
        };
        let subject = || Subject::Feedback(feedback.id);
        if hours.refused.is_none() {
            judged(
                &mut answered,
                subject(),
                in_time(received, terms.answer, hours.answered),
            );
        }
        let turned = match (hours.refused, hours.asked) {
            (Some(refused), _) => in_time(received, terms.refuse, Some(refused)),
            (None, Some(asked)) => in_time(received, terms.ask, Some(asked)),
            (None, None) => None,
        };
        if let Some(is_in_time) = turned {
            turned_back.count(subject(), is_in_time);
        }
        if let Some(answer) = hours.answered {
            judged(
                &mut published,
                subject(),
                in_time(answer, terms.publish, hours.published),
            );
        }
    }
    Ok([answered, turned_back, published].map(|tally| tally.share(&policy.marking)))
}

fn judged(tally: &mut Tally, subject: Subject, in_time: Option<bool>) {
    match in_time {
        Some(is_in_time) => tally.count(subject, is_in_time),
        None => tally.leave_out(subject, WhyLeftOut::NotYetDue),
    }
}
