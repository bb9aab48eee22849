//! The hours of a dossier's life, each written once.

use time::Date;

/// One round of asking for papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplement {
    /// When the agency asked.
    pub requested_at_ms: i64,
    /// When every asked paper was there.
    pub completed_at_ms: Option<i64>,
    /// Whether it was asked before the dossier had been received.
    pub before_reception: bool,
}

/// The hours of a dossier's life in milliseconds UTC, each written once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    /// The first order to the post.
    pub ordered_at_ms: Option<i64>,
    /// The slip was signed: the postal clock starts.
    pub accepted_by_post_at_ms: Option<i64>,
    /// The minutes were signed.
    pub handed_over_at_ms: Option<i64>,
    /// The first lodging; see [`Times::legal_lodging_at_ms`] for the one that counts.
    pub lodged_at_ms: Option<i64>,
    /// The agency received it and gave a code.
    pub received_at_ms: Option<i64>,
    /// The due date first given.
    pub due_original: Option<Date>,
    /// The due date now.
    pub due_current: Option<Date>,
    /// How many times the agency set a new date; at most once is lawful.
    pub extension_count: u32,
    /// Every round of asking for papers.
    pub supplements: Vec<Supplement>,
    /// The agency decided.
    pub resolved_at_ms: Option<i64>,
    /// The post first took the result.
    pub result_in_post_at_ms: Option<i64>,
    /// The entitled person has the result.
    pub returned_at_ms: Option<i64>,
    /// The agency confirmed the return.
    pub return_confirmed_at_ms: Option<i64>,
    /// The order to the post was cancelled.
    pub cancelled_at_ms: Option<i64>,
    /// The dossier reached a final state.
    pub closed_at_ms: Option<i64>,
}

impl Times {
    /// When the dossier counts as lodged: if the agency found it incomplete before
    /// receiving it, the hour it was completed (Decision 45/2016, article 7).
    pub fn legal_lodging_at_ms(&self) -> Option<i64> {
        let early = self.supplements.iter().rev().find(|round| round.before_reception);
        match early {
            Some(round) => round.completed_at_ms,
            None => self.lodged_at_ms,
        }
    }

    /// When the agency's clock last started: each completed supplement starts it again
    /// (Decree 61/2018, article 19).
    pub fn clock_started_at_ms(&self) -> Option<i64> {
        let restarted = self.supplements.iter().rev().find_map(|round| round.completed_at_ms);
        restarted.or(self.lodged_at_ms)
    }

    /// Milliseconds spent waiting for papers, which the national index subtracts.
    pub fn supplement_wait_ms(&self) -> i64 {
        self.supplements
            .iter()
            .filter_map(|round| {
                round
                    .completed_at_ms
                    .map(|end| end.saturating_sub(round.requested_at_ms))
            })
            .fold(0, i64::saturating_add)
    }
}

/// Writes a time unless there is one.
pub(super) fn once<T>(slot: &mut Option<T>, value: T) {
    if slot.is_none() {
        *slot = Some(value);
    }
}
