//! Photographs: named by an event, brought in parts, shown to whoever may see them.

use crate::phone::Phone;
use crate::world::{World, staff_id};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use entity::testing::Backend;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A small picture.
fn picture() -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.extend((0..2500_u32).flat_map(u32::to_be_bytes));
    bytes
}

fn name(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn held(answer: &Value) -> (u64, bool) {
    (
        answer["held"].as_u64().expect("a number"),
        answer["is_whole"].as_bool().expect("yes or no"),
    )
}

#[tokio::test]
async fn a_photograph_gets_through_in_parts_however_often_the_line_breaks() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let world = World::on(backend, |_| {}).await;
        let (dossier, item, _) = world.intake("S1").await;
        let mut phone = Phone::with(&world, &item).await;
        let (bytes, name) = (picture(), name(&picture()));
        let total = bytes.len();
        let unheard = phone.bring(&world, &name, None, &bytes).await;
        assert_eq!(unheard.problem(), "not-now", "no event speaks of it yet");
        let note = phone.photograph(&item, &[&bytes]);
        phone.deposit(&world, note).await.ok();
        world.fold().await;
        let path = format!("/api/v1/sync/blobs/{name}");
        assert_eq!(held(&phone.read(&world, &path).await.ok()), (0, false));
        let gap = phone.bring(&world, &name, Some((4000, total)), &bytes[4000..]).await;
        assert_eq!(gap.problem(), "not-now");
        for _ in 0..2 {
            let part = phone.bring(&world, &name, Some((0, total)), &bytes[..4000]).await.ok();
            assert_eq!(held(&part), (4000, false), "a repeat changes nothing");
        }
        assert_eq!(held(&phone.read(&world, &path).await.ok()), (4000, false));
        for _ in 0..2 {
            let part = phone
                .bring(&world, &name, Some((3000, total)), &bytes[3000..])
                .await
                .ok();
            assert_eq!(held(&part), (total as u64, true), "the answer may be lost");
        }
        assert_eq!(held(&phone.read(&world, &path).await.ok()), (total as u64, true));
        let desk = world.sign_in("desk").await;
        let listed = world
            .get(&format!("/api/v1/dossiers/{dossier}/evidence"), &desk)
            .await
            .ok();
        assert_eq!(listed["evidence"][0]["sha256"], name);
        assert_eq!(listed["evidence"][0]["event"], "note");
        assert_eq!(listed["evidence"][0]["media"], "image/jpeg");
        let shown = world
            .get(&format!("/api/v1/dossiers/{dossier}/evidence/{name}"), &desk)
            .await;
        assert_eq!(shown.header("content-type"), "image/jpeg");
        assert_eq!(shown.header("content-disposition"), "attachment");
        assert_eq!(shown.body, bytes);
        let looks = world.get("/api/v1/accesses", &desk).await.ok();
        assert_eq!(looks["accesses"][0]["what"], "evidence", "a face may be in it");
    }
}

#[tokio::test]
async fn bytes_that_are_not_what_the_event_names_are_thrown_away_and_may_come_again() {
    let world = World::new().await;
    let (_, item, _) = world.intake("S1").await;
    let mut phone = Phone::with(&world, &item).await;
    let (bytes, name) = (picture(), name(&picture()));
    let note = phone.photograph(&item, &[&bytes]);
    phone.deposit(&world, note).await.ok();
    world.fold().await;
    let wrong = vec![7; bytes.len()];
    assert_eq!(
        phone.bring(&world, &name, None, &wrong).await.problem(),
        "invalid-request"
    );
    assert_eq!(
        held(&phone.bring(&world, &name, None, &bytes).await.ok()),
        (bytes.len() as u64, true)
    );
    let odd = phone.bring(&world, &name, Some((0, 3)), &bytes[..4]).await;
    assert_eq!(odd.problem(), "invalid-request", "the range does not fit");
    assert_eq!(phone.bring(&world, "../../etc/passwd", None, &bytes).await.status, 404);
}

#[tokio::test]
async fn one_device_fills_no_disk_and_spoils_no_others_photograph() {
    let room = picture().len() as u64 + 10;
    let world = World::with(|config| (config.blob_bytes, config.blob_bytes_a_day) = (room, room)).await;
    let (_, item, _) = world.intake("S1").await;
    let mut phone = Phone::with(&world, &item).await;
    let mut other = Phone::enrolled(&world, 9, Hat::Carrier, staff_id("courier")).await;
    let (bytes, second, large) = (picture(), b"a second one".to_vec(), vec![1; picture().len() + 11]);
    let (first, third, fourth) = (name(&bytes), name(&second), name(&large));
    for (phone, photographs) in [
        (&mut phone, [&bytes[..], &second, &large]),
        (&mut other, [&bytes[..], &second, &large]),
    ] {
        let note = phone.photograph(&item, &photographs);
        phone.deposit(&world, note).await.ok();
    }
    world.fold().await;
    let total = bytes.len();
    let forged = vec![0; 4000];
    other.bring(&world, &first, Some((0, total)), &forged).await.ok();
    let half = phone.bring(&world, &first, Some((0, total)), &bytes[..4000]).await.ok();
    assert_eq!(held(&half), (4000, false));
    let whole = phone
        .bring(&world, &first, Some((4000, total)), &bytes[4000..])
        .await
        .ok();
    assert_eq!(held(&whole), (total as u64, true));
    assert_eq!(
        phone.bring(&world, &third, None, &second).await.status,
        429,
        "enough for a day"
    );
    world.clock.advance(25 * 3_600_000);
    // Refused for its old nonce, and given a new one.
    phone.hello(&world).await;
    assert_eq!(held(&phone.bring(&world, &third, None, &second).await.ok()), (12, true));
    assert_eq!(phone.bring(&world, &fourth, None, &large).await.status, 413);
}

#[tokio::test]
async fn halves_that_are_never_finished_count_as_brought() {
    let world = World::with(|config| config.blob_bytes_a_day = 100).await;
    let (_, item, _) = world.intake("S1").await;
    let mut phone = Phone::with(&world, &item).await;
    let pictures = [1_u8, 2, 3].map(|kind| vec![kind; 50]);
    let note = phone.photograph(&item, &pictures.each_ref().map(Vec::as_slice));
    phone.deposit(&world, note).await.ok();
    world.fold().await;
    let mut heard = Vec::new();
    for picture in &pictures {
        let half = phone.bring(&world, &name(picture), Some((0, 50)), &picture[..40]).await;
        heard.push(half.status.as_u16());
    }
    assert_eq!(heard, [200, 200, 429]);
    let rest = phone
        .bring(&world, &name(&pictures[0]), Some((40, 50)), &pictures[0][40..])
        .await
        .ok();
    assert_eq!(held(&rest), (50, true), "what was begun may be finished");
}

#[tokio::test]
async fn what_was_named_and_did_not_come_is_shown_to_whoever_can_ask_for_the_phone() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let world = World::on(backend, |_| {}).await;
        let (_, item, _) = world.intake("S1").await;
        let mut phone = Phone::with(&world, &item).await;
        let bytes = picture();
        let note = phone.photograph(&item, &[&bytes]);
        phone.deposit(&world, note).await.ok();
        world.fold().await;
        let missing = async |login: &str| {
            let token = world.sign_in(login).await;
            world.get("/api/v1/dispatch/missing-evidence", &token).await.ok()["missing"].clone()
        };
        assert_eq!(missing("boss").await, serde_json::json!([]), "it may be on its way");
        world.clock.advance(25 * 3_600_000);
        let shown = missing("boss").await;
        assert_eq!(shown[0]["sha256"], name(&bytes));
        assert_eq!(shown[0]["device_id"], phone.id());
        assert_eq!(missing("boss-q1").await, serde_json::json!([]), "another operator's");
        // Refused for its old nonce, and given a new one.
        phone.hello(&world).await;
        phone.bring(&world, &name(&bytes), None, &bytes).await.ok();
        assert_eq!(missing("boss").await, serde_json::json!([]));
    }
}

#[tokio::test]
async fn a_phone_that_was_taken_away_may_still_bring_what_it_photographed() {
    let world = World::new().await;
    let (_, item, _) = world.intake("S1").await;
    let mut phone = Phone::with(&world, &item).await;
    let bytes = picture();
    world.dismiss("courier").await;
    let (_, late) = phone.act(Kind::Note, &item, EventId::ZERO);
    phone.deposit(&world, late).await.ok();
    let note = phone.photograph(&item, &[&bytes]);
    phone.deposit(&world, note).await.ok();
    world.fold().await;
    assert!(held(&phone.bring(&world, &name(&bytes), None, &bytes).await.ok()).1);
}
