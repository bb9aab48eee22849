//! One phone of a schedule: the real core over its real file, and what happens to it.

use super::dice::Dice;
use super::host::Host;
use super::template::{CAST, Template, secret};
use domain::hat::Hat;
use domain::holder::Holder;
use mobile_ffi::core::Core;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A phone.
pub(crate) struct Phone {
    core: Option<Core>,
    pub(crate) host: Arc<Host>,
    path: PathBuf,
    /// The hat its owner wears in this schedule.
    pub(crate) hat: Hat,
    /// The party they sign for.
    pub(crate) holder: Holder,
    /// It is still somebody's.
    pub(crate) lives: bool,
    /// It has a network.
    pub(crate) online: bool,
}

impl Phone {
    /// The phone as it was on the morning.
    pub(crate) fn of(template: &Template, number: usize, seed: u64, folder: &Path) -> Self {
        let path = folder.join(format!("phone-{number}.db"));
        std::fs::copy(&template.phones[number], &path).expect("copied");
        let chance = Dice::of(seed, 1_000 + number as u64);
        let host = Arc::new(Host::new(&secret(number), template.now_ms, chance));
        let core = Core::open(&path, host.clone()).expect("opens");
        Self {
            core: Some(core),
            host,
            path,
            hat: CAST[number].1,
            holder: template.holders[number],
            lives: true,
            online: true,
        }
    }

    /// Its core.
    pub(crate) fn core(&self) -> &Core {
        self.core.as_ref().expect("it runs")
    }

    /// The app is killed and started again.
    pub(crate) fn kill(&mut self) {
        self.core = None;
        self.core = Some(Core::open(&self.path, self.host.clone()).expect("opens"));
    }

    /// The app is killed while it signs what this act records, and started again.
    pub(crate) fn kill_while(&mut self, act: impl FnOnce(&Core)) {
        self.host.die_at_next_signature(true);
        let core = self.core();
        let _ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| act(core)));
        // An act that was refused signed nothing.
        self.host.die_at_next_signature(false);
        self.kill();
    }
}
