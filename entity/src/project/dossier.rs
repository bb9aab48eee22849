//! One dossier: the fold of the desk's acts and of what custody says about its items.

use super::{Cx, item};
use crate::StoreError;
use crate::outbox::NewJob;
use crate::table::dossier_state;
use custody::fold::{Applied, ItemCustody};
use custody::ids::EventId;
use domain::dossier::words::Language;
use domain::dossier::{
    Dossier, DossierFact, ItemMoved, Policy, Promise, ReturnProof, Times, facts_of_step, with_acceptance,
};
use domain::ids::DossierId;
use domain::item::ItemState;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

/// Folds a dossier again and writes what changed; a new stage is told to the citizen by a job. `known` is an item of it, by
/// its id, that was folded just now.
pub(super) async fn refold(
    cx: &mut Cx<'_>,
    id: DossierId,
    known: Option<(&[u8], &ItemCustody)>,
) -> Result<(), StoreError> {
    let Some(owner) = cx.owner(id).await? else {
        return Ok(());
    };
    let mode = owner
        .mode
        .parse()
        .map_err(|error| StoreError::corrupt("dossier", id, error))?;
    let mut facts = Vec::new();
    for act in cx.acts(id).await? {
        facts.extend(fact_of(&act.kind, act.at_ms, &act.data));
    }
    for row in cx.items_of(id).await? {
        if let Some((_, custody)) = known.filter(|(item, _)| *item == row.item_id) {
            facts.extend(told_by(custody).map(|told| told.fact));
        } else {
            let folded = item::fold(cx, &row).await?;
            facts.extend(told_by(&folded.custody).map(|told| told.fact));
        }
    }
    let folded = Dossier::fold(id, mode, facts);
    let before = cx.state(id).await?;
    let row = dossier_state::Model {
        dossier_id: id.0,
        state: folded.state.code().to_owned(),
        mode: folded.mode.as_str().to_owned(),
        code: folded.code.clone(),
        due_on: folded.times.due_current.map(domain::calendar::write_date),
        waiting: i64::try_from(folded.waiting.len()).unwrap_or(i64::MAX),
        body: body(&folded).to_string(),
        log_index: cx.log_index,
    };
    if before.as_ref().is_some_and(|before| {
        dossier_state::Model {
            log_index: row.log_index,
            ..before.clone()
        } == row
    }) {
        return Ok(());
    }
    let moved = before.is_none_or(|before| before.state != row.state);
    let stage = row.state.clone();
    cx.set_state(row.clone());
    dossier_state::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(dossier_state::Column::DossierId)
                .update_columns([
                    dossier_state::Column::State,
                    dossier_state::Column::Code,
                    dossier_state::Column::DueOn,
                    dossier_state::Column::Waiting,
                    dossier_state::Column::Body,
                    dossier_state::Column::LogIndex,
                ])
                .to_owned(),
        )
        .exec_without_returning(cx.tx)
        .await?;
    if moved && cx.effects {
        let job = NewJob {
            kind: "notify",
            payload: json!({ "dossier": id.to_string(), "stage": stage }),
            dedup_key: format!("notify:{id}:{stage}:{}", cx.log_index),
        };
        cx.push_job(job);
    }
    Ok(())
}

/// One step of an item's custody as the dossier's rules see it.
pub(crate) struct Moved<'a> {
    /// The step in full.
    pub(crate) step: &'a Applied,
    /// The same without names.
    pub(crate) moved: ItemMoved,
    /// Whether the post had taken the item from its sender in an earlier step.
    pub(crate) was_accepted: bool,
}

/// The steps of an item's custody, oldest first. That it went into a bag or came out of one is none to a dossier.
pub(crate) fn moves_of(custody: &ItemCustody) -> impl Iterator<Item = Moved<'_>> {
    let steps = || custody.applied.iter().filter(|step| !step.is_packing());
    let before = std::iter::once(ItemState::Created).chain(steps().map(|step| step.state));
    let moves = before.zip(steps()).map(|(before, step)| ItemMoved {
        at_ms: step.at_ms,
        before,
        after: step.state,
        from: step.from.map(|holder| holder.class()),
        to: step.to.map(|holder| holder.class()),
    });
    steps()
        .zip(with_acceptance(moves))
        .map(|(step, (moved, was_accepted))| Moved {
            step,
            moved,
            was_accepted,
        })
}

/// A fact about the dossier, and the custody event that tells it.
pub(crate) struct Told {
    /// The event.
    pub(crate) by: EventId,
    /// What it says.
    pub(crate) fact: DossierFact,
}

/// What custody says about the dossier an item belongs to.
pub(crate) fn told_by(custody: &ItemCustody) -> impl Iterator<Item = Told> {
    moves_of(custody).flat_map(|one| {
        let by = one.step.id;
        let facts = facts_of_step(custody.kind, one.moved, one.was_accepted);
        facts.into_iter().map(move |fact| Told { by, fact })
    })
}

/// The fact an act states, or nothing when this version does not know the act.
pub(crate) fn fact_of(kind: &str, at_ms: i64, data: &str) -> Option<DossierFact> {
    domain::wire::fact::read(kind.strip_prefix("dossier.")?, at_ms, data).ok()
}

fn body(dossier: &Dossier) -> Value {
    let Times {
        ordered_at_ms,
        accepted_by_post_at_ms,
        handed_over_at_ms,
        lodged_at_ms,
        received_at_ms,
        appointment_told_at_ms,
        processing_at_ms,
        due_original,
        due_current,
        promises,
        extension_count,
        supplements,
        payments,
        resolved_at_ms,
        result_ready_at_ms,
        result_in_post_at_ms,
        corrections,
        returned_at_ms,
        return_confirmed_at_ms,
        papers_returned_at_ms,
        surrender_delivered_at_ms,
        cancelled_at_ms,
        closed_at_ms,
    } = &dossier.times;
    let rounds: Vec<Value> = supplements
        .iter()
        .map(|round| {
            json!({
                "requested_at_ms": round.requested_at_ms, "completed_at_ms": round.completed_at_ms,
                "fault": round.fault.map(domain::party::Party::as_str),
            })
        })
        .collect();
    let waits = |waits: &[domain::dossier::Wait]| -> Vec<Value> {
        let wait =
            |wait: &domain::dossier::Wait| json!({ "asked_at_ms": wait.asked_at_ms, "done_at_ms": wait.done_at_ms });
        waits.iter().map(wait).collect()
    };
    let waiting: Vec<String> = dossier.waiting.iter().map(ToString::to_string).collect();
    let policy = Policy::default();
    let why: Vec<&str> = dossier
        .refusals(&policy)
        .iter()
        .map(|refusal| refusal.reason(Language::Vietnamese))
        .collect();
    // What is late is a matter of today, and said where it is read.
    let told = |language| dossier.notices(time::Date::MIN, language);
    json!({
        "told": { "vi": told(Language::Vietnamese), "en": told(Language::English) },
        "outcome": dossier.outcome.map(domain::dossier::Outcome::as_str),
        "proof": dossier.proof.map(ReturnProof::as_str),
        "reason": dossier.reason,
        "dvcqg": dossier.dvcqg(),
        "must_act": dossier.must_act().map(domain::party::Party::as_str),
        "waiting": waiting, "waiting_why": why,
        "ordered_at_ms": ordered_at_ms, "accepted_by_post_at_ms": accepted_by_post_at_ms,
        "handed_over_at_ms": handed_over_at_ms, "lodged_at_ms": lodged_at_ms, "received_at_ms": received_at_ms,
        "legal_lodging_at_ms": dossier.times.legal_lodging_at_ms(),
        "clock_started_at_ms": dossier.times.clock(&policy).map(|clock| clock.started_at_ms),
        "appointment_told_at_ms": appointment_told_at_ms, "processing_at_ms": processing_at_ms,
        "due_original": due_original.map(domain::calendar::write_date), "due_current": due_current.map(domain::calendar::write_date),
        "promises": promises.iter().map(promise).collect::<Vec<Value>>(),
        "extension_count": extension_count, "supplements": rounds, "payments": waits(payments), "resolved_at_ms": resolved_at_ms,
        "result_ready_at_ms": result_ready_at_ms, "result_in_post_at_ms": result_in_post_at_ms, "corrections": waits(corrections),
        "returned_at_ms": returned_at_ms, "return_confirmed_at_ms": return_confirmed_at_ms,
        "papers_returned_at_ms": papers_returned_at_ms, "surrender_delivered_at_ms": surrender_delivered_at_ms,
        "cancelled_at_ms": cancelled_at_ms, "closed_at_ms": closed_at_ms,
    })
}

fn promise(promise: &Promise) -> Value {
    json!({
        "at_ms": promise.at_ms, "due_on": domain::calendar::write_date(promise.due_on),
        "cause": promise.cause.as_str(), "notice": promise.cause.notice(),
    })
}
