//! A backup is taken while phones deposit and one-stop systems order, and an installation is made of it: everything that was
//! acknowledged before it began is there, on either database, and folds to the same.

use crate::kills::at_work;
use custody::ids::ItemId;
use e2e::{Backend, Site, both, read};
use serde_json::Value;
use std::process::Output;

both!(
    a_backup_taken_under_load_holds_all_that_was_acknowledged_before_it,
    without_its_keys_an_installation_goes_on_and_what_it_signed_stays_genuine,
    what_cannot_be_restored_is_refused_and_leaves_nothing_behind,
);

const OTHER: fn(Backend) -> Backend = |backend| match backend {
    Backend::Sqlite => Backend::Postgres,
    Backend::Postgres => Backend::Sqlite,
};

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// Backs a site up by the program, and says where to and what it said.
fn backed_up(site: &Site, args: &[&str]) -> (std::path::PathBuf, Value) {
    let file = site.folder().join("traotay.backup");
    let to = file.to_string_lossy().into_owned();
    let output = site.ask("backup", &[&["--to", &to, "--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    (file, json(&output))
}

fn number(site: &Site, sql: &'static str) -> i64 {
    site.look(|store| Box::pin(read::number(store, sql)))
}

fn a_backup_taken_under_load_holds_all_that_was_acknowledged_before_it(backend: Backend) {
    let site = Site::found(backend);
    let server = site.start();
    let driver = at_work(&site);
    driver.wait_for(60);
    let before = driver.kept();
    assert!(before.events.len() > 10 && before.labels.len() > 5);
    // The two who write are not told of the backup and must not notice it.
    let (file, made) = std::thread::scope(|scope| {
        let backup = scope.spawn(|| backed_up(&site, &["--with-keys"]));
        while !backup.is_finished() {
            driver.wait_for(1);
        }
        backup.join().expect("it ends")
    });
    driver.wait_for(20);
    let told = driver.stop();
    assert_eq!(told.unanswered, 0, "nobody waited for the backup");
    server.kill();

    for target in [backend, OTHER(backend)] {
        let (other, said) = Site::restored(target, &file, &["--json"]);
        assert_eq!(said.status.code(), Some(0), "{said:?}");
        let said = json(&said);
        assert_eq!(said["counts"], made["counts"]);
        assert_eq!(said["keys"], "in_backup");
        assert_eq!(said["doctor"]["ok"], true, "{said}");
        assert_eq!(
            said["doctor"]["facts"], made["counts"]["events"],
            "all of them numbered since"
        );
        assert_eq!(
            number(&other, "SELECT COUNT(*) FROM inbox"),
            made["counts"]["events"].as_i64().unwrap_or(-1)
        );
        assert_eq!(
            number(&other, "SELECT COUNT(*) FROM dossier"),
            made["counts"]["dossiers"].as_i64().unwrap_or(-1)
        );
        let (events, items) = other.look(|store| {
            Box::pin(async move {
                (
                    read::bytes(store, "SELECT event_id FROM inbox").await,
                    read::bytes(store, "SELECT item_id FROM postal_item").await,
                )
            })
        });
        assert!(before.events.iter().all(|id| events.contains(id.0.as_slice())));
        assert!(
            before
                .labels
                .iter()
                .all(|label| items.contains(ItemId::of(label).0.as_slice()))
        );
        // It serves: the same people sign in with the same keys, and work goes on.
        let server = other.start();
        at_work_again(&other);
        server.kill();
    }
}

fn at_work_again(site: &Site) {
    let one_stop = e2e::Lgsp::sign_in(&site.http(), "AG30520");
    let (status, label) = one_stop.order(&one_stop.pickup("after-restore"));
    assert_eq!(status, 100);
    assert_eq!(label.len(), 13);
}

fn without_its_keys_an_installation_goes_on_and_what_it_signed_stays_genuine(backend: Backend) {
    let site = Site::found(backend);
    let server = site.start();
    let one_stop = e2e::Lgsp::sign_in(&site.http(), "AG30520");
    assert_eq!(one_stop.order(&one_stop.pickup("signed-by-the-first")).0, 100);
    server.kill();
    let keys = site.keys();
    let (file, _) = backed_up(&site, &[]);
    let (other, said) = Site::restored(backend, &file, &["--json"]);
    let said = json(&said);
    assert_eq!(
        (&said["ok"], &said["keys"]),
        (&Value::from(true), &Value::from("new")),
        "{said}"
    );
    assert_ne!(other.keys().acts.to_bytes(), keys.acts.to_bytes());
    assert!(said["doctor"]["facts"].as_u64().is_some_and(|facts| facts > 0));
    assert_eq!(
        said["doctor"]["quarantined"], 0,
        "what the lost keys signed is believed"
    );
    // Keys of another installation are refused; the keys kept elsewhere give the same server back.
    let foreign = other.folder().join("server.keys");
    let (_, said) = Site::restored(backend, &file, &["--json", "--keys", &foreign.to_string_lossy()]);
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    let kept = site.folder().join("server.keys");
    let (third, said) = Site::restored(backend, &file, &["--json", "--keys", &kept.to_string_lossy()]);
    assert_eq!(json(&said)["keys"], "given");
    assert_eq!(third.keys().acts.to_bytes(), keys.acts.to_bytes());
}

fn what_cannot_be_restored_is_refused_and_leaves_nothing_behind(backend: Backend) {
    let site = Site::found(backend);
    let (file, _) = backed_up(&site, &[]);
    let doctor = site.ask("doctor", &["--json"]);
    assert_eq!(doctor.status.code(), Some(0));
    let refused = |file: &std::path::Path, why: &str| {
        let (other, said) = Site::restored(backend, file, &["--json"]);
        assert_eq!(said.status.code(), Some(1), "{said:?}");
        let said = json(&said);
        assert!(said["why"].as_str().is_some_and(|text| text.contains(why)), "{said}");
        assert_eq!(
            std::fs::read_dir(other.folder()).expect("a folder").count(),
            0,
            "nothing is left"
        );
    };
    let bad = site.folder().join("damaged");
    let mut bytes = std::fs::read(&file).expect("there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&bad, bytes).expect("written");
    refused(&bad, "damaged");
    refused(&site.folder().join("log"), "not a backup");
    // The same folder and database a second time.
    let to = site.folder().join("traotay.backup").to_string_lossy().into_owned();
    let again = site.ask("backup", &["--to", &to]);
    assert_eq!(again.status.code(), Some(1), "a file that is there is kept");
    let (filled, said) = Site::restored(backend, &file, &[]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    let refused = filled.ask_bare("restore", &[&to, "--into", &filled.folder().to_string_lossy()]);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let good = filled.ask_bare("restore", &[&to, "--check"]);
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    let usage = filled.ask_bare("restore", &[&to]);
    assert_eq!(usage.status.code(), Some(2), "{usage:?}");
}
