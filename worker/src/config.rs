//! Every limit of the worker, with the reason for its value.

use crate::schedule::{SCHEDULE, Scheduled};
use crate::sms::Messages;
use crate::witness::LogSettings;
use entity::Blobs;
use std::num::NonZeroUsize;
use std::time::Duration;

/// How this process works. The addresses come from the program's configuration, the rest are limits with a reason each.
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    /// Where apalis keeps its tickets: `sqlite:<path>`, a file of its own, or `postgres://…`, a schema of its own.
    pub jobs_url: String,
    /// The name of this machine, part of every worker's name.
    pub host: String,
    /// Whether the job kind that crashes on request is known here. Never in production.
    pub test_jobs: bool,
    /// What happens at a time of day. It goes by the machine's clock, so a test that sets its own clock leaves it out.
    pub schedule: &'static [Scheduled],
    /// How often the sequencer looks for facts that another process deposited; its own process wakes it at once.
    pub sequencer_poll: Duration,
    /// How often a process that does not lead tries to; a fallen leader is missed for no longer than this.
    pub lead_retry: Duration,
    /// How often the relay looks for due rows; rows written by this process wake it at once, delayed ones wait for this.
    pub relay_poll: Duration,
    /// How often an apalis worker looks for tickets when nobody rings.
    pub queue_poll: Duration,
    /// How often an apalis worker says that it is alive; three silences and its tickets are given to others.
    pub heartbeat: Duration,
    /// Tickets of one kind that may wait in apalis. Small, so that its store stays small and a lost one is handed over again
    /// soon; large enough that a worker never idles between two polls of the relay.
    pub window: usize,
    /// After this the relay hands an id over again that is still due: its ticket was lost. Two leases.
    pub ticket_life: Duration,
    /// How long a job may think before it is stopped. Its write has the limits of the store; both together must be shorter
    /// than [`entity::outbox::LEASE_MS`].
    pub job_timeout: Duration,
    /// Assignments at once. One, because each counts the load the others made.
    pub assign_at_once: NonZeroUsize,
    /// Notices, and messages to citizens, at once.
    pub notify_at_once: NonZeroUsize,
    /// First and longest wait before a failed job runs again.
    pub retry_first: Duration,
    /// See [`WorkerConfig::retry_first`].
    pub retry_longest: Duration,
    /// First wait before a fallen task is started again.
    pub restart_first: Duration,
    /// Longest wait before a fallen task is started again; a database that is away for long is asked this often.
    pub restart_longest: Duration,
    /// How long SQLite waits for a lock on the tickets.
    pub jobs_busy_timeout: Duration,
    /// How long a stopping worker waits for running jobs. Longer than a job may take.
    pub stop_within: Duration,
    /// How long an event may wait for another one before a person is told.
    pub parked_for: Duration,
    /// How long a fact may wait for its number before a person is told.
    pub unsequenced_for: Duration,
    /// How long a due job may wait for a runner before a person is told.
    pub stuck_for: Duration,
    /// How often an item that found nobody is tried again.
    pub replace_every: Duration,
    /// Finished jobs are forgotten after this; long enough that a person can ask what happened last month.
    pub keep_finished: Duration,
    /// Different dossiers that one person may open in an hour before a finding says so (trust §4.3). A busy counter opens some thirty.
    pub dossiers_an_hour: i64,
    /// How long a finding says that a dossier was opened to somebody it is none of: a week's inspection meets it.
    pub glass_told_for: Duration,
    /// The log of looks is kept this long: an applicant may ask as long as a complaint is possible, and a year more.
    pub keep_accesses: Duration,
    /// Where messages to citizens go; nowhere when absent, and then no code is offered.
    pub messages: Option<Messages>,
    /// What signs the public log and who is asked to sign too; nothing is signed when absent.
    pub log: Option<LogSettings>,
    /// Where photographs are kept, to remove parts that nobody went on with.
    pub blobs: Option<Blobs>,
    /// How long a part of a photograph waits for the next: longer than the longest round without network.
    pub keep_parts: Duration,
}

impl WorkerConfig {
    /// The usual limits, tickets at `jobs_url`.
    pub fn new(jobs_url: impl Into<String>) -> Self {
        Self {
            jobs_url: jobs_url.into(),
            host: machine(),
            test_jobs: false,
            schedule: &SCHEDULE,
            sequencer_poll: Duration::from_millis(500),
            lead_retry: Duration::from_secs(2),
            relay_poll: Duration::from_millis(500),
            queue_poll: Duration::from_secs(1),
            heartbeat: Duration::from_secs(5),
            window: 64,
            ticket_life: Duration::from_mins(1),
            job_timeout: Duration::from_secs(15),
            assign_at_once: NonZeroUsize::MIN,
            notify_at_once: NonZeroUsize::MIN.saturating_add(1),
            retry_first: Duration::from_secs(2),
            retry_longest: Duration::from_mins(5),
            restart_first: Duration::from_millis(200),
            restart_longest: Duration::from_secs(10),
            jobs_busy_timeout: Duration::from_secs(5),
            stop_within: Duration::from_secs(25),
            parked_for: Duration::from_mins(10),
            unsequenced_for: Duration::from_mins(1),
            stuck_for: Duration::from_mins(2),
            replace_every: Duration::from_mins(5),
            keep_finished: Duration::from_hours(35 * 24),
            dossiers_an_hour: 60,
            glass_told_for: Duration::from_hours(7 * 24),
            keep_accesses: Duration::from_hours(2 * 365 * 24),
            messages: None,
            log: None,
            blobs: None,
            keep_parts: Duration::from_hours(30 * 24),
        }
    }
}

/// The machine's name, where it can be read without a setting.
fn machine() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "machine".to_owned())
}
