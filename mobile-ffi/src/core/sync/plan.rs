//! Decides what a sync should do; does none of it.
//!
//! [`plan`] compares what the phone holds with what the server says and returns [`Step`]s in the order they must run.
//! It reads no clock, file or network, so a failed sync can be replayed in a test from two small values. The steps are
//! carried out by [`engine`](super::engine), which may stop between any two of them.
//!
//! **Invariant:** running a plan twice leaves the same state as running it once. There is no step that deletes.

/// One stored envelope, as far as planning cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldEvent {
    /// Local row; rows are in the order of recording.
    pub row: i64,
    /// Its number in this device's chain, if this device signed it.
    pub own_seq: Option<u64>,
    /// Size of the envelope.
    pub size_bytes: usize,
    /// The server has not confirmed it yet.
    pub unsent: bool,
}

/// What the phone holds: at least every unsent event, and all events when the server wants some again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PhoneState {
    /// Events in any order.
    pub events: Vec<HeldEvent>,
    /// Epoch of the server at the last complete conversation.
    pub epoch: Option<u64>,
}

/// What the server said in its answer to hello.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerState {
    /// Changes when the server was restored from a backup and may have forgotten what it confirmed.
    pub epoch: u64,
    /// Ranges of this device's numbers the server does not have, ends included.
    pub want: Vec<(u64, u64)>,
    /// Most events in one batch.
    pub batch_events: usize,
    /// Most bytes in one batch.
    pub batch_bytes: usize,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Remember the server's clock for the events to come.
    RefreshBeacon,
    /// In one transaction: mark these rows unsent again and remember the epoch that asked for them.
    Reopen {
        /// Rows the server lost.
        rows: Vec<i64>,
        /// The epoch to remember.
        epoch: u64,
    },
    /// Send these envelopes, in this order, as one batch.
    Upload {
        /// Rows of one batch.
        rows: Vec<i64>,
    },
    /// Read the feed of changes to its end.
    Pull,
    /// Ask for the receipts of what the server has had for a while.
    Receipts,
    /// Borrow numbers while few are left.
    Numbers,
    /// Bring the photographs that events on the server name.
    Photographs,
}

/// Our own bound on a batch, whatever the server allows.
pub const BATCH_EVENTS: usize = 200;
/// Our own bound on a batch, whatever the server allows.
pub const BATCH_BYTES: usize = 1024 * 1024;

/// The steps that bring `phone` and `server` together, uploads first.
///
/// Uploads come first because a handover exists nowhere else until it is sent. After a change of epoch everything still
/// kept is sent again, whatever the server says it lacks: it cannot know what it forgot, and of a peer's envelope this
/// may be the last copy.
pub fn plan(phone: &PhoneState, server: &ServerState) -> Vec<Step> {
    let restored = phone.epoch.is_some_and(|known| known != server.epoch);
    let wanted = |seq| server.want.iter().any(|&(from, to)| (from..=to).contains(&seq));
    let lost = |event: &HeldEvent| restored || event.own_seq.is_some_and(wanted);
    let mut events = phone.events.clone();
    events.sort_unstable_by_key(|event| event.row);
    events.dedup_by_key(|event| event.row);

    let reopened: Vec<i64> = events
        .iter()
        .filter(|event| !event.unsent && lost(event))
        .map(|event| event.row)
        .collect();
    let mut steps = vec![Step::RefreshBeacon];
    if !reopened.is_empty() || phone.epoch != Some(server.epoch) {
        steps.push(Step::Reopen {
            rows: reopened,
            epoch: server.epoch,
        });
    }
    let outgoing = events.iter().filter(|event| event.unsent || lost(event));
    steps.extend(batches(outgoing, server).into_iter().map(|rows| Step::Upload { rows }));
    // Nothing that comes after the feed may hold it up: a courier with little network wants to know where to go.
    steps.extend([Step::Pull, Step::Receipts, Step::Numbers, Step::Photographs]);
    steps
}

/// Cuts the events into batches within the limits; one too large for any batch travels alone.
fn batches<'a>(events: impl Iterator<Item = &'a HeldEvent>, server: &ServerState) -> Vec<Vec<i64>> {
    let most_events = server.batch_events.clamp(1, BATCH_EVENTS);
    let most_bytes = server.batch_bytes.clamp(1, BATCH_BYTES);
    let mut batches: Vec<Vec<i64>> = Vec::new();
    let mut filled = usize::MAX;
    for event in events {
        match batches.last_mut() {
            Some(batch) if batch.len() < most_events && filled + event.size_bytes <= most_bytes => {
                batch.push(event.row);
                filled += event.size_bytes;
            }
            _ => {
                batches.push(vec![event.row]);
                filled = event.size_bytes;
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::vec;
    use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

    use super::{HeldEvent, PhoneState, ServerState, Step, plan};

    /// A phone and a server small enough to run plans on.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct World {
        phone: PhoneState,
        stored: BTreeSet<i64>,
        epoch: u64,
        deposits: usize,
    }

    impl World {
        fn hello(&self) -> ServerState {
            let own = self
                .phone
                .events
                .iter()
                .filter_map(|event| Some((event.own_seq?, event.row)));
            let want = own
                .filter(|(_, row)| !self.stored.contains(row))
                .map(|(seq, _)| (seq, seq))
                .collect();
            ServerState {
                epoch: self.epoch,
                want,
                batch_events: 3,
                batch_bytes: 900,
            }
        }

        fn run(&mut self, steps: &[Step]) {
            for step in steps {
                match step {
                    Step::RefreshBeacon | Step::Pull | Step::Receipts | Step::Numbers | Step::Photographs => {}
                    Step::Reopen { rows, epoch } => {
                        self.phone.epoch = Some(*epoch);
                        self.mark(rows, true);
                    }
                    Step::Upload { rows } => {
                        self.deposits += rows.len();
                        self.stored.extend(rows);
                        self.mark(rows, false);
                    }
                }
            }
        }

        fn mark(&mut self, rows: &[i64], unsent: bool) {
            for event in &mut self.phone.events {
                if rows.contains(&event.row) {
                    event.unsent = unsent;
                }
            }
        }

        fn complete(&self) -> bool {
            self.phone
                .events
                .iter()
                .all(|event| !event.unsent && self.stored.contains(&event.row))
        }
    }

    /// A history in which the server may have forgotten anything it confirmed, but then announces a new epoch.
    fn any_world() -> impl Strategy<Value = World> {
        let event = (any::<bool>(), 1..400_usize, any::<bool>(), any::<bool>());
        (vec(event, 0..24), any::<bool>()).prop_map(|(drawn, known)| {
            let mut seq = 0;
            let mut stored = BTreeSet::new();
            let mut events = Vec::new();
            for (row, (own, size_bytes, unsent, forgotten)) in (1_i64..).zip(drawn) {
                let own_seq = own.then(|| {
                    seq += 1;
                    seq
                });
                if !unsent && !forgotten {
                    stored.insert(row);
                }
                events.push(HeldEvent {
                    row,
                    own_seq,
                    size_bytes,
                    unsent,
                });
            }
            let phone = PhoneState {
                events,
                epoch: Some(if known { 1 } else { 7 }),
            };
            // Peers' events are only lost together with the epoch.
            if known {
                stored.extend(
                    phone
                        .events
                        .iter()
                        .filter(|e| e.own_seq.is_none() && !e.unsent)
                        .map(|e| e.row),
                );
            }
            World {
                phone,
                stored,
                epoch: 1,
                deposits: 0,
            }
        })
    }

    proptest! {
        #[test]
        fn one_run_brings_everything_to_the_server(mut world in any_world()) {
            let steps = plan(&world.phone, &world.hello());
            world.run(&steps);
            prop_assert!(world.complete());
        }

        #[test]
        fn running_a_plan_twice_leaves_what_running_it_once_leaves(mut world in any_world()) {
            let steps = plan(&world.phone, &world.hello());
            world.run(&steps);
            let once = World { deposits: 0, ..world.clone() };
            world.run(&steps);
            prop_assert_eq!(World { deposits: 0, ..world }, once);
        }

        #[test]
        fn a_second_sync_sends_nothing(mut world in any_world()) {
            let first = plan(&world.phone, &world.hello());
            world.run(&first);
            let idle = vec![Step::RefreshBeacon, Step::Pull, Step::Receipts, Step::Numbers, Step::Photographs];
            prop_assert_eq!(plan(&world.phone, &world.hello()), idle);
        }

        #[test]
        fn a_plan_cut_anywhere_is_finished_by_the_next(mut world in any_world(), cut in 0..32_usize) {
            let mut whole = world.clone();
            let steps = plan(&whole.phone, &whole.hello());
            whole.run(&steps);
            world.run(&steps[..cut.min(steps.len())]);
            let rest = plan(&world.phone, &world.hello());
            world.run(&rest);
            prop_assert_eq!(World { deposits: 0, ..world }, World { deposits: 0, ..whole });
        }

        #[test]
        fn batches_keep_the_limits_and_the_order(world in any_world()) {
            let steps = plan(&world.phone, &world.hello());
            let mut sent = Vec::new();
            for step in &steps {
                if let Step::Upload { rows } = step {
                    let bytes: usize = world.phone.events.iter().filter(|e| rows.contains(&e.row)).map(|e| e.size_bytes).sum();
                    prop_assert!(rows.len() <= 3 && bytes <= 900);
                    sent.extend(rows.clone());
                }
            }
            prop_assert!(sent.is_sorted());
        }
    }

    #[test]
    fn an_event_larger_than_a_batch_travels_alone() {
        let event = |row, size_bytes| HeldEvent {
            row,
            own_seq: None,
            size_bytes,
            unsent: true,
        };
        let phone = PhoneState {
            events: vec![event(1, 10), event(2, 5_000), event(3, 10)],
            epoch: Some(1),
        };
        let server = ServerState {
            epoch: 1,
            want: vec![],
            batch_events: 200,
            batch_bytes: 100,
        };
        let uploads: Vec<Step> = plan(&phone, &server)
            .into_iter()
            .filter(|s| matches!(s, Step::Upload { .. }))
            .collect();
        assert_eq!(
            uploads,
            [[1], [2], [3]].map(|rows| Step::Upload { rows: rows.to_vec() })
        );
    }

    #[test]
    fn a_new_epoch_reopens_everything_still_kept_whatever_the_server_asks_for() {
        let event = |row, own_seq| HeldEvent {
            row,
            own_seq,
            size_bytes: 10,
            unsent: false,
        };
        let phone = PhoneState {
            events: vec![event(1, Some(1)), event(2, None), event(3, Some(2))],
            epoch: Some(1),
        };
        let server = ServerState {
            epoch: 2,
            want: vec![(2, 9)],
            batch_events: 200,
            batch_bytes: 100,
        };
        assert_eq!(
            plan(&phone, &server)[1],
            Step::Reopen {
                rows: vec![1, 2, 3],
                epoch: 2
            }
        );
    }
}
