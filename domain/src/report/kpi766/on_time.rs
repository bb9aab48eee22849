//! 2.1 on time, 2.2 average time, 5.4 satisfaction.
//!
//! The law restarts the clock after a supplement, the index subtracts the wait instead:
//! this is the index's reading only.
//!
//! Source: Quyết định 766/QĐ-TTg, chỉ số 2.1; Quyết định 766/QĐ-TTg, chỉ số 2.2; Quyết định 766/QĐ-TTg, chỉ số 5.4

use time::Date;

use super::measures::{AVERAGE, ON_TIME, SATISFACTION};
use super::{DueBasis, Policy, Window};
use crate::report::day::local_date;
use crate::report::tally::Tally;
use crate::report::{DossierRecord, Figure, WhyLeftOut};

/// How a dossier stands in index 2.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// On time.
    OnTime,
    /// Late: after its date, or asked for papers more than once.
    Late,
    /// Neither a due date nor a longest time is known.
    NoDueDate,
    /// Not one of the period's: never accepted, or ended before.
    NotOfThePeriod,
}

/// Judges a dossier for index 2.1.
///
/// The dossiers of a period are those received, or refused after lodging, before its end
/// and not ended before its beginning. A withdrawn one counts only if it was received. Its
/// end is when it was resolved, else returned, else stopped or refused; waiting for papers,
/// when they were asked for; otherwise the last instant of the period. More than one
/// request for papers is late; the wait of one is subtracted from the end. Papers asked for
/// before the reception lie before the due date was given and are not subtracted.
///
/// Source: Quyết định 766/QĐ-TTg, chỉ số 2.1
pub fn judge(dossier: &DossierRecord, window: Window, due: DueBasis) -> Verdict {
    let is_accepted = dossier.received_at_ms.is_some();
    let ended_at_ms = ended_at_ms(dossier);
    let ended_before = ended_at_ms.is_some_and(|at_ms| at_ms < window.start_ms);
    if (!is_accepted && dossier.refused_at_ms.is_none()) || ended_before {
        return Verdict::NotOfThePeriod;
    }
    let Some(due) = due_on(dossier, due) else {
        return Verdict::NoDueDate;
    };
    if dossier.rounds.len() > 1 {
        return Verdict::Late;
    }
    let asked_at_ms = dossier
        .rounds
        .iter()
        .find(|round| round.completed_at_ms.is_none())
        .map(|round| round.requested_at_ms);
    let end_ms = ended_at_ms.or(asked_at_ms).unwrap_or_else(|| window.last_ms());
    if local_date(end_ms.saturating_sub(waited_ms(dossier))) <= due {
        Verdict::OnTime
    } else {
        Verdict::Late
    }
}

/// When the dossier ended, by the order of the index.
fn ended_at_ms(dossier: &DossierRecord) -> Option<i64> {
    dossier
        .decided_at_ms()
        .or(dossier.stopped_at_ms)
        .or(dossier.refused_at_ms)
}

fn due_on(dossier: &DossierRecord, due: DueBasis) -> Option<Date> {
    let redated = match due {
        DueBasis::Redated => dossier.redated_to,
        DueBasis::First => None,
    };
    redated.or(dossier.promised_on).or(dossier.attributes.longest_due)
}

/// Milliseconds spent waiting for papers after the reception.
fn waited_ms(dossier: &DossierRecord) -> i64 {
    let waits = dossier.rounds.iter().filter(|round| !round.before_reception);
    waits
        .filter_map(|round| {
            round
                .completed_at_ms
                .map(|end| end.saturating_sub(round.requested_at_ms))
        })
        .fold(0, i64::saturating_add)
}

/// 2.1 and 2.2.
pub(super) fn figures(dossiers: &[DossierRecord], window: Window, policy: &Policy) -> Vec<Figure> {
    vec![on_time(dossiers, window, policy), average(dossiers, window, policy)]
}

fn on_time(dossiers: &[DossierRecord], window: Window, policy: &Policy) -> Figure {
    let mut tally = Tally::new(ON_TIME);
    for dossier in dossiers {
        match judge(dossier, window, policy.due) {
            Verdict::OnTime => tally.count(dossier.subject(), true),
            Verdict::Late => tally.count(dossier.subject(), false),
            Verdict::NoDueDate => tally.leave_out(dossier.subject(), WhyLeftOut::NoDueDate),
            Verdict::NotOfThePeriod => {}
        }
    }
    tally.share(&policy.marking)
}

/// From the reception to the end, without the wait for papers, of what ended in the period.
fn average(dossiers: &[DossierRecord], window: Window, policy: &Policy) -> Figure {
    let mut tally = Tally::new(AVERAGE);
    for dossier in dossiers {
        let end = ended_at_ms(dossier).filter(|end| window.holds(Some(*end)));
        if let (Some(received), Some(end)) = (dossier.received_at_ms, end) {
            let worked = end.saturating_sub(received).saturating_sub(waited_ms(dossier));
            tally.add(dossier.subject(), worked.max(0));
        }
    }
    tally.average(&policy.marking)
}

/// 5.4: 100 less the share that was late less the share that was complained of, not below
/// 0. A dossier that was both takes away twice, so the upper side may be less than the
/// number of dossiers named: those that were neither.
///
/// Source: Quyết định 766/QĐ-TTg, chỉ số 5.4
pub(super) fn satisfaction(dossiers: &[DossierRecord], window: Window, policy: &Policy) -> Figure {
    let mut tally = Tally::new(SATISFACTION);
    let mut left = 0_i64;
    for dossier in dossiers {
        let is_late = match judge(dossier, window, policy.due) {
            Verdict::OnTime => false,
            Verdict::Late => true,
            Verdict::NoDueDate => {
                tally.leave_out(dossier.subject(), WhyLeftOut::NoDueDate);
                continue;
            }
            Verdict::NotOfThePeriod => continue,
        };
        let is_disliked = dossier.attributes.complained;
        left += 1 - i64::from(is_late) - i64::from(is_disliked);
        tally.count(dossier.subject(), !is_late && !is_disliked);
    }
    tally.finish(left.max(0), &policy.marking)
}
