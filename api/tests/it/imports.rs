//! Tables of orders from an office that has no interface.

use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const HEADINGS: &str = "Số đơn hàng;Tên người gửi;Địa chỉ người gửi;Điện thoại người gửi;Tên người nhận;Địa chỉ người nhận;\
                        Điện thoại người nhận;Ghi chú";

fn line(number: &str, name: &str) -> String {
    format!("{number};{name};Tổ 1, ấp Vĩnh Hạ;0912345678;UBND phường Tịnh Biên;Đường Hữu Nghị;02963876543;=1+1")
}

fn file(lines: &[String]) -> Vec<u8> {
    format!("\u{feff}{HEADINGS}\r\n{}\r\n", lines.join("\r\n")).into_bytes()
}

async fn upload(world: &World, token: &str, bytes: Vec<u8>) -> Answer {
    let request = Request::post("/api/v1/imports").header("authorization", format!("Bearer {token}"));
    world.send(request.body(Body::from(bytes)).expect("a request")).await
}

async fn commit(world: &World, token: &str, sha256: &str) -> Answer {
    world
        .post(&format!("/api/v1/imports/{sha256}/commit"), token, &json!({}))
        .await
}

async fn get(world: &World, token: &str, path: &str) -> Answer {
    world.get(&format!("/api/v1/imports/{path}"), token).await
}

#[tokio::test]
async fn a_table_is_judged_first_ordered_then_and_both_may_be_repeated() {
    let world = World::new().await;
    let desk = world.sign_in("desk").await;
    let bytes = file(&[
        line("H01-1", "Chau Sóc Kha"),
        line("H01-2", ""),
        line("H01-3", "Neáng Sa Rươn"),
    ]);
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let report = upload(&world, &desk, bytes.clone()).await.ok();
    assert_eq!(
        (&report["sha256"], &report["rows"], &report["ready"]),
        (&json!(sha256), &json!(3), &json!(2))
    );
    let missing = json!([{
        "row": 3, "column": "SenderName", "code": "missing", "message": "Thiếu «Tên người gửi».", "is_error": true,
    }]);
    assert_eq!(report["issues"], missing);
    world.clock.advance(60_000);
    assert_eq!(
        upload(&world, &desk, bytes.clone()).await.ok(),
        report,
        "the same file, the same report"
    );
    assert_eq!(get(&world, &desk, &sha256).await.ok(), report);
    assert_eq!(
        world.get("/api/v1/dossiers", &desk).await.ok()["dossiers"],
        json!([]),
        "nothing is ordered yet"
    );

    let placed = commit(&world, &desk, &sha256).await.ok();
    assert_eq!(
        (&placed["placed"], &placed["known"], &placed["refused"]),
        (&json!(2), &json!(0), &json!(1))
    );
    let again = commit(&world, &desk, &sha256).await.ok();
    assert_eq!((&again["placed"], &again["known"]), (&json!(0), &json!(2)));
    for row in [0, 2] {
        assert_eq!(again["rows"][row]["item_code"], placed["rows"][row]["item_code"]);
    }
    assert_eq!(
        (&again["rows"][1]["row"], &again["rows"][1]["result"]),
        (&json!(3), &json!("refused"))
    );
    world.fold().await;
    let dossiers = world.get("/api/v1/dossiers", &desk).await.ok();
    assert_eq!(dossiers["dossiers"].as_array().map(Vec::len), Some(2));

    // The corrected file is another file; its known orders stay what they are.
    let corrected = file(&[
        line("H01-1", "Chau Sóc Kha"),
        line("H01-2", "Lý Văn Mẫu"),
        line("H01-3", "Người khác"),
    ]);
    let sha256 = upload(&world, &desk, corrected).await.ok()["sha256"]
        .as_str()
        .expect("a hash")
        .to_owned();
    let rows = commit(&world, &desk, &sha256).await.ok()["rows"].clone();
    let results: Vec<&Value> = rows
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["result"])
        .collect();
    assert_eq!(results, [&json!("known"), &json!("placed"), &json!("refused")]);
    let first = get(&world, &desk, &sha256).await.ok();
    assert_eq!(first["committed_at_ms"], json!(crate::world::START_MS + 60_000));
}

#[tokio::test]
async fn only_the_agencys_own_desk_sees_its_files_and_orders() {
    let world = World::new().await;
    let (desk, other) = (world.sign_in("desk").await, world.sign_in("other").await);
    let bytes = file(&[line("H01-1", "Chau Sóc Kha")]);
    let report = upload(&world, &desk, bytes.clone()).await.ok();
    let sha256 = report["sha256"].as_str().expect("a hash").to_owned();
    commit(&world, &desk, &sha256).await.ok();
    world.fold().await;
    assert_eq!(get(&world, &other, &sha256).await.problem(), "not-found");
    assert_eq!(commit(&world, &other, &sha256).await.problem(), "not-found");
    assert_eq!(
        get(&world, &other, &format!("status?file={sha256}")).await.problem(),
        "not-found"
    );
    assert_eq!(
        get(&world, &other, "status").await.text().lines().count(),
        1,
        "headings only"
    );
    // The same bytes from another agency are its own file and its own order.
    upload(&world, &other, bytes).await.ok();
    assert_eq!(commit(&world, &other, &sha256).await.ok()["placed"], 1);
    for login in ["courier", "agent", "boss"] {
        let token = world.sign_in(login).await;
        assert_eq!(
            upload(&world, &token, Vec::new()).await.problem(),
            "missing-right",
            "{login}"
        );
        assert_eq!(
            get(&world, &token, "template").await.problem(),
            "missing-right",
            "{login}"
        );
    }
    let stolen = format!("Mã khách hàng;{HEADINGS}\nAG02;{}\n", line("H01-9", "Chau Sóc Kha"));
    let report = upload(&world, &desk, stolen.into_bytes()).await.ok();
    assert_eq!(report["issues"][0]["code"], "not_your_customer_code");
}

#[tokio::test]
async fn the_template_can_be_filled_in_and_sent_back_in_both_kinds() {
    let world = World::new().await;
    let desk = world.sign_in("desk").await;
    for (format, kind) in [("csv", "text/csv; charset=utf-8"), ("xlsx", "spreadsheetml.sheet")] {
        let template = get(&world, &desk, &format!("template?format={format}")).await;
        assert!(template.header("content-type").contains(kind), "{format}");
        assert!(
            template
                .header("content-disposition")
                .ends_with(&format!("mau-don-hang.{format}\""))
        );
        let report = upload(&world, &desk, template.body.to_vec()).await.ok();
        let found: Vec<&Value> = report["issues"]
            .as_array()
            .expect("issues")
            .iter()
            .map(|issue| &issue["code"])
            .collect();
        assert_eq!(
            found,
            [&json!("no_rows")],
            "every heading of the {format} template is understood"
        );
    }
}

#[tokio::test]
async fn the_status_has_the_names_of_the_feed_and_computes_nothing() {
    let world = World::new().await;
    let desk = world.sign_in("desk").await;
    let report = upload(&world, &desk, file(&[line("=H01", "Chau Sóc Kha")])).await.ok();
    let sha256 = report["sha256"].as_str().expect("a hash").to_owned();
    let label = commit(&world, &desk, &sha256).await.ok()["rows"][0]["item_code"]
        .as_str()
        .expect("a label")
        .to_owned();
    let path = format!("status?file={sha256}");
    let row = |answer: Answer| {
        answer
            .text()
            .trim_start_matches('\u{feff}')
            .lines()
            .nth(1)
            .map(str::to_owned)
    };
    let expected =
        |code: u16, message: &str| Some(format!("'=H01,{label},{code},{message},{},,", crate::world::START_MS));
    assert_eq!(
        row(get(&world, &desk, &path).await),
        expected(20, "Đã ghi nhận yêu cầu"),
        "before it is folded"
    );
    world.fold().await;
    let answer = get(&world, &desk, &path).await;
    let headings = answer
        .text()
        .trim_start_matches('\u{feff}')
        .lines()
        .next()
        .map(str::to_owned);
    assert_eq!(
        headings.as_deref(),
        Some("OrderNumber,ItemCode,StatusCode,StatusMessage,EventTime,POSID,Notes")
    );
    assert_eq!(row(answer), expected(20, "Đã ghi nhận yêu cầu"));
    crate::phone::Phone::with(&world, &label).await;
    let taken = row(get(&world, &desk, "status").await).expect("a row");
    assert!(taken.starts_with(&format!("'=H01,{label},70,")), "{taken}");
    let sheet = get(&world, &desk, "status?format=xlsx").await;
    assert!(sheet.body.starts_with(b"PK"));
}

#[tokio::test]
async fn a_file_that_is_no_table_is_reported_and_one_that_is_too_large_refused() {
    let world = World::with(|config| config.import_bytes = 4096).await;
    let desk = world.sign_in("desk").await;
    let latin = [HEADINGS.as_bytes(), b"\nN1;Nguy\xean"].concat();
    let report = upload(&world, &desk, latin).await.ok();
    assert_eq!(
        (&report["ready"], &report["issues"][0]["code"]),
        (&json!(0), &json!("not_utf8"))
    );
    let sha256 = report["sha256"].as_str().expect("a hash").to_owned();
    assert_eq!(commit(&world, &desk, &sha256).await.ok()["rows"], json!([]));
    let report = upload(&world, &desk, b"PK\x03\x04 is no book".to_vec()).await.ok();
    assert_eq!(report["issues"][0]["code"], "not_a_spreadsheet");
    let report = upload(&world, &desk, Vec::new()).await.ok();
    assert_eq!(report["issues"][0]["code"], "no_rows");
    assert_eq!(
        upload(&world, &desk, vec![b'x'; 4097]).await.problem(),
        "body-too-large"
    );
    assert_eq!(get(&world, &desk, "not-a-hash").await.problem(), "not-found");
}
