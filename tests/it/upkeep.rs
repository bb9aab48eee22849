//! Whoever keeps an installation asks the doctor and the measurements: settings, room, clocks, what waits, the last backup.

use e2e::{Backend, Site, both};
use serde_json::Value;

both!(the_doctor_and_the_measurements_say_how_an_installation_is);

fn doctor(site: &Site) -> Value {
    let output = site.ask("doctor", &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn warnings(told: &Value) -> String {
    told["warnings"].to_string()
}

/// The value of a measurement without labels.
fn measured(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.and_then(|value| value.parse().ok())
        .unwrap_or_else(|| panic!("{name} is not measured in {text}"))
}

fn the_doctor_and_the_measurements_say_how_an_installation_is(backend: Backend) {
    let site = Site::found(backend);
    let told = doctor(&site);
    assert!(warnings(&told).contains("no backup"), "{told}");
    assert!(told["disk"]["free"].as_u64().is_some_and(|free| free > 0));
    assert_eq!(told["clock"]["database_ms"].is_number(), backend == Backend::Postgres);
    let settings = told["settings"].as_array().expect("settings");
    assert!(
        settings
            .iter()
            .any(|one| one["key"] == "DATABASE_URL" && one["from"] == "argument")
    );

    let to = site.folder().join("b").to_string_lossy().into_owned();
    assert_eq!(site.ask("backup", &["--to", &to]).status.code(), Some(0));
    let told = doctor(&site);
    assert!(!warnings(&told).contains("backup"), "{told}");
    assert_eq!(told["last_backup"]["file"], to.as_str());

    let server = site.start();
    let text = site.http().get("/metrics", &[]).expect(200).text();
    for name in [
        "jobs_open",
        "jobs_dead",
        "jobs_due_seconds",
        "facts_waiting",
        "facts_unfolded",
        "facts_quarantined",
    ] {
        assert!(measured(&text, name) >= 0.0);
    }
    assert!(measured(&text, "disk_total_bytes") > measured(&text, "disk_free_bytes"));
    let backup_ms = told["last_backup"]["made_at_ms"].as_f64().expect("a time");
    assert!((measured(&text, "last_backup_timestamp_seconds") - backup_ms / 1000.0).abs() < 1.0);
    server.kill();
}
