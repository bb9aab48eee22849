//! What many schedules saw, and what that says.

use std::collections::BTreeMap;
use std::fmt;

/// Counts over schedules.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally {
    /// Schedules run.
    pub(crate) schedules: u64,
    /// Events phones showed as recorded.
    pub(crate) events: u64,
    /// Handovers in which papers moved.
    pub(crate) handovers: u64,
    /// Talks of a phone with the server.
    pub(crate) syncs: u64,
    /// Schedules after which everything was folded again.
    pub(crate) rebuilds: u64,
    /// Acts the phones refused.
    pub(crate) refused: u64,
    /// Faults, by what happened.
    pub(crate) faults: BTreeMap<&'static str, u64>,
    /// Endings, by what the server says of a parcel.
    pub(crate) endings: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// One fault more.
    pub(crate) fn fault(&mut self, name: &'static str) {
        *self.faults.entry(name).or_default() += 1;
    }

    /// Adds what another saw.
    pub(crate) fn add(&mut self, other: &Self) {
        self.schedules += other.schedules;
        self.events += other.events;
        self.handovers += other.handovers;
        self.syncs += other.syncs;
        self.refused += other.refused;
        self.rebuilds += other.rebuilds;
        for (name, count) in &other.faults {
            *self.faults.entry(name).or_default() += count;
        }
        for (name, count) in &other.endings {
            *self.endings.entry(name).or_default() += count;
        }
    }
}

/// Zero failures in n independent trials leave a rate below 3/n, with a confidence of 95 in a hundred (1 − 0.05^(1/n) ≈ 3/n).
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} schedules, {} events recorded, {} handovers, {} syncs, {} acts refused by phones, {} folded again",
            self.schedules, self.events, self.handovers, self.syncs, self.refused, self.rebuilds
        )?;
        writeln!(f, "faults:")?;
        for (name, count) in &self.faults {
            writeln!(f, "  {count:>8}  {name}")?;
        }
        writeln!(f, "parcels at the end:")?;
        for (name, count) in &self.endings {
            writeln!(f, "  {count:>8}  {name}")?;
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let bound = 3.0 / self.schedules.max(1) as f64;
        write!(
            f,
            "0 lost, 0 applied twice, 0 with two holders: fewer than {bound:.1e} of schedules fail (95 %, rule of three)"
        )
    }
}
