//! The public log over HTTP, and receipts for whoever they concern.

use crate::phone::Phone;
use crate::picture;
use crate::world::{World, staff_id};
use custody::ids::EventId;
use custody::kind::Kind;
use custody::log::{Policy, Reason, Receipt, Verdict};
use domain::hat::Hat;
use entity::testing::Backend;

crate::both!(
    the_log_is_served_as_c2sp_says_and_nothing_else_is,
    a_citizen_keeps_a_receipt_of_each_hand_and_a_stranger_gets_none,
    a_phone_gets_the_receipts_of_its_own_events_once_they_are_in_the_log,
    the_code_on_a_slip_is_an_amber_receipt_that_the_citizens_page_turns_green,
);

async fn the_log_is_served_as_c2sp_says_and_nothing_else_is(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    assert_eq!(
        world.get("/log/checkpoint", "").await.status,
        404,
        "nothing was signed yet"
    );
    world.intake("P-1").await;
    world.sign_log().await;
    let head = world.get("/log/checkpoint", "").await;
    assert_eq!(head.header("content-type"), "text/plain; charset=utf-8");
    let size: u64 = head.text().lines().nth(1).expect("a size").parse().expect("a number");
    let shard = world
        .get("/log/shards", "")
        .await
        .text()
        .split(' ')
        .next()
        .expect("a name")
        .to_owned();
    assert_eq!(
        world.get(&format!("/log/{shard}/checkpoint"), "").await.text(),
        head.text()
    );
    for path in [
        format!("/log/tile/0/000.p/{size}"),
        format!("/log/{shard}/tile/0/000.p/{size}"),
    ] {
        let tile = world.get(&path, "").await;
        assert_eq!(tile.header("content-type"), "application/octet-stream");
        assert_eq!(tile.body.len(), usize::try_from(size * 32).expect("small"));
        assert!(tile.header("cache-control").contains("immutable"));
    }
    let entries = world.get(&format!("/log/tile/entries/000.p/{size}"), "").await;
    assert_eq!(entries.body.len(), usize::try_from(size * 35).expect("small"));
    for absent in [
        format!("/log/tile/0/000.p/{}", size + 1),
        "/log/tile/0/000.p/0".to_owned(),
        "/log/tile/0/0".to_owned(),
        "/log/tile/00/000".to_owned(),
        "/log/tile/64/000".to_owned(),
        "/log/tile/300/000".to_owned(),
        "/log/tile/data/000".to_owned(),
        "/log/tile/entries/001".to_owned(),
        "/log/1999/checkpoint".to_owned(),
        "/log/1999/tile/0/000".to_owned(),
    ] {
        assert_eq!(world.get(&absent, "").await.status, 404, "{absent}");
    }
    let keys = world.get("/log/keys", "").await.text().to_owned();
    assert!(keys.starts_with("server "), "{keys}");
    let policy = Policy::parse(world.get("/log/policy", "").await.text()).expect("a policy");
    custody::log::note::open(head.text().as_bytes(), &policy).expect("signed by a key of the policy");
}

async fn a_citizen_keeps_a_receipt_of_each_hand_and_a_stranger_gets_none(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (dossier, label, page) = world.intake("P-2").await;
    let (_, _, other) = world.intake("P-3").await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let (event, bytes) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    phone.deposit(&world, bytes).await.ok();
    world.fold().await;
    let proofs = format!("{page}/proofs");
    let shown = world.get(&proofs, "").await;
    assert!(shown.text().contains("Bưu điện nhận giấy tờ") && shown.text().contains("đang chờ vào sổ"));
    assert_eq!(
        world.get(&format!("{proofs}/{event}"), "").await.status,
        404,
        "not in the log yet"
    );
    world.sign_log().await;
    let shown = world.get(&proofs, "").await;
    assert!(shown.text().contains(&format!("{proofs}/{event}")), "{}", shown.text());
    let file = world.get(&format!("{proofs}/{event}"), "").await;
    assert!(file.header("content-disposition").ends_with(".tlog-proof\""));
    let policy = Policy::parse(world.get("/log/policy", "").await.text()).expect("a policy");
    let receipt = Receipt::parse(file.text()).expect("a receipt");
    let Verdict::Green { id, .. } = receipt.check(&policy) else {
        panic!("{:?}", receipt.check(&policy));
    };
    assert_eq!(id, event);
    assert!(
        shown.text().contains(&receipt.to_code()),
        "the link checks it on the device"
    );
    for private in ["Chau Sóc Kha", "0912", "ấp Vĩnh Hạ"] {
        assert!(!shown.text().contains(private) && !file.text().contains(private));
    }
    // With another dossier's link, or none, there is no such thing.
    let strange = world.get(&format!("{other}/proofs/{event}"), "").await;
    assert_eq!(strange.status, 404);
    let path = format!("/api/v1/dossiers/{dossier}/proofs/{event}");
    let agent = world.sign_in("agent").await;
    assert_eq!(
        world.get(&path, &agent).await.text(),
        file.text(),
        "the office has the same"
    );
    let stranger = world.sign_in("agent-q1").await;
    assert_eq!(world.get(&path, &stranger).await.status, 404);
}

async fn a_phone_gets_the_receipts_of_its_own_events_once_they_are_in_the_log(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (_, label, _) = world.intake("P-4").await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let mut other = Phone::enrolled(&world, 2, Hat::Carrier, staff_id("courier")).await;
    let (event, bytes) = phone.act(Kind::TakeIn, &label, EventId::ZERO);
    phone.deposit(&world, bytes).await.ok();
    world.fold().await;
    let none = phone.read(&world, "/api/v1/sync/receipts").await.ok();
    assert_eq!(
        (none["receipts"].as_array().map(Vec::len), &none["next"]),
        (Some(0), &0.into())
    );
    world.sign_log().await;
    let given = phone.read(&world, "/api/v1/sync/receipts?after=0").await.ok();
    assert_eq!(given["receipts"][0]["event_id"], event.to_string());
    assert_eq!(
        (&given["receipts"][0]["seq"], &given["next"], &given["more"]),
        (&1.into(), &1.into(), &false.into())
    );
    let proof = given["receipts"][0]["proof"].as_str().expect("a text");
    assert!(proof.starts_with("c2sp.org/tlog-proof@v1\n"), "{proof}");
    let rest = phone.read(&world, "/api/v1/sync/receipts?after=1").await.ok();
    assert_eq!(rest["receipts"].as_array().map(Vec::len), Some(0));
    let theirs = other.read(&world, "/api/v1/sync/receipts").await.ok();
    assert_eq!(
        theirs["receipts"].as_array().map(Vec::len),
        Some(0),
        "another's are not told"
    );
}

#[tokio::test]
async fn the_page_that_checks_receipts_brings_its_keys_and_may_load_nothing_else() {
    let world = World::new().await;
    world.intake("P-5").await;
    world.sign_log().await;
    let page = world.get("/verify", "").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let keys = world.get("/log/policy", "").await;
    let first = keys.text().lines().next().expect("a key");
    assert!(
        page.text().contains(&first.replace('+', "&#43;")) || page.text().contains(first),
        "{}",
        page.text()
    );
    for script in ["/verify.js", "/verify-offline.js"] {
        let answer = world.get(script, "").await;
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
    }
    assert!(
        world
            .get("/verify?lang=en", "")
            .await
            .text()
            .contains("Check a receipt")
    );
}

/// The finest code a cheap camera reads from paper (trust §2.6).
const FINEST: usize = 21;

async fn the_code_on_a_slip_is_an_amber_receipt_that_the_citizens_page_turns_green(backend: Backend) {
    let world = World::on(backend, |_| {}).await;
    let (_, _, page) = world.intake("P-5").await;
    world.fold().await;
    let agent = world.sign_in("agent").await;
    let orders = world.get("/api/v1/orders?number=P-5", &agent).await.ok();
    let order = orders["orders"][0]["id"].as_str().expect("an id");
    let sheet = world
        .get(&format!("/api/v1/orders/{order}/slip?format=html"), &agent)
        .await;
    let code = picture::read(sheet.text(), "receipt-code");
    assert!(code.version <= FINEST, "version {}", code.version);
    assert!(code.text.contains("/verify#"), "{}", code.text);
    let receipt = Receipt::parse(&code.text).expect("a receipt");
    let signed = String::from_utf8_lossy(&receipt.signed).into_owned();
    for private in ["Chau Sóc Kha", "0912", "ấp Vĩnh Hạ", "P-5"] {
        assert!(!signed.contains(private), "{private}");
    }
    world.sign_log().await;
    let policy = Policy::parse(world.get("/log/policy", "").await.text()).expect("a policy");
    let policy = policy
        .with_signers(world.get("/log/keys", "").await.text())
        .expect("keys");
    let Verdict::Amber { id, .. } = receipt.check(&policy) else {
        panic!("{:?}", receipt.check(&policy));
    };
    for at in [0, receipt.signed.len() / 2, receipt.signed.len() - 1] {
        let mut bent = receipt.clone();
        bent.signed[at] ^= 1;
        assert!(matches!(bent.check(&policy), Verdict::Red(_)), "byte {at}");
    }
    let forged = forged(&receipt);
    assert_eq!(forged.check(&policy), Verdict::Red(Reason::UnknownSigner));
    // The same act, from the page the slip's other code opens.
    let shown = world.get(&format!("{page}/proofs"), "").await;
    assert!(shown.text().contains("Đã ghi nhận yêu cầu"), "{}", shown.text());
    let file = world.get(&format!("{page}/proofs/{id}"), "").await;
    let whole = Receipt::parse(file.text()).expect("a receipt");
    assert_eq!(whole.clone().provisional(), receipt);
    assert!(matches!(whole.check(&policy), Verdict::Green { id: proved, .. } if proved == id));
}

/// The same words under a key somebody made for themselves.
fn forged(receipt: &Receipt) -> Receipt {
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let said = custody::act::parse_act(&receipt.signed).expect("an act").act;
    Receipt {
        signed: custody::act::seal_act(&said, &key).bytes,
        signer: key.verifying_key().as_bytes().to_vec(),
        logged: None,
    }
}
