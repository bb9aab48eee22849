//! An item that lies at an office and has to go on: the job that finds somebody, once for each time it came to lie there.

use crate::outbox::NewJob;
use custody::fold::ItemCustody;
use custody::ids::EventId;
use custody::kind::Kind;
use domain::item::ItemState;
use domain::item_code::ItemCode;
use serde_json::json;

/// Why an item waits for a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Need {
    /// What brought it where it lies.
    head: EventId,
    /// How often its delivery failed so far.
    failures: usize,
    /// When it failed last.
    failed_ms: Option<i64>,
    /// Whether it has to go somewhere else than the order says.
    is_redirected: bool,
}

impl Need {
    /// The need of an item that waits; nothing when it does not wait for a delivery from an office.
    pub(crate) fn of(custody: &ItemCustody) -> Option<Self> {
        custody.holder?;
        let head = custody.head?;
        // What lies in a sealed bag waits for the bag to be opened.
        if custody.packed.is_some() {
            return None;
        }
        if !super::waits_for_delivery(custody.state, custody.holder) {
            return None;
        }
        let failed = custody
            .applied
            .iter()
            .filter(|step| step.kind == Kind::AttemptFailed && step.state == ItemState::AttemptFailed);
        Some(Self {
            head,
            failures: failed.clone().count(),
            failed_ms: failed.map(|step| step.at_ms).max(),
            is_redirected: custody.applied.iter().any(|step| step.kind == Kind::Redirect),
        })
    }

    /// The job that finds a courier.
    pub(crate) fn job(&self, item_code: &ItemCode) -> NewJob {
        let head = self.head.to_string();
        NewJob {
            kind: "assign",
            dedup_key: format!("assign:{item_code}:deliver:{head}"),
            payload: json!({
                "item_code": item_code.as_str(), "leg": super::DELIVER, "head": head,
                "failures": self.failures, "failed_ms": self.failed_ms, "redirected": self.is_redirected,
            }),
        }
    }
}
