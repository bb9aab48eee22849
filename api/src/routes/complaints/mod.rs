//! Complaints about the post, as staff handle them.

pub(super) mod file;
pub(super) mod list;
pub(super) mod steps;

use crate::App;
use crate::problem::{Kind, Problem};
use domain::calendar::{CalendarKind, due, local};
use domain::complaint::{ComplaintPolicy, Reach, answer_by};
use domain::ids::DossierId;
use entity::repo::complaint;
use time::Date;

/// Longest text.
pub(super) const LONGEST: usize = 4000;

/// A text within its limit, trimmed.
pub(super) fn text(name: &str, text: Option<&str>) -> Result<String, Problem> {
    let text = text.unwrap_or_default().trim();
    if text.chars().count() > LONGEST {
        let why = format!("{name} has at most {LONGEST} characters");
        return Err(Problem::with(Kind::InvalidRequest, why));
    }
    Ok(text.to_owned())
}

/// The last day for the answer to a complaint of today, and whether the item goes between provinces. The window for complaints
/// runs from the end of the total time; where that is not known, nothing speaks against it.
pub(super) async fn term(app: &App, id: DossierId) -> Result<(Date, bool), Problem> {
    let now = app.store.now_ms();
    let (ends, is_far) = complaint::total_time(&app.store, id).await?;
    let today = local(now).0;
    let reach = if is_far {
        Reach::InterProvince
    } else {
        Reach::IntraProvince
    };
    let book = app.calendars.book(&app.store).await?;
    let calendar = book.calendar(CalendarKind::Post, None, now);
    let after = |day, days| due(day, days, &calendar).date;
    let ends = ends.unwrap_or(today);
    match answer_by(today, ends, reach, &ComplaintPolicy::default(), &after) {
        Ok(by) => Ok((by, is_far)),
        Err(too_late) => Err(Problem::with(Kind::NotNow, too_late.to_string())),
    }
}
