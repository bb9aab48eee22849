//! When a dossier is due, and which days were skipped on the way.

use crate::App;
use crate::problem::{Kind, Problem};
use crate::words::local_date;
use domain::calendar::{Calendar, Due, due, read_date, write_date};
use entity::repo::dossier::Standing;
use entity::repo::reference;
use serde::Serialize;
use utoipa::ToSchema;

/// A due date and the way to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DueView {
    /// The last day, `2026-05-04`.
    due_on: String,
    /// A day on the way lies in a year whose days off are not known yet.
    provisional: bool,
    /// Every day after the first.
    steps: Vec<DueStepView>,
}

/// One day on the way to a due date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DueStepView {
    /// The day.
    date: String,
    /// Whether it counts.
    counted: bool,
    /// Why, in Vietnamese.
    why: String,
}

impl DueView {
    /// The last day.
    pub(in crate::routes) fn due_on(&self) -> &str {
        &self.due_on
    }

    /// Whether a day on the way lies in a year whose days off are not known yet.
    pub(in crate::routes) fn is_provisional(&self) -> bool {
        self.provisional
    }

    /// The days that do not count, and why.
    pub(in crate::routes) fn skipped(self) -> Vec<(String, String)> {
        self.steps
            .into_iter()
            .filter(|step| !step.counted)
            .map(|step| (step.date, step.why))
            .collect()
    }
}

impl From<Due> for DueView {
    fn from(due: Due) -> Self {
        let steps = due.steps.into_iter().map(|step| DueStepView {
            date: write_date(step.date),
            counted: step.counted,
            why: step.why,
        });
        Self {
            due_on: write_date(due.date),
            provisional: due.provisional,
            steps: steps.collect(),
        }
    }
}

/// When a dossier received now is due: its procedure's working days after the legal lodging. None when the procedure is
/// not known.
pub(in crate::routes) async fn of(app: &App, standing: &Standing) -> Result<Option<DueView>, Problem> {
    let db = app.store.read();
    let Some(code) = &standing.dossier.procedure_code else {
        return Ok(None);
    };
    let Some(procedure) = reference::procedure(db, code).await? else {
        return Ok(None);
    };
    let Ok(days) = u16::try_from(procedure.limit_days) else {
        return Ok(None);
    };
    let from = local_date(lodged_at_ms(standing).unwrap_or_else(|| app.store.now_ms()));
    Ok(Some(due(from, days, &calendar(app).await?).into()))
}

/// The clock started when both signed the minutes, not when the desk came round to it; for a dossier that was incomplete
/// then, when it was complete.
fn lodged_at_ms(standing: &Standing) -> Option<i64> {
    let body: serde_json::Value = serde_json::from_str(&standing.state.as_ref()?.body).ok()?;
    body["clock_started_at_ms"].as_i64().or(body["lodged_at_ms"].as_i64())
}

async fn calendar(app: &App) -> Result<Calendar, Problem> {
    let mut calendar = Calendar::default();
    for row in reference::calendar(app.store.read()).await? {
        let date = read_date(&row.date)
            .ok_or_else(|| Problem::caused(Kind::Internal, format!("calendar_day {} is no date", row.date)))?;
        let year = date.year();
        calendar.years = Some(
            calendar
                .years
                .map_or((year, year), |(first, last)| (first.min(year), last.max(year))),
        );
        let days = if row.kind == "off" {
            &mut calendar.days_off
        } else {
            &mut calendar.days_worked
        };
        days.insert(date, row.why);
    }
    Ok(calendar)
}
