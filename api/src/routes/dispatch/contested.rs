//! `GET /api/v1/dispatch/contested` and one case of it: what waits for a person, with every side of the story.

use crate::App;
use crate::auth::StaffRight;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use crate::routes::papers::{Names, TimeView};
use axum::extract::State;
use domain::calendar::{Calendar, CalendarBook, CalendarKind, ClockStart, due, due_in_working_time, local, local_ms};
use domain::holder::Holder;
use domain::ids::DossierId;
use entity::repo::contested::{self, Contested, Lane, Told};
use entity::repo::ruling;
use entity::repo::staff::Role;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// Working minutes in which a dispute is looked at (trust §3.6).
const DISPUTE_MINUTES: u32 = 4 * 60;
/// Working days in which an event in quarantine is ruled on.
const QUARANTINE_DAYS: u16 = 2;
/// How long an event may wait for another one, milliseconds.
const PARKED_MS: i64 = 24 * 3_600_000;

/// A hash that an event names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NamedView {
    /// SHA-256 of the bytes, in hex.
    sha256: String,
    /// Whether the bytes have come.
    here: bool,
}

/// One event: who signed it, when, about what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoryView {
    /// The event, in hex.
    pub(crate) event_id: String,
    /// What kind of event, for example `accept`; absent where the bytes are no event.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    /// The device it names, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<String>,
    /// For whom the device signs. Absent where it is not certain that it signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// The same by name.
    party_name: String,
    /// Whose device it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    staff_id: Option<Uuid>,
    /// Their name.
    staff_name: String,
    /// When it was signed. Absent where it is not certain who signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<TimeView>,
    /// When the server had it, milliseconds UTC.
    received_ms: i64,
    /// Labels of the items it names, as far as the caller sees them.
    items: Vec<String>,
    /// How many more it names.
    others: usize,
    /// What it names as evidence.
    evidence: Vec<NamedView>,
    /// The bytes as they came, in hex; only where one case is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
}

impl StoryView {
    pub(crate) fn new(told: &Told, names: &Names, with_raw: bool) -> Self {
        Self {
            event_id: hex::encode(&told.event),
            event: told.kind.map(|kind| kind.name().into_owned()),
            device_id: told.device.map(|device| device.to_string()),
            party: told.party.as_ref().map(Holder::to_string),
            party_name: told
                .party
                .as_ref()
                .map_or_else(String::new, |party| names.party(Some(party))),
            staff_id: told.staff.map(|staff| staff.0),
            staff_name: told
                .staff
                .map_or_else(String::new, |staff| names.person(staff.0).to_owned()),
            time: told.bracket.map(TimeView::from),
            received_ms: told.received_ms,
            items: told.items.clone(),
            others: told.others,
            evidence: told
                .evidence
                .iter()
                .map(|(sha256, here)| NamedView {
                    sha256: hex::encode(sha256),
                    here: *here,
                })
                .collect(),
            raw: with_raw.then(|| hex::encode(&told.raw)),
        }
    }
}

/// An item a case is about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContestedItemView {
    /// The number on the label.
    item_code: String,
    /// Whose it is.
    dossier_id: Uuid,
}

/// Something that waits for a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContestedView {
    /// Its id: of the item in dispute (32 hex digits) or of the event (64).
    id: String,
    /// `dispute`, `quarantine` or `parked`.
    lane: &'static str,
    /// Why, as a word: for example `fork`, `late_from_revoked`, `waiting_for_offer`.
    reason: String,
    /// Since when the server knows, milliseconds UTC.
    since_ms: i64,
    /// By when somebody should have ruled, milliseconds UTC: four working hours for a dispute, two working days for what is in
    /// quarantine, a day for what waits.
    due_ms: i64,
    /// Whether that is over.
    overdue: bool,
    /// The items it touches, as far as the caller sees them.
    items: Vec<ContestedItemView>,
    /// Who holds the item meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    /// The events that contradict each other, or the one that is not applied.
    branches: Vec<StoryView>,
    /// The ruling that somebody proposed and that waits for a second person.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<Uuid>,
}

/// What waits for a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContestedListView {
    /// Each case, the longest waiting first.
    cases: Vec<ContestedView>,
}

/// The calendar a task of the caller's runs by: their own side's.
fn calendar<'a>(book: &'a CalendarBook, right: &StaffRight, at_ms: i64) -> Cow<'a, Calendar> {
    let kind = match right.role {
        Role::AgencyManager => CalendarKind::State,
        _ => CalendarKind::Post,
    };
    book.calendar(kind, None, at_ms)
}

/// By when a case of this lane is due.
fn due_ms(lane: Lane, since_ms: i64, calendar: &Calendar) -> i64 {
    match lane {
        Lane::Dispute => {
            let due = due_in_working_time(ClockStart::at_ms(since_ms), DISPUTE_MINUTES, calendar);
            local_ms(due.date, due.minute.unwrap_or(0))
        }
        Lane::Quarantine => {
            let last = due(local(since_ms).0, QUARANTINE_DAYS, calendar).date;
            // The last day runs to midnight.
            local_ms(last.next_day().unwrap_or(last), 0)
        }
        Lane::Parked => since_ms.saturating_add(PARKED_MS),
    }
}

/// Cases as the caller reads them.
pub(crate) async fn views(
    app: &App,
    right: &StaffRight,
    found: Vec<Contested>,
    with_raw: bool,
) -> Result<Vec<ContestedView>, Problem> {
    let people: BTreeSet<Uuid> = found
        .iter()
        .flat_map(|one| &one.branches)
        .filter_map(|told| Some(told.staff?.0))
        .collect();
    let names = Names::of(app, people).await?;
    let book = app.calendars.book(&app.store).await?;
    let now = app.store.now_ms();
    let cases = found.iter().map(|one| one.case.to_bytes()).collect();
    let proposals: HashMap<Vec<u8>, Uuid> = ruling::proposed(app.store.open(), cases, now).await?;
    let views = found.into_iter().map(|one| {
        let due_ms = due_ms(one.lane, one.since_ms, &calendar(&book, right, one.since_ms));
        ContestedView {
            id: one.case.to_string(),
            lane: one.lane.as_str(),
            reason: one.reason,
            since_ms: one.since_ms,
            due_ms,
            overdue: due_ms <= now,
            items: one
                .items
                .into_iter()
                .map(|(item_code, dossier_id)| ContestedItemView { item_code, dossier_id })
                .collect(),
            holder: one.holder.as_ref().map(Holder::to_string),
            branches: one
                .branches
                .iter()
                .map(|told| StoryView::new(told, &names, with_raw))
                .collect(),
            proposal: proposals.get(&one.case.to_bytes()).copied(),
        }
    });
    Ok(views.collect())
}

/// Disputes, events that are kept and not applied, and events that wait for another one too long, as far as they touch items of the
/// caller's office or agency or were signed or brought by its people: each with both sides of the story and the hour by which somebody
/// should have ruled.
#[utoipa::path(get, path = "/api/v1/dispatch/contested", tag = "dispatch", security(("staff" = [])),
    responses((status = 200, body = ContestedListView), StaffRead))]
pub(crate) async fn list(State(app): State<App>, right: StaffRight) -> Result<Json<ContestedListView>, Problem> {
    let db = &app.store.see(&right.scope).await?;
    let found = contested::list(db, &app.keys, &right.scope, app.store.now_ms(), app.config.list_page).await?;
    let cases = views(&app, &right, found, false).await?;
    Ok(Json(ContestedListView { cases }))
}

/// One case with the bytes of each event as they came.
#[utoipa::path(get, path = "/api/v1/dispatch/contested/{id}", tag = "dispatch", security(("staff" = [])),
    params(("id" = String, Path, description = "The item in dispute or the event, in hex")),
    responses((status = 200, body = ContestedView), StaffRead))]
pub(crate) async fn show(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<String>,
) -> Result<Json<ContestedView>, Problem> {
    let case = id.parse().map_err(|_| Kind::NotFound)?;
    let db = &app.store.see(&right.scope).await?;
    let found = contested::find(db, &app.keys, &right.scope, case, app.store.now_ms()).await?;
    let found = found.ok_or(Kind::NotFound)?;
    let dossier = found.items.first().map(|(_, dossier)| DossierId(*dossier));
    right.looked(&app, "contested", dossier, found.items.len()).await?;
    let mut shown = views(&app, &right, vec![found], true).await?;
    shown.pop().map(Json).ok_or_else(|| Kind::NotFound.into())
}
