//! The reports of `domain`, filled from this store.
//!
//! What is read is what was known at an hour: acts and signed events count from the hour they were received, an event of a
//! device from the hour of its enrolment, and an event that was distrusted later counts until then. Custody is folded again
//! from exactly those events, so a dispute that came up later changes no report of before. Every row is held against the
//! hour, so what is written while a report is read does not enter it, and no snapshot has to be kept open for it.
//!
//! Each table is read by one query, signed events a few hundred items at a time. Nothing personal is read.
//!
//! Not as known then but as known now: zones, rules, desks and the catalogue, which are files without hours; and which
//! dossiers an office sees, since [`Scope`] asks who holds them now.

mod dossiers;
mod ground;
pub(super) mod items;
mod matters;

use crate::store::Store;
use crate::table::inbox;
use crate::{Scope, StoreError, sequencer};
use domain::calendar::CalendarKind;
use domain::ids::DossierId;
use domain::report::kpi766::offers_of;
use domain::report::post::{ItemFact, PostRelation};
use domain::report::{Histories, Report};
use domain::wire::report::ReportQuery;
use ground::Ground;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::Date;

/// Makes a report of what these eyes see, as known at the hour asked for.
///
/// A report is of an hour up to which everything is folded, so that it comes out the same whenever it is asked for again.
/// Where a later hour is asked for, or none, it is of the latest such hour; the report says which.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn make(store: &Store, scope: &Scope, query: ReportQuery) -> Result<Report, StoreError> {
    let settled = settled_until(store.read(), store.now_ms()).await?;
    let as_of_ms = query.as_of_ms.map_or(settled, |asked| asked.min(settled));
    let histories = histories(&store.see(scope).await?, scope, as_of_ms).await?;
    // Counting a year of dossiers takes a good while: not for async threads.
    let made = tokio::task::spawn_blocking(move || histories.report(query.kind, &query.period, as_of_ms));
    let report = made.await.map_err(|_panicked| StoreError::Panicked)?;
    report.map_err(|error| StoreError::corrupt("dossier", "report", error))
}

/// The latest hour up to which everything received is folded: the present, or just before the first fact that waits.
async fn settled_until(db: &impl ConnectionTrait, now_ms: i64) -> Result<i64, StoreError> {
    let applied = sequencer::state(db).await?.applied_index;
    // A fact that is numbered between the two questions is found by the first, one numbered before them by the second.
    let mut first_ms = None;
    for waits in [inbox::Column::LogIndex.is_null(), inbox::Column::LogIndex.gt(applied)] {
        let received_ms: Option<i64> = inbox::Entity::find()
            .select_only()
            .column(inbox::Column::ReceivedAt)
            .filter(waits)
            .order_by_asc(inbox::Column::ReceivedAt)
            .limit(1)
            .into_tuple()
            .one(db)
            .await?;
        first_ms = first_ms.into_iter().chain(received_ms).min();
    }
    Ok(first_ms.map_or(now_ms, |first| now_ms.min(first - 1)))
}

/// The last day of the total time of a dossier's items, and whether one of them went between provinces, as known now.
pub(super) async fn total_time(store: &Store, id: DossierId) -> Result<(Option<Date>, bool), StoreError> {
    let scope = Scope::dossier(id);
    let known = histories(&store.see(&scope).await?, &scope, store.now_ms()).await?;
    let facts = known.items.iter().flat_map(|item| &item.facts);
    let accepted = facts.filter_map(|fact| match &fact.fact {
        ItemFact::Accepted {
            relation, promised_on, ..
        } => Some((*relation, *promised_on)),
        _ => None,
    });
    let (mut ends, mut is_far) = (None, false);
    for (relation, promised_on) in accepted {
        ends = ends.max(promised_on);
        is_far |= matches!(
            relation,
            PostRelation::BetweenMajorCities | PostRelation::BetweenProvinces
        );
    }
    Ok((ends, is_far))
}

/// Everything the reports are worked out from that these eyes see, as known at an hour (milliseconds UTC).
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn histories(db: &impl ConnectionTrait, scope: &Scope, as_of_ms: i64) -> Result<Histories, StoreError> {
    let ground = Ground::read(db).await?;
    let mut owners = dossiers::read(db, scope, as_of_ms).await?;
    let items = items::read(db, scope, as_of_ms, &ground, &mut owners).await?;
    let matters = matters::read(db, scope, as_of_ms, &mut owners).await?;
    let calendar = |kind| ground.book.calendar(kind, None, as_of_ms).into_owned();
    Ok(Histories {
        dossiers: owners.into_values().map(|owner| owner.history(&ground)).collect(),
        items,
        receipts: matters.receipts,
        complaints: matters.complaints,
        compensation: matters.compensation,
        feedback: matters.feedback,
        procedures: offers_of(&ground.catalogue),
        state: calendar(CalendarKind::State),
        post: calendar(CalendarKind::Post),
    })
}
