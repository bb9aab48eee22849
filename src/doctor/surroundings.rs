//! What surrounds a store: room on the disk, the clocks, what waits, the last backup. A warning is no verdict: it says what will
//! become a fault when nobody does anything.

use crate::backup::LastBackup;
use crate::cli::Failure;
use crate::config::{Config, Setting};
use entity::Store;
use entity::repo::health::{self, Figures};
use entity::room::Room;
use serde_json::{Value, json};
use std::fmt::Write;

const MINUTE_MS: i64 = 60_000;

/// How far clocks may be apart: a proof of a request is judged by the minute.
const CLOCKS_APART_MS: i64 = 5_000;
/// When the program was written; no clock is right that stands before it (2026-01-01).
const WRITTEN_MS: i64 = 1_767_225_600_000;
/// How long a due job or a fact may wait.
const WAITING_MS: i64 = 2 * MINUTE_MS;
/// How old the last backup may be: a day, and patience for a late one.
const BACKUP_AGE_MS: i64 = 26 * 60 * MINUTE_MS;

/// What was found.
#[derive(Debug)]
pub(crate) struct Surroundings {
    settings: Vec<Setting>,
    room: Option<Room>,
    now_ms: i64,
    last_received_ms: Option<i64>,
    database_ms: Option<i64>,
    figures: Figures,
    backup: Option<LastBackup>,
}

/// Looks around.
///
/// # Errors
/// When the store fails.
pub(crate) async fn look(config: &Config, store: &Store) -> Result<Surroundings, Failure> {
    let database_ms = health::database_now_ms(store.read()).await?;
    let now_ms = store.now_ms();
    Ok(Surroundings {
        settings: config.settings.clone(),
        room: Room::of(&config.data).ok(),
        now_ms,
        last_received_ms: health::last_received_ms(store.read()).await?,
        database_ms,
        figures: health::figures(store.read(), now_ms).await?,
        backup: LastBackup::of(&config.data),
    })
}

impl Surroundings {
    /// What will become a fault.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let mut warn = |is: bool, text: String| {
            if is {
                warnings.push(text);
            }
        };
        if let Some(room) = self.room {
            warn(room.is_little(), format!("little room on the disk: {}", told(room)));
        }
        warn(
            self.now_ms < WRITTEN_MS,
            "the clock stands before the program was written".to_owned(),
        );
        if let Some(last) = self.last_received_ms {
            let text = "the clock stands before what was received already; it was set back";
            warn(last > self.now_ms + MINUTE_MS, text.to_owned());
        }
        if let Some(database) = self.database_ms {
            let apart = database.abs_diff(self.now_ms);
            let is_far = apart > CLOCKS_APART_MS.unsigned_abs();
            warn(
                is_far,
                format!("this machine's clock and the database's are {} s apart", apart / 1000),
            );
        }
        if let Some(since) = self.figures.job_due_since_ms {
            let waited = self.now_ms - since;
            let text = format!("a job is due since {} min; does a worker run?", waited / MINUTE_MS);
            warn(waited > WAITING_MS, text);
        }
        warn(
            self.figures.jobs_dead > 0,
            format!(
                "{} jobs were given up; look at /api/v1/dispatch/dead-jobs",
                self.figures.jobs_dead
            ),
        );
        match &self.backup {
            None => warn(true, "no backup was made of this folder's installation".to_owned()),
            Some(backup) => {
                let age = self.now_ms - backup.made_at_ms;
                warn(
                    age > BACKUP_AGE_MS,
                    format!("the last backup is {} h old", age / (60 * MINUTE_MS)),
                );
            }
        }
        warnings
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let figures = &self.figures;
        json!({
            "settings": self.settings,
            "disk": self.room.map(|room| json!({ "free": room.free, "total": room.total, "little": room.is_little() })),
            "clock": { "now_ms": self.now_ms, "last_received_ms": self.last_received_ms, "database_ms": self.database_ms },
            "jobs": { "open": figures.jobs_open, "due_since_ms": figures.job_due_since_ms, "dead": figures.jobs_dead },
            "facts": { "waiting": figures.facts_waiting, "unfolded": figures.facts_unfolded },
            "last_backup": self.backup,
            "warnings": self.warnings(),
        })
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for Setting { key, value, from } in &self.settings {
            let _ = writeln!(text, "{key:<30} {value}  ({from})");
        }
        if let Some(room) = self.room {
            let _ = writeln!(text, "disk {}", told(room));
        }
        let figures = &self.figures;
        let _ = writeln!(
            text,
            "jobs open {} · facts without number {} · facts not folded {}",
            figures.jobs_open, figures.facts_waiting, figures.facts_unfolded
        );
        if let Some(backup) = &self.backup {
            let hours = (self.now_ms - backup.made_at_ms) / (60 * MINUTE_MS);
            let _ = writeln!(
                text,
                "last backup {hours} h ago: {} ({} bytes)",
                backup.file, backup.bytes
            );
        }
        for warning in self.warnings() {
            let _ = writeln!(text, "WARNING {warning}");
        }
        text.trim_end().to_owned()
    }
}

fn told(room: Room) -> String {
    const MIB: u64 = 1024 * 1024;
    format!("{} MiB free of {} MiB", room.free / MIB, room.total / MIB)
}

#[cfg(test)]
mod tests {
    use super::{LastBackup, MINUTE_MS, Surroundings, WRITTEN_MS};
    use entity::repo::health::Figures;
    use entity::room::Room;

    const NOW_MS: i64 = WRITTEN_MS + 300 * 24 * 60 * MINUTE_MS;

    /// What becomes wrong.
    type Fault = fn(&mut Surroundings);

    fn well() -> Surroundings {
        let (free, total) = (50 << 30, 100 << 30);
        Surroundings {
            settings: Vec::new(),
            room: Some(Room { free, total }),
            now_ms: NOW_MS,
            last_received_ms: Some(NOW_MS - 5),
            database_ms: Some(NOW_MS + 1_000),
            figures: Figures {
                facts_waiting: 0,
                facts_unfolded: 0,
                jobs_open: 3,
                job_due_since_ms: Some(NOW_MS - 1_000),
                jobs_dead: 0,
                quarantined: 0,
                unreadable_deposits: 0,
            },
            backup: Some(LastBackup {
                file: "/b".to_owned(),
                made_at_ms: NOW_MS - 60 * MINUTE_MS,
                bytes: 1,
            }),
        }
    }

    #[test]
    fn each_thing_that_will_become_a_fault_is_warned_of_and_nothing_else() {
        assert_eq!(well().warnings(), Vec::<String>::new());
        let faults: [(Fault, &str); 8] = [
            (
                |s| {
                    s.room = Some(Room {
                        free: 1 << 30,
                        total: 100 << 30,
                    });
                },
                "disk",
            ),
            (|s| s.now_ms = 0, "before the program was written"),
            (|s| s.last_received_ms = Some(NOW_MS + 5 * MINUTE_MS), "set back"),
            (|s| s.database_ms = Some(NOW_MS - 9_000), "9 s apart"),
            (|s| s.figures.job_due_since_ms = Some(NOW_MS - 7 * MINUTE_MS), "7 min"),
            (|s| s.figures.jobs_dead = 2, "2 jobs"),
            (|s| s.backup = None, "no backup"),
            (
                |s| s.backup.as_mut().expect("one").made_at_ms -= 30 * 60 * MINUTE_MS,
                "31 h old",
            ),
        ];
        for (fault, word) in faults {
            let mut ill = well();
            fault(&mut ill);
            assert!(
                ill.warnings().iter().any(|text| text.contains(word)),
                "{word}: {:?}",
                ill.warnings()
            );
        }
    }
}
