//! Signing in, carrying on, and signing out.

use crate::phone::Phone;
use crate::world::{Answer, PASSWORD, World, staff_id};
use axum::body::Body;
use axum::http::Request;
use domain::hat::Hat;
use serde_json::{Value, json};
use std::time::Duration;
use totp_rs::{Builder, Secret};

const REFRESH: &str = "/api/v1/session/refresh";

/// A browser that signed in: its access token and its cookie.
struct Browser {
    token: String,
    cookie: String,
}

impl Browser {
    async fn sign_in(world: &World, login: &str) -> Self {
        let answer = world
            .post("/api/v1/session", "", &json!({ "login": login, "password": PASSWORD }))
            .await;
        Self::of(answer)
    }

    fn of(answer: Answer) -> Self {
        let cookie = answer.header("set-cookie").to_owned();
        for word in [
            "__Host-traotay-refresh=",
            "Path=/",
            "HttpOnly",
            "Secure",
            "SameSite=Strict",
        ] {
            assert!(cookie.contains(word), "{word} in {cookie}");
        }
        let session = answer.ok();
        assert!(session.get("refresh_token").is_none(), "no script may read it");
        Self {
            token: session["access_token"].as_str().expect("a token").to_owned(),
            cookie: cookie.split(';').next().expect("a pair").to_owned(),
        }
    }

    async fn refresh(&self, world: &World, body: &Value) -> Answer {
        let request = Request::post(REFRESH).header("cookie", format!("other=1; {}", self.cookie));
        world
            .send(request.body(Body::from(body.to_string())).expect("a request"))
            .await
    }

    async fn is_in(&self, world: &World) -> bool {
        world.get("/api/v1/session", &self.token).await.status == 200
    }
}

#[tokio::test]
async fn a_right_password_gives_a_token_for_ten_minutes() {
    let world = World::new().await;
    let token = world.sign_in("desk").await;
    assert_eq!(world.get("/api/v1/dossiers", &token).await.status, 200);
    world.clock.advance(600_000);
    let late = world.get("/api/v1/dossiers", &token).await;
    assert_eq!(late.refusal(), (401, "unauthenticated".to_owned()));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_get_one_answer() {
    let world = World::new().await;
    for (login, password) in [("desk", "wrong"), ("nobody", PASSWORD)] {
        let refused = world
            .post("/api/v1/session", "", &json!({ "login": login, "password": password }))
            .await;
        assert_eq!(refused.refusal(), (401, "bad-credentials".to_owned()));
    }
}

#[tokio::test]
async fn a_person_with_two_hats_may_sign_in_under_one() {
    let world = World::new().await;
    let request = json!({ "login": "both", "password": PASSWORD, "role": "desk_agent" });
    let session = world.post("/api/v1/session", "", &request).await.ok();
    assert_eq!(session["role"], "desk_agent");
    assert_eq!(session["roles"], json!(["post_agent", "desk_agent"]));
    let token = session["access_token"].as_str().expect("a token");
    let refused = world
        .post("/api/v1/intakes", token, &crate::world::intake_body("S1"))
        .await;
    assert_eq!(refused.refusal(), (403, "missing-right".to_owned()));
    let request = json!({ "login": "both", "password": PASSWORD, "role": "post_supervisor" });
    assert_eq!(
        world.post("/api/v1/session", "", &request).await.problem(),
        "bad-credentials"
    );
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused_with_its_place() {
    let world = World::new().await;
    for (body, place) in [
        (&b"{\"login\":\"\xff\"}"[..], "byte 10"),
        (b"{\"login\":", "column 9"),
        (b"{}", "missing field `login`"),
    ] {
        let request = axum::http::Request::post("/api/v1/session").body(axum::body::Body::from(body.to_vec()));
        let refused = world.send(request.expect("a request")).await;
        assert_eq!(refused.problem(), "invalid-json");
        assert!(
            refused.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(place)),
            "{}",
            refused.text()
        );
    }
}

#[tokio::test]
async fn a_refresh_token_is_turned_over_and_a_lost_answer_is_given_again_once() {
    let world = World::new().await;
    let first = Browser::sign_in(&world, "desk").await;
    let second = Browser::of(first.refresh(&world, &json!({})).await);
    assert_ne!(first.cookie, second.cookie);
    world.clock.advance(50_000);
    let again = Browser::of(first.refresh(&world, &json!({})).await);
    assert_eq!(again.cookie, second.cookie, "the same successor");
    assert!(
        Browser::of(second.refresh(&world, &json!({})).await)
            .is_in(&world)
            .await
    );
}

#[tokio::test]
async fn a_refresh_token_that_comes_back_late_ends_the_session_for_everybody() {
    let world = World::new().await;
    let stolen = Browser::sign_in(&world, "desk").await;
    let owner = Browser::of(stolen.refresh(&world, &json!({})).await);
    world.clock.advance(61_000);
    let thief = stolen.refresh(&world, &json!({})).await;
    assert_eq!(thief.refusal(), (401, "session-ended".to_owned()));
    assert_eq!(owner.refresh(&world, &json!({})).await.problem(), "session-ended");
    assert!(!owner.is_in(&world).await, "the access token has ended with it");
    assert!(Browser::sign_in(&world, "desk").await.is_in(&world).await);
}

#[tokio::test]
async fn a_replay_is_answered_once_and_the_second_time_ends_the_session() {
    let world = World::new().await;
    let first = Browser::sign_in(&world, "desk").await;
    for status in [200, 200, 401] {
        assert_eq!(first.refresh(&world, &json!({})).await.status, status);
    }
}

#[tokio::test]
async fn an_invented_or_foreign_refresh_token_is_refused_and_ends_nothing() {
    let world = World::new().await;
    let browser = Browser::sign_in(&world, "desk").await;
    let (start, _) = browser.cookie.rsplit_once('.').expect("a tag");
    for cookie in [
        format!("{start}.{}", "0".repeat(48)),
        "__Host-traotay-refresh=x".to_owned(),
    ] {
        let invented = Browser {
            token: String::new(),
            cookie,
        };
        assert_eq!(invented.refresh(&world, &json!({})).await.problem(), "session-ended");
    }
    let request = Request::post(REFRESH)
        .header("cookie", &browser.cookie)
        .header("sec-fetch-site", "cross-site");
    let elsewhere = world.send(request.body(Body::from("{}")).expect("a request")).await;
    assert_eq!(elsewhere.problem(), "session-ended");
    assert!(browser.is_in(&world).await);
}

#[tokio::test]
async fn a_browser_left_alone_is_signed_out_and_no_session_outlives_a_working_day() {
    let world = World::new().await;
    let idle = Browser::sign_in(&world, "desk").await;
    world.clock.advance(41 * 60_000);
    assert_eq!(idle.refresh(&world, &json!({})).await.problem(), "session-ended");
    let mut busy = Browser::sign_in(&world, "desk").await;
    for _ in 0..15 {
        world.clock.advance(30 * 60_000);
        busy = Browser::of(busy.refresh(&world, &json!({})).await);
    }
    world.clock.advance(30 * 60_000);
    assert_eq!(busy.refresh(&world, &json!({})).await.problem(), "session-ended");
}

#[tokio::test]
async fn signing_out_stops_both_tokens_at_once() {
    let world = World::new().await;
    let browser = Browser::sign_in(&world, "desk").await;
    let request = Request::delete("/api/v1/session").header("authorization", format!("Bearer {}", browser.token));
    let out = world.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert!(!browser.is_in(&world).await);
    assert_eq!(browser.refresh(&world, &json!({})).await.problem(), "session-ended");
}

#[tokio::test]
async fn putting_on_the_other_hat_takes_the_first_one_off() {
    let world = World::new().await;
    let counter = Browser::sign_in(&world, "both").await;
    assert_eq!(
        counter.refresh(&world, &json!({ "role": "auditor" })).await.problem(),
        "missing-right"
    );
    let desk = Browser::of(counter.refresh(&world, &json!({ "role": "desk_agent" })).await);
    assert_eq!(
        world.get("/api/v1/session", &desk.token).await.ok()["role"],
        "desk_agent"
    );
    assert!(!counter.is_in(&world).await, "the token of the first hat");
    let still = Browser::of(desk.refresh(&world, &json!({})).await);
    assert_eq!(
        world.get("/api/v1/session", &still.token).await.ok()["role"],
        "desk_agent"
    );
}

/// A phone's refresh with its token and the proof of a device.
async fn refresh_on(world: &World, phone: &mut Phone, token: &str) -> Answer {
    on(world, phone, REFRESH, &json!({ "refresh_token": token })).await
}

async fn on(world: &World, phone: &mut Phone, path: &str, body: &Value) -> Answer {
    phone
        .call(world, "POST", path, "application/json", body.to_string().into_bytes())
        .await
}

#[tokio::test]
async fn a_courier_whose_answer_was_lost_hours_ago_is_not_logged_out() {
    let world = World::new().await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let body = json!({ "login": "courier", "password": PASSWORD });
    let session = on(&world, &mut phone, "/api/v1/session", &body).await;
    assert_eq!(session.header("set-cookie"), "", "a phone keeps its token itself");
    let session = session.ok();
    let token = session["refresh_token"].as_str().expect("a token");
    let lost = refresh_on(&world, &mut phone, token).await.ok();
    world.clock.advance(5 * 60_000);
    let again = refresh_on(&world, &mut phone, token).await.ok();
    assert_eq!(again["refresh_token"], lost["refresh_token"]);
    // Seen over the shoulder, without the device or with another one.
    let stolen = lost["refresh_token"].as_str().expect("a token");
    let mut other = Phone::enrolled(&world, 2, Hat::Carrier, staff_id("second")).await;
    assert_eq!(refresh_on(&world, &mut other, stolen).await.problem(), "session-ended");
    let bare = world.post(REFRESH, "", &json!({ "refresh_token": stolen })).await;
    assert_eq!(bare.problem(), "session-ended");
    let next = refresh_on(&world, &mut phone, stolen).await.ok();
    assert_ne!(next["refresh_token"], lost["refresh_token"]);
    let old = refresh_on(&world, &mut phone, token).await;
    assert_eq!(old.problem(), "session-ended", "its successor was used");
}

#[tokio::test]
async fn a_device_of_somebody_else_signs_nobody_in() {
    let world = World::new().await;
    let mut phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let body = json!({ "login": "second", "password": PASSWORD });
    let refused = on(&world, &mut phone, "/api/v1/session", &body).await;
    assert_eq!(refused.problem(), "bad-credentials");
}

/// The code of an authenticator that was given this secret.
fn code(world: &World, secret: &str) -> String {
    let seconds = u64::try_from(world.app.store.now_ms() / 1000).expect("after 1970");
    let reckoner = Builder::new().with_secret(Secret::try_from_base32(secret).expect("base 32"));
    reckoner.build().expect("20 bytes").generate(seconds).to_string()
}

async fn set_up_factor(world: &World, token: &str) -> String {
    let begun = world
        .post("/api/v1/session/second-factor", token, &json!({}))
        .await
        .ok();
    let secret = begun["secret"].as_str().expect("a secret").to_owned();
    assert!(begun["uri"].as_str().is_some_and(|uri| uri.contains(&secret)));
    let confirm = json!({ "totp": code(world, &secret) });
    world
        .post("/api/v1/session/second-factor/confirm", token, &confirm)
        .await
        .ok();
    secret
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_each_code_is_good_once() {
    let world = World::new().await;
    let token = world.sign_in("desk").await;
    let secret = set_up_factor(&world, &token).await;
    let sign_in = |totp: Option<String>| {
        let body = json!({ "login": "desk", "password": PASSWORD, "totp": totp });
        let world = &world;
        async move { world.post("/api/v1/session", "", &body).await }
    };
    assert_eq!(sign_in(None).await.refusal(), (401, "second-factor-needed".to_owned()));
    let used = code(&world, &secret);
    assert_eq!(
        sign_in(Some(used.clone())).await.problem(),
        "bad-credentials",
        "it confirmed the factor"
    );
    world.clock.advance(30_000);
    let fresh = code(&world, &secret);
    assert_eq!(sign_in(Some(fresh.clone())).await.status, 200);
    assert_eq!(sign_in(Some(fresh)).await.problem(), "bad-credentials");
    assert_eq!(sign_in(Some(used)).await.problem(), "bad-credentials", "an older one");
}

#[tokio::test]
async fn whoever_has_no_second_factor_may_set_one_up_and_nothing_else() {
    let world = World::with(|config| config.second_factor_required = true).await;
    let session = world
        .post("/api/v1/session", "", &json!({ "login": "desk", "password": PASSWORD }))
        .await
        .ok();
    assert_eq!(session["second_factor_missing"], true);
    let token = session["access_token"].as_str().expect("a token");
    let refused = world.get("/api/v1/dossiers", token).await;
    assert_eq!(refused.refusal(), (403, "second-factor-missing".to_owned()));
    let begun = world
        .post("/api/v1/session/second-factor", token, &json!({}))
        .await
        .ok();
    let secret = begun["secret"].as_str().expect("a secret");
    let confirm = json!({ "totp": code(&world, secret) });
    let whole = world
        .post("/api/v1/session/second-factor/confirm", token, &confirm)
        .await
        .ok();
    let token = whole["access_token"].as_str().expect("a token");
    assert_eq!(world.get("/api/v1/dossiers", token).await.status, 200);
}

#[tokio::test]
async fn guessing_a_password_or_a_code_is_stopped_for_a_while_for_anybodys_name() {
    let world = World::with(|config| {
        config.attempts = 3;
        config.attempts_window = Duration::from_mins(15);
    })
    .await;
    for login in ["desk", "nobody"] {
        let guess = |password: &str| json!({ "login": login, "password": password });
        for _ in 0..3 {
            let wrong = world.post("/api/v1/session", "", &guess("wrong")).await;
            assert_eq!(wrong.problem(), "bad-credentials");
        }
        let stopped = world.post("/api/v1/session", "", &guess(PASSWORD)).await;
        assert_eq!(stopped.refusal(), (429, "too-many-attempts".to_owned()));
    }
    world.clock.advance(15 * 60_000);
    let token = world.sign_in("desk").await;
    let secret = set_up_factor(&world, &token).await;
    world.clock.advance(30_000);
    let step_up = |totp: String| {
        let (world, token) = (&world, &token);
        async move {
            world
                .post("/api/v1/session/step-up", token, &json!({ "totp": totp }))
                .await
        }
    };
    for _ in 0..3 {
        assert_eq!(step_up("000000".to_owned()).await.problem(), "bad-credentials");
    }
    assert_eq!(step_up(code(&world, &secret)).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_at_once_are_counted_one_by_one() {
    let world = World::with(|config| config.attempts = 3).await;
    let guess = json!({ "login": "desk", "password": "wrong" });
    let all = (0..40).map(|_| world.post("/api/v1/session", "", &guess));
    let heard = futures::future::join_all(all).await;
    let tried = heard.iter().filter(|answer| answer.status == 401).count();
    let stopped = heard.iter().filter(|answer| answer.status == 429).count();
    assert_eq!((tried, stopped), (3, 37));
}

#[tokio::test]
async fn somebody_who_no_longer_works_here_is_out_at_once() {
    let world = World::new().await;
    let browser = Browser::sign_in(&world, "desk").await;
    world.dismiss("desk").await;
    assert!(!browser.is_in(&world).await);
    assert_eq!(browser.refresh(&world, &json!({})).await.problem(), "session-ended");
}

#[tokio::test]
async fn what_needs_a_fresh_proof_is_refused_until_one_is_given() {
    let world = World::new().await;
    let phone = Phone::enrolled(&world, 1, Hat::Carrier, staff_id("courier")).await;
    let boss = Browser::sign_in(&world, "boss").await;
    world.clock.advance(5 * 60_000 + 1);
    let boss = Browser::of(boss.refresh(&world, &json!({})).await);
    let path = format!("/api/v1/devices/{}/revoke", phone.id());
    let refused = world.post(&path, &boss.token, &json!({})).await;
    assert_eq!(refused.refusal(), (403, "step-up-needed".to_owned()));
    let wrong = json!({ "password": "wrong" });
    let wrong = world.post("/api/v1/session/step-up", &boss.token, &wrong).await;
    assert_eq!(wrong.problem(), "bad-credentials");
    assert_eq!(
        world.post(&path, &boss.token, &json!({})).await.problem(),
        "step-up-needed"
    );
    let proof = json!({ "password": PASSWORD });
    world.post("/api/v1/session/step-up", &boss.token, &proof).await.ok();
    assert!(world.post(&path, &boss.token, &json!({})).await.status.is_success());
}
