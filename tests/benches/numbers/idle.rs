//! The program with nothing to do: how soon it answers, and how much memory it keeps.

use crate::name;
use crate::phone::milliseconds;
use crate::table::{Goal, Table};
use e2e::Site;
use entity::testing::Backend;

/// Measures.
pub(crate) fn measure(table: &mut Table, backend: Backend) {
    let site = Site::found(backend);
    // The first start makes keys and migrates; the ones after it are what an operator waits for.
    site.start().kill();
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let server = site.start();
            let ready = milliseconds(server.ready_after);
            server.kill();
            ready
        })
        .collect();
    times.sort_by(f64::total_cmp);
    table.goal(
        format!("{}: start to ready", name(backend)),
        times[2],
        "ms",
        Goal::AtMost(1_000.0),
    );
    let server = site.start();
    for _ in 0..200 {
        site.http().get("/readyz", &[]).expect(200);
    }
    table.goal(
        format!("{}: idle resident memory", name(backend)),
        resident_mb(server.pid()),
        "MB",
        Goal::AtMost(128.0),
    );
    server.kill();
}

fn resident_mb(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or_default();
    let kb: f64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(f64::NAN);
    kb / 1024.0
}
