//! The disk is full: every family of callers hears it in its own words, and is served again when there is room.

use crate::phone::Phone;
use crate::world::{Answer, World, intake_body, staff_id};
use domain::hat::Hat;
use entity::testing::{leave_no_room, make_room};
use serde_json::{Value, json};

const ORDER: &str = "/lgsp/v1/vnpost/OrderPost";

fn order(customer: &str) -> Value {
    json!({
        "CustomerCode": customer, "OrderNumber": "N-1", "CODAmount": 0, "SenderDesc": "x".repeat(100_000),
        "SenderProvince": 88, "SenderAddress": "Tổ 1", "SenderName": "Chau Sóc Kha", "SenderTel": "0912345678",
        "ReceiverProvince": 88, "ReceiverAddress": "Đường Hữu Nghị", "ReceiverName": "UBND phường Tịnh Biên",
        "ReceiverTel": "02963876543",
    })
}

fn is_refused(answer: &Answer) {
    assert_eq!(answer.refusal(), (507, "storage-full".to_owned()));
    assert_eq!(answer.header("retry-after"), "60");
}

#[tokio::test]
async fn a_one_stop_system_is_told_to_send_the_order_again_in_its_own_words() {
    let world = World::new().await;
    // One reads the body whatever the status, the other reads nothing but the status.
    for (key, customer, status) in [("key-a", "AG01", 200), ("key-b", "AG02", 507)] {
        let token = world.client_token(key).await;
        leave_no_room(&world.app.store).await;
        let refused = world.post(ORDER, &token, &order(customer)).await;
        assert_eq!(refused.status, status);
        assert_eq!(refused.json()["Status"], 500, "{}", refused.text());
        assert!(refused.json()["ItemCode"].is_null());
        assert_eq!(refused.header("retry-after"), "60");
        make_room(&world.app.store).await;
        let placed = world.post(ORDER, &token, &order(customer)).await.ok();
        assert_eq!(placed["Status"], 100);
    }
}

#[tokio::test]
async fn a_phone_and_a_counter_are_told_that_there_is_no_room() {
    let world = World::new().await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let agent = world.sign_in("agent").await;
    // One text of 60,000 bytes: kept, whatever it is.
    let envelope = [&[0x79, 0xea, 0x60][..], &vec![b'x'; 60_000]].concat();
    leave_no_room(&world.app.store).await;
    is_refused(&phone.deposit(&world, envelope.clone()).await);
    make_room(&world.app.store).await;
    let stored = phone.deposit(&world, envelope).await.ok();
    assert_eq!(stored["results"][0]["result"], "stored");

    let mut intake = intake_body("S-1");
    let mut refused = 0;
    for number in 0..200 {
        intake["slip_number"] = json!(format!("S-{number}"));
        leave_no_room(&world.app.store).await;
        let answer = world.post("/api/v1/intakes", &agent, &intake).await;
        if !answer.status.is_success() {
            is_refused(&answer);
            make_room(&world.app.store).await;
            refused += 1;
            assert!(world.post("/api/v1/intakes", &agent, &intake).await.status.is_success());
        }
    }
    assert!(refused > 0, "two hundred intakes take no page");
}
