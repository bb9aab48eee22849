//! `traotay due`: when is it due, and why then? Needs no installation: the official calendar is in the program.

use crate::cli::{Failure, Verdict, print};
use clap::Args;
use domain::calendar::{CalendarBook, read_date, show_date};
use domain::wire::calendar::CalendarsRecord;
use domain::wire::due::{DueQuery, DueQueryRecord, DueRecord};
use entity::clock::{Clock, SystemClock};
use std::fmt::Write;
use std::path::PathBuf;

/// The official calendar this program was built with; a province's own may know more.
const OFFICIAL: &str = include_str!("../data/an-giang/calendar.json");

/// The question.
#[derive(Debug, Clone, Args)]
pub struct DueArgs {
    /// The day the clock starts, which is not counted: 2026-04-24
    #[arg(long)]
    from: String,
    /// The limit in days, 0 to 3650
    #[arg(long)]
    days: String,
    /// working (ngày làm việc) or calendar (ngày)
    #[arg(long, default_value = "working")]
    unit: String,
    /// Whose days off: state or post
    #[arg(long, default_value = "state")]
    calendar: String,
    /// day (by days) or hour8 (by working hours, needs --received-at)
    #[arg(long, default_value = "day")]
    mode: String,
    /// The local time of reception: 09:10
    #[arg(long)]
    received_at: Option<String>,
    /// What arrives after this local time counts as taken on the next working day: 15:00
    #[arg(long)]
    late_after: Option<String>,
    /// The office whose own hours and Saturdays apply, by its code in calendar.json
    #[arg(long)]
    office: Option<String>,
    /// The folder of a province whose calendar.json is to be used
    #[arg(long)]
    province: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Answers on standard output.
///
/// # Errors
/// [`Failure::Refused`] when the question cannot be read, or what the calendar's file says.
pub fn run(args: DueArgs) -> Result<Verdict, Failure> {
    let record = DueQueryRecord {
        from: args.from,
        days: args.days,
        unit: Some(args.unit),
        calendar: Some(args.calendar),
        mode: Some(args.mode),
        received_at: args.received_at,
        late_after: args.late_after,
    };
    let query = DueQuery::try_from(&record)
        .map_err(|error| Failure::Refused(format!("--{}: {error}", error.field().replace('_', "-"))))?;
    let text = match &args.province {
        None => OFFICIAL.to_owned(),
        Some(folder) => {
            let path = folder.join("calendar.json");
            std::fs::read_to_string(&path).map_err(Failure::io(path.display().to_string()))?
        }
    };
    let calendars: CalendarsRecord =
        serde_json::from_str(&text).map_err(|error| Failure::Refused(format!("calendar.json: {error}")))?;
    let book =
        CalendarBook::try_from(calendars).map_err(|error| Failure::Refused(format!("calendar.json: {error}")))?;
    let calendar = book.calendar(query.calendar, args.office.as_deref(), SystemClock.now_ms());
    let answer = query.answer(&calendar);
    if args.json {
        print(&serde_json::to_string_pretty(&answer).unwrap_or_default());
    } else {
        print(&as_text(&answer));
    }
    Ok(Verdict::Yes)
}

fn as_text(answer: &DueRecord) -> String {
    let shown = |date: &str| read_date(date).map_or_else(|| date.to_owned(), show_date);
    let time = answer
        .due_time
        .as_deref()
        .map(|time| format!("{time}, "))
        .unwrap_or_default();
    let unsure = if answer.provisional { " (tạm tính)" } else { "" };
    let mut lines = format!("Hẹn trả: {time}{}{unsure}\n", shown(&answer.due));
    for step in &answer.steps {
        let mark = if step.counted { '+' } else { '-' };
        let _ = writeln!(lines, "  {mark} {}  {}", shown(&step.date), step.why);
    }
    lines
}
