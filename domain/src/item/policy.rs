//! How often to knock, when to invite, and when an item may go back.
//!
//! The law fixes two invitations two working days apart; the earliest return is our
//! reading of it. The defaults can be replaced as a whole, never one rule silently.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 5; Luật Bưu chính 49/2010/QH12, điều 17

use time::Date;

use super::{AttemptReason, ItemState, ItemStep, MoveKind};
use crate::dossier::WorkingDaysAfter;
use crate::local_time::local_date;

/// The parameters of delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryPolicy {
    /// Invitations before an item may go back. 2.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    pub invitations: u32,
    /// Working days from one invitation to the next. 2.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    pub days_between: u16,
    /// Working days from the last invitation to the return. 2: the person must be able to
    /// follow the last invitation as long as the first.
    ///
    /// Source: Quy ước Trao Tay, thời gian lưu giữ sau giấy mời cuối
    pub days_after_last: u16,
    /// Whether somebody of the household may sign without an authorisation. No.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 10
    pub household_may_receive: bool,
    /// Whether the State fee and postage must be paid before the result is handed over. Yes.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 11
    pub fee_before_delivery: bool,
}

impl Default for DeliveryPolicy {
    fn default() -> Self {
        Self {
            invitations: 2,
            days_between: 2,
            days_after_last: 2,
            household_may_receive: false,
            fee_before_delivery: true,
        }
    }
}

/// What happens to an item nobody came to the door for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitations {
    /// The days of the invitations that count, oldest first. Two of one day are one, and
    /// one that came too early is none.
    pub left_on: Vec<Date>,
    /// The first day for the next invitation; none once there are enough.
    pub next_not_before: Option<Date>,
    /// The first day on which the item may go back; none while invitations are missing.
    pub return_not_before: Option<Date>,
}

impl Invitations {
    /// What a list of invitations leads to.
    pub fn plan(left_on: impl IntoIterator<Item = Date>, policy: &DeliveryPolicy, after: WorkingDaysAfter<'_>) -> Self {
        let mut days: Vec<Date> = left_on.into_iter().collect();
        days.sort_unstable();
        let mut left_on: Vec<Date> = Vec::new();
        for day in days {
            if left_on
                .last()
                .is_none_or(|last| day >= after(*last, policy.days_between))
            {
                left_on.push(day);
            }
        }
        let enough = usize::try_from(policy.invitations).is_ok_and(|needed| left_on.len() >= needed);
        let last = left_on.last().copied();
        Self {
            next_not_before: last.filter(|_| !enough).map(|last| after(last, policy.days_between)),
            return_not_before: last.filter(|_| enough).map(|last| after(last, policy.days_after_last)),
            left_on,
        }
    }

    /// What the steps of an item lead to. An empty house and a call to the post office each
    /// leave an invitation on their day; a new address starts anew.
    pub fn of(steps: &[ItemStep], policy: &DeliveryPolicy, after: WorkingDaysAfter<'_>) -> Self {
        let since = steps
            .iter()
            .rposition(|step| step.kind == MoveKind::Redirect)
            .map_or(0, |at| at + 1);
        let days = steps
            .iter()
            .skip(since)
            .filter(|step| step.leaves_invitation())
            .map(|step| local_date(step.at_ms));
        Self::plan(days, policy, after)
    }
}

impl ItemStep {
    /// Whether the step leaves an invitation with the addressee.
    fn leaves_invitation(&self) -> bool {
        match self.kind {
            MoveKind::Hold => true,
            MoveKind::AttemptFailed => {
                self.state == ItemState::AttemptFailed && self.reason == Some(AttemptReason::NotHome)
            }
            MoveKind::AssignPickup
            | MoveKind::TakeIn
            | MoveKind::Accept { .. }
            | MoveKind::Deliver
            | MoveKind::Refused
            | MoveKind::Return
            | MoveKind::Redirect
            | MoveKind::Withdraw => false,
        }
    }
}
