//! Finding a dossier among those one sees: by words, numbers and filters.

use crate::world::{World, intake_body};
use entity::testing::Backend;
use serde_json::{Value, json};

/// A dossier of somebody with a name and a telephone.
async fn of(world: &World, slip: &str, (name, phone): (&str, &str)) -> (String, String) {
    let agent = world.sign_in("agent").await;
    let mut body = intake_body(slip);
    body["applicant"]["name"] = json!(name);
    body["applicant"]["phone"] = json!(phone);
    let made = world.post("/api/v1/intakes", &agent, &body).await.ok();
    world.fold().await;
    let text = |key: &str| made[key].as_str().expect("a text").to_owned();
    (text("dossier_id"), text("item_code"))
}

async fn found(world: &World, login: &str, text: &str) -> Vec<String> {
    let token = world.sign_in(login).await;
    let answer = world
        .post("/api/v1/dossiers/search", &token, &json!({ "text": text }))
        .await
        .ok();
    ids(&answer)
}

fn ids(page: &Value) -> Vec<String> {
    let dossiers = page["dossiers"].as_array().expect("a list");
    dossiers
        .iter()
        .map(|one| one["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn a_name_is_found_with_accents_and_without_and_by_its_beginning() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let world = World::on(backend, |_| {}).await;
        let (hoa, _) = of(&world, "S1", ("Nguyễn Thị Hoà", "0912 345 678")).await;
        let (hoa_flower, item) = of(&world, "S2", ("NGUYỄN THỊ HOA", "0987.654.321")).await;
        let (duc, _) = of(&world, "S3", ("Đức O'Brien", "0296 3876 543")).await;
        let both = vec![hoa_flower.clone(), hoa.clone()];
        for (text, expected) in [
            ("nguyen thi hoa", both.clone()),
            ("hoa nguyen", both.clone()),
            ("NGUY", both),
            ("hòa", vec![hoa.clone()]),
            ("Hoà nguyen", vec![hoa.clone()]),
            ("hoạ", vec![]),
            ("duc", vec![duc.clone()]),
            ("Đức", vec![duc.clone()]),
            ("o'brien", vec![duc]),
            ("0912345678", vec![hoa.clone()]),
            ("+84 912 345 678", vec![hoa]),
            (item.as_str(), vec![hoa_flower.clone()]),
            ("nguyen duc", vec![]),
            ("%", vec![]),
            ("' OR 1=1 --", vec![]),
            (
                "nguyen thi hoa nguyen thi hoa nguyen thi hoa nguyen thi hoa nguyen",
                vec![],
            ),
        ] {
            assert_eq!(found(&world, "agent", text).await, expected, "{text}");
        }
        assert_eq!(
            found(&world, "agent", "S2").await,
            vec![hoa_flower],
            "the number of its slip"
        );
    }
}

#[tokio::test]
async fn whoever_does_not_see_a_dossier_does_not_find_it_either() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let world = World::on(backend, |_| {}).await;
        let (_, item) = of(&world, "S1", ("Nguyễn Thị Hoà", "0912 345 678")).await;
        for login in ["agent-p2", "boss-q1", "agent-q1", "far"] {
            for text in ["hoa", "0912345678", &item, "S1"] {
                assert_eq!(found(&world, login, text).await, Vec::<String>::new(), "{login} {text}");
            }
        }
        assert_eq!(found(&world, "desk", "hoa").await.len(), 1);
    }
}

#[tokio::test]
async fn a_search_is_a_look_and_needs_a_text() {
    let world = World::new().await;
    let desk = world.sign_in("desk").await;
    for text in ["", "  ", "a\0b", &"x".repeat(101)] {
        let refused = world
            .post("/api/v1/dossiers/search", &desk, &json!({ "text": text }))
            .await;
        assert_eq!(refused.problem(), "invalid-request", "{text}");
    }
    found(&world, "desk", "hoa").await;
    let looks = world.get("/api/v1/accesses", &desk).await.ok();
    assert_eq!(looks["accesses"][0]["what"], "search");
}

#[tokio::test]
async fn the_list_is_narrowed_by_state_mode_and_days() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let world = World::on(backend, |_| {}).await;
        let (first, _) = of(&world, "S1", ("Một", "0912 345 678")).await;
        world.clock.advance(48 * 3_600_000);
        let (second, _) = of(&world, "S2", ("Hai", "0912 345 678")).await;
        let desk = world.sign_in("desk").await;
        let told = json!({ "act": "received", "code": "H01.30520-260426-0001", "due_on": "2026-05-04" });
        world
            .post(&format!("/api/v1/dossiers/{second}/acts"), &desk, &told)
            .await
            .ok();
        world.fold().await;
        let state = world.get(&format!("/api/v1/dossiers/{second}"), &desk).await.ok()["dossier"]["state"].clone();
        let state = state.as_str().expect("a state");
        let listed = async |query: &str| ids(&world.get(&format!("/api/v1/dossiers?{query}"), &desk).await.ok());
        let (one, other) = (vec![first.clone()], vec![second.clone()]);
        let both = vec![second.clone(), first.clone()];
        assert!(listed(&format!("state={state}")).await.contains(&second));
        for (query, expected) in [
            ("", both.clone()),
            ("mode=both", both),
            ("mode=return", vec![]),
            ("from=2026-04-25", other.clone()),
            ("to=2026-04-25", one),
            ("from=2026-04-26&to=2026-04-26", other.clone()),
            ("state=D15", vec![]),
        ] {
            assert_eq!(listed(query).await, expected, "{query}");
        }
        for wrong in ["state=D16", "mode=x", "from=2026-02-30", "to=tomorrow", "due_to=1"] {
            let refused = world.get(&format!("/api/v1/dossiers?{wrong}"), &desk).await;
            assert_eq!(refused.problem(), "invalid-query", "{wrong}");
        }
    }
}
