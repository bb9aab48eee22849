//! `GET /api/v1/items/{item_code}/custody`

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Path};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use crate::routes::dispatch::contested::StoryView;
use crate::routes::papers::Names;
use axum::extract::State;
use domain::holder::Holder;
use domain::ids::DossierId;
use domain::item_code::ItemCode;
use entity::repo::item;
use entity::repo::timeline::{self, Ruled, Standing};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// One event about an item, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepView {
    /// `applied` (it moved the item), `told` (it moves nothing by its nature), `disputed` (a branch of the open dispute), `set_aside`
    /// (by a ruling or its author's correction), `waiting` (for another event) or `quarantined`.
    standing: &'static str,
    /// Why it waits or is in quarantine, as a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// What it was set aside by: the ruling or the correction, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// Who had the item afterwards; only where it moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    /// Its state afterwards; only where it moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// The event.
    story: StoryView,
}

/// What people ruled about an item, or what followed from what was proved.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuledView {
    /// The ruling in the log, in hex.
    event_id: String,
    /// `stands`, `found`, `apply`, `attach`, `reject`, or `bracketed`: an event of a revoked device was proved to be from before.
    outcome: String,
    /// When, milliseconds UTC.
    at_ms: i64,
    /// The event it is about, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    /// The branch that stands, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    /// With whom the item was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
    /// Who proposed it, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed_by: Option<String>,
    /// Who approved it, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_by: Option<String>,
}

/// The whole story of one item: every event that speaks of it, also those that contradict each other.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TimelineView {
    /// The number on the label.
    item_code: String,
    /// Its state, `C0` to `C13`.
    state: String,
    /// Who has it, for example `staff:<uuid>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    /// The same by name.
    holder_name: String,
    /// The giver's confirmation is missing, and the acceptance came less than a day ago.
    provisional: bool,
    /// Why two stories contradict each other, as a word; absent where they do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    disputed: Option<&'static str>,
    /// The events: those that moved it in their order, then the others in the order of the log.
    events: Vec<StepView>,
    /// What was ruled, oldest first.
    rulings: Vec<RuledView>,
}

/// Who had an item when, as it was signed: each event with the interval in which it was signed for certain, and both stories where two
/// contradict each other. Nothing is left out because it was ruled on.
#[utoipa::path(get, path = "/api/v1/items/{item_code}/custody", tag = "item", security(("staff" = [])),
    params(("item_code" = String, Path, description = "The number on the label, with or without spaces"), AccessPurpose),
    responses((status = 200, body = TimelineView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(item_code): Path<String>,
) -> Result<Json<TimelineView>, Problem> {
    let code = ItemCode::parse(&item_code).map_err(|_| Kind::NotFound)?;
    let db = &app.store.see(&right.scope).await?;
    let row = item::by_code(db, &right.scope, &code).await?.ok_or(Kind::NotFound)?;
    let now = app.store.now_ms();
    let told = timeline::of(db, &app.keys, &right.scope, &row, now).await?;
    right
        .looked(&app, "custody", Some(DossierId(row.dossier_id)), 1)
        .await?;
    let mut people: BTreeSet<Uuid> = told.steps.iter().filter_map(|step| Some(step.told.staff?.0)).collect();
    people.extend(
        told.rulings
            .iter()
            .flat_map(|one| [one.proposed_by, one.approved_by])
            .flatten(),
    );
    let names = Names::of(&app, people).await?;
    let holder = told.custody.holder;
    let provisional = item::is_provisional(db, &row, now).await?;
    let events = told.steps.iter().map(|step| StepView {
        standing: step.standing.as_str(),
        why: match &step.standing {
            Standing::Waiting(why) | Standing::Quarantined(why) => Some(why.clone()),
            _ => None,
        },
        by: match &step.standing {
            Standing::SetAside(by) => Some(by.to_string()),
            _ => None,
        },
        holder: step
            .moved
            .and_then(|(holder, _)| holder)
            .as_ref()
            .map(Holder::to_string),
        state: step.moved.map(|(_, state)| state.code().to_owned()),
        story: StoryView::new(&step.told, &names, false),
    });
    Ok(Json(TimelineView {
        state: row.state.clone(),
        holder: holder.as_ref().map(Holder::to_string),
        holder_name: holder
            .as_ref()
            .map_or_else(String::new, |holder| names.party(Some(holder))),
        provisional,
        disputed: told.custody.disputed.as_ref().map(|dispute| dispute.reason.as_str()),
        events: events.collect(),
        rulings: told.rulings.iter().map(|one| ruled(one, &names)).collect(),
        item_code: row.item_code,
    }))
}

fn ruled(one: &Ruled, names: &Names) -> RuledView {
    RuledView {
        event_id: hex::encode(&one.event),
        outcome: one.outcome.clone(),
        at_ms: one.at_ms,
        about: one.about.as_ref().map(hex::encode),
        branch: one.branch.clone(),
        found: one.found.clone(),
        proposed_by: one.proposed_by.map(|id| names.person(id).to_owned()),
        approved_by: one.approved_by.map(|id| names.person(id).to_owned()),
    }
}
