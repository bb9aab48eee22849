//! Judges the day. Pure: evidence in, broken promises out, each with how often and the first example (ids only).

use super::evidence::{Evidence, Item, Told};
use custody::ids::EventId;
use domain::dossier::DossierState;
use domain::item::ItemState;
use std::collections::{BTreeMap, BTreeSet};

/// A promise that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// Which one.
    pub(super) promise: &'static str,
    /// How often.
    pub(super) times: usize,
    /// The first time.
    pub(super) example: String,
}

/// A promise and everything that speaks against it.
type Charge = (&'static str, Vec<String>);

/// Every promise that broke; empty on a good day.
pub(super) fn judge(evidence: &Evidence) -> Vec<Broken> {
    let charges: [Charge; 13] = [
        ("what a phone recorded is stored", lost(evidence)),
        ("nothing is stored that no phone recorded", invented(evidence)),
        ("everything stored is folded", unfolded(evidence)),
        ("nothing is folded twice", doubled(evidence)),
        (
            "every item has exactly one holder or an open dispute",
            holders(evidence),
        ),
        ("the holder is who has the envelope", misplaced(evidence)),
        ("two stories about one envelope are an open dispute", silent(evidence)),
        ("every dossier is in a lawful state", unlawful(evidence)),
        (
            "every order has a courier or stands on the dispatcher's list",
            forgotten(evidence),
        ),
        ("every client read its whole feed in order", unread(evidence)),
        ("folding everything again gives the same bytes", differing(evidence)),
        ("no fact is damaged or missing from the log", damaged(evidence)),
        ("no job is stuck or given up", stuck(evidence)),
    ];
    charges
        .into_iter()
        .filter_map(|(promise, against)| {
            let example = against.first()?.clone();
            Some(Broken {
                promise,
                times: against.len(),
                example,
            })
        })
        .collect()
}

/// The custody lane of the inbox.
const CUSTODY: i64 = 1;

fn stored_events(evidence: &Evidence) -> BTreeSet<EventId> {
    evidence
        .stored
        .iter()
        .filter(|fact| fact.lane == CUSTODY)
        .map(|fact| fact.id)
        .collect()
}

fn lost(evidence: &Evidence) -> Vec<String> {
    let stored = stored_events(evidence);
    let lost = evidence.recorded.iter().filter(|entry| !stored.contains(&entry.id));
    lost.map(|entry| format!("{} {} by {}", entry.act, entry.id, entry.by))
        .collect()
}

fn invented(evidence: &Evidence) -> Vec<String> {
    let recorded: BTreeSet<EventId> = evidence.recorded.iter().map(|entry| entry.id).collect();
    stored_events(evidence)
        .difference(&recorded)
        .map(ToString::to_string)
        .collect()
}

fn unfolded(evidence: &Evidence) -> Vec<String> {
    let folded: BTreeSet<EventId> = evidence.folded.iter().map(|(id, _)| *id).collect();
    let mut against: Vec<String> = stored_events(evidence)
        .difference(&folded)
        .map(ToString::to_string)
        .collect();
    if evidence.left_over > 0 {
        let (given, done) = evidence.progress;
        against.push(format!(
            "{} facts were left when the server stopped ({done} of {given})",
            evidence.left_over
        ));
    }
    against
}

fn doubled(evidence: &Evidence) -> Vec<String> {
    let mut against = repeated(evidence.folded.iter().map(|(id, _)| id.to_string()));
    against.extend(repeated(evidence.stored.iter().map(|fact| fact.id.to_string())));
    let told = rows_by_label(&evidence.feed);
    for item in &evidence.items {
        let rows = told.get(item.label.as_str()).copied().unwrap_or(0);
        // Ordered, assigned and called off are told beside the steps of custody.
        if rows > item.told + 3 {
            against.push(format!(
                "{}: {rows} rows in the feed for {} steps",
                item.label, item.told
            ));
        }
    }
    against
}

fn rows_by_label(feed: &[Told]) -> BTreeMap<&str, i64> {
    feed.iter().fold(BTreeMap::new(), |mut rows, row| {
        *rows.entry(row.label.as_str()).or_default() += 1;
        rows
    })
}

fn repeated(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    all.filter(|one| !seen.insert(one.clone())).collect()
}

fn holders(evidence: &Evidence) -> Vec<String> {
    let mut against = repeated(evidence.items.iter().map(|item| item.label.clone()));
    let known: BTreeSet<&str> = evidence.items.iter().map(|item| item.label.as_str()).collect();
    against.extend(
        evidence
            .labels
            .iter()
            .filter(|label| !known.contains(label.as_str()))
            .cloned(),
    );
    let nobody = evidence
        .items
        .iter()
        .filter(|item| item.told > 0 && item.holder.is_none() && !item.disputed);
    // A failed attempt to fetch is a step of custody and gives it to nobody.
    let nobody =
        nobody.filter(|item| !matches!(item.state.parse(), Ok(ItemState::Created | ItemState::PickupAssigned)));
    against.extend(nobody.map(|item| format!("{} in {} with nobody", item.label, item.state)));
    against
}

fn items(evidence: &Evidence) -> BTreeMap<&str, &Item> {
    evidence.items.iter().map(|item| (item.label.as_str(), item)).collect()
}

fn misplaced(evidence: &Evidence) -> Vec<String> {
    let items = items(evidence);
    let mut against = Vec::new();
    for truth in evidence.truth.iter().filter(|truth| !truth.contested) {
        match items.get(truth.label.as_str()) {
            None => against.push(format!("{} is not known", truth.label)),
            Some(item) if item.disputed => against.push(format!("{} is in dispute without a reason", truth.label)),
            Some(item) if item.holder != truth.holder => {
                let (said, is) = (
                    item.holder.as_deref().unwrap_or("nobody"),
                    truth.holder.as_deref().unwrap_or("nobody"),
                );
                against.push(format!("{}: the store says {said}, it is with {is}", truth.label));
            }
            Some(_) => {}
        }
    }
    against
}

fn silent(evidence: &Evidence) -> Vec<String> {
    let items = items(evidence);
    let contested = evidence.truth.iter().filter(|truth| truth.contested);
    contested
        .filter(|truth| !items.get(truth.label.as_str()).is_some_and(|item| item.disputed))
        .map(|truth| truth.label.clone())
        .collect()
}

fn unlawful(evidence: &Evidence) -> Vec<String> {
    let known: BTreeSet<_> = evidence.dossiers.iter().map(|dossier| dossier.id).collect();
    let mut against: Vec<String> = evidence
        .orders
        .iter()
        .filter(|order| !known.contains(&order.dossier))
        .map(|order| format!("{} has no state", order.dossier))
        .collect();
    for dossier in &evidence.dossiers {
        if dossier.state.parse::<DossierState>().is_err() {
            against.push(format!("{} in {}", dossier.id, dossier.state));
        } else if dossier.waiting != 0 {
            against.push(format!(
                "{} in {} with {} facts that do not fit",
                dossier.id, dossier.state, dossier.waiting
            ));
        }
    }
    against
}

/// Every order over the bus needs somebody for its first leg, whatever became of it later.
fn forgotten(evidence: &Evidence) -> Vec<String> {
    let placed: BTreeSet<&str> = evidence.placed.iter().map(|(label, _)| label.as_str()).collect();
    let listed: BTreeSet<&str> = evidence.unplaced.iter().map(|(label, _, _)| label.as_str()).collect();
    let closed = |label: &str| {
        evidence
            .feed
            .iter()
            .any(|row| row.label == label && row.status == CALLED_OFF)
    };
    let missing = evidence
        .orders
        .iter()
        .filter(|order| order.over_the_bus)
        .filter(|order| {
            let label = order.item_code.as_str();
            label.is_empty() || !(placed.contains(label) || listed.contains(label) || closed(label))
        });
    missing
        .map(|order| format!("{} {}", order.customer_code, order.order_number))
        .collect()
}

/// Called off, in VNPost's list 1.
const CALLED_OFF: i64 = 60;

fn unread(evidence: &Evidence) -> Vec<String> {
    let mut against = Vec::new();
    for (customer, read) in &evidence.read {
        against.extend(
            read.disordered
                .iter()
                .map(|id| format!("{customer}: {id} came after a later one")),
        );
        let told = evidence.feed.iter().filter(|row| row.customer_code == *customer);
        let told: Vec<(String, &str)> = told
            .map(|row| (format!("{:024x}", row.seq), row.order_number.as_str()))
            .collect();
        let seen: Vec<(String, &str)> = read
            .rows
            .iter()
            .map(|row| (row.id.clone(), row.order_number.as_str()))
            .collect();
        if told != seen {
            let first = told
                .iter()
                .find(|row| !seen.contains(row))
                .map_or("one too many", |(id, _)| id.as_str());
            against.push(format!(
                "{customer}: {} rows of {}, the first not read is {first}",
                seen.len(),
                told.len()
            ));
        }
    }
    let ordered: BTreeSet<&str> = evidence.feed.iter().map(|row| row.label.as_str()).collect();
    let silent = evidence
        .orders
        .iter()
        .filter(|order| order.over_the_bus && !ordered.contains(order.item_code.as_str()));
    against.extend(silent.map(|order| format!("{} {}: no row at all", order.customer_code, order.order_number)));
    against
}

fn differing(evidence: &Evidence) -> Vec<String> {
    let differing = evidence.rebuilt.iter().filter(|one| !one.is_same());
    differing
        .map(|one| format!("{} ({} rows)", one.table, one.rows))
        .collect()
}

fn damaged(evidence: &Evidence) -> Vec<String> {
    let damaged = evidence
        .damaged
        .iter()
        .map(|index| format!("fact {index} is not what was signed"));
    damaged
        .chain(evidence.hole_at.map(|index| format!("number {index} is missing")))
        .collect()
}

fn stuck(evidence: &Evidence) -> Vec<String> {
    let open = evidence.jobs.iter().filter(|((kind, state), _)| {
        // The minute's sweep may have been put there in the last moment; a second delivery waits for another day.
        state == "dead" || (!matches!(state.as_str(), "done" | "later") && !matches!(kind.as_str(), "sweep" | "purge"))
    });
    open.map(|((kind, state), count)| format!("{count} × {kind} {state}"))
        .collect()
}

#[cfg(test)]
mod tests;
