//! When a dossier is due, and which days were skipped on the way.

use crate::App;
use crate::problem::Problem;
use domain::calendar::{CalendarKind, Due, write_date};
use domain::dossier::words::Language;
use entity::repo::dossier::Standing;
use entity::repo::due;
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
            counted: step.counted(),
            why: step.why.text(Language::Vietnamese),
        });
        Self {
            due_on: write_date(due.date),
            provisional: due.provisional,
            steps: steps.collect(),
        }
    }
}

/// When a dossier is due: its procedure's limit after its clock started, by the calendar as known now. None when the procedure
/// is not known.
pub(in crate::routes) async fn of(app: &App, standing: &Standing) -> Result<Option<DueView>, Problem> {
    let (code, state) = (standing.dossier.procedure_code.as_deref(), standing.state.as_ref());
    let now = app.store.now_ms();
    let Some(open) = due::of(app.store.read(), code, state, now).await? else {
        return Ok(None);
    };
    let book = app.calendars.book(&app.store).await?;
    Ok(Some(open.by(&book.calendar(CalendarKind::State, None, now)).into()))
}
