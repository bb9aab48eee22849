//! A backup holds every row, fills either database, and is refused when anything about it is not as it was written.

use crate::rebuild::a_long_history;
use crate::support::{execute, fresh, number};
use entity::ServerKeys;
use entity::backup::{BackupError, Made, Target, dump, inspect, load};
use entity::clock::SystemClock;
use entity::project::Projector;
use entity::rebuild::{digests, rebuild};
use entity::store::{Durability, OpenOptions};
use entity::testing::{BACKENDS, Backend, TestDb, fresh_url};
use migrations::Migrator;
use sea_orm::{ConnectionTrait, Database};
use sea_orm_migration::MigratorTrait;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;

both!(
    a_history_restored_into_either_database_is_the_same_rows_and_folds_to_the_same,
    a_database_that_holds_something_is_left_alone,
    a_backup_of_an_older_schema_is_brought_up_to_date,
    labels_printed_since_are_passed_over,
    with_lost_keys_second_factors_are_set_up_again,
);

async fn made(db: &TestDb, keys: Option<&ServerKeys>, to: &Path) -> Made {
    dump(&db.url, to, keys, None, &SystemClock).await.expect("a backup")
}

fn to(url: &str) -> Target<'_> {
    Target {
        url,
        skip_labels: 0,
        has_keys: true,
    }
}

async fn open(url: &str) -> entity::Store {
    let options = OpenOptions {
        durability: Durability::ThrowAway,
        ..OpenOptions::new(url)
    };
    options.open().await.expect("what was restored opens")
}

async fn a_history_restored_into_either_database_is_the_same_rows_and_folds_to_the_same(backend: Backend) {
    let (db, world) = a_long_history(backend, 11).await;
    let epoch = entity::repo::setting::epoch(&db.store).await.expect("an epoch");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("whole.backup");
    let first = made(&db, Some(&world.keys), &file).await;
    assert!(first.manifest.counts.events > 15);
    assert_eq!(inspect(&file).expect("good"), first.manifest);
    for (n, target) in BACKENDS.into_iter().enumerate() {
        let beside = folder.path().join(n.to_string());
        std::fs::create_dir(&beside).expect("a folder");
        let url = fresh_url(target, &beside).await;
        let loaded = load(&file, to(&url), &SystemClock).await.expect("restored");
        assert!(loaded.epoch > epoch, "phones must see that they have to deposit again");
        let store = open(&url).await;
        assert_eq!(entity::repo::setting::epoch(&store).await.expect("read"), loaded.epoch);
        if target == backend {
            assert_eq!(
                digests(store.read()).await.expect("read"),
                digests(db.store.read()).await.expect("read")
            );
        }
        let compared = rebuild(&store, &Projector::new(&world.keys)).await.expect("rebuilt");
        assert!(compared.iter().all(entity::rebuild::Compared::is_same), "{compared:?}");
        assert!(entity::fsck::check(&store, &world.keys).await.expect("read").is_sound());
        // A backup of what was restored has the same rows in the same tables, but for the two settings a restore writes.
        store.close().await;
        let again = beside.join("again.backup");
        let again = dump(&url, &again, None, None, &SystemClock).await.expect("a backup");
        for (one, other) in first.manifest.tables.iter().zip(&again.manifest.tables) {
            let more = u64::from(one.name == "setting");
            assert!(other.rows == one.rows || other.rows == one.rows + more, "{}", one.name);
        }
    }
}

async fn a_database_that_holds_something_is_left_alone(backend: Backend) {
    let db = fresh(backend).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("b");
    made(&db, None, &file).await;
    let url = fresh_url(backend, folder.path()).await;
    let store = open(&url).await;
    execute(&store, "INSERT INTO setting (key, value) VALUES ('mine', 'kept')")
        .await
        .expect("written");
    store.close().await;
    drop(store);
    let refused = load(&file, to(&url), &SystemClock).await.expect_err("refused");
    assert!(refused.to_string().contains("not empty"), "{refused}");
    let store = open(&url).await;
    let kept = number(store.read(), "SELECT COUNT(*) FROM setting WHERE key = 'mine'").await;
    assert_eq!(kept, 1);
}

async fn a_backup_of_an_older_schema_is_brought_up_to_date(backend: Backend) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = fresh_url(backend, folder.path()).await;
    let made = if backend == Backend::Sqlite {
        format!("{url}?mode=rwc")
    } else {
        url.clone()
    };
    let db = Database::connect(made).await.expect("a database");
    Migrator::up(&db, Some(8)).await.expect("as it was once");
    db.execute_unprepared("INSERT INTO item_serial (prefix, next) VALUES ('EE', 41)")
        .await
        .expect("a row of then");
    db.close().await.expect("closed");
    let file = folder.path().join("old");
    let manifest = dump(&url, &file, None, None, &SystemClock)
        .await
        .expect("a backup before the upgrade")
        .manifest;
    assert_eq!(manifest.schema.len(), 8);
    let beside = folder.path().join("new");
    std::fs::create_dir(&beside).expect("a folder");
    let url = fresh_url(backend, &beside).await;
    load(&file, to(&url), &SystemClock).await.expect("restored");
    let store = open(&url).await;
    let next = number(store.read(), "SELECT next FROM serial_block WHERE id = 'EE00000001'").await;
    assert_eq!(next, 42, "what a later change makes of the rows was made of these");
}

async fn with_lost_keys_second_factors_are_set_up_again(backend: Backend) {
    let db = fresh(backend).await;
    let folder = tempfile::tempdir().expect("a folder");
    let staff = domain::ids::StaffId(uuid::Uuid::from_u128(7));
    let begun = db
        .store
        .write(move |tx| Box::pin(async move { entity::repo::second_factor::begin(tx, staff, 1).await.map(drop) }));
    begun
        .await
        .unwrap_or_else(|error: entity::StoreError| panic!("{error}"));
    let file = folder.path().join("b");
    made(&db, None, &file).await;
    for (has_keys, left) in [(true, 1), (false, 0)] {
        let beside = folder.path().join(left.to_string());
        std::fs::create_dir(&beside).expect("a folder");
        let url = fresh_url(backend, &beside).await;
        let target = Target {
            url: &url,
            skip_labels: 0,
            has_keys,
        };
        load(&file, target, &SystemClock).await.expect("restored");
        let store = open(&url).await;
        assert_eq!(number(store.read(), "SELECT COUNT(*) FROM second_factor").await, left);
    }
}

async fn labels_printed_since_are_passed_over(backend: Backend) {
    let db = fresh(backend).await;
    let folder = tempfile::tempdir().expect("a folder");
    for sql in [
        "UPDATE serial_block SET next = 10",
        "INSERT INTO serial_block (id, service, first, last, next, holder) VALUES ('EE60000000', 'EE', 60000000, 60000009, 60000005, 'post')",
        "INSERT INTO serial_block (id, service, first, last, next, holder) VALUES ('EE70000000', 'EE', 70000000, 70000009, 70000000, 'post')",
    ] {
        execute(&db.store, sql).await.expect("written");
    }
    let file = folder.path().join("b");
    made(&db, None, &file).await;
    let url = fresh_url(backend, folder.path()).await;
    let target = Target {
        url: &url,
        skip_labels: 100,
        has_keys: true,
    };
    load(&file, target, &SystemClock).await.expect("restored");
    let store = open(&url).await;
    for (id, next) in [
        ("EE00000001", 110),
        ("EE60000000", 60_000_010),
        ("EE70000000", 70_000_000),
    ] {
        let sql = format!("SELECT next FROM serial_block WHERE id = '{id}'");
        assert_eq!(number(store.read(), &sql).await, next, "{id}");
    }
}

/// A good file of some rows.
async fn a_file(folder: &Path) -> Vec<u8> {
    let (db, world) = a_long_history(Backend::Sqlite, 3).await;
    let file = folder.join("good");
    made(&db, Some(&world.keys), &file).await;
    std::fs::read(file).expect("there")
}

fn refusal(folder: &Path, bytes: &[u8]) -> Option<BackupError> {
    let file = folder.join("other");
    std::fs::write(&file, bytes).expect("written");
    inspect(&file).err()
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_byte_is_flipped_and_wherever_it_is_cut_a_backup_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = a_file(folder.path()).await;
    let whole = inspect(&folder.path().join("good")).expect("good");
    let mut refused = 0;
    for n in 0..400 {
        let at = n * (good.len() - 1) / 399;
        let mut bad = good.clone();
        bad[at] ^= 1 << (n % 8);
        // Some bits of a packed file mean nothing; whoever is let through reads what was written, each part by its hash.
        let file = folder.path().join("flipped");
        std::fs::write(&file, &bad).expect("written");
        match inspect(&file) {
            Ok(manifest) => assert_eq!(manifest, whole, "byte {at} of {}", good.len()),
            Err(error) => assert!(matches!(error, BackupError::Refused(_)), "{error}"),
        }
        refused += u32::from(inspect(&file).is_err());
    }
    assert!(refused > 380, "{refused} of 400");
    for n in 0..100 {
        let cut = n * (good.len() - 1) / 99;
        assert!(refusal(folder.path(), &good[..cut]).is_some(), "cut at {cut}");
    }
    let mut longer = good.clone();
    longer.extend_from_slice(b"more");
    assert!(refusal(folder.path(), &longer).is_some());
}

/// The parts of a file, to be put together otherwise.
fn parts(good: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(zstd::Decoder::new(good).expect("packed"));
    let entries = archive.entries().expect("an archive");
    entries
        .map(|entry| {
            let mut entry = entry.expect("whole");
            let name = entry.path().expect("a name").to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("whole");
            (name, bytes)
        })
        .collect()
}

fn together(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(zstd::Encoder::new(Vec::new(), 0).expect("a packer"));
    for (name, bytes) in parts {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, bytes.as_slice()).expect("added");
    }
    builder.into_inner().and_then(zstd::Encoder::finish).expect("packed")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_put_together_otherwise_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = parts(&a_file(folder.path()).await);
    let last = good.len() - 1;
    let manifest = |change: &dyn Fn(String) -> String| {
        let mut parts = good.clone();
        let text = change(String::from_utf8(parts[last - 1].1.clone()).expect("text")).into_bytes();
        parts[last].1 = hex::encode(Sha256::digest(&text)).into_bytes();
        parts[last - 1].1 = text;
        parts
    };
    let newest = Migrator::migrations().last().expect("some").name().to_owned();
    let future = manifest(&|text| text.replace(&format!("\"{newest}\""), &format!("\"{newest}\", \"m2099_x\"")));
    let foreign = manifest(&|text| text.replace("\"format\": 1", "\"format\": 2"));
    let fewer = manifest(&|text| text.replacen("\"events\"", "\"more\"", 1));
    let (mut swapped, mut missing, mut no_end) = (good.clone(), good.clone(), good.clone());
    swapped.swap(1, 2);
    missing.remove(1);
    no_end.pop();
    let mut changed = good.clone();
    changed[1].1[9] ^= 1;
    for (what, parts, why) in [
        ("as it was", &good, None),
        ("of a newer schema", &future, Some("newer")),
        ("of a newer layout", &foreign, Some("newer")),
        ("of a manifest we do not know", &fewer, Some("newer")),
        ("with parts in another order", &swapped, Some("not what was written")),
        ("with a part missing", &missing, Some("damaged")),
        ("without its last part", &no_end, Some("manifest")),
        ("with a changed row", &changed, Some("not what was written")),
    ] {
        let refusal = refusal(folder.path(), &together(parts)).map(|error| error.to_string());
        match why {
            None => assert_eq!(refusal, None, "{what}"),
            Some(why) => assert!(
                refusal.as_ref().is_some_and(|text| text.contains(why)),
                "{what}: {refusal:?}"
            ),
        }
    }
    for bytes in [&b""[..], b"hello", &together(&[("x".to_owned(), b"y".to_vec())])] {
        let refusal = refusal(folder.path(), bytes).expect("refused").to_string();
        assert!(refusal.contains("not a backup"), "{refusal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_there_is_never_written_over_and_a_failure_leaves_none() {
    let db = fresh(Backend::Sqlite).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("b");
    std::fs::write(&file, "precious").expect("written");
    let refused = dump(&db.url, &file, None, None, &SystemClock)
        .await
        .expect_err("refused");
    assert!(matches!(refused, BackupError::Refused(_)));
    assert_eq!(std::fs::read(&file).expect("there"), b"precious");
    let other = folder.path().join("c");
    let missing = folder.path().join("no-keys");
    dump(&db.url, &other, None, Some(&missing), &SystemClock)
        .await
        .expect_err("the key file is not there");
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        1,
        "no draft stays"
    );
}
