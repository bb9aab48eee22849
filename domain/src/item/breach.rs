//! Rules of custody that were broken, read from the recorded steps.
//!
//! Nothing recorded is undone by a breach. Delay in the post is no business of this
//! module; it needs the relation and the post's calendar.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 5; Thông tư 17/2017/TT-BTTTT, điều 11; Luật Bưu chính 49/2010/QH12, điều 17

use super::{DeliveryPolicy, IncidentRecord, ItemKind, ItemState, ItemStep, MoveKind, check_return};
use crate::dossier::WorkingDaysAfter;
use crate::dossier::words::Language;
use crate::local_time::local_date;

/// A rule of custody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemRule {
    /// Two invitations two working days apart come before a return.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    InviteBeforeReturn,
    /// A refusal carries its reason.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 17
    ReasonOfRefusal,
    /// A failed attempt carries its reason.
    ///
    /// Source: Luật Bưu chính 49/2010/QH12, điều 17
    ReasonOfFailure,
    /// Damaged wrapping is inventoried, put on record and wrapped anew.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 11
    RecordDamage,
}

impl ItemRule {
    /// The article the rule stands in.
    pub const fn source(self) -> &'static str {
        match self {
            Self::InviteBeforeReturn => "Thông tư 17/2017/TT-BTTTT, điều 5",
            Self::ReasonOfRefusal | Self::ReasonOfFailure => "Luật Bưu chính 49/2010/QH12, điều 17",
            Self::RecordDamage => "Thông tư 17/2017/TT-BTTTT, điều 11",
        }
    }

    /// What was broken, for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::InviteBeforeReturn => (
                "chuyển hoàn khi chưa mời nhận đủ hai lần",
                "sent back before two invitations had run",
            ),
            Self::ReasonOfRefusal => ("từ chối nhận mà không ghi lý do", "refused without a recorded reason"),
            Self::ReasonOfFailure => (
                "phát không thành công mà không ghi lý do",
                "a failed attempt without a recorded reason",
            ),
            Self::RecordDamage => (
                "bao gói hư hỏng mà không kiểm kê, lập biên bản, niêm phong lại",
                "damaged and not inventoried, recorded and sealed anew",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// One broken rule of custody. The post is bound by all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemBreach {
    /// The rule.
    pub rule: ItemRule,
    /// When, milliseconds UTC.
    pub at_ms: i64,
}

/// Every rule of custody broken so far, by hour.
pub fn breaches(
    kind: ItemKind,
    steps: &[ItemStep],
    incidents: &[IncidentRecord],
    policy: &DeliveryPolicy,
    after: WorkingDaysAfter<'_>,
) -> Vec<ItemBreach> {
    let of_step = steps.iter().enumerate().filter_map(|(at, step)| {
        let rule = match step.kind {
            MoveKind::Return => {
                let before = steps.get(..at).unwrap_or_default();
                check_return(kind, before, local_date(step.at_ms), policy, after)
                    .is_err()
                    .then_some(ItemRule::InviteBeforeReturn)
            }
            MoveKind::Refused => step.reason.is_none().then_some(ItemRule::ReasonOfRefusal),
            MoveKind::AttemptFailed => {
                let on_delivery = step.state == ItemState::AttemptFailed;
                (on_delivery && step.reason.is_none()).then_some(ItemRule::ReasonOfFailure)
            }
            MoveKind::AssignPickup
            | MoveKind::TakeIn
            | MoveKind::Accept { .. }
            | MoveKind::Deliver
            | MoveKind::Hold
            | MoveKind::Redirect
            | MoveKind::Withdraw => None,
        }?;
        Some(ItemBreach {
            rule,
            at_ms: step.at_ms,
        })
    });
    let of_incident = incidents.iter().filter_map(|incident| match incident {
        IncidentRecord::Damaged(damage) if !damage.is_complete() => Some(ItemBreach {
            rule: ItemRule::RecordDamage,
            at_ms: damage.at_ms,
        }),
        IncidentRecord::Damaged(_)
        | IncidentRecord::SealMismatch { .. }
        | IncidentRecord::Missing { .. }
        | IncidentRecord::Lost(_) => None,
    });
    let mut found: Vec<ItemBreach> = of_step.chain(of_incident).collect();
    found.sort_by_key(|breach| breach.at_ms);
    found
}
