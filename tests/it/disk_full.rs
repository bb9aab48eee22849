//! The disk fills up under a running server. It says so and acknowledges nothing it did not store, it goes on answering
//! questions, and when somebody makes room it goes on writing, without a restart.
//!
//! On SQLite: a file that may not grow any more looks to it as a full disk does. What PostgreSQL says of its own disk is
//! understood by the storage room's tests.

mod doors;

use crate::disk_full::doors::{Doors, Said};
use e2e::{Backend, Lgsp, Site, is_torture, read};
use entity::fsck;

/// How often the disk fills up.
fn rounds() -> u32 {
    if is_torture() { 50 } else { 2 }
}

/// Beyond the largest file there is, in bytes: a few dozen deposits.
const ROOM: u64 = 512 * 1024;

#[test]
fn a_full_disk_is_told_at_every_door_and_writing_goes_on_when_there_is_room_on_sqlite() {
    let site = Site::found(Backend::Sqlite);
    let server = site.start_where_room_may_end();
    let mut doors = Doors::open(&site.http());
    for round in 0..rounds() {
        doors.prepare(round);
        server.leave_room_up_to(site.largest_file() + ROOM);
        doors.deposit_until_refused();
        for name in Doors::ALL {
            // What needs less than the others may still find a place.
            let refused = (0..200).any(|_| doors.knock(name) == Said::Full);
            assert!(refused, "{name} is never refused");
        }
        doors.reads_work();
        server.make_room();
        assert_eq!(doors.deposit_again(), Said::Kept, "there is room again");
        for name in Doors::ALL {
            assert_eq!(doors.knock(name), Said::Kept, "{name}: there is room again");
        }
        // Whoever numbers and folds fell over meanwhile as well, and got up.
        let number = doors.last_order();
        e2e::eventually("the last order in the feed", || {
            let rows = doors.lgsp.tracking_from(Lgsp::START, 200);
            rows.iter()
                .any(|row| row["OrderNumber"] == number.as_str())
                .then_some(())
        });
    }
    server.kill();
    let (kept, keys) = (doors.kept(), site.keys());
    assert!(
        kept.events.len() > 100 && kept.labels.len() > 1,
        "something was acknowledged"
    );
    site.look(|store| {
        Box::pin(async move {
            let inbox = read::bytes(store, "SELECT event_id FROM inbox").await;
            let lost = kept.events.iter().filter(|id| !inbox.contains(*id)).count();
            assert_eq!(lost, 0, "of {} acknowledged events", kept.events.len());
            let labels = read::texts(store, "SELECT item_code FROM postal_item", []).await;
            let lost = kept.labels.iter().filter(|label| !labels.contains(label)).count();
            assert_eq!(lost, 0, "of {} acknowledged orders", kept.labels.len());
            assert!(fsck::check(store, &keys).await.expect("readable").is_sound());
            assert_eq!(read::texts(store, "PRAGMA integrity_check", []).await, ["ok"]);
        })
    });
}
