//! Dossiers come to several ends, and the reports count them: by HTTP, by the command line, as known at any hour.

mod story;

use crate::report::story::{PROCEDURE, QUARTER, Story, asked, made};
use e2e::{Backend, Site, both};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

both!(
    reports_count_what_happened_as_known_at_their_hour,
    the_command_line_makes_the_same_reports,
);

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

const ON_TIME: &str = "H01.30520-261123-0001";
const LATE: &str = "H01.30520-261123-0002";
const SUPPLEMENTED: &str = "H01.30520-261123-0003";
const REFUSED: &str = "H01.30520-261123-0004";
const ELSEWHERE: &str = "H01.00018-261123-0005";

fn reports_count_what_happened_as_known_at_their_hour(backend: Backend) {
    let mut story = Story::begin(backend);
    the_first_day(&mut story);
    let first_day = story.world.store().now_ms();
    let then: Vec<Vec<u8>> = REPORTS.map(|report| all_of(&story, report, QUARTER)).into();
    on_the_first_day_nothing_is_late(&story);
    the_week_after(&story);
    what_was_known_on_the_first_day_stays(&story, first_day, &then);
    after_a_week_each_end_is_counted(&story);
    the_post_counts_its_carriage(&story);
    the_table_opens_in_a_spreadsheet(&story);
    each_sees_its_own(&story);
    payments_complaints_and_feedback_are_counted(&story);
    a_wrong_question_is_told_in_words(&story);
    a_report_is_of_an_hour_that_is_folded(&story);
}

const REPORTS: [&str; 3] = ["kpi766", "tt17", "quality"];

fn all_of(story: &Story, report: &str, query: &str) -> Vec<u8> {
    asked(&story.agency(), report, query).expect(200).body
}

/// Monday 23/11/2026: five orders; one is decided and returned before noon.
fn the_first_day(story: &mut Story) {
    story.carried_to_the_desk(ON_TIME);
    for number in [LATE, SUPPLEMENTED, REFUSED] {
        story.lodged("AG30520", number, "haimu.tb1");
    }
    story.lodged("AGHCC01", ELSEWHERE, "motcua.tinh");
    for number in [ON_TIME, SUPPLEMENTED] {
        let received = story.act(number, &json!({ "act": "received", "code": number }));
        assert_eq!(received["due"]["due_on"], json!("2026-11-27"), "Tuesday is Culture Day");
    }
    story.act(
        LATE,
        &json!({ "act": "received", "code": LATE, "due_on": "2026-11-24" }),
    );
    let elsewhere = story.world.sign_in("motcua.tinh", "desk_agent");
    let received = json!({ "act": "received", "code": ELSEWHERE });
    elsewhere.act(&story.dossier(ELSEWHERE), &received).expect(201);
    story.until(HOUR);
    for number in [ON_TIME, LATE, SUPPLEMENTED] {
        story.act(number, &json!({ "act": "processing" }));
    }
    story.until(2 * HOUR);
    let resolved = story.act(ON_TIME, &json!({ "act": "resolved", "outcome": "granted" }));
    story.returned(resolved["result_item_code"].as_str().expect("the result goes by post"));
}

/// Wednesday, Friday and the next Monday: a refusal, a decision after its date, one after a supplement.
fn the_week_after(story: &Story) {
    story.until(2 * DAY);
    let asks = json!({ "act": "supplement_requested", "reason": "thiếu bản sao" });
    story.act(SUPPLEMENTED, &asks);
    let refuses = json!({ "act": "not_accepted", "reason": "không thuộc thẩm quyền" });
    story.act(REFUSED, &refuses);
    story.until(4 * DAY);
    story.act(LATE, &json!({ "act": "resolved", "outcome": "granted" }));
    story.until(7 * DAY);
    story.act(SUPPLEMENTED, &json!({ "act": "supplemented" }));
    story.act(SUPPLEMENTED, &json!({ "act": "resolved", "outcome": "granted" }));
}

fn figure<'a>(report: &'a Value, index: &str, part: Option<&str>) -> &'a Value {
    let figures = report["figures"].as_array().expect("figures");
    figures
        .iter()
        .find(|figure| figure["index"] == json!(index) && figure["part"] == json!(part))
        .unwrap_or_else(|| panic!("{index} {part:?} is not in {report}"))
}

/// Both sides and the value of a figure.
fn sides(report: &Value, index: &str, part: Option<&str>) -> (i64, i64, String) {
    let figure = figure(report, index, part);
    let number = |side: &str| figure[side].as_i64().expect("a number");
    let value = figure["value"].as_str().expect("a text").to_owned();
    (number("numerator"), number("denominator"), value)
}

#[track_caller]
fn counts(report: &Value, index: &str, part: Option<&str>, above: i64, below: i64, value: &str) {
    assert_eq!(
        sides(report, index, part),
        (above, below, value.to_owned()),
        "{index} {part:?}"
    );
}

fn on_the_first_day_nothing_is_late(story: &Story) {
    let index = made(&story.agency(), "kpi766");
    assert_eq!(index["as_of_ms"], json!(story.world.store().now_ms()));
    assert_eq!(
        index["period"]["name_vi"],
        json!("Quý 4/2026 (từ 01/10/2026 đến 31/12/2026)")
    );
    // The one that is only lodged is none of the period's yet.
    counts(&index, "2.1", None, 3, 3, "100.00");
    let quality = made(&story.agency(), "quality");
    // Within one former district: the one that was handed over; three have until the next working day.
    counts(&quality, "post.jn.send", Some("within_district"), 1, 1, "100.00");
    let waiting = figure(&quality, "post.jn.send", Some("within_district"));
    let reasons: Vec<&Value> = waiting["left_out"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["why"])
        .collect();
    assert_eq!(reasons, [&json!("not_yet_due"); 3]);
}

fn what_was_known_on_the_first_day_stays(story: &Story, at_ms: i64, then: &[Vec<u8>]) {
    let hour = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms) * 1_000_000).expect("an hour");
    let utc = hour.format(&Rfc3339).expect("a text");
    let here = hour
        .to_offset(time::macros::offset!(+7))
        .format(&Rfc3339)
        .expect("a text");
    for (report, then) in REPORTS.iter().zip(then) {
        for hour in [&utc, &here, &here.replace('+', "%2B")] {
            let again = all_of(story, report, &format!("{QUARTER}&as_of={hour}"));
            assert!(again == *then, "{report} as of {hour} is another one now");
        }
        assert!(all_of(story, report, QUARTER) != *then, "{report} of today knows more");
    }
}

fn after_a_week_each_end_is_counted(story: &Story) {
    let index = made(&story.agency(), "kpi766");
    // Late: due on 24/11, decided on 27/11. Supplemented: decided on 30/11 after five days of waiting, so as on 25/11 of
    // 27/11. Refused on 25/11, when three working days from its lodging ended on 27/11.
    counts(&index, "2.1", None, 3, 4, "75.00");
    let counted = figure(&index, "2.1", None)["counted"].clone();
    let late = json!(story.dossier(LATE));
    assert!(!counted.as_array().expect("a list").contains(&late));
    // Two hours, four days, and seven days less five: 6 days and 2 hours for three.
    let average = sides(&index, "2.2", None);
    assert_eq!(average, (6 * DAY + 2 * HOUR, 3, "2.03".to_owned()));
    counts(&index, "3.1", None, 38, 39, "97.44");
    for (part, above) in [("online", 0), ("in_person", 0), ("post", 3)] {
        let value = if above == 0 { "0.00" } else { "100.00" };
        counts(&index, "3.3", Some(part), above, 3, value);
    }
    counts(&index, "4.1", None, 0, 3, "0.00");
    // Nobody gave feedback and no payment fell due yet: there is nothing to divide by.
    for index_of_none in ["3.6", "5.1", "5.2", "5.3"] {
        counts(&index, index_of_none, None, 0, 0, "N/A");
    }
    counts(&index, "5.4", None, 3, 4, "75.00");
}

fn the_post_counts_its_carriage(story: &Story) {
    let quality = made(&story.agency(), "quality");
    counts(&quality, "post.safety", None, 5, 5, "100.00");
    counts(&quality, "post.jn.send", Some("within_district"), 1, 4, "25.00");
    counts(&quality, "post.jn.return", Some("within_district"), 1, 1, "100.00");
    counts(&quality, "post.jn.send", Some("unknown"), 0, 0, "N/A");
    counts(&quality, "post.first_attempt", None, 1, 1, "100.00");
    counts(&quality, "post.brought_back", None, 0, 1, "0.00");
    counts(&quality, "post.discrepancy", None, 0, 1, "0.00");
    counts(&quality, "post.share.submit", None, 3, 3, "100.00");
    counts(&quality, "post.share.return", None, 1, 1, "100.00");
    let owed = made(&story.agency(), "tt17");
    let volume = json!({ "dossiers": 4, "results": 1, "others": 0 });
    assert_eq!(owed["volume"], volume);
    let line = json!({ "procedure": PROCEDURE, "dossiers": 4, "results": 1, "others": 0 });
    assert_eq!(owed["procedures"], json!([line]));
    assert_eq!((&owed["postage_vnd"], &owed["complaints"]), (&json!(0), &json!(0)));
    assert_eq!(owed["period"]["report_before"], json!("2027-01-10"));
    // Days 15 to 14 instead of whole months: the week is in the fourth quarter of the State as well.
    let query = format!("{QUARTER}&convention=state_cut_off");
    let state = asked(&story.agency(), "tt17", &query).expect(200).json();
    assert_eq!(
        (&state["period"]["first"], &state["volume"]),
        (&json!("2026-09-15"), &volume)
    );
    let october = asked(&story.agency(), "tt17", "period=2026-10").expect(200);
    assert_eq!(october.json()["volume"]["dossiers"], json!(0));
}

fn the_table_opens_in_a_spreadsheet(story: &Story) {
    let answer = asked(&story.agency(), "kpi766", &format!("{QUARTER}&format=csv")).expect(200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let name = r#"attachment; filename="kpi766_2026-Q4_20261130T023000Z.csv""#;
    assert_eq!(answer.header("content-disposition"), Some(name));
    assert_eq!(
        answer.body[..3],
        [0xef, 0xbb, 0xbf],
        "a spreadsheet sees that it is UTF-8"
    );
    let text = answer.text();
    let mut lines = text.split("\r\n");
    assert_eq!(
        lines.next(),
        Some("\u{feff}Chỉ số,Tên,Tên tiếng Anh,Nhóm,Tử số,Mẫu số,Giá trị,Đơn vị,Được tính,Không xét,Căn cứ")
    );
    let on_time = lines.next().expect("a row");
    assert!(
        on_time.starts_with("2.1,Tỷ lệ hồ sơ giải quyết đúng hạn,Dossiers resolved on time,,3,4,75.00,%,"),
        "{on_time}"
    );
    for name in ["Nguyễn Thị Mẫu", "0912345678", "Tôn Đức Thắng"] {
        assert!(!text.contains(name), "a report names nobody");
    }
}

fn each_sees_its_own(story: &Story) {
    let elsewhere = story.world.sign_in("motcua.tinh", "desk_agent");
    let theirs = made(&elsewhere, "kpi766");
    counts(&theirs, "3.3", Some("post"), 1, 1, "100.00");
    let named = figure(&theirs, "3.3", Some("post"))["base"].clone();
    assert_eq!(named, json!([story.dossier(ELSEWHERE)]));
    let carriage = made(&elsewhere, "quality");
    // From Tịnh Biên to Long Xuyên in two working days, and it is not there after seven days.
    counts(&carriage, "post.jn.send", Some("between_districts"), 0, 1, "0.00");
    let text = asked(&elsewhere, "quality", QUARTER).text();
    assert!(!text.contains(&story.dossier(ON_TIME)));
    // The office whose couriers were told of all five.
    let office = story.world.sign_in("dieuphoi.tb", "post_supervisor");
    assert_eq!(made(&office, "tt17")["volume"]["dossiers"], json!(5));
    let other_office = story.world.sign_in("dieuphoi.nb", "post_supervisor");
    assert_eq!(made(&other_office, "tt17")["volume"]["dossiers"], json!(0));
    for (login, role) in [("buuta01", "courier"), ("quay.tb", "post_agent")] {
        let staff = story.world.sign_in(login, role);
        let refused = asked(&staff, "kpi766", QUARTER).expect(403);
        assert_eq!(refused.problem(), "missing-right");
    }
    let nobody = story.world.http.get("/api/v1/reports/kpi766?period=2026", &[]);
    assert_eq!(nobody.expect(401).problem(), "unauthenticated");
}

fn a_wrong_question_is_told_in_words(story: &Story) {
    let staff = story.agency();
    for (query, words) in [
        ("period=2026-Q5", "period: a year has quarters 1 to 4"),
        ("period=quý 4", "period: not a period: expected 2026, 2026-H1"),
        (
            "period=2026-Q4&as_of=noon",
            "as_of: not an hour: expected one like 2026",
        ),
        (
            "period=2026-Q4&convention=lunar",
            "convention: not a convention: expected calendar",
        ),
    ] {
        let query = query.replace(' ', "%20").replace('ý', "%C3%BD");
        let refused = asked(&staff, "kpi766", &query).expect(422);
        assert_eq!(refused.problem(), "invalid-request");
        let told = refused.json();
        let detail = told["detail"].as_str().expect("a text");
        assert!(detail.starts_with(words), "{detail}");
    }
    let refused = asked(&staff, "kpi766", "as_of=2026-12-31T00:00:00Z").expect(400);
    assert_eq!(refused.problem(), "invalid-query");
    assert_eq!(asked(&staff, "kpi767", QUARTER).expect(404).problem(), "not-found");
}

/// A fact that waits to be folded is in no report yet, and no report claims an hour at which it was there.
fn a_report_is_of_an_hour_that_is_folded(story: &Story) {
    story.until(8 * DAY);
    let now_ms = story.world.store().now_ms();
    let far = format!("{QUARTER}&as_of=2027-06-01T00:00:00Z");
    let asked_for_later = asked(&story.agency(), "kpi766", &far).expect(200).json();
    assert_eq!(asked_for_later["as_of_ms"], json!(now_ms), "nobody knows the future");
    let confirmed = json!({ "act": "return_confirmed" });
    story.agency().act(&story.dossier(ON_TIME), &confirmed).expect(201);
    assert_eq!(made(&story.agency(), "kpi766")["as_of_ms"], json!(now_ms - 1));
    story.world.settle();
    assert_eq!(made(&story.agency(), "kpi766")["as_of_ms"], json!(now_ms));
}

/// On Monday 30/11: two dossiers with a fee, one paid at the counter and passed on the same day, one paid online; two complaints,
/// one answered; one dislike and one letter to the agency, answered and published.
fn payments_complaints_and_feedback_are_counted(story: &Story) {
    let before = story.world.store().now_ms() - 1;
    let (agent, boss) = (
        story.world.sign_in("quay.tb", "post_agent"),
        story.world.sign_in("dieuphoi.tb", "post_supervisor"),
    );
    let of = |number: &str, what: &str| format!("/api/v1/dossiers/{}/{what}", story.dossier(number));
    let run = json!({ "series": "AA/26P", "first": 1, "last": 9 });
    boss.post("/api/v1/receipts/series", &run).expect(201);
    agent.post("/api/v1/shifts", &json!({})).expect(201);
    for (ledger, amount) in [("postage", 26_000), ("state_fee", 8_000)] {
        let sum = json!({ "ledger": ledger, "amount": amount, "tariff": "biểu giá 2026" });
        agent.post(&of(ON_TIME, "charges"), &sum).expect(201);
        let paid = json!({ "ledger": ledger, "amount": amount, "tender": "cash" });
        agent.post(&of(ON_TIME, "collections"), &paid).expect(201);
    }
    let fee = json!({ "ledger": "state_fee", "amount": 8000, "tariff": "NQ 10/2020/NQ-HĐND" });
    story.agency().post(&of(LATE, "charges"), &fee).expect(201);
    let online = json!({ "ledger": "state_fee", "amount": 8000, "tender": "national_portal" });
    story.agency().post(&of(LATE, "collections"), &online).expect(201);
    story.world.settle();
    let to = json!({ "agency_id": entity::repo::reference::id_of("agency", "AG-UB-30520") });
    let statement = agent.post("/api/v1/remittances", &to).expect(201).json();
    let confirm = format!(
        "/api/v1/remittances/{}/confirm",
        statement["id"].as_str().expect("an id")
    );
    story
        .agency()
        .post(&confirm, &json!({ "counted": 8000, "currency": "VND" }))
        .expect(201);
    agent
        .post(&of(LATE, "complaints"), &json!({ "about": "late" }))
        .expect(201);
    let second = agent
        .post(&of(ON_TIME, "complaints"), &json!({ "about": "conduct" }))
        .expect(201)
        .json();
    let answer = format!("/api/v1/complaints/{}/answer", second["id"].as_str().expect("an id"));
    agent
        .post(&answer, &json!({ "outcome": "dismissed", "text": "Không có căn cứ." }))
        .expect(201);
    story
        .agency()
        .post(&of(SUPPLEMENTED, "feedback"), &json!({ "rating": 1 }))
        .expect(201);
    let letter = json!({ "rating": 4, "text": "Nên báo trước." });
    let given = story.agency().post(&of(LATE, "feedback"), &letter).expect(201).json();
    for verb in ["answer", "publish"] {
        let step = format!("/api/v1/feedback/{}/{verb}", given["id"].as_str().expect("an id"));
        story.agency().post(&step, &json!({ "text": "Cảm ơn." })).expect(201);
    }
    story.world.settle();
    let owed = made(&story.agency(), "tt17");
    // What was paid online never came into the post's hands.
    assert_eq!(
        (&owed["postage_vnd"], &owed["state_fee_vnd"]),
        (&json!(26_000), &json!(8_000))
    );
    let complaints = ["complaints", "complaints_dismissed", "complaints_unanswered"];
    assert_eq!(
        complaints.map(|name| owed[name].clone()),
        [json!(2), json!(1), json!(1)]
    );
    let index = made(&story.agency(), "kpi766");
    counts(&index, "3.6", None, 1, 2, "50.00");
    counts(&index, "5.1", None, 1, 1, "100.00");
    counts(&index, "5.3", None, 1, 1, "100.00");
    // Of four one was late and another disliked: two are left.
    counts(&index, "5.4", None, 2, 4, "50.00");
    let quality = made(&story.agency(), "quality");
    counts(&quality, "post.fee_same_day", None, 1, 1, "100.00");
    counts(&quality, "post.answered", None, 1, 1, "100.00");
    // None of it was known a moment before.
    let hour = OffsetDateTime::from_unix_timestamp_nanos(i128::from(before) * 1_000_000).expect("an hour");
    let query = format!("{QUARTER}&as_of={}", hour.format(&Rfc3339).expect("a text"));
    let then = asked(&story.agency(), "tt17", &query).expect(200).json();
    assert_eq!((&then["postage_vnd"], &then["complaints"]), (&json!(0), &json!(0)));
}

fn the_command_line_makes_the_same_reports(backend: Backend) {
    let site = Site::found(backend);
    let told = |args: &[&str]| site.ask("report", args);
    let index = told(&["kpi766", "--period", "2026-Q4", "--json"]);
    assert!(index.status.success(), "{}", String::from_utf8_lossy(&index.stderr));
    let index: Value = serde_json::from_slice(&index.stdout).expect("JSON");
    counts(&index, "3.1", None, 38, 39, "97.44");
    counts(&index, "2.1", None, 0, 0, "N/A");
    let table = told(&["kpi766", "--period", "2026-Q4", "--csv", "--agency", "AG-UB-30520"]);
    assert!(table.stdout.starts_with("\u{feff}Chỉ số,Tên,".as_bytes()));
    let text = told(&["tt17", "--period", "2026", "--convention", "state_cut_off"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.starts_with("Năm 2026 (từ 15/12/2025 đến 14/12/2026)"), "{text}");
    for (args, words) in [
        (
            &["kpi766", "--period", "2026-Q5"][..],
            "--period: a year has quarters 1 to 4",
        ),
        (&["kpi", "--period", "2026"][..], "report: not a report"),
        (
            &["tt17", "--period", "2026", "--agency", "AG-NONE"][..],
            "--agency: no agency has the code AG-NONE",
        ),
    ] {
        let refused = told(args);
        assert_eq!(refused.status.code(), Some(2));
        let words_told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(words_told.contains(words), "{words_told}");
    }
}
