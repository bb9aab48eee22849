//! An official notice comes while dossiers are open: it moves the due dates it touches and no others, and everybody reads why.

use crate::citizen::Citizen;
use domain::hat::Hat;
use e2e::{Backend, Device, Staff, World, both, read};
use serde_json::{Value, json};
use uuid::Uuid;

both!(a_notice_moves_the_due_dates_it_touches_and_the_citizen_reads_why);

const NOTICE: &str = "Thông báo 7/TB-THU";

/// A dossier of a procedure that the post brought to the desk on the morning of Monday 23/11/2026, and that the desk received.
fn received(world: &World, courier: &mut Device, number: &str, procedure: &str, due_on: Option<&str>) -> Uuid {
    received_as(world, courier, number, &json!({ "ProcedureCode": procedure }), due_on).0
}

/// The same, of an order with these fields; with what the desk was answered.
pub(crate) fn received_as(
    world: &World,
    courier: &mut Device,
    number: &str,
    fields: &Value,
    due_on: Option<&str>,
) -> (Uuid, Value) {
    let one_stop = world.one_stop("AG30520");
    let mut order = one_stop.pickup(number);
    for (name, value) in fields.as_object().into_iter().flatten() {
        order.body[name] = value.clone();
    }
    let (status, label) = one_stop.order(&order);
    assert_eq!(status, 100);
    world.settle();
    let taken = courier.take_in(&label, 0);
    let answer = courier.deposit(&world.http, &taken.bytes);
    answer.expect("an answer").expect(200);
    world.settle();
    let dossier = world.run(read::dossier_of(world.store(), number));
    let desk = world.sign_in("haimu.tb1", "desk_agent");
    desk.act(&dossier.to_string(), &json!({ "act": "lodged" })).expect(201);
    let mut act = json!({ "act": "received", "code": number });
    if let Some(due_on) = due_on {
        act["due_on"] = json!(due_on);
    }
    world.settle();
    let answer = desk.act(&dossier.to_string(), &act).expect(201).json();
    world.settle();
    (dossier, answer)
}

/// A courier of Tịnh Biên with an enrolled device.
pub(crate) fn courier(world: &World, supervisor: &Staff) -> Device {
    let mut courier = Device::new(Hat::Carrier);
    let enrolment = courier.enrolment(&supervisor.code_for("buuta01"));
    world.http.post("/api/v1/devices/enrol", &[], &enrolment).expect(200);
    world.settle();
    courier.greet(&world.http);
    courier
}

/// When a dossier is due now.
pub(crate) fn due_on(world: &World, dossier: Uuid) -> String {
    let sql = "SELECT due_on FROM dossier_state WHERE dossier_id = $1";
    world
        .run(read::texts(world.store(), sql, [dossier.into()]))
        .pop()
        .unwrap_or_default()
}

fn a_notice_moves_the_due_dates_it_touches_and_the_citizen_reads_why(backend: Backend) {
    let world = World::on_leash(backend);
    // Three working days after Monday: Tuesday 24/11 is Culture Day, so Friday 27/11.
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let mut courier = courier(&world, &supervisor);
    let touched = received(&world, &mut courier, "H01.30520-261123-0001", "1.004873", None);
    let by_agency = received(
        &world,
        &mut courier,
        "H01.30520-261123-0002",
        "1.004873",
        Some("2026-12-11"),
    );
    let before = received(&world, &mut courier, "H01.30520-261123-0003", "1.001193", None);
    assert_eq!(due_on(&world, touched), "2026-11-27");
    assert_eq!(due_on(&world, before), "2026-11-25");
    world.advance(60_000);
    let notice = json!({
        "number": NOTICE, "published": "2026-11-23", "calendars": ["state", "post"],
        "days_off": [{ "date": "2026-11-27", "why": "Nghỉ hoán đổi", "why_en": "Swapped day off" }]
    });
    supervisor.post("/api/v1/calendar/notices", &notice).expect(201);
    world.settle();
    assert_eq!(due_on(&world, touched), "2026-11-30", "Friday is off now");
    assert_eq!(
        due_on(&world, by_agency),
        "2026-12-11",
        "the agency's own date prevails"
    );
    assert_eq!(due_on(&world, before), "2026-11-25", "due before the day that changed");
    Citizen::of_order(&world, "H01.30520-261123-0001").sees(
        &format!("Ngày hẹn trả chuyển từ 27/11/2026 sang 30/11/2026 theo thông báo lịch nghỉ {NOTICE}"),
        &format!("The due date moves from 27/11/2026 to 30/11/2026 by the calendar notice {NOTICE}"),
    );
    // The same notice again moves nothing again, and what was promised first stays written.
    supervisor.post("/api/v1/calendar/notices", &notice).expect(200);
    world.settle();
    let acts = "SELECT COUNT(*) FROM dossier_act WHERE kind = 'dossier.due_moved'";
    assert_eq!(world.run(read::number(world.store(), acts)), 1);
    // A notice that takes the day back moves it back, and both stay written.
    world.advance(60_000);
    let back = json!({
        "number": "Thông báo 8/TB-THU", "published": "2026-11-23", "calendars": ["state", "post"],
        "withdrawn": ["2026-11-27"]
    });
    supervisor.post("/api/v1/calendar/notices", &back).expect(201);
    world.settle();
    assert_eq!(due_on(&world, touched), "2026-11-27");
    assert_eq!(world.run(read::number(world.store(), acts)), 2);
}
