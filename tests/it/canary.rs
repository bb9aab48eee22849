//! Personal data and secrets that can be recognised go through every route, good and bad, while the program tells everything
//! it can tell. None of them is in what it wrote, in its measurements, or in an answer that refuses.

mod shots;

use domain::hat::Hat;
use e2e::{Answer, Backend, Device, Http, Lgsp, PASSWORD, Site, Staff, both};
use serde_json::{Value, json};
use shots::Shot;

both!(what_people_entrust_to_the_program_is_in_no_log_no_measurement_and_no_refusal);

/// What is entrusted to the program, each recognisable wherever it turns up, and what to look for.
const NAME: &str = "Kanarienvogel Thị Zwölfzack";
const PHONE: &str = "0977135791";
const ADDRESS: &str = "77 Kanariengasse, phường Tịnh Biên, tỉnh An Giang";
const PERSONAL_ID: &str = "089199753197";
const SECRET: &str = "kanarisches-geheimnis-4711";
const CAPABILITY: &str = "KANAR1ENV0GE1ZWE1F2ACK4711";

const MARKS: [&str; 6] = [
    "Kanarien",
    "Zwölfzack",
    "977135791",
    "089199753197",
    "geheimnis-4711",
    "KANAR1ENV0GE1",
];

/// Where a mark is, in words of what is around it.
fn found(text: &str, marks: &[String]) -> Option<String> {
    let lower = text.to_lowercase();
    marks.iter().find_map(|mark| {
        let at = lower.find(&mark.to_lowercase())?;
        let around: String = lower
            .chars()
            .skip(lower[..at].chars().count().saturating_sub(300))
            .take(600)
            .collect();
        Some(format!("{mark} in …{around}…"))
    })
}

/// Everything the site answers with, and what may not be in it.
struct Judge {
    marks: Vec<String>,
}

impl Judge {
    /// An answer that refuses repeats nothing of what it was asked.
    fn judge(&self, shot: &Shot, answer: &Answer) {
        let headers = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        // A typed tracking code leads to its page: that is what it is for.
        let leads = answer.status == 303 && shot.path.starts_with("/t/");
        if (200..300).contains(&answer.status) || leads {
            return;
        }
        let text = headers.collect::<String>() + &answer.text();
        let found = found(&text, &self.marks);
        assert!(
            found.is_none(),
            "{} {} answered {}: {found:?}",
            shot.method,
            shot.path,
            answer.status
        );
    }
}

/// A dossier of somebody, over the counter, with everything that belongs to it.
fn at_the_counter(http: &Http, secrets: &mut Vec<String>) -> String {
    let agent = Staff::sign_in(http, "quay.tb", "post_agent");
    secrets.push(agent.authorization().replace("Bearer ", ""));
    let session = json!({ "login": "quay.tb", "password": PASSWORD, "role": "post_agent" });
    let session = http.post("/api/v1/session", &[], &session).expect(200).json();
    secrets.extend(session["refresh_token"].as_str().map(str::to_owned));
    let body = json!({
        "mode": "both", "agency_id": entity::repo::reference::id_of("agency", "AG-UB-30520"),
        "applicant": { "name": NAME, "phone": PHONE, "address": ADDRESS }, "paper_count": 2, "slip_number": "canary-1",
    });
    let placed = agent.post("/api/v1/intakes", &body);
    assert_eq!(placed.status, 201, "{}", placed.text());
    let placed = placed.json();
    let url = placed["tracking_url"].as_str().unwrap_or_default();
    let capability = url.rsplit('/').next().unwrap_or_default().to_owned();
    http.get(&format!("/t/{capability}"), &[]).expect(200);
    secrets.push(capability);
    // A text that PostgreSQL cannot hold reaches the database and is refused there.
    let mut strange = body.clone();
    strange["slip_number"] = json!("canary-2");
    strange["applicant"]["name"] = json!(format!("{NAME}\u{0}"));
    agent.post("/api/v1/intakes", &strange);
    // The same number for somebody else, and a number of a telephone that is none.
    strange["slip_number"] = json!("canary-1");
    agent.post("/api/v1/intakes", &strange);
    strange["applicant"]["phone"] = json!(format!("{PHONE}{PHONE}"));
    agent.post("/api/v1/intakes", &strange);
    placed["dossier_id"].as_str().unwrap_or_default().to_owned()
}

/// An order over the bus, good and bad.
fn over_the_bus(http: &Http, secrets: &mut Vec<String>) {
    let one_stop = Lgsp::sign_in(http, "AG30520");
    secrets.push(one_stop.authorization().replace("Bearer ", ""));
    let mut order = one_stop.pickup("canary-3");
    for (field, value) in [
        ("SenderName", NAME),
        ("SenderTel", PHONE),
        ("SenderAddress", ADDRESS),
        ("SenderDesc", PERSONAL_ID),
    ] {
        order.body[field] = json!(value);
    }
    assert_eq!(one_stop.order(&order).0, 100);
    order.body["SenderName"] = json!(format!("{NAME} other"));
    assert_ne!(one_stop.order(&order).0, 100, "the same number with other content");
    for field in ["SenderTel", "SenderProvince", "CODAmount", "SenderAddress"] {
        order.body[field] = json!(format!("{PHONE}{NAME}{PERSONAL_ID}"));
        order.body["OrderNumber"] = json!(format!("canary-{field}"));
        let refusal = one_stop.post("OrderPost", &order.body).text();
        assert_eq!(found(&refusal, &MARKS.map(str::to_owned)), None, "{field}");
    }
}

/// Devices enrol, with the code they were given and with codes nobody gave.
fn with_a_device(http: &Http, secrets: &mut Vec<String>) {
    let code = Staff::sign_in(http, "dieuphoi.tb", "post_supervisor").code_for("buuta01");
    let mut device = Device::new(Hat::Carrier);
    device.enrol(http, &code);
    http.post("/api/v1/devices/enrol", &[], &device.enrolment(&code));
    http.post(
        "/api/v1/devices/enrol",
        &[],
        &Device::new(Hat::Carrier).enrolment(SECRET),
    );
    let note = device.note(0);
    let proof = device.proof("POST", "/api/v1/sync/events");
    http.send(
        "POST",
        "/api/v1/sync/events",
        &[("dpop", &proof)],
        &[&note.bytes[..], NAME.as_bytes()].concat(),
    )
    .expect("an answer");
    secrets.extend([code, proof]);
}

/// Somebody signs in wrongly and forgets where a password goes.
fn at_the_door(http: &Http) {
    for body in [
        json!({ "login": "quay.tb", "password": SECRET, "role": "post_agent" }),
        json!({ "login": SECRET, "password": NAME, "role": "post_agent" }),
        json!({ "login": "quay.tb", "password": PASSWORD, "role": SECRET }),
        json!({ "login": "quay.tb", "password": [SECRET] }),
    ] {
        assert!(http.post("/api/v1/session", &[], &body).status >= 400);
    }
}

fn what_people_entrust_to_the_program_is_in_no_log_no_measurement_and_no_refusal(backend: Backend) {
    let site = Site::found(backend);
    // The program, and every library in it, tells everything.
    let server = site.start_with(&[("RUST_LOG", "trace")]);
    let http = site.http();
    let mut secrets = vec![PASSWORD.to_owned()];
    let dossier = at_the_counter(&http, &mut secrets);
    over_the_bus(&http, &mut secrets);
    with_a_device(&http, &mut secrets);
    at_the_door(&http);

    let judge = Judge {
        marks: MARKS
            .iter()
            .map(|mark| (*mark).to_owned())
            .chain(secrets.clone())
            .collect(),
    };
    let bearers: Vec<String> = [
        ("quay.tb", "post_agent"),
        ("dieuphoi.tb", "post_supervisor"),
        ("haimu.tb1", "desk_agent"),
    ]
    .map(|(login, role)| Staff::sign_in(&http, login, role).authorization())
    .into_iter()
    .chain([
        Lgsp::sign_in(&http, "AG30520").authorization(),
        format!("Bearer {SECRET}"),
        format!("Basic {SECRET}"),
    ])
    .collect();
    let document: Value = http.get("/api/openapi.json", &[]).json();
    let shots = shots::at_every_route(&document, &dossier, &bearers);
    assert!(shots.len() > 500, "{}", shots.len());
    for shot in &shots {
        let headers: Vec<(&str, &str)> = shot
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = http.send(shot.method, &shot.path, &headers, &shot.body);
        judge.judge(
            shot,
            &answer.unwrap_or_else(|error| panic!("{} {}: {error}", shot.method, shot.path)),
        );
    }
    let measured = http.get("/metrics", &[]).expect(200).text();
    assert_eq!(found(&measured, &judge.marks), None);
    assert!(measured.contains("http_requests_total"));
    server.kill();

    let said = site.everything_said();
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with('{')).collect();
    assert!(lines.len() > shots.len(), "every request is in the log");
    assert!(
        lines.iter().all(|line| serde_json::from_str::<Value>(line).is_ok()),
        "each line is one JSON object"
    );
    assert!(
        lines.iter().any(|line| line.contains("\"level\":\"TRACE\"")),
        "it told everything"
    );
    assert_eq!(found(&said, &judge.marks), None);
}
