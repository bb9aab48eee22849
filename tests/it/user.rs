//! Whoever runs the installation decides on the command line who works here.

use e2e::{Backend, Site, both};
use serde_json::{Value, json};

both!(somebody_is_let_in_given_a_new_password_and_let_go);

/// What `traotay user` prints.
fn user(site: &Site, arguments: &[&str]) -> (Option<i32>, Value) {
    let mut all = arguments.to_vec();
    all.push("--json");
    let output = site.ask("user", &all);
    let told = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), told)
}

fn sign_in(site: &Site, login: &str, password: &Value) -> u16 {
    let body = json!({ "login": login, "password": password });
    site.http().post("/api/v1/session", &[], &body).status
}

fn somebody_is_let_in_given_a_new_password_and_let_go(backend: Backend) {
    let site = Site::found(backend);
    let add = |login: &'static str, place: [&'static str; 2]| {
        let [flag, code] = place;
        user(
            &site,
            &["add", login, "--name", "Người Mới", "--role", "post_agent", flag, code],
        )
    };
    assert_eq!(add("moi", ["--service-point", "KHONG-CO"]).0, Some(2), "no such office");
    assert_eq!(
        add("moi", ["--desk", "AG-HCC-30520"]).0,
        Some(2),
        "a role of the post at a desk"
    );
    let (code, first) = add("moi", ["--service-point", "AG-TB"]);
    assert_eq!((code, &first["login"]), (Some(0), &json!("moi")));
    assert_eq!(
        add("moi", ["--service-point", "AG-TB"]).0,
        Some(2),
        "the login is taken"
    );
    assert_eq!(
        user(&site, &["roles", "moi", "--role", "auditor", "--role", "post_agent"]).0,
        Some(2),
        "an auditor has no other role"
    );
    let server = site.start();
    assert_eq!(sign_in(&site, "moi", &first["password"]), 200);
    server.kill();
    let (_, second) = user(&site, &["password", "moi"]);
    assert_eq!(user(&site, &["roles", "moi", "--role", "post_supervisor"]).0, Some(0));
    let server = site.start();
    assert_eq!(sign_in(&site, "moi", &first["password"]), 401);
    let body = json!({ "login": "moi", "password": second["password"] });
    let session = site.http().post("/api/v1/session", &[], &body).expect(200).json();
    assert_eq!(session["roles"], json!(["post_supervisor"]));
    server.kill();
    assert_eq!(user(&site, &["dismiss", "moi"]).0, Some(0));
    let server = site.start();
    assert_eq!(sign_in(&site, "moi", &second["password"]), 401);
    let token = format!("Bearer {}", session["access_token"].as_str().unwrap_or_default());
    let asked = site.http().get("/api/v1/session", &[("authorization", &token)]);
    assert_eq!(asked.status, 401, "their session has ended");
    server.kill();
}
