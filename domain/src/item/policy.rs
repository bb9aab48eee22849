//! How often to knock, when to invite, and when an item may go back.
//!
//! The law fixes two invitations two working days apart; the earliest return is our
//! reading of it. The defaults can be replaced as a whole, never one rule silently.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 5; Luật Bưu chính 49/2010/QH12, điều 17

use time::{Date, Duration};

use super::{AttemptReason, ItemState, ItemStep, MoveKind};
use crate::dossier::WorkingDaysAfter;
use crate::local_time::local_date;
use crate::rules::{DeliveryRules, HoldRule};

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
    /// Until when it lies ready before it may go back. 2 working days from the last
    /// invitation: the person must be able to follow it as long as the first.
    ///
    /// Source: Quy ước Trao Tay, thời gian lưu giữ sau giấy mời cuối
    pub hold: HoldRule,
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
            hold: HoldRule::AfterLastInvitation { working_days: 2 },
            household_may_receive: false,
            fee_before_delivery: true,
        }
    }
}

impl From<&DeliveryRules> for DeliveryPolicy {
    /// What a rule set says; what it leaves open is as the law has it.
    fn from(rules: &DeliveryRules) -> Self {
        Self {
            invitations: u32::from(*rules.invitations.value()),
            days_between: *rules.invitation_gap_working_days.value(),
            hold: *rules.hold.value(),
            fee_before_delivery: *rules.fee_unpaid_is_failed_attempt.value(),
            ..Self::default()
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
        let first = left_on.first().copied();
        let end_of_hold = |last: Date| match policy.hold {
            HoldRule::AfterLastInvitation { working_days } => after(last, working_days),
            // never before the day after the last invitation
            HoldRule::FromFirstInvitation { days } => first
                .and_then(|first| first.checked_add(Duration::days(i64::from(days))))
                .unwrap_or(last)
                .max(last.next_day().unwrap_or(last)),
        };
        Self {
            next_not_before: last.filter(|_| !enough).map(|last| after(last, policy.days_between)),
            return_not_before: last.filter(|_| enough).map(end_of_hold),
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

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_rule_set_of_defaults_says_what_the_law_says() {
        assert_eq!(
            DeliveryPolicy::from(&DeliveryRules::default()),
            DeliveryPolicy::default()
        );
    }

    #[test]
    fn an_item_held_from_the_first_invitation_goes_back_after_those_days_and_never_on_the_day_of_the_last() {
        let held = |days| DeliveryPolicy {
            hold: HoldRule::FromFirstInvitation { days },
            ..DeliveryPolicy::default()
        };
        let after = |day: Date, days: u16| day + Duration::days(i64::from(days));
        let back = |days| {
            let invited = [date!(2026 - 05 - 04), date!(2026 - 05 - 06)];
            Invitations::plan(invited, &held(days), &after).return_not_before
        };
        assert_eq!(back(10), Some(date!(2026 - 05 - 14)));
        assert_eq!(back(2), Some(date!(2026 - 05 - 07)));
    }
}
