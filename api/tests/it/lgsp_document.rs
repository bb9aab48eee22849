//! Documents: orders that say who sends papers and who receives the result.

use crate::world::World;
use serde_json::{Value, json};

const DOCUMENT: &str = "/lgsp/v1/vnpost/Document";

fn document(number: &str) -> Value {
    json!({
        "CustomerCode": "AG01", "OrderNumber": number, "State": 1,
        "Procedure": { "Code": "1.000001", "Title": "Cấp bản sao trích lục hộ tịch", "Category": "Hộ tịch", "Elements": "Đơn" },
        "IsSendDocument": true,
        "DocumentSender": party("Chau Sóc Kha"),
        "IsReceiveResult": false,
        "ResultReceiver": party("Neáng Sa Rươn"),
    })
}

fn party(name: &str) -> Value {
    json!({
        "Name": name, "Phone": "0912345678", "ProvinceCode": "88", "ProvinceTitle": "An Giang", "DistrictCode": 0,
        "Address": "Tổ 1, ấp Vĩnh Hạ", "Email": "",
    })
}

/// Mode and applicant of each dossier, the newest first.
async fn seen(world: &World) -> Vec<(String, String)> {
    world.fold().await;
    let desk = world.sign_in("desk").await;
    let list = world.get("/api/v1/dossiers", &desk).await.ok();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = list["dossiers"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| (text(&row["mode"]), text(&row["applicant_name"])))
        .collect()
}

fn pair(mode: &str, name: &str) -> (String, String) {
    (mode.to_owned(), name.to_owned())
}

#[tokio::test]
async fn a_document_says_which_ways_it_goes_and_who_applies() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    let mut back = document("N-2");
    back["IsSendDocument"] = json!("false");
    back["IsReceiveResult"] = json!("true");
    let mut both = document("N-3");
    both["IsReceiveResult"] = json!(1);
    let mut unsaid = document("N-4");
    for name in ["IsSendDocument", "IsReceiveResult", "ResultReceiver"] {
        unsaid.as_object_mut().expect("an object").remove(name);
    }
    for body in [&document("N-1"), &back, &both, &unsaid] {
        let placed = world.post(DOCUMENT, &token, body).await.ok();
        assert_eq!(placed["Status"], 100, "{placed}");
        world.clock.advance(1_000);
    }
    let expected = [
        pair("send", "Chau Sóc Kha"),
        pair("both", "Chau Sóc Kha"),
        pair("return", "Neáng Sa Rươn"),
        pair("send", "Chau Sóc Kha"),
    ];
    assert_eq!(seen(&world).await, expected);
}

#[tokio::test]
async fn a_document_is_placed_once_and_cancelled_like_an_order() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    let first = world.post(DOCUMENT, &token, &document("N-1")).await.ok();
    assert_eq!(world.post(DOCUMENT, &token, &document("N-1")).await.ok(), first);
    let mut other = document("N-1");
    other["DocumentSender"]["Address"] = json!("Ấp khác");
    assert_eq!(world.post(DOCUMENT, &token, &other).await.ok()["Status"], 102);
    let service = "/lgsp/v1/vnpost?service=lgsp_vnpost_document";
    assert_eq!(world.post(service, &token, &document("N-1")).await.ok(), first);
    world.fold().await;
    let cancel = "/lgsp/v1/vnpost/OrderCancel?CustomerCode=AG01&OrderNumber=N-1";
    assert_eq!(world.get(cancel, &token).await.ok()["Status"], 110);
}

#[tokio::test]
async fn a_document_that_lacks_a_party_says_which_field() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    let mut nobody = document("N-1");
    nobody["DocumentSender"]["Address"] = json!(" ");
    let mut nothing = document("N-1");
    nothing["IsSendDocument"] = json!(false);
    let mut receiver = document("N-1");
    receiver["IsReceiveResult"] = json!(true);
    receiver["ResultReceiver"]["Phone"] = Value::Null;
    for (body, why) in [
        (&nobody, "DocumentSender.Address"),
        (&nothing, "IsSendDocument"),
        (&receiver, "ResultReceiver.Phone"),
    ] {
        let refused = world.post(DOCUMENT, &token, body).await.ok();
        let message = refused["Message"].as_str().unwrap_or_default();
        assert!(refused["Status"] == 400 && message.contains(why), "{refused}");
    }
    assert_eq!(seen(&world).await, []);
}

#[tokio::test]
async fn a_price_without_a_tariff_says_so() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    let asked = json!({ "weight": 100, "sender": { "provCode": 91 }, "receiver": { "provCode": 91 } });
    let refused = world.post("/lgsp/v1/vnpost/Price", &token, &asked).await.ok();
    assert_eq!(refused["Status"], 400);
    assert!(
        refused["Message"]
            .as_str()
            .is_some_and(|message| message.contains("bảng cước")),
        "{refused}"
    );
}

#[tokio::test]
async fn the_desk_reads_who_gets_the_result_and_only_its_own_desk_does() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    let mut both = document("N-1");
    both["IsReceiveResult"] = json!(true);
    world.post(DOCUMENT, &token, &both).await.ok();
    let mut alone = document("N-2");
    alone["IsReceiveResult"] = json!(true);
    alone["ResultReceiver"] = alone["DocumentSender"].clone();
    world.clock.advance(1_000);
    world.post(DOCUMENT, &token, &alone).await.ok();
    world.fold().await;
    let (desk, other) = (world.sign_in("desk").await, world.sign_in("other").await);
    let list = world.get("/api/v1/dossiers", &desk).await.ok();
    let path = |at: usize| {
        format!(
            "/api/v1/dossiers/{}",
            list["dossiers"][at]["id"].as_str().expect("an id")
        )
    };
    let receiver = world.get(&path(1), &desk).await.ok()["receiver"].clone();
    let expected = json!({ "name": "Neáng Sa Rươn", "phone": "+84912345678", "address": "Tổ 1, ấp Vĩnh Hạ" });
    assert_eq!(receiver, expected);
    assert_eq!(
        world.get(&path(0), &desk).await.ok().get("receiver"),
        None,
        "the applicant gets it"
    );
    assert_eq!(world.get(&path(1), &other).await.problem(), "not-found");
}
