//! What happens by itself: numbering and folding facts, and running the jobs of the outbox.
//!
//! The outbox row is the job; this crate only decides who runs it when. A relay hands ids of due rows to apalis
//! queues, which give us workers, concurrency and waking; a runner claims the row, runs the job and writes its effect
//! and the end of the row in one transaction. Nothing apalis keeps matters: delete its database and the relay fills it again
//! (`docs/adr/0003`).
//!
//! It deliberately knows nothing of HTTP and holds no SQL but that on apalis' own tables.
//!
//! Start reading at [`start`], then `run` and the files in `jobs/`.

mod backoff;
mod config;
mod error;
mod jobs;
mod kind;
mod leash;
mod queues;
mod relay;
mod run;
mod schedule;
mod sequence;
mod sms;
mod start;
mod supervise;
mod witness;

pub use config::WorkerConfig;
pub use kind::Kind;
pub use leash::{Idle, run_until_idle};
pub use run::{Outcome, Runner};
pub use schedule::{SCHEDULE, Scheduled};
pub use sms::{Gateway, Messages};
pub use start::{StartError, WorkerHandle, start};
pub use supervise::Progress;
pub use witness::{LogSettings, Witness};
