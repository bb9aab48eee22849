//! An agency's software asks what has changed in its dossiers, in the rows it reports to the national portal.

use crate::citizen::Citizen;
use e2e::{Answer, Backend, Lgsp, World, both};
use serde_json::{Value, json};

both!(an_agency_reads_its_steps_in_tens_and_only_its_own);

/// An order of the agency to bring a result.
fn result(one_stop: &Lgsp, n: usize) -> Value {
    let mut order = one_stop.pickup(&format!("H01.30520-261123-{n:04}")).body;
    order["Direction"] = json!("return");
    order
}

fn ask(world: &World, authorization: &str, after: &str) -> Answer {
    let path = format!("/api/v1/agency/progress?limit=100{after}");
    world.http.get(&path, &[("authorization", authorization)])
}

fn statuses(chunks: &Value, key: &str) -> Vec<String> {
    let rows = chunks.as_array().expect("chunks").iter();
    let rows = rows.flat_map(|chunk| chunk.as_array().expect("rows"));
    rows.map(|row| row[key].as_str().expect("a status").to_owned())
        .collect()
}

fn an_agency_reads_its_steps_in_tens_and_only_its_own(backend: Backend) {
    let world = World::on_leash(backend);
    let one_stop = world.one_stop("AG30520");
    let system = one_stop.authorization();
    for n in 1..=12 {
        let placed = one_stop.post("OrderPost", &result(&one_stop, n)).expect(200).json();
        assert_eq!(placed["Status"], json!(100), "{placed}");
    }
    // What the agency does not have yet is no business of the portal.
    one_stop.order(&one_stop.pickup("H01.30520-261123-0099"));
    world.settle();

    let first = ask(&world, &system, "").expect(200).json();
    let lengths = |name: &str| -> Vec<usize> {
        let chunks = first[name].as_array().expect("chunks").iter();
        chunks.map(|chunk| chunk.as_array().expect("rows").len()).collect()
    };
    assert_eq!(
        (lengths("DongBoHoSoMC"), lengths("CapNhatTienDoHoSoMC")),
        (vec![10, 2], vec![10, 2])
    );
    assert_eq!(statuses(&first["DongBoHoSoMC"], "TrangThaiHoSo"), vec!["9"; 12]);
    assert_eq!((&first["left_out"], &first["is_more"]), (&json!(1), &json!(false)));
    let row = &first["CapNhatTienDoHoSoMC"][0][0];
    assert_eq!(row["ThoiDiemXuLy"], json!("20261123093000"), "{row}");
    assert_eq!(row["PhongBanXuLy"], first["DongBoHoSoMC"][0][0]["DonViXuLy"]);

    let desk = world.sign_in("haimu.tb1", "desk_agent");
    let theirs = ask(&world, &desk.authorization(), "").expect(200).json();
    assert_eq!(theirs, first, "the desk reads the same rows");
    let other = world.one_stop("AGHCC01");
    let nothing = ask(&world, &other.authorization(), "").expect(200).json();
    assert_eq!(
        (&nothing["DongBoHoSoMC"], &nothing["left_out"]),
        (&json!([]), &json!(0))
    );
    let courier = world.sign_in("buuta01", "courier");
    assert_eq!(
        ask(&world, &courier.authorization(), "").expect(403).problem(),
        "missing-right"
    );
    assert_eq!(
        ask(&world, "Bearer nobody", "").expect(401).problem(),
        "unauthenticated"
    );

    let after = format!("&after={}", first["next"].as_str().expect("a place"));
    let quiet = ask(&world, &system, &after).expect(200).json();
    assert_eq!((&quiet["DongBoHoSoMC"], &quiet["next"]), (&json!([]), &first["next"]));
    let one = Citizen::of_order(&world, "H01.30520-261123-0003").dossier;
    desk.act(&one, &json!({ "act": "return_confirmed" })).expect(201);
    world.settle();
    let changed = ask(&world, &system, &after).expect(200).json();
    assert_eq!(changed["DongBoHoSoMC"][0][0]["MaHoSo"], json!("H01.30520-261123-0003"));
    assert_eq!(statuses(&changed["DongBoHoSoMC"], "TrangThaiHoSo"), ["10"]);
    assert_eq!(statuses(&changed["CapNhatTienDoHoSoMC"], "TrangThai"), ["9", "10"]);
    assert_eq!(ask(&world, &system, "&after=9").expect(400).problem(), "invalid-query");
}
