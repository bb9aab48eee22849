//! The public pages of the province: what anybody may know, in both languages, small and without script.

use e2e::{Answer, Backend, Http, World, both};
use serde_json::json;

both!(
    anybody_reads_the_province_and_prepares_an_envelope,
    a_notice_stands_on_the_calendar_page_once_it_is_entered,
);

/// What every page keeps to.
fn page(http: &Http, path: &str) -> String {
    let answer = http.get(path, &[]).expect(200);
    is_a_quiet_page(path, &answer);
    answer.text()
}

fn is_a_quiet_page(path: &str, answer: &Answer) {
    let text = answer.text();
    assert!(answer.body.len() <= 14 * 1024, "{path} has {} bytes", answer.body.len());
    assert!(
        !text.contains("<script") && !text.contains(" style=") && !text.contains("http"),
        "{path} loads nothing and runs nothing"
    );
    let language = if path.contains("lang=en") { "en" } else { "vi" };
    assert!(text.contains(&format!("<html lang=\"{language}\">")), "{path}");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
}

fn has(path: &str, text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{path} does not say {word:?}:\n{text}");
    }
}

fn anybody_reads_the_province_and_prepares_an_envelope(backend: Backend) {
    let world = World::on_leash(backend);
    let http = &world.http;
    let says = |path: &str, words: &[&str]| has(path, &page(http, path), words);
    says("/", &["href=\"/province\""]);
    says("/?lang=en", &["href=\"/province?lang=en\""]);
    says(
        "/province",
        &[
            "An Giang",
            "102 đơn vị cấp xã",
            "85 <span lang=\"vi\">xã",
            "39 thủ tục",
            "Lịch nghỉ năm 2026",
            "trực: 1.",
        ],
    );
    says(
        "/province?lang=en",
        &[
            "102 communes",
            "39 procedures",
            "Calendar of 2026",
            "/province/offices?lang=en",
        ],
    );
    communes(http);
    offices(http);
    procedures(http);
    says(
        "/province/calendar",
        &[
            "thứ Hai 16/02/2026 – thứ Sáu 20/02/2026",
            "Tết Nguyên đán",
            "Làm bù ngày nghỉ 31/8",
            "02/10/2026",
        ],
    );
    says(
        "/province/calendar?year=2027&lang=en",
        &[
            "Calendar of 2027",
            "Lunar New Year",
            "awaits its notice",
            "Thông báo ngày 02/10/2026",
        ],
    );
    says("/province/calendar?year=1066", &["Lịch nghỉ năm 2026"]);
}

fn communes(http: &Http) {
    // With accents, without, by the former district, by a commune that is no more, by today's code and by the old one.
    for typed in ["T%E1%BB%8Bnh+Bi%C3%AAn", "tinh%20bien", "TINH+BIEN"] {
        let path = format!("/province/communes?q={typed}");
        let text = page(http, &path);
        has(
            &path,
            &text,
            &[
                "Tìm thấy: 5",
                "phường Tịnh Biên",
                "xã An Cư",
                "xã Núi Cấm",
                "thị xã Tịnh Biên",
            ],
        );
        let first = text.find("30520").expect("the commune of that name");
        assert!(text.find("30526").is_some_and(|other| first < other), "it comes first");
    }
    for (typed, found) in [
        ("van+giao", "xã An Cư"),
        ("30523", "xã An Cư"),
        ("30514", "phường Tịnh Biên"),
        ("30526", "xã An Cư"),
    ] {
        let path = format!("/province/communes?q={typed}");
        has(&path, &page(http, &path), &["Tìm thấy: 1", found]);
    }
    let path = "/province/communes?q=vinh+chau";
    has(path, &page(http, path), &["xã Vĩnh Châu (một phần)"]);
    let path = "/province/communes?q=%3Cscript%3E&lang=en";
    has(
        path,
        &page(http, path),
        &["Nothing found", "value=\"&#60;script&#62;\""],
    );
    // Leaf by leaf, every commune once.
    let mut path = "/province/communes?lang=en".to_owned();
    let mut codes = Vec::new();
    loop {
        let text = page(http, &path);
        let rows = text.split("<h2><span lang=\"vi\">").skip(1);
        codes.extend(rows.map(|row| row.split("class=\"soft\">").nth(1).map(|code| code[..5].to_owned())));
        let Some((_, next)) = text.split_once("rel=\"next\" href=\"") else {
            break;
        };
        path = next.split('"').next().expect("an address").replace("&#38;", "&");
    }
    assert_eq!(codes.len(), 102);
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 102);
}

fn offices(http: &Http) {
    let path = "/province/offices?q=tinh+bien";
    let text = page(http, path);
    has(
        path,
        &text,
        &[
            "Bưu cục Tịnh Biên",
            "phường Tịnh Biên, An Giang, mã bưu chính 90706",
            "thứ Hai – thứ Sáu: 07:00–17:30",
            "Trung tâm Phục vụ hành chính công phường Tịnh Biên",
            "Đặt ngay tại bưu cục, do nhân viên ở đó trực: <span lang=\"vi\">Bưu cục Tịnh Biên",
        ],
    );
    let path = "/province/offices?q=an+cu&lang=en";
    has(
        path,
        &page(http, path),
        &[
            "Post office",
            "One-stop desk",
            "Monday – Friday: 07:00–11:30, 13:00–17:00",
        ],
    );
    has("/province/offices", &page(http, "/province/offices"), &["rel=\"next\""]);
}

fn procedures(http: &Http) {
    let path = "/province/procedures?q=khai+sinh";
    has(
        path,
        &page(http, path),
        &["Đăng ký khai sinh", "href=\"/province/procedures/1.001193\""],
    );
    let path = "/province/procedures/2.000488";
    let text = page(http, path);
    has(
        path,
        &text,
        &[
            "Gửi được qua bưu điện.",
            "Tờ khai yêu cầu cấp phiếu lý lịch tư pháp",
            "1 bản chính",
            "1 bản chụp",
            "(nếu có)",
            "Học sinh, sinh viên",
            "10 ngày",
            "200.000\u{a0}₫",
            "100.000\u{a0}₫",
            "bưu chính công ích",
            "văn bản công chứng",
            "Thông tư 244/2016/TT-BTC",
        ],
    );
    assert_eq!(text.matches("<table>").count(), 2, "a table for each case");
    let path = "/province/procedures/1.012783?lang=en";
    has(
        path,
        &page(http, path),
        &[
            "10 working days",
            "5 working days",
            "not published",
            "by the public post",
        ],
    );
    let path = "/province/procedures/2.000908";
    has(
        path,
        &page(http, path),
        &["3 ngày làm việc", "1 ngày làm việc", "chưa công bố"],
    );
    let path = "/province/procedures/1.004859";
    has(
        path,
        &page(http, path),
        &["Nộp lại trước khi nhận kết quả", "Văn bản cam đoan về việc mất giấy tờ"],
    );
    let path = "/province/procedures/2.000635";
    has(path, &page(http, path), &["8.000\u{a0}₫ mỗi bản sao"]);
    let path = "/province/procedures/1.000894";
    has(
        path,
        &page(http, path),
        &["Không gửi được qua bưu điện.", "phải trực tiếp có mặt"],
    );
    for (code, words) in [
        ("1.004199", "href=\"/province/procedures/1.012783\""),
        ("9.999999", "dạng 1.004082"),
        ("x", "dạng 1.004082"),
    ] {
        let path = format!("/province/procedures/{code}");
        let answer = http.get(&path, &[]).expect(404);
        is_a_quiet_page(&path, &answer);
        has(&path, &answer.text(), &[words]);
    }
}

fn a_notice_stands_on_the_calendar_page_once_it_is_entered(backend: Backend) {
    let world = World::on_leash(backend);
    let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
    assert!(!page(&world.http, "/province/calendar").contains("7/TB-THU"));
    world.advance(60_000);
    let notice = json!({
        "number": "Thông báo 7/TB-THU", "published": "2026-11-23", "calendars": ["state"],
        "days_off": [{ "date": "2026-12-28", "why": "Nghỉ hoán đổi", "why_en": "Swapped day off" }],
        "days_worked": [{ "date": "2026-12-26", "why": "Làm bù ngày nghỉ 28/12", "why_en": "Worked to make up for 28 December" }]
    });
    supervisor.post("/api/v1/calendar/notices", &notice).expect(201);
    world.settle();
    let path = "/province/calendar";
    // What is kept in memory is looked at anew once it is seen that reference data changed.
    let text = e2e::eventually("the notice on the page", || {
        Some(page(&world.http, path)).filter(|text| text.contains("Thông báo 7/TB-THU"))
    });
    has(
        path,
        &text,
        &["thứ Hai 28/12/2026", "thứ Bảy 26/12/2026", "Cho cơ quan nhà nước"],
    );
}
