//! Orders, cancellations and tracking as one-stop software sends them.

use crate::phone::Phone;
use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

const ORDER: &str = "/lgsp/v1/vnpost/OrderPost";

fn order(number: &str) -> Value {
    json!({
        "CustomerCode": "AG01", "OrderNumber": number, "CODAmount": 26500.0,
        "SenderProvince": 88, "SenderDistrict": 8810, "SenderAddress": "Tổ 1, ấp không ai biết", "SenderName": "Chau Sóc Kha",
        "SenderTel": "0912.345.678", "SenderEmail": "", "SenderDesc": "Đơn đề nghị",
        "ReceiverProvince": "88", "ReceiverAddress": "Đường Hữu Nghị", "ReceiverName": "UBND phường Tịnh Biên",
        "ReceiverTel": "02963876543", "FlagConfig": 2,
    })
}

async fn cancel(world: &World, token: &str, number: &str) -> Value {
    let path = format!("/lgsp/v1/vnpost/OrderCancel?CustomerCode=AG01&OrderNumber={number}");
    world.get(&path, token).await.ok()
}

async fn post_with(world: &World, path: &str, token: &str, service_code: Option<&str>, body: &Value) -> Answer {
    let mut request = Request::post(path).header("authorization", format!("Bearer {token}"));
    if let Some(code) = service_code {
        request = request.header("service-code", code);
    }
    world
        .send(request.body(Body::from(body.to_string())).expect("a request"))
        .await
}

#[tokio::test]
async fn an_order_is_understood_in_every_form_of_dispatch() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    let forms = [
        (ORDER, None),
        ("/lgsp/v1/vnpost", Some("vnpost_post_order")),
        ("/lgsp/v1/vnpost?serviceType=VNPost&serviceName=OrderPost", None),
        ("/lgsp/v1/vnpost?service=lgsp_vnpost_orderpost", None),
        ("/lgsp/v1/vnpost?service=orderpost?pagesize=50", None),
    ];
    for (number, (path, code)) in forms.into_iter().enumerate() {
        let placed = post_with(&world, path, &token, code, &order(&format!("N-{number}")))
            .await
            .ok();
        assert_eq!(placed["Status"], 100, "{path}");
        assert!(
            placed["ItemCode"].is_string() && placed["RequestId"].is_string(),
            "{path}"
        );
    }
    let unknown = post_with(
        &world,
        "/lgsp/v1/vnpost?service=getinfomationpost",
        &token,
        None,
        &order("N"),
    )
    .await;
    assert_eq!(unknown.problem(), "not-found");
    assert_eq!(
        post_with(&world, "/lgsp/v1/vnpost", &token, None, &order("N"))
            .await
            .problem(),
        "not-found"
    );
}

#[tokio::test]
async fn the_same_order_has_one_label_and_other_content_is_102() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    let first = world.post(ORDER, &token, &order("N-1")).await.ok();
    let mut retyped = order("N-1");
    let fields = retyped.as_object_mut().expect("an object");
    fields.remove("SenderEmail");
    let name = fields.remove("SenderName").expect("a name");
    fields.insert("senderName".to_owned(), name);
    fields.insert("CODAmount".to_owned(), json!(26500));
    assert_eq!(world.post(ORDER, &token, &retyped).await.ok(), first);
    let mut other = order("N-1");
    other["SenderAddress"] = json!("Ấp khác");
    let refused = world.post(ORDER, &token, &other).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["Status"]), (200, &json!(102)));
}

#[tokio::test]
async fn an_order_lacks_nothing_that_is_required() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    for field in [
        "CustomerCode",
        "OrderNumber",
        "SenderProvince",
        "SenderAddress",
        "SenderName",
        "SenderTel",
        "ReceiverProvince",
        "ReceiverAddress",
        "ReceiverName",
        "ReceiverTel",
    ] {
        let mut body = order("N-1");
        body[field] = json!("  ");
        let refused = world.post(ORDER, &token, &body).await.ok();
        assert_eq!(refused["Status"], 400, "{field}");
        assert!(
            refused["Message"]
                .as_str()
                .is_some_and(|message| message.contains(field)),
            "{field}: {refused}"
        );
    }
    for amount in [json!(-1), json!(1.5), json!("many")] {
        let mut body = order("N-1");
        body["CODAmount"] = amount;
        assert_eq!(world.post(ORDER, &token, &body).await.ok()["Status"], 400);
    }
    let mut body = order("N-1");
    body["SenderTel"] = json!("gọi nhà hàng xóm");
    assert_eq!(
        world.post(ORDER, &token, &body).await.ok()["Status"],
        100,
        "a telephone is never a reason to refuse"
    );
}

#[tokio::test]
async fn invalid_utf_8_and_broken_json_get_a_clear_answer() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    for (body, why) in [
        (&b"{\"SenderName\":\"Nguy\xeen\"}"[..], "byte 19"),
        (b"{\"SenderName\":", "JSON"),
        (br#"{"SenderName":"Nguy?n Th? M?u"}"#, "UTF-8"),
    ] {
        let request = Request::post(ORDER).header("authorization", format!("Bearer {token}"));
        let refused = world
            .send(request.body(Body::from(body.to_vec())).expect("a request"))
            .await
            .ok();
        assert_eq!(refused["Status"], 400);
        assert!(
            refused["Message"].as_str().is_some_and(|message| message.contains(why)),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_client_that_reads_only_http_is_refused_by_http() {
    let world = World::new().await;
    let token = world.client_token("key-b").await;
    let mut body = order("N-1");
    body["CustomerCode"] = json!("AG02");
    world.post(ORDER, &token, &body).await.ok();
    body["SenderName"] = json!("Người khác");
    let refused = world.post(ORDER, &token, &body).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["Status"]), (409, &json!(102)));
    body["CustomerCode"] = json!("AG01");
    let refused = world.post(ORDER, &token, &body).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["Status"]), (403, &json!(403)));
}

#[tokio::test]
async fn an_order_is_cancelled_once_and_not_after_it_was_collected() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    world.post(ORDER, &token, &order("N-1")).await.ok();
    world.fold().await;
    assert_eq!(cancel(&world, &token, "N-1").await["Status"], 110);
    world.fold().await;
    assert_eq!(cancel(&world, &token, "N-1").await["Status"], 110);
    assert_eq!(cancel(&world, &token, "N-9").await["Status"], 404);

    let label = world.post(ORDER, &token, &order("N-2")).await.ok()["ItemCode"]
        .as_str()
        .expect("a label")
        .to_owned();
    world.fold().await;
    Phone::with(&world, &label).await;
    assert_eq!(cancel(&world, &token, "N-2").await["Status"], 111);
}

#[tokio::test]
async fn a_cancellation_is_understood_in_the_forms_clients_use() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    for number in ["N-1", "N-2", "N-3", "N-4"] {
        world.post(ORDER, &token, &order(number)).await.ok();
    }
    let body = |number: &str| json!({ "customerCode": "AG01", "OrderNUmber": number });
    let old = json!({ "maKhachHang": "AG01", "soDonHang": "N-2" });
    let path = "/lgsp/v1/vnpost";
    let answers = [
        post_with(
            &world,
            "/lgsp/v1/vnpost?serviceName=OrderCancel",
            &token,
            None,
            &body("N-1"),
        )
        .await,
        post_with(&world, path, &token, Some("vnpost_cancel_order"), &old).await,
        world
            .get(
                "/lgsp/v1/vnpost?service=ordercancel?CustomerCode=AG01&OrderNumber=N-3",
                &token,
            )
            .await,
        world
            .get(
                "/lgsp/v1/vnpost?service=ordertracking&CustomerCode=AG01&OrderNumber=N-4",
                &token,
            )
            .await,
    ];
    for answer in answers {
        assert_eq!(answer.ok()["Status"], 110);
    }
}

#[tokio::test]
async fn the_feed_gives_every_step_once_in_order_and_only_to_its_client() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    for number in ["N-1", "N-2", "N-3"] {
        world.post(ORDER, &token, &order(number)).await.ok();
        world.fold().await;
    }
    let zeros = "0".repeat(24);
    let feed = |size: u32, last: &str| format!("/lgsp/v1/vnpost/OrderTracking?pagesize={size}&lastId={last}");
    let first = world.get(&feed(2, &zeros), &token).await.ok();
    assert_eq!(
        (&first["_returned"], &first["_size"], &first["_total_pages"]),
        (&json!(2), &json!(3), &json!(2))
    );
    let events = first["_embedded"]["rh:doc"].as_array().expect("events");
    assert_eq!(
        (&events[0]["OrderNumber"], &events[0]["StatusCode"]),
        (&json!("N-1"), &json!(20))
    );
    assert_eq!(events[0]["EventTime"], crate::world::START_MS);
    let last = events[1]["_id"]["$oid"].as_str().expect("an id");
    assert_eq!(last.len(), 24);
    let second = world.get(&feed(2, last), &token).await.ok();
    assert_eq!(
        (&second["_returned"], &second["_embedded"]["rh:doc"][0]["OrderNumber"]),
        (&json!(1), &json!("N-3"))
    );
    let repaired = world
        .get(
            "/lgsp/v1/vnpost?service=lgsp_vnpost_ordertracking?pagesize=2&pagesize=2",
            &token,
        )
        .await
        .ok();
    assert_eq!(repaired["_returned"], 2);
    let other = world.client_token("key-b").await;
    assert_eq!(
        world.get(&feed(50, &zeros), &other).await.ok()["_embedded"]["rh:doc"],
        json!([])
    );
    assert_eq!(world.get(&feed(50, "xyz"), &token).await.ok()["Status"], 400);
}

#[tokio::test]
async fn the_parties_say_which_way_an_order_goes() {
    let world = World::new().await;
    let token = world.client_token("key-a").await;
    let mut back = order("N-1");
    back["SenderName"] = json!("UBND PHƯỜNG TỊNH BIÊN");
    back["ReceiverName"] = json!("Neáng Sa Rươn");
    let mut round = order("N-2");
    round["IsReceiveResult"] = json!(true);
    let mut said = order("N-3");
    said["Direction"] = json!("return");
    for body in [&order("N-0"), &back, &round, &said] {
        world.post(ORDER, &token, body).await.ok();
        world.clock.advance(1_000);
    }
    world.fold().await;
    let desk = world.sign_in("desk").await;
    let list = world.get("/api/v1/dossiers", &desk).await.ok();
    let found: Vec<(&str, &str)> = list["dossiers"]
        .as_array()
        .expect("dossiers")
        .iter()
        .map(|dossier| {
            (
                dossier["mode"].as_str().expect("a mode"),
                dossier["applicant_name"].as_str().expect("a name"),
            )
        })
        .collect();
    let expected = [
        ("return", "UBND phường Tịnh Biên"),
        ("both", "Chau Sóc Kha"),
        ("return", "Neáng Sa Rươn"),
        ("send", "Chau Sóc Kha"),
    ];
    assert_eq!(found, expected);
    let mut wrong = order("N-4");
    wrong["Direction"] = json!("up");
    assert_eq!(world.post(ORDER, &token, &wrong).await.ok()["Status"], 400);
}
