//! One signed custody event: is it what it says it is, and which items does it touch?

use super::{Cx, chain, item, link, money, settle, unfit};
use crate::StoreError;
use crate::inbox::Lane;
use crate::repo::device::Device;
use crate::table::{custody_event, event_evidence, inbox, quarantine};
use custody::envelope::{Envelope, VerifyError};
use custody::event::Event;
use custody::fold::ParkReason;
use custody::kind::Kind;
use custody::till::Settle;
use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;

/// The event may be folded.
pub(crate) const OK: &str = "ok";
/// Nobody has enrolled this key yet; judged again when somebody does.
pub(super) const UNKNOWN_DEVICE: &str = "unknown_device";
/// The signature is not the device's: its sequence number says nothing about the device.
pub(super) const BAD_SIGNATURE: &str = "bad_signature";
/// The header names another device than the event.
pub(super) const WRONG_KEY: &str = "wrong_key";

/// The device used a number twice, here or before.
pub(crate) const DEVICE_FORKED: &str = "device_forked";
/// The event, or one before it, names a predecessor that is not the device's.
pub(crate) const CHAIN_BROKEN: &str = "chain_broken";

/// Its device had been revoked when it came, and nothing proves yet that it was signed before.
pub(crate) const LATE_FROM_REVOKED: &str = "late_from_revoked";

/// Another signature under an event that has not come yet; looked at when it does.
const COPY_WITHOUT_EVENT: &str = "copy_without_event";
/// No device counts from 0 or that far: the number says nothing about the events between.
pub(super) const IMPOSSIBLE_SEQUENCE: &str = "impossible_sequence";

/// Verdicts under which an event says nothing about the chain of the device it names.
pub(crate) const NOT_GENUINE: [&str; 4] = [UNKNOWN_DEVICE, BAD_SIGNATURE, WRONG_KEY, IMPOSSIBLE_SEQUENCE];

/// Verdicts under which an event is certainly the device's own and has a place in its chain.
pub(super) fn is_genuine(verdict: &str) -> bool {
    !NOT_GENUINE.contains(&verdict)
}

/// The event's number as a column holds it, when there can be one after it.
fn sequence(event: &Event) -> Option<i64> {
    i64::try_from(event.seq).ok().filter(|seq| (1..i64::MAX).contains(seq))
}

/// Folds one row of the custody lane.
pub(super) async fn apply(cx: &mut Cx<'_>, row: &inbox::Model) -> Result<(), StoreError> {
    let Ok(envelope) = Envelope::parse(&row.raw) else {
        return unfit::quarantine(cx, &row.event_id, "not_an_envelope", &row.source).await;
    };
    let device = cx.device(envelope.kid()).await?;
    let verdict = verdict(cx, &envelope, device.as_ref()).await?;
    let event = envelope.event();
    let row_of_event = custody_event::ActiveModel {
        event_id: Set(row.event_id.clone()),
        log_index: Set(cx.log_index),
        kind: Set(i64::try_from(event.kind.code()).unwrap_or(i64::MAX)),
        device_id: Set(event.device.0.to_vec()),
        seq: Set(i64::try_from(event.seq).unwrap_or(i64::MAX)),
        prev: Set(event.prev.0.to_vec()),
        about: Set(event.about_event().map(|id| id.0.to_vec())),
        verdict: Set(verdict.to_owned()),
        time_is_ours: Set(cx.keys.believes(event)),
    };
    custody_event::Entity::insert(row_of_event)
        .exec_without_returning(cx.tx)
        .await?;
    if let Some(about) = event.about_event() {
        cx.is_followed(&about.0);
    }
    name_evidence(cx, row, event).await?;
    if verdict != OK {
        unfit::quarantine(cx, &row.event_id, verdict, &row.source).await?;
    }
    let mut touched = link::link(cx, &row.event_id, event, verdict == OK).await?;
    if verdict == OK {
        is_trusted(cx, &row.event_id, event, &touched).await?;
    }
    if let Some(device) = device.filter(|_| is_genuine(verdict)) {
        touched.extend(chain::extend(cx, &device, event, &row.event_id).await?);
    }
    refold(cx, touched).await
}

/// Writes down which bytes an event names, whatever is thought of the event: its photographs are asked for and kept all the same.
async fn name_evidence(cx: &Cx<'_>, row: &inbox::Model, event: &Event) -> Result<(), StoreError> {
    let hashes: BTreeSet<[u8; 32]> = event.evidence.iter().copied().collect();
    if hashes.is_empty() {
        return Ok(());
    }
    let rows = hashes.into_iter().map(|sha256| event_evidence::ActiveModel {
        event_id: Set(row.event_id.clone()),
        sha256: Set(sha256.to_vec()),
        device_id: Set(event.device.0.to_vec()),
        since: Set(row.received_at),
    });
    event_evidence::Entity::insert_many(rows)
        .exec_without_returning(cx.tx)
        .await?;
    Ok(())
}

/// Looks at another signature under a known event: when the first copy was forged and this one verifies, the event is
/// trusted after all. What the fold reads is what was signed, which is the same in both.
pub(super) async fn apply_copy(cx: &mut Cx<'_>, row: &inbox::Model) -> Result<(), StoreError> {
    let Ok(envelope) = Envelope::parse(&row.raw) else {
        return unfit::quarantine(cx, &row.event_id, "not_an_envelope", &row.source).await;
    };
    let id = envelope.id().0.to_vec();
    let Some(first) = custody_event::Entity::find_by_id(id.clone()).one(cx.tx).await? else {
        return unfit::quarantine(cx, &row.event_id, COPY_WITHOUT_EVENT, &row.source).await;
    };
    let device = cx.device(envelope.kid()).await?;
    let verdict = judge(&envelope, device.as_ref(), cx.log_index);
    let Some(device) = device.filter(|_| is_genuine(verdict)) else {
        return unfit::quarantine(cx, &row.event_id, verdict, &row.source).await;
    };
    if is_genuine(&first.verdict) {
        return Ok(());
    }
    set_verdict(cx, &id, verdict).await?;
    let mut touched = link::items_of(cx, &id).await?;
    if verdict == OK {
        is_trusted(cx, &id, envelope.event(), &touched).await?;
    }
    touched.extend(chain::extend(cx, &device, envelope.event(), &id).await?);
    refold(cx, touched).await
}

/// The verdict on an event by any signature we have under it: a forged copy may have come first, and the genuine one before
/// anybody could tell.
async fn verdict(cx: &Cx<'_>, first: &Envelope, device: Option<&Device>) -> Result<&'static str, StoreError> {
    let verdict = judge(first, device, cx.log_index);
    if verdict != BAD_SIGNATURE {
        return Ok(verdict);
    }
    let set_aside = Query::select()
        .column(quarantine::Column::EventId)
        .from(quarantine::Entity)
        .and_where(quarantine::Column::Reason.is_in([UNKNOWN_DEVICE, COPY_WITHOUT_EVENT]))
        .to_owned();
    let copies = inbox::Entity::find()
        .filter(inbox::Column::EventId.in_subquery(set_aside))
        .filter(inbox::Column::Lane.eq(Lane::Copy as i64))
        .order_by_asc(inbox::Column::LogIndex)
        .all(cx.tx)
        .await?;
    for copy in copies {
        let Some(other) = Envelope::parse(&copy.raw).ok().filter(|other| other.id() == first.id()) else {
            continue;
        };
        let other = judge(&other, device, cx.log_index);
        if other != BAD_SIGNATURE {
            unfit::release(cx, &copy.event_id).await?;
            return Ok(other);
        }
    }
    Ok(verdict)
}

/// What a trusted event does beside moving items.
async fn is_trusted(cx: &mut Cx<'_>, id: &[u8], event: &Event, items: &BTreeSet<Vec<u8>>) -> Result<(), StoreError> {
    wait_for_offer(cx, id, event, items).await?;
    settle::apply(cx, id, event).await
}

/// Shows a step of a hand-over whose offer has not come: only the offer says which items it is about, so no item shows it.
async fn wait_for_offer(
    cx: &mut Cx<'_>,
    id: &[u8],
    event: &Event,
    items: &BTreeSet<Vec<u8>>,
) -> Result<(), StoreError> {
    if items.is_empty() && matches!(event.kind, Kind::Accept | Kind::Release | Kind::RevokeOffer) {
        return unfit::park(cx, id, ParkReason::WaitingForOffer.as_str()).await;
    }
    Ok(())
}

/// Folds each touched item again.
async fn refold(cx: &mut Cx<'_>, items: BTreeSet<Vec<u8>>) -> Result<(), StoreError> {
    for item in items {
        item::refold(cx, &item).await?;
    }
    Ok(())
}

fn judge(envelope: &Envelope, device: Option<&Device>, log_index: i64) -> &'static str {
    let Some(device) = device else { return UNKNOWN_DEVICE };
    match envelope.verify(&device.key) {
        Ok(()) => {}
        Err(VerifyError::WrongKey) => return WRONG_KEY,
        Err(VerifyError::BadSignature) => return BAD_SIGNATURE,
    }
    let event = envelope.event();
    let Some(seq) = sequence(event) else {
        return IMPOSSIBLE_SEQUENCE;
    };
    if matches!(event.kind, Kind::Unknown(_)) {
        return "not_interpreted";
    }
    if !event.missing_keys().is_empty() {
        return "missing_keys";
    }
    if event.hat().and_then(|hat| device.holder(hat)).is_none() {
        return "hat_not_held";
    }
    if event.kind == Kind::Cash && money::cash_of(event).is_none() && Settle::of(event).is_none() {
        return "cash_without_sum";
    }
    if device.revoked_index.is_some_and(|index| index < log_index) {
        return LATE_FROM_REVOKED;
    }
    if device.fork_at.is_some_and(|at| at <= seq) {
        return DEVICE_FORKED;
    }
    if device.broken_at.is_some_and(|at| at <= seq) {
        return CHAIN_BROKEN;
    }
    OK
}

/// Judges again what a device sent before anybody had enrolled its key.
pub(super) async fn rejudge(cx: &mut Cx<'_>, device: &Device) -> Result<(), StoreError> {
    let waiting = custody_event::Entity::find()
        .filter(custody_event::Column::DeviceId.eq(device.id.0.to_vec()))
        .filter(custody_event::Column::Verdict.eq(UNKNOWN_DEVICE))
        .order_by_asc(custody_event::Column::LogIndex)
        .all(cx.tx)
        .await?;
    for row in waiting {
        let Some(raw) = raw(cx, &row.event_id).await? else {
            continue;
        };
        let Ok(envelope) = Envelope::parse(&raw) else { continue };
        // The chain may have been found broken by the event before this one.
        let Some(device) = cx.device(device.id).await? else {
            continue;
        };
        let verdict = verdict(cx, &envelope, Some(&device)).await?;
        set_verdict(cx, &row.event_id, verdict).await?;
        let mut touched = link::items_of(cx, &row.event_id).await?;
        if verdict == OK {
            is_trusted(cx, &row.event_id, envelope.event(), &touched).await?;
        }
        if is_genuine(verdict) {
            touched.extend(chain::extend(cx, &device, envelope.event(), &row.event_id).await?);
        }
        refold(cx, touched).await?;
    }
    Ok(())
}

/// Changes a verdict and the quarantine with it.
pub(super) async fn set_verdict(cx: &mut Cx<'_>, event: &[u8], verdict: &str) -> Result<(), StoreError> {
    custody_event::Entity::update_many()
        .col_expr(custody_event::Column::Verdict, sea_orm::sea_query::Expr::value(verdict))
        .filter(custody_event::Column::EventId.eq(event.to_vec()))
        .exec(cx.tx)
        .await?;
    cx.forget_stories();
    if verdict == OK {
        unfit::release(cx, event).await
    } else {
        unfit::unpark(cx, [event.to_vec()]).await?;
        money::distrust(cx, event).await?;
        unfit::quarantine(cx, event, verdict, "device").await
    }
}

/// Trusts an event because somebody ruled so. It stays listed in quarantine, beside the ruling.
pub(super) async fn trust(cx: &mut Cx<'_>, event: &[u8]) -> Result<bool, StoreError> {
    let Some(row) = custody_event::Entity::find_by_id(event.to_vec()).one(cx.tx).await? else {
        return Ok(false);
    };
    if row.verdict != OK {
        if ![LATE_FROM_REVOKED, DEVICE_FORKED, CHAIN_BROKEN].contains(&row.verdict.as_str()) {
            return Ok(false);
        }
        custody_event::Entity::update_many()
            .col_expr(custody_event::Column::Verdict, sea_orm::sea_query::Expr::value(OK))
            .filter(custody_event::Column::EventId.eq(event.to_vec()))
            .exec(cx.tx)
            .await?;
        cx.forget_stories();
    }
    let touched = link::items_of(cx, event).await?;
    if let Some(raw) = raw(cx, event).await?
        && let Ok(envelope) = Envelope::parse(&raw)
    {
        is_trusted(cx, event, envelope.event(), &touched).await?;
    }
    refold(cx, touched).await?;
    Ok(true)
}

/// Folds everything again that an event speaks of, since it moves nothing any more.
pub(super) async fn set_aside(cx: &mut Cx<'_>, event: &[u8]) -> Result<(), StoreError> {
    unfit::unpark(cx, [event.to_vec()]).await?;
    let touched = link::items_of(cx, event).await?;
    refold(cx, touched).await
}

/// The bytes of an event, as they came.
pub(super) async fn raw(cx: &Cx<'_>, event: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(inbox::Entity::find_by_id(event.to_vec())
        .select_only()
        .column(inbox::Column::Raw)
        .into_tuple()
        .one(cx.tx)
        .await?)
}
