//! Whether a keeper was early or late against a limit of its own.
//!
//! Source: Nghị định 61/2018/NĐ-CP, điều 19 khoản 5; Thông tư 17/2017/TT-BTTTT, điều 7

use super::keeper::Keeper;
use super::ledger::{Calendars, DelayLedger};
use super::minutes::working_minutes;

/// What a keeper had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeeperLimit {
    /// So many working minutes in all.
    WorkingMinutes(i64),
    /// Until an instant in milliseconds UTC, by which it had to let go for the last time.
    Until(i64),
}

/// How a keeper stands, in working minutes of its own calendar. At most one of early and late is not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Working minutes it had the matter.
    pub spent: i64,
    /// Working minutes it had to spare.
    pub early: i64,
    /// Working minutes it was over.
    pub late: i64,
}

impl DelayLedger {
    /// How a keeper stands against its limit; `None` when it never had the matter.
    pub fn standing(&self, keeper: &Keeper, limit: KeeperLimit, calendars: Calendars<'_>) -> Option<Standing> {
        let spent = self.by_keeper().get(keeper)?.working;
        let (early, late) = match limit {
            KeeperLimit::WorkingMinutes(limit) => {
                let left = limit.saturating_sub(spent);
                (left.max(0), left.saturating_neg().max(0))
            }
            KeeperLimit::Until(at_ms) => {
                let let_go = self
                    .stretches()
                    .iter()
                    .rev()
                    .find(|stretch| stretch.keeper == *keeper)?
                    .to_minute;
                let until = at_ms.div_euclid(60_000);
                let calendar = calendars.of(keeper);
                (
                    working_minutes(let_go, until, calendar),
                    working_minutes(until, let_go, calendar),
                )
            }
        };
        Some(Standing { spent, early, late })
    }
}
