//! What the installation was told beforehand is read by who works here, people and devices only by who runs them.

use crate::phone::Phone;
use crate::world::{World, staff_id};
use domain::hat::Hat;
use entity::testing::Backend;
use serde_json::json;

crate::both!(
    places_and_procedures_are_everybodys_to_read,
    an_office_reads_its_own_couriers_and_devices_and_no_others,
);

async fn places_and_procedures_are_everybodys_to_read(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let courier = world.sign_in("courier").await;
    for (path, list, count) in [
        ("operators", "operators", 2),
        ("offices", "offices", 3),
        ("agencies", "agencies", 3),
        ("desks", "desks", 3),
        ("procedures", "procedures", 1),
        ("procedures?q=trich%20luc", "procedures", 1),
        ("procedures?q=1.000001", "procedures", 1),
        ("procedures?q=khai%20tu", "procedures", 0),
    ] {
        let read = world.get(&format!("/api/v1/{path}"), &courier).await.ok();
        assert_eq!(read[list].as_array().map(Vec::len), Some(count), "{path}: {read}");
    }
    let one = world.get("/api/v1/procedures/1.000001", &courier).await.ok();
    assert_eq!(one["name"], "Cấp bản sao trích lục hộ tịch");
    assert_eq!(world.get("/api/v1/procedures/9.999999", &courier).await.status, 404);
    let days = world.get("/api/v1/calendars", &courier).await.ok();
    assert_eq!(days["records"]["state"]["first_year"], 2026);
    assert_eq!(world.get("/api/v1/offices", "").await.status, 401);
}

async fn an_office_reads_its_own_couriers_and_devices_and_no_others(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    world.fold().await;
    let boss = world.sign_in("boss").await;
    let read = world.get("/api/v1/couriers", &boss).await.ok();
    let names = |read: &serde_json::Value, list: &str, name: &str| -> Vec<serde_json::Value> {
        let all = read[list].as_array().expect("a list").iter();
        all.map(|one| one[name].clone()).collect()
    };
    assert_eq!(
        names(&read, "couriers", "name"),
        [json!("Người courier"), json!("Người second")]
    );
    assert_eq!(read["couriers"][0]["areas"], json!(["30520"]));
    let devices = world.get("/api/v1/devices", &boss).await.ok();
    assert_eq!(names(&devices, "devices", "id"), [json!(phone.id())]);
    for (login, path, count) in [
        ("boss-p2", "devices", 0),
        ("boss-q1", "devices", 0),
        ("ops-q", "couriers", 1),
        ("ops", "couriers", 3),
        ("keys", "devices", 1),
        ("manager", "devices", 0),
    ] {
        let read = world
            .get(&format!("/api/v1/{path}"), &world.sign_in(login).await)
            .await
            .ok();
        assert_eq!(
            read[path].as_array().map(Vec::len),
            Some(count),
            "{login} {path}: {read}"
        );
    }
}
