//! Recomputes a due date from its explanation alone.
//!
//! No calendar is asked: if the days told to a person add up, they add up to the date told;
//! anybody can check it. It does not judge whether a holiday named is a true one.
//! Source: Bộ luật Dân sự 2015, điều 147; Bộ luật Dân sự 2015, điều 148

use time::{Date, Weekday};

use super::day::OffReason;
use super::reason::Why;
use super::walk::Due;
use super::working_time::round_up;

/// Why an explanation does not add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// A day is missing, doubled or out of order.
    #[error("the days do not follow one another at {0}")]
    Gap(Date),
    /// A day is called the weekly rest and is another day of the week.
    #[error("{0} is not the day of the week it is said to be")]
    WrongWeekday(Date),
    /// A count does not go on from the one before.
    #[error("the count does not go on at {0}")]
    WrongCount(Date),
    /// A day comes after the limit was reached.
    #[error("{0} comes after the last day")]
    AfterTheEnd(Date),
    /// The limit is never reached.
    #[error("the days end before the limit does")]
    Unfinished,
    /// The hour told is not the one the working time ends at.
    #[error("the due time is not the end of the working time rounded up")]
    WrongMinute,
}

/// Where the count stands.
#[derive(Clone, Copy)]
enum At {
    /// Nothing counted yet.
    Start,
    /// Nothing counted yet, on the working day a late dossier counts as taken: where a limit of no days ends.
    Taken,
    Counting {
        number: u32,
        of: u32,
    },
    /// The last calendar day was off.
    MovingOn,
    Ended,
}

/// The due date the steps lead to, from the first day and the steps alone.
///
/// # Errors
/// See [`ReplayError`].
pub fn replay(due: &Due) -> Result<Date, ReplayError> {
    let mut last = due.from;
    let mut at = At::Start;
    let mut minute = None;
    for (index, step) in due.steps.iter().enumerate() {
        // Hours are counted from the first day on, days from the day after it.
        let is_first_day = index == 0 && due.from == step.date;
        let is_next_day = last.next_day() == Some(step.date) && (index > 0 || due.minute.is_none());
        if !is_first_day && !is_next_day {
            return Err(ReplayError::Gap(step.date));
        }
        last = step.date;
        at = count(at, step.date, &step.why)?;
        if let Why::WorkingTime { to_minute, .. } = step.why {
            minute = Some(round_up(to_minute));
        }
    }
    let is_ended = match at {
        At::Ended | At::Taken => true,
        At::Start => due.steps.is_empty(),
        At::Counting { .. } | At::MovingOn => false,
    };
    // A walk cut short by the last date there is ends there.
    let is_cut = last == Date::MAX;
    match (is_ended, is_cut) {
        (true, _) if minute != due.minute => Err(ReplayError::WrongMinute),
        (true, _) | (false, true) => Ok(last),
        (false, false) => Err(ReplayError::Unfinished),
    }
}

fn count(at: At, date: Date, why: &Why) -> Result<At, ReplayError> {
    if matches!(at, At::Ended) {
        return Err(ReplayError::AfterTheEnd(date));
    }
    match why {
        Why::Off(off) => {
            check_weekday(date, off)?;
            Ok(match at {
                At::Taken => At::Start,
                At::Start | At::Counting { .. } | At::MovingOn | At::Ended => at,
            })
        }
        Why::TakenNextDay { .. } => match at {
            At::Start => Ok(At::Taken),
            At::Taken | At::Counting { .. } | At::MovingOn | At::Ended => Err(ReplayError::WrongCount(date)),
        },
        Why::AfterHours => match at {
            At::Start => Ok(at),
            At::Taken | At::Counting { .. } | At::MovingOn | At::Ended => Err(ReplayError::WrongCount(date)),
        },
        Why::WorkingDay { number, of, note: _ } => go_on(at, date, u32::from(*number), u32::from(*of), 1),
        Why::CalendarDay { number, of, off } => match (go_on(at, date, u32::from(*number), u32::from(*of), 1)?, off) {
            (At::Ended, Some(off)) => {
                check_weekday(date, off)?;
                Ok(At::MovingOn)
            }
            (_, Some(_)) => Err(ReplayError::WrongCount(date)),
            (next, None) => Ok(next),
        },
        Why::WorkingTime {
            minutes,
            so_far,
            of,
            to_minute: _,
        } => go_on(at, date, *so_far, *of, *minutes),
        Why::NextWorkingDay { note: _ } => match at {
            At::Start | At::MovingOn => Ok(At::Ended),
            At::Taken | At::Counting { .. } | At::Ended => Err(ReplayError::WrongCount(date)),
        },
    }
}

/// The count after one that stands at `number` of `of` and added `added`.
fn go_on(at: At, date: Date, number: u32, of: u32, added: u32) -> Result<At, ReplayError> {
    let (before, limit) = match at {
        At::Start | At::Taken => (0, of),
        At::Counting { number, of } => (number, of),
        At::MovingOn | At::Ended => return Err(ReplayError::WrongCount(date)),
    };
    if limit != of || before.checked_add(added) != Some(number) || number > of {
        return Err(ReplayError::WrongCount(date));
    }
    Ok(if number == of {
        At::Ended
    } else {
        At::Counting { number, of }
    })
}

fn check_weekday(date: Date, off: &OffReason) -> Result<(), ReplayError> {
    let is_right = match off {
        OffReason::Saturday => date.weekday() == Weekday::Saturday,
        OffReason::Sunday => date.weekday() == Weekday::Sunday,
        OffReason::Noted(_) => true,
    };
    if is_right {
        Ok(())
    } else {
        Err(ReplayError::WrongWeekday(date))
    }
}
