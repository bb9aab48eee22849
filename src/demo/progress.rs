//! What a person sees while the day is played.

use super::day::{Day, ROUNDS};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::Ordering;

/// A bar on standard error, if anybody is there to see it.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar; `hidden` for machines.
    pub(super) fn new(hidden: bool) -> Self {
        let target = if hidden {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(u64::from(ROUNDS)), target);
        if let Ok(style) = ProgressStyle::with_template("{elapsed_precise} {bar:30} {msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Something before or after the day itself.
    pub(super) fn say(&self, what: &'static str) {
        self.0.set_message(what);
        self.0.tick();
    }

    pub(super) fn round(&self, round: u32, day: &Day) {
        let minutes = 7 * 60 + 30 * round;
        self.0.set_position(u64::from(round.min(ROUNDS)));
        self.0.set_message(format!(
            "{:02}:{:02} · {} events recorded · {} acts · server killed {}×",
            minutes / 60 % 24,
            minutes % 60,
            day.ledger.len(),
            day.acts.load(Ordering::Relaxed),
            day.kills.load(Ordering::Relaxed),
        ));
    }

    pub(super) fn evening(&self, day: &Day) {
        self.0.set_position(u64::from(ROUNDS));
        self.0.set_message(format!(
            "evening · {} events recorded, bringing them home",
            day.ledger.len()
        ));
    }

    pub(super) fn done(&self) {
        self.0.finish_and_clear();
    }
}
