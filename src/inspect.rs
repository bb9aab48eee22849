//! `traotay inspect`: what is this string?

use crate::cli::{Failure, Verdict, print};
use crate::import;
use domain::calendar::local;
use domain::wire::inspect::InspectionRecord;
use domain::{InspectContext, inspect};
use entity::clock::{Clock, SystemClock};
use std::fmt::Write;
use std::path::Path;

/// Says what a scanned or typed string is, by the list of agencies of a province's folder where one is given; the verdict is
/// negative when it is not valid.
///
/// # Errors
/// When the folder's list cannot be read.
pub fn run(code: &str, province: Option<&Path>, json: bool) -> Result<Verdict, Failure> {
    let (today, _) = local(SystemClock.now_ms());
    let mut context = InspectContext::new(today);
    if let Some(folder) = province {
        context.agencies = context.agencies.with(&import::agency_codes(folder)?);
    }
    let found = inspect(code, &context);
    let valid = found.valid;
    let record = InspectionRecord::from(found);
    if json {
        print(&serde_json::to_string_pretty(&record).unwrap_or_default());
    } else {
        print(&as_text(&record));
    }
    Ok(if valid { Verdict::Yes } else { Verdict::No })
}

fn as_text(record: &InspectionRecord) -> String {
    let value = serde_json::to_value(record).unwrap_or_default();
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let verdict = if record.valid {
        "hợp lệ / valid"
    } else {
        "không hợp lệ / not valid"
    };
    let mut lines = format!("{}: {verdict}\n", text("kind"));
    if !text("reason").is_empty() {
        let _ = writeln!(lines, "  {} / {}", text("reason"), text("reason_en"));
    }
    for (name, part) in value["parts"].as_object().into_iter().flatten() {
        let shown = part.as_str().map_or_else(|| part.to_string(), str::to_owned);
        let _ = writeln!(lines, "  {name:<20} {shown}");
    }
    for warning in value["warnings"].as_array().into_iter().flatten() {
        let _ = writeln!(lines, "  ! {}", warning.as_str().unwrap_or_default());
    }
    lines
}
