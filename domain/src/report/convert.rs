//! From the dossier's machine to the record of a report: the only place that knows both.
//!
//! Source: Quyết định 766/QĐ-TTg, phụ lục

use time::Date;

use super::{Attributes, DossierHistory, DossierRecord, Round};
use crate::dossier::{Dossier, DossierFact, DossierState, Promise, PromiseCause};

impl DossierHistory {
    /// The dossier as it was known at `as_of_ms`, of what happened before `until_ms`
    /// (milliseconds UTC); `None` when nothing was known of it.
    pub fn record(&self, as_of_ms: i64, until_ms: i64) -> Option<DossierRecord> {
        let known: Vec<&DossierFact> = self
            .facts
            .iter()
            .filter_map(|fact| fact.known(as_of_ms))
            .filter(|fact| fact.at_ms() < until_ms)
            .collect();
        if known.is_empty() {
            return None;
        }
        let dossier = Dossier::fold(self.id, self.mode, known.iter().copied().cloned());
        let redated_to = redated_to(&dossier, &known);
        let times = &dossier.times;
        let closed_as = |state| times.closed_at_ms.filter(|_| dossier.state == state);
        Some(DossierRecord {
            id: self.id,
            mode: self.mode,
            lodged_at_ms: times.legal_lodging_at_ms(),
            received_at_ms: times.received_at_ms,
            promised_on: promised_on(&dossier),
            redated_to,
            rounds: times
                .supplements
                .iter()
                .map(|round| Round {
                    requested_at_ms: round.requested_at_ms,
                    completed_at_ms: round.completed_at_ms,
                    before_reception: round.before_reception,
                })
                .collect(),
            resolved_at_ms: times.resolved_at_ms,
            result_in_post_at_ms: times.result_in_post_at_ms,
            returned_at_ms: times.returned_at_ms,
            returned_by: dossier.proof,
            refused_at_ms: closed_as(DossierState::NotAccepted),
            stopped_at_ms: closed_as(DossierState::Stopped),
            attributes: Attributes::known(&self.attributes, as_of_ms),
        })
    }
}

/// The new date the agency set, if the dossier took it. A date given after a supplement is
/// not one: the index subtracts the wait instead.
fn redated_to(dossier: &Dossier, known: &[&DossierFact]) -> Option<Date> {
    if dossier.times.extension_count == 0 {
        return None;
    }
    let taken = known.iter().filter(|fact| !dossier.waiting.contains(fact));
    taken
        .filter_map(|fact| {
            if let DossierFact::Redated { at_ms, due_on, .. } = fact {
                Some((*at_ms, *due_on))
            } else {
                None
            }
        })
        .min()
        .map(|(_, due_on)| due_on)
}

/// The date promised at reception, or the one an official notice made of it: neither is a new date of the agency's own.
fn promised_on(dossier: &Dossier) -> Option<Date> {
    let times = &dossier.times;
    let by_law = |promise: &&Promise| match promise.cause {
        PromiseCause::Reception | PromiseCause::CalendarNotice(_) => true,
        PromiseCause::Supplement | PromiseCause::Extension => false,
    };
    let last = times.promises.iter().rev().find(by_law);
    last.map(|promise| promise.due_on).or(times.due_original)
}
