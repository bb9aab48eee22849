//! What came up in the histories, so that no check passes because nothing happened.

/// How often each thing happened.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    pub(crate) histories: u64,
    pub(crate) collected: u64,
    pub(crate) exempted: u64,
    pub(crate) remitted: u64,
    pub(crate) fees_refunded: u64,
    pub(crate) postage_refunded: u64,
    pub(crate) refused_refunds_of_remitted_fees: u64,
    pub(crate) other_obligations: u64,
    pub(crate) shifts_ended: u64,
    pub(crate) delayed_minutes: u64,
    pub(crate) parties: u64,
    pub(crate) notices: u64,
    pub(crate) moved_dates: u64,
    pub(crate) replayed: u64,
    pub(crate) postal_limits: u64,
}

impl Seen {
    fn counts(&self) -> [(&'static str, u64); 15] {
        [
            ("histories", self.histories),
            ("collected", self.collected),
            ("exempted", self.exempted),
            ("remitted", self.remitted),
            ("fees refunded", self.fees_refunded),
            ("postage refunded", self.postage_refunded),
            (
                "refused refunds of remitted fees",
                self.refused_refunds_of_remitted_fees,
            ),
            ("other obligations", self.other_obligations),
            ("shifts ended", self.shifts_ended),
            ("delayed minutes", self.delayed_minutes),
            ("parties", self.parties),
            ("notices", self.notices),
            ("moved dates", self.moved_dates),
            ("replayed", self.replayed),
            ("postal limits", self.postal_limits),
        ]
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            histories: self.histories + other.histories,
            collected: self.collected + other.collected,
            exempted: self.exempted + other.exempted,
            remitted: self.remitted + other.remitted,
            fees_refunded: self.fees_refunded + other.fees_refunded,
            postage_refunded: self.postage_refunded + other.postage_refunded,
            refused_refunds_of_remitted_fees: self.refused_refunds_of_remitted_fees
                + other.refused_refunds_of_remitted_fees,
            other_obligations: self.other_obligations + other.other_obligations,
            shifts_ended: self.shifts_ended + other.shifts_ended,
            delayed_minutes: self.delayed_minutes + other.delayed_minutes,
            parties: self.parties + other.parties,
            notices: self.notices + other.notices,
            moved_dates: self.moved_dates + other.moved_dates,
            replayed: self.replayed + other.replayed,
            postal_limits: self.postal_limits + other.postal_limits,
        }
    }

    pub(crate) fn assert_everything_happened(&self) {
        for (what, times) in self.counts() {
            assert!(times > 0, "never happened: {what}");
        }
    }
}
