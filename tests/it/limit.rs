//! The time limit of a dossier is that of its case and channel; it is told with the date and stays with it.

use crate::citizen::Citizen;
use crate::notice::{courier, due_on, received_as};
use e2e::{Backend, World, both};
use entity::StoreError;
use entity::repo::reference::id_of;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

both!(
    a_due_date_follows_from_case_and_channel_and_a_notice_counts_with_the_same_limit,
    anybody_asks_for_the_limit_of_a_procedure_and_a_counter_names_the_case,
);

/// Monday 23/11/2026; Tuesday is Culture Day. Five working days end on 01/12, ten on 08/12.
fn a_due_date_follows_from_case_and_channel_and_a_notice_counts_with_the_same_limit(backend: Backend) {
    let world = World::on_leash(backend);
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    let mut courier = courier(&world, &supervisor);
    let mut received = |number: &str, fields: Value| received_as(&world, &mut courier, number, &fields, None);
    let land = |case: &str| json!({ "ProcedureCode": "1.012783", "ProcedureCase": case });
    let (surveyed, answer) = received("H01.30520-261123-0011", land("2"));
    assert_eq!(answer["due"]["due_on"], "2026-12-08");
    let limit = &answer["due"]["limit"];
    assert_eq!((&limit["amount"], &limit["unit"]), (&json!(10), &json!("working")));
    assert_eq!((&limit["case"], &limit["channel"]), (&json!("2"), &json!("post")));
    assert!(
        limit["source"]
            .as_str()
            .is_some_and(|source| source.contains("2304/QĐ-BNNMT"))
    );
    let (ordinary, answer) = received("H01.30520-261123-0012", json!({ "ProcedureCode": "1.012783" }));
    assert_eq!(
        (&answer["due"]["due_on"], &answer["due"]["limit"]["case"]),
        (&json!("2026-12-01"), &json!("1"))
    );
    let (_, answer) = received("H01.30520-261123-0013", land("9"));
    assert_eq!(answer["due"]["limit"]["case"], "1", "a case nobody knows is no case");
    // A copy from the register takes three days by post and one across the desk.
    let (by_post, answer) = received("H01.30520-261123-0014", json!({ "ProcedureCode": "2.000908" }));
    assert_eq!(answer["due"]["due_on"], "2026-11-27");
    let direct = json!({ "ProcedureCode": "2.000908", "KenhThucHien": 1 });
    let (of_before, answer) = received("H01.30520-261123-0015", direct);
    assert_eq!(answer["due"]["due_on"], "2026-11-25");
    assert_eq!(answer["due"]["limit"]["channel"], "in_person");

    // The catalogue changes; what was promised does not. One dossier is as a program of before left it: its act remembers no
    // limit, and one limit of the procedure counted for everybody.
    write(
        &world,
        "UPDATE procedure SET limit_days = 1, body = '{}' WHERE code = '1.012783'".to_owned(),
    );
    write(
        &world,
        "UPDATE dossier SET channel = NULL, procedure_case = NULL WHERE procedure_code = '2.000908'".to_owned(),
    );
    write(
        &world,
        "UPDATE dossier_act SET data = '{\"code\":\"H01.30520-261123-0015\",\"due_on\":\"2026-11-25\"}' \
         WHERE kind = 'dossier.received' AND data LIKE '%261123-0015%'"
            .to_owned(),
    );
    world.advance(60_000);
    let notice = json!({
        "number": "Thông báo 9/TB-THU", "published": "2026-11-23", "calendars": ["state", "post"],
        "days_off": [
            { "date": "2026-11-25", "why": "Nghỉ hoán đổi", "why_en": "Swapped day off" },
            { "date": "2026-12-08", "why": "Nghỉ hoán đổi", "why_en": "Swapped day off" }
        ]
    });
    supervisor.post("/api/v1/calendar/notices", &notice).expect(201);
    world.settle();
    for (dossier, date) in [
        (surveyed, "2026-12-10"),
        (ordinary, "2026-12-02"),
        (by_post, "2026-11-30"),
        (of_before, "2026-11-26"),
    ] {
        assert_eq!(due_on(&world, dossier), date);
    }
    Citizen::of_order(&world, "H01.30520-261123-0011").comes_to_see(
        "Thời hạn: 10 ngày làm việc (bưu chính công ích)",
        "Time limit: 10 working days (by the public post)",
    );
    // A dossier that comes after the change has the one limit that is left.
    let (_, answer) = received("H01.30520-261123-0016", land("2"));
    let limit = &answer["due"]["limit"];
    assert_eq!((&limit["amount"], &limit["case"]), (&json!(1), &Value::Null));
}

/// Changes rows behind the program's back.
fn write(world: &World, sql: String) {
    let changed = world.store().write(move |tx| {
        Box::pin(async move {
            tx.execute_unprepared(&sql).await?;
            Ok::<_, StoreError>(())
        })
    });
    world.run(changed).expect("the rows are there");
}

fn anybody_asks_for_the_limit_of_a_procedure_and_a_counter_names_the_case(backend: Backend) {
    let world = World::on_leash(backend);
    let ask = |query: &str| {
        world
            .http
            .get(&format!("/api/v1/calendar/due?from=2026-11-23&{query}"), &[])
    };
    for (query, due, amount, channel) in [
        ("procedure=1.012783&case=2", "2026-12-08", 10, "post"),
        ("procedure=1.012783", "2026-12-01", 5, "post"),
        ("procedure=2.000908", "2026-11-27", 3, "post"),
        ("procedure=2.000908&channel=online", "2026-11-25", 1, "online"),
        ("procedure=1.000894", "2026-11-25", 1, "in_person"),
    ] {
        let answer = ask(query).expect(200).json();
        assert_eq!(answer["due"], due, "{query}");
        let limit = &answer["limit"];
        assert_eq!(
            (&limit["amount"], &limit["channel"]),
            (&json!(amount), &json!(channel)),
            "{query}"
        );
        assert!(limit["source"].as_str().is_some_and(|source| !source.is_empty()));
    }
    assert_eq!(ask("days=3").expect(200).json()["limit"], Value::Null);
    for (query, field) in [
        ("procedure=9.999999", "procedure"),
        ("procedure=1.004199", "procedure"),
        ("procedure=1.012783&case=9", "case"),
        ("procedure=1.012783&channel=fax", "channel"),
        ("procedure=1.012783&days=3", "days"),
        ("days=3&case=2", "procedure"),
    ] {
        let refused = ask(query).expect(422);
        assert_eq!(refused.problem(), "invalid-request", "{query}");
        let detail = refused.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert!(detail.starts_with(field), "{query}: {detail}");
    }
    let agent = world.sign_in("quay.tb", "post_agent");
    let intake = |slip: &str, case: &str| {
        json!({
            "mode": "both", "agency_id": id_of("agency", "AG-UB-30520"), "procedure_code": "1.012783", "procedure_case": case,
            "applicant": { "name": "Chau Sóc Kha", "phone": "0912 345 678", "address": "Tổ 1, ấp Vĩnh Hạ" },
            "paper_count": 2, "slip_number": slip,
        })
    };
    agent.post("/api/v1/intakes", &intake("S-1", "2")).expect(201);
    let refused = agent.post("/api/v1/intakes", &intake("S-2", "9")).expect(422);
    assert_eq!(refused.problem(), "invalid-request");
}
