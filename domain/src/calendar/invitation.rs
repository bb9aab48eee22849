//! When a second invitation may be left, and when a result nobody came for may go back.
//!
//! The text says at least two invitations, two working days apart. That the result may go
//! back two working days after the second is our reading and is configuration.
//! Source: Thông tư 17/2017/TT-BTTTT, điều 5 khoản 2; Luật Bưu chính 49/2010/QH12, điều 17

use time::Date;

use super::day::Calendar;
use super::walk::{Due, due};

/// The days between an invitation and what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationPolicy {
    /// Working days from one invitation to the next.
    pub days_apart: u16,
    /// Working days from the last invitation to the earliest return.
    pub days_before_return: u16,
}

impl Default for InvitationPolicy {
    /// Two and two.
    fn default() -> Self {
        Self {
            days_apart: 2,
            days_before_return: 2,
        }
    }
}

impl InvitationPolicy {
    /// The earliest day of the next invitation, by the post's calendar.
    pub fn next_not_before(&self, invited_on: Date, post: &Calendar) -> Due {
        due(invited_on, self.days_apart, post)
    }

    /// The earliest day of return after the last invitation, by the post's calendar.
    pub fn return_not_before(&self, last_invited_on: Date, post: &Calendar) -> Due {
        due(last_invited_on, self.days_before_return, post)
    }
}
