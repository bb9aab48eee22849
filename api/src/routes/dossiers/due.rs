//! When a dossier is due, and which days were skipped on the way.

use crate::App;
use crate::problem::Problem;
use domain::calendar::{CalendarKind, Due, write_date};
use domain::dossier::words::Language;
use domain::ids::DossierId;
use domain::wire::limit::LimitRecord;
use entity::Scope;
use entity::repo::dossier::Standing;
use entity::repo::due::{self, Owed};
use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

/// A due date and the way to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DueView {
    /// The last day, `2026-05-04`.
    due_on: String,
    /// A day on the way lies in a year whose days off are not known yet.
    provisional: bool,
    /// The limit it was computed with.
    limit: LimitView,
    /// Every day after the first.
    steps: Vec<DueStepView>,
}

/// A time limit and where it is from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitView {
    /// How many.
    amount: u16,
    /// `working`, `calendar` or `hours`.
    unit: String,
    /// The case of the procedure, by its code; absent when the limit is the procedure's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
    /// When it is that case, in Vietnamese.
    #[serde(skip_serializing_if = "Option::is_none")]
    case_name: Option<String>,
    /// `in_person`, `online` or `post`: whose terms these are; absent when the limit is the procedure's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// Where the limit is from, and what is unsure, in Vietnamese.
    source: String,
}

impl From<LimitRecord> for LimitView {
    fn from(record: LimitRecord) -> Self {
        let LimitRecord {
            amount,
            unit,
            case,
            case_name,
            channel,
            source,
        } = record;
        Self {
            amount,
            unit,
            case,
            case_name,
            channel,
            source,
        }
    }
}

/// A due date with the limit it follows from.
#[derive(Debug)]
pub(in crate::routes) struct Explained {
    due: Due,
    /// The limit.
    pub(in crate::routes) limit: LimitRecord,
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

impl Explained {
    /// The last day.
    pub(in crate::routes) fn due_on(&self) -> String {
        write_date(self.due.date)
    }

    /// Whether a day on the way lies in a year whose days off are not known yet.
    pub(in crate::routes) fn is_provisional(&self) -> bool {
        self.due.provisional
    }

    /// The days that do not count, and why.
    pub(in crate::routes) fn skipped(&self) -> impl Iterator<Item = (Date, String)> {
        let skipped = self.due.steps.iter().filter(|step| !step.counted());
        skipped.map(|step| (step.date, step.why.text(Language::Vietnamese)))
    }
}

impl From<Explained> for DueView {
    fn from(Explained { due, limit }: Explained) -> Self {
        let steps = due.steps.into_iter().map(|step| DueStepView {
            date: write_date(step.date),
            counted: step.counted(),
            why: step.why.text(Language::Vietnamese),
        });
        Self {
            due_on: write_date(due.date),
            provisional: due.provisional,
            limit: limit.into(),
            steps: steps.collect(),
        }
    }
}

/// When a dossier is due: the limit of its case and channel after its clock started, by the calendar as known now. None when
/// the procedure is not known.
pub(in crate::routes) async fn of(app: &App, standing: &Standing) -> Result<Option<Explained>, Problem> {
    let now = app.store.now_ms();
    let look = app.store.see(&Scope::dossier(DossierId(standing.dossier.id))).await?;
    let owed = due::of(&look, &standing.dossier, standing.state.as_ref(), now).await?;
    let Some(Owed { open, limit }) = owed else {
        return Ok(None);
    };
    let book = app.calendars.book(&app.store).await?;
    let due = open.by(&book.calendar(CalendarKind::State, None, now));
    Ok(Some(Explained { due, limit }))
}
