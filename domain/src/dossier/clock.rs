//! The agency's clock: when it started, and for how long it stood still.
//!
//! Two readings of a supplement are both kept, because the one-stop decree starts the
//! limit again and the national index subtracts the wait. No due date is computed here;
//! that is the calendar's work.
//!
//! Source: Nghị định 61/2018/NĐ-CP, điều 19; Quyết định 766/QĐ-TTg, chỉ số 2.1

use time::Date;

use super::{Policy, SupplementClock, Times};
use crate::local_time::local;

/// The last of a number of working days after a date; with 0 days that date, or the next
/// working day. What a calendar answers, without saying which calendar.
///
/// Source: Bộ luật Dân sự 2015, điều 147; Bộ luật Dân sự 2015, điều 148
pub type WorkingDaysAfter<'a> = &'a dyn Fn(Date, u16) -> Date;

/// The clock under one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// When it last started from zero, milliseconds UTC.
    pub started_at_ms: i64,
    /// When it stood still since then: from, and until where it goes on again.
    pub pauses: Vec<(i64, Option<i64>)>,
}

impl Times {
    /// The clock as a policy reads it; none before a complete dossier is lodged.
    pub fn clock(&self, policy: &Policy) -> Option<Clock> {
        let lodged = self.legal_lodging_at_ms()?;
        let started_at_ms = match policy.supplement_clock {
            SupplementClock::Restart => self.clock_started_at_ms()?,
            SupplementClock::Subtract => lodged,
        };
        let papers = self
            .supplements
            .iter()
            .filter(|round| !round.before_reception)
            .map(|round| (round.requested_at_ms, round.completed_at_ms));
        let payments = self
            .payments
            .iter()
            .filter(|_| policy.payment_stops_clock)
            .map(|wait| (wait.asked_at_ms, wait.done_at_ms));
        let mut pauses: Vec<_> = papers
            .chain(payments)
            .filter(|(_, until)| until.is_none_or(|until| until > started_at_ms))
            .collect();
        pauses.sort_unstable();
        Some(Clock { started_at_ms, pauses })
    }

    /// The day from which the limit is counted; the next one is day 1. Only where the
    /// policy says so does an hour after the cut-off count for the next working day.
    ///
    /// Source: Bộ luật Dân sự 2015, điều 147; Quy ước Trao Tay, quy tắc 15 giờ
    pub fn clock_start_day(&self, policy: &Policy, after: WorkingDaysAfter<'_>) -> Option<Date> {
        let (date, hour) = local(self.clock(policy)?.started_at_ms);
        if policy.late_lodging_counts_next_day && hour > policy.forward_cut_off {
            Some(after(date, 1))
        } else {
            Some(date)
        }
    }
}

impl Clock {
    /// Whether it stands still now.
    pub fn is_stopped(&self) -> bool {
        self.pauses.iter().any(|(_, until)| until.is_none())
    }

    /// Milliseconds it ran until an hour; what two pauses share counts once.
    pub fn ran_ms(&self, until_ms: i64) -> i64 {
        let mut stood = 0_i64;
        let mut covered = self.started_at_ms;
        for (from, until) in &self.pauses {
            let from = (*from).max(covered);
            let until = until.unwrap_or(until_ms).min(until_ms);
            if until > from {
                stood = stood.saturating_add(until.saturating_sub(from));
                covered = until;
            }
        }
        until_ms.saturating_sub(self.started_at_ms).saturating_sub(stood).max(0)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::dossier::{Supplement, Wait};

    fn round(requested_at_ms: i64, completed_at_ms: Option<i64>, before_reception: bool) -> Supplement {
        Supplement {
            requested_at_ms,
            completed_at_ms,
            before_reception,
            fault: None,
        }
    }

    fn subtract() -> Policy {
        Policy {
            supplement_clock: SupplementClock::Subtract,
            ..Policy::default()
        }
    }

    #[test]
    fn both_readings_of_a_supplement_are_kept() {
        let times = Times {
            lodged_at_ms: Some(100),
            supplements: vec![round(130, Some(170), false)],
            ..Times::default()
        };
        let restarted = times.clock(&Policy::default()).expect("lodged");
        assert_eq!((restarted.started_at_ms, restarted.ran_ms(200)), (170, 30));
        let subtracted = times.clock(&subtract()).expect("lodged");
        assert_eq!((subtracted.started_at_ms, subtracted.ran_ms(200)), (100, 60));
    }

    #[test]
    fn an_incomplete_dossier_has_no_clock_until_it_is_complete() {
        let mut times = Times {
            lodged_at_ms: Some(100),
            supplements: vec![round(110, None, true)],
            ..Times::default()
        };
        assert_eq!(times.clock(&Policy::default()), None);
        times.supplements = vec![round(110, Some(150), true)];
        for policy in [Policy::default(), subtract()] {
            let clock = times.clock(&policy).expect("complete");
            assert_eq!((clock.started_at_ms, clock.ran_ms(160)), (150, 10));
        }
    }

    #[test]
    fn a_payment_stops_the_clock_only_where_a_policy_says_so() {
        let times = Times {
            lodged_at_ms: Some(0),
            payments: vec![Wait {
                asked_at_ms: 10,
                done_at_ms: None,
            }],
            ..Times::default()
        };
        let runs_on = times.clock(&Policy::default()).expect("lodged");
        assert_eq!((runs_on.is_stopped(), runs_on.ran_ms(50)), (false, 50));
        let stops = Policy {
            payment_stops_clock: true,
            ..Policy::default()
        };
        let stopped = times.clock(&stops).expect("lodged");
        assert_eq!((stopped.is_stopped(), stopped.ran_ms(50)), (true, 10));
    }

    #[test]
    fn overlapping_pauses_are_not_subtracted_twice() {
        let clock = Clock {
            started_at_ms: 0,
            pauses: vec![(10, Some(40)), (20, Some(30)), (35, Some(50))],
        };
        assert_eq!(clock.ran_ms(100), 60);
    }

    #[test]
    fn the_afternoon_counts_for_the_next_day_only_where_a_policy_says_so() {
        // 28/04/2026 15:20 in Vietnam
        let times = Times {
            lodged_at_ms: Some(1_777_364_400_000),
            ..Times::default()
        };
        let after = |from: Date, days: u16| from + time::Duration::days(i64::from(days));
        let plain = times.clock_start_day(&Policy::default(), &after);
        assert_eq!(plain, Some(date!(2026 - 04 - 28)));
        let later = Policy {
            late_lodging_counts_next_day: true,
            ..Policy::default()
        };
        assert_eq!(times.clock_start_day(&later, &after), Some(date!(2026 - 04 - 29)));
    }
}
