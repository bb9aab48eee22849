//! What the movement of an envelope says about its dossier.
//!
//! This is the only way by which postal data becomes dossier facts. The post says that
//! a result reached the person and never that the dossier is returned: no movement
//! makes a [`DossierFact::ReturnConfirmed`].
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 9; Quyết định 45/2016/QĐ-TTg, điều 10

use super::{DossierFact, ReturnProof};
use crate::holder::HolderClass;
use crate::item::{ItemKind, ItemState};

/// One step of an envelope: who gave it, who has it, where its custody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemMoved {
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// The state before; an envelope reaches a state once.
    pub before: ItemState,
    /// The state after.
    pub after: ItemState,
    /// Who had it; none where nobody known had.
    pub from: Option<HolderClass>,
    /// Who has it; none before the post first took it.
    pub to: Option<HolderClass>,
}

/// The facts that the steps of one envelope make, oldest step first.
pub fn facts_of_item(kind: ItemKind, steps: impl IntoIterator<Item = ItemMoved>) -> Vec<DossierFact> {
    with_acceptance(steps)
        .flat_map(|(step, was_accepted)| facts_of_step(kind, step, was_accepted))
        .collect()
}

/// The steps of one envelope, oldest first, each with whether the post had taken it from its sender in an earlier one.
pub fn with_acceptance(steps: impl IntoIterator<Item = ItemMoved>) -> impl Iterator<Item = (ItemMoved, bool)> {
    let mut is_accepted = false;
    steps.into_iter().map(move |step| {
        let was_accepted = is_accepted;
        is_accepted |= is_acceptance(step, was_accepted);
        (step, was_accepted)
    })
}

/// The facts one step of an envelope makes. `was_accepted` says whether the post took it
/// from its sender in an earlier step: an envelope called off before that was never on
/// the road and cannot come back.
pub fn facts_of_step(kind: ItemKind, step: ItemMoved, was_accepted: bool) -> Vec<DossierFact> {
    use DossierFact as F;
    let at_ms = step.at_ms;
    let reached = |state: ItemState| step.after == state && step.before != state;
    let came_back = was_accepted && reached(ItemState::Returned);
    match kind {
        ItemKind::DossierToAgency => {
            if is_acceptance(step, was_accepted) {
                vec![F::TakenIn { at_ms, slip: None }]
            } else if reached(ItemState::Delivered) {
                vec![F::AtHandover { at_ms }, F::Lodged { at_ms }]
            } else if came_back {
                vec![F::DossierBack { at_ms }]
            } else {
                Vec::new()
            }
        }
        ItemKind::ResultToApplicant => {
            if is_acceptance(step, was_accepted) {
                vec![F::ResultInPost { at_ms }]
            } else if reached(ItemState::Delivered) {
                vec![F::Returned {
                    at_ms,
                    proof: ReturnProof::Post,
                }]
            } else if came_back {
                vec![F::ResultBack { at_ms }]
            } else {
                Vec::new()
            }
        }
        ItemKind::SlipToApplicant if reached(ItemState::Delivered) => vec![F::AppointmentTold { at_ms }],
        ItemKind::OriginalsToApplicant if reached(ItemState::Delivered) => vec![F::PapersReturned { at_ms }],
        ItemKind::SurrenderedToAgency if reached(ItemState::Delivered) => vec![F::SurrenderDelivered { at_ms }],
        ItemKind::SupplementToAgency
        | ItemKind::SlipToApplicant
        | ItemKind::OriginalsToApplicant
        | ItemKind::SurrenderedToAgency
        | ItemKind::ResultBackToAgency
        | ItemKind::InterAgency => Vec::new(),
    }
}

/// Whether the post took the envelope from its sender in this step: the first time one of
/// its own has it in hand. An envelope called off and given to the post all the same counts.
///
/// Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 9
pub fn is_acceptance(step: ItemMoved, was_accepted: bool) -> bool {
    let is_in_its_hands = matches!(
        step.to,
        Some(HolderClass::Staff | HolderClass::ServicePoint | HolderClass::Bag)
    );
    !was_accepted && is_in_its_hands && step.after.is_with_post()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(before: ItemState, after: ItemState, from: Option<HolderClass>, to: Option<HolderClass>) -> ItemMoved {
        ItemMoved {
            at_ms: 7,
            before,
            after,
            from,
            to,
        }
    }

    #[test]
    fn a_carrier_who_takes_a_result_from_the_agency_has_the_result_in_post() {
        let taken = step(
            ItemState::Created,
            ItemState::Accepted,
            Some(HolderClass::Agency),
            Some(HolderClass::Staff),
        );
        assert_eq!(
            facts_of_item(ItemKind::ResultToApplicant, [taken]),
            [DossierFact::ResultInPost { at_ms: 7 }]
        );
        let passed_on = step(
            ItemState::InTransit,
            ItemState::OutForDelivery,
            Some(HolderClass::ServicePoint),
            Some(HolderClass::Staff),
        );
        assert_eq!(facts_of_step(ItemKind::ResultToApplicant, passed_on, true), []);
    }

    #[test]
    fn the_agencys_signature_on_a_dossier_is_its_lodging() {
        let signed = step(
            ItemState::OutForDelivery,
            ItemState::Delivered,
            Some(HolderClass::Staff),
            Some(HolderClass::Agency),
        );
        assert_eq!(
            facts_of_item(ItemKind::DossierToAgency, [signed]),
            [DossierFact::AtHandover { at_ms: 7 }, DossierFact::Lodged { at_ms: 7 }]
        );
    }

    #[test]
    fn an_envelope_called_off_before_the_post_had_it_does_not_come_back() {
        let agency = Some(HolderClass::Agency);
        let called_off = [
            step(ItemState::Created, ItemState::Withdrawn, agency, None),
            step(ItemState::Withdrawn, ItemState::Returned, agency, agency),
        ];
        assert_eq!(facts_of_item(ItemKind::ResultToApplicant, called_off), []);
    }

    #[test]
    fn no_movement_of_any_envelope_confirms_a_return() {
        for kind in ItemKind::ALL {
            for before in ItemState::ALL {
                for after in ItemState::ALL {
                    for class in [None, Some(HolderClass::Citizen), Some(HolderClass::Staff)] {
                        let facts = facts_of_step(kind, step(before, after, class, class), true);
                        assert!(
                            !facts
                                .iter()
                                .any(|fact| matches!(fact, DossierFact::ReturnConfirmed { .. }))
                        );
                    }
                }
            }
        }
    }
}
