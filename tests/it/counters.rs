//! A citizen brings papers to a counter and has the result brought home: both ways by post (M3), no one-stop system involved.

use crate::citizen::Citizen;
use domain::hat::Hat;
use e2e::{Backend, Phone, World, both};
use entity::repo::reference::id_of;
use mobile_ffi::core::{Manner, TakeIn};
use serde_json::json;

both!(
    papers_from_a_counter_reach_the_desk_and_the_result_comes_home,
    an_intake_is_one_intake_however_often_it_is_sent
);

const SLIP: &str = "TB-000123";

fn intake() -> serde_json::Value {
    json!({
        "mode": "both", "agency_id": id_of("agency", "AG-UB-30520"), "desk_id": id_of("desk", "AG-HCC-30520"),
        "procedure_code": "1.001193", "paper_count": 3, "slip_number": SLIP,
        "applicant": { "name": "Chau Sóc Kha", "phone": "0912 345 679", "address": "Khóm Xuân Hòa, phường Tịnh Biên, An Giang" },
    })
}

fn papers_from_a_counter_reach_the_desk_and_the_result_comes_home(backend: Backend) {
    let world = World::on_leash(backend);
    let agent = world.sign_in("quay.tb", "post_agent");
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let counter = world.phone(&supervisor, "quay.tb");
    let desk = world.phone(&supervisor, "haimu.tb1");
    let couriers: Vec<Phone> = (1..=5)
        .map(|n| world.phone(&supervisor, &format!("buuta{n:02}")))
        .collect();

    let made = agent.post("/api/v1/intakes", &intake()).expect(201).json();
    let envelope = made["item_code"].as_str().expect("a label").to_owned();
    let link = made["tracking_url"].as_str().expect("a link for the slip");
    world.settle();
    let citizen = Citizen::of_order(&world, SLIP);
    assert_eq!(citizen.link(), link);
    citizen.sees("Đang chuẩn bị hồ sơ", "Being prepared");

    let what = TakeIn {
        item_code: &envelope,
        item_kind: None,
        seal: "NP-1",
        paper_count: 3,
    };
    counter
        .core
        .take_in(&what, &Manner::of(Hat::PostAgent))
        .expect("recorded");
    counter.sync();
    world.settle();
    citizen.sees(
        "Bưu điện đã nhận, đang chuyển đến cơ quan",
        "With the post, on its way to the agency",
    );

    let courier = told_to_carry(&couriers, &envelope);
    counter.hand_over(Hat::PostAgent, courier, Hat::Carrier, &[&envelope]);
    courier.hand_over(Hat::Carrier, &desk, Hat::DeskAgent, &[&envelope]);
    // The last to hold it syncs first, and knows what it needs of the others' envelopes.
    for phone in [&desk, courier, &counter] {
        phone.sync();
    }
    world.settle();
    citizen.sees(
        "Đã nộp tại cơ quan, chờ tiếp nhận",
        "Lodged with the agency, to be examined",
    );

    let clerk = world.sign_in("haimu.tb1", "desk_agent");
    let due = clerk
        .act(
            &citizen.dossier,
            &json!({ "act": "received", "code": "H01.30520-261123-0007" }),
        )
        .expect(201)
        .json();
    assert!(
        due["due"]["due_on"].is_string(),
        "a procedure with a limit has a due date, explained: {due}"
    );
    let resolved = clerk
        .act(&citizen.dossier, &json!({ "act": "resolved", "outcome": "granted" }))
        .expect(201)
        .json();
    let result = resolved["result_item_code"].as_str().expect("a label").to_owned();
    world.settle();
    let carrier = told_to_carry(&couriers, &result);
    desk.hand_over(Hat::DeskAgent, carrier, Hat::Carrier, &[&result]);
    let failed = domain::item::AttemptReason::from_code(1).expect("the first reason");
    carrier
        .core
        .attempt_failed(&result, failed, &Manner::of(Hat::Carrier))
        .expect("recorded");
    carrier
        .core
        .deliver(
            &result,
            mobile_ffi::core::Recipient::Household,
            1,
            &Manner::of(Hat::Carrier),
        )
        .expect("recorded");
    for phone in [carrier, &desk] {
        phone.sync();
    }
    world.settle();
    citizen.sees("Đã trả kết quả", "You have the result");
    citizen.reads_nothing_of(&["Chau Sóc Kha", "345679", "Xuân Hòa"]);
}

fn told_to_carry<'a>(couriers: &'a [Phone], item_code: &str) -> &'a Phone {
    let told = couriers.iter().find(|phone| {
        phone.sync();
        phone
            .core
            .work()
            .expect("readable")
            .iter()
            .any(|stop| stop.assignment.item_code == item_code)
    });
    told.expect("somebody was told to carry it")
}

fn an_intake_is_one_intake_however_often_it_is_sent(backend: Backend) {
    let world = World::on_leash(backend);
    let agent = world.sign_in("quay.tb", "post_agent");
    let first = agent.post("/api/v1/intakes", &intake()).expect(201).json();
    let again = agent.post("/api/v1/intakes", &intake()).expect(200).json();
    assert_eq!(first, again);
    let mut other = intake();
    other["paper_count"] = json!(4);
    assert_eq!(
        agent.post("/api/v1/intakes", &other).expect(409).problem(),
        "order-exists"
    );
    let made = world.run(e2e::read::number(world.store(), "SELECT COUNT(*) FROM dossier"));
    assert_eq!(made, 1);
}
