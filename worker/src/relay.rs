//! Hands the ids of due outbox rows to apalis, a few of each kind at a time.
//!
//! What was handed over is remembered until it ran, is no longer due, or its ticket must have been lost; then it is handed
//! over again. A row that is handed over twice runs once, because running begins with a claim.

use crate::config::WorkerConfig;
use crate::kind::Kind;
use crate::queues::{Bell, Tickets};
use crate::supervise::TaskError;
use entity::{Store, outbox};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Due rows looked at in one go. Kinds that are far behind must not hide the others.
const LIST: u64 = 2_000;

/// What was handed over and has not run yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pending(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    handed: Mutex<HashMap<Uuid, Handed>>,
    /// Rung when a queue that was full has room again.
    room: Notify,
}

#[derive(Debug, Clone, Copy)]
struct Handed {
    kind: Kind,
    until: i64,
    /// Whether more of this kind wait behind it.
    is_full: bool,
}

impl Pending {
    fn handed(&self) -> MutexGuard<'_, HashMap<Uuid, Handed>> {
        // A panic while it was held cannot leave it half changed in a way that matters: at worst an id is handed over twice.
        self.0.handed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that an id ran, or will not.
    pub(crate) fn forget(&self, id: Uuid) {
        let mut handed = self.handed();
        if let Some(gone) = handed.remove(&id)
            && gone.is_full
            && !handed.values().any(|other| other.kind == gone.kind && !other.is_full)
        {
            self.0.room.notify_one();
        }
    }

    /// Drops what is no longer due or was lost, then chooses of each kind what to hand over now.
    fn choose(
        &self,
        due: &[(Uuid, String)],
        enabled: &[Kind],
        now: i64,
        config: &WorkerConfig,
    ) -> HashMap<Kind, Vec<Uuid>> {
        let listed: HashSet<Uuid> = due.iter().map(|(id, _)| *id).collect();
        let mut handed = self.handed();
        handed.retain(|id, one| one.until > now && listed.contains(id));
        let mut waiting: HashMap<Kind, usize> = HashMap::new();
        for one in handed.values() {
            *waiting.entry(one.kind).or_default() += 1;
        }
        let life = i64::try_from(config.ticket_life.as_millis()).unwrap_or(i64::MAX / 2);
        let mut chosen: HashMap<Kind, Vec<Uuid>> = HashMap::new();
        for (id, name) in due {
            // A row of an unknown kind waits for a program that knows it; the sweep tells a person.
            let Some(kind) = Kind::parse(name).filter(|kind| enabled.contains(kind)) else {
                continue;
            };
            let count = waiting.entry(kind).or_default();
            if handed.contains_key(id) || *count >= config.window {
                continue;
            }
            *count += 1;
            // The second half of a full window rings for the next one.
            handed.insert(
                *id,
                Handed {
                    kind,
                    until: now + life,
                    is_full: *count > config.window / 2,
                },
            );
            chosen.entry(kind).or_default().push(*id);
        }
        chosen
    }
}

/// Hands over until told to stop.
pub(crate) async fn run(
    store: &Store,
    config: &WorkerConfig,
    tickets: &Tickets,
    pending: &Pending,
    bells: &HashMap<Kind, Bell>,
    shutdown: &CancellationToken,
) -> Result<(), TaskError> {
    let enabled: Vec<Kind> = bells.keys().copied().collect();
    while !shutdown.is_cancelled() {
        let due = outbox::due(store, LIST).await?;
        metrics::gauge!("traotay_jobs_due").set(u32::try_from(due.len()).unwrap_or(u32::MAX));
        for (kind, ids) in pending.choose(&due, &enabled, store.now_ms(), config) {
            if let Err(error) = tickets.push(kind, &ids).await {
                for id in ids {
                    pending.forget(id);
                }
                return Err(error.into());
            }
            bells.get(&kind).into_iter().for_each(Bell::ring);
        }
        tokio::select! {
            () = store.jobs().notified() => {}
            () = pending.0.room.notified() => {}
            () = tokio::time::sleep(config.relay_poll) => {}
            () = shutdown.cancelled() => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Pending;
    use crate::config::WorkerConfig;
    use crate::kind::Kind;
    use uuid::Uuid;

    fn rows(kind: Kind, ids: std::ops::Range<u128>) -> Vec<(Uuid, String)> {
        ids.map(|id| (Uuid::from_u128(id), kind.as_str().to_owned())).collect()
    }

    fn config() -> WorkerConfig {
        WorkerConfig {
            window: 4,
            ..WorkerConfig::new("sqlite::memory:")
        }
    }

    #[test]
    fn an_id_is_handed_over_once_until_it_ran() {
        let (pending, due) = (Pending::default(), rows(Kind::Assign, 0..2));
        let choose = |now| pending.choose(&due, &[Kind::Assign], now, &config());
        assert_eq!(choose(0)[&Kind::Assign].len(), 2);
        assert!(choose(1).is_empty());
        pending.forget(due[0].0);
        assert_eq!(choose(2)[&Kind::Assign], [due[0].0]);
    }

    #[test]
    fn a_lost_ticket_is_handed_over_again() {
        let (pending, due) = (Pending::default(), rows(Kind::Notify, 0..1));
        let life = i64::try_from(config().ticket_life.as_millis()).expect("a minute");
        pending.choose(&due, &[Kind::Notify], 0, &config());
        assert!(pending.choose(&due, &[Kind::Notify], life - 1, &config()).is_empty());
        assert_eq!(pending.choose(&due, &[Kind::Notify], life, &config()).len(), 1);
    }

    #[test]
    fn a_kind_that_is_far_behind_does_not_hide_another() {
        let mut due = rows(Kind::Assign, 0..100);
        due.extend(rows(Kind::Sweep, 100..101));
        let chosen = Pending::default().choose(&due, &[Kind::Assign, Kind::Sweep], 0, &config());
        assert_eq!((chosen[&Kind::Assign].len(), chosen[&Kind::Sweep].len()), (4, 1));
    }

    #[test]
    fn a_row_of_an_unknown_or_disabled_kind_is_left_alone() {
        let due = [
            (Uuid::nil(), "from the future".to_owned()),
            (Uuid::max(), Kind::Poison.as_str().to_owned()),
        ];
        assert!(
            Pending::default()
                .choose(&due, &[Kind::Assign], 0, &config())
                .is_empty()
        );
    }

    #[tokio::test]
    async fn a_full_queue_asks_for_more_when_half_of_it_ran() {
        let (pending, due) = (Pending::default(), rows(Kind::Assign, 0..10));
        let chosen = pending
            .choose(&due, &[Kind::Assign], 0, &config())
            .remove(&Kind::Assign)
            .expect("four");
        for id in chosen {
            pending.forget(id);
        }
        pending.0.room.notified().await;
    }
}
