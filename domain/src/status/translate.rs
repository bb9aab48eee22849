//! Reading codes of other lists and writing ours in them.
//!
//! Both directions go through the tables of the lists. What has no equivalent says so;
//! nothing is guessed.
//!
//! Source: Quy ước Trao Tay, cặp hệ mã và mã trạng thái

use super::{CodeSystem, Entry, Fit, Means, StatusCode, dvcqg, online, upu, vnpost};
use crate::dossier::DossierState;
use crate::item::ItemState;

/// The outcome of a translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Translation<T> {
    /// Both say the same.
    Exact(T),
    /// The nearest there is; one of both says more.
    Nearest(T),
    /// The other side has nothing for it, and why.
    NoEquivalent(&'static str),
    /// The list or the code is not known here; the pair is to be kept.
    Unknown,
}

impl<T> Translation<T> {
    /// What was found, exact or nearest.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Exact(found) | Self::Nearest(found) => Some(found),
            Self::NoEquivalent(_) | Self::Unknown => None,
        }
    }

    fn of(found: T, fit: Fit) -> Self {
        match fit {
            Fit::Exact => Self::Exact(found),
            Fit::Nearest => Self::Nearest(found),
        }
    }
}

const OF_A_DOSSIER: &str = "the list tells of dossiers, not of envelopes";
const OF_AN_ITEM: &str = "the list tells of envelopes, not of dossiers";
const NOT_IN_LIST: &str = "the list has no code for this state";

impl CodeSystem {
    /// The codes of the list; empty when the list is not known.
    pub fn entries(&self) -> &'static [Entry] {
        match self {
            Self::Dvcqg => &dvcqg::ENTRIES,
            Self::VnpostOrder => &vnpost::ORDER,
            Self::VnpostParcel1 => &vnpost::PARCEL_1,
            Self::VnpostParcel2 => &vnpost::PARCEL_2,
            Self::Upu => &upu::ENTRIES,
            Self::OnlineLevel => &online::ENTRIES,
            Self::Emc => &dvcqg::EMC,
            Self::Other(_) => &[],
        }
    }

    /// The code of this list for a state of a sealed envelope.
    pub fn of_item(&self, state: ItemState) -> Translation<&'static Entry> {
        let code = match self {
            Self::VnpostParcel1 => vnpost::parcel_1_of(state),
            Self::VnpostParcel2 => vnpost::parcel_2_of(state),
            Self::Upu => upu::of_state(state),
            Self::Dvcqg | Self::Emc => return Translation::NoEquivalent(OF_A_DOSSIER),
            Self::VnpostOrder | Self::OnlineLevel => return Translation::NoEquivalent(NOT_IN_LIST),
            Self::Other(_) => return Translation::Unknown,
        };
        self.written(code, |means| means == Means::Item(state, Fit::Exact))
    }

    /// The code of this list for a state of a dossier, as far as the state alone tells: a
    /// returned dossier is 9 in the national list until the agency confirms.
    ///
    /// Source: DVCQG danh mục trạng thái, 1 đến 10
    pub fn of_dossier(&self, state: DossierState) -> Translation<&'static Entry> {
        let code = match self {
            Self::Dvcqg => state
                .dvcqg()
                .and_then(dvcqg::DvcqgStatus::from_number)
                .map(dvcqg::DvcqgStatus::code),
            Self::Emc => dvcqg::emc_of(state),
            Self::VnpostParcel1 | Self::VnpostParcel2 | Self::Upu => return Translation::NoEquivalent(OF_AN_ITEM),
            Self::VnpostOrder | Self::OnlineLevel => return Translation::NoEquivalent(NOT_IN_LIST),
            Self::Other(_) => return Translation::Unknown,
        };
        self.written(code, |means| means == Means::Dossier(state, Fit::Exact))
    }

    fn written(&self, code: Option<&str>, is_exact: impl Fn(Means) -> bool) -> Translation<&'static Entry> {
        let entry = code.and_then(|code| self.entries().iter().find(|entry| entry.code == code));
        match entry {
            Some(entry) if is_exact(entry.means) => Translation::Exact(entry),
            Some(entry) => Translation::Nearest(entry),
            None => Translation::NoEquivalent(NOT_IN_LIST),
        }
    }
}

impl StatusCode {
    /// The line of the list, when list and code are known.
    pub fn entry(&self) -> Option<&'static Entry> {
        self.system.entries().iter().find(|entry| entry.code == self.code)
    }

    /// The state of an envelope that the code stands for.
    pub fn item_state(&self) -> Translation<ItemState> {
        match self.entry().map(|entry| entry.means) {
            Some(Means::Item(state, fit)) => Translation::of(state, fit),
            Some(Means::Dossier(..)) => Translation::NoEquivalent(OF_A_DOSSIER),
            Some(Means::Nothing(why)) => Translation::NoEquivalent(why),
            None => Translation::Unknown,
        }
    }

    /// The state of a dossier that the code stands for.
    pub fn dossier_state(&self) -> Translation<DossierState> {
        match self.entry().map(|entry| entry.means) {
            Some(Means::Dossier(state, fit)) => Translation::of(state, fit),
            Some(Means::Item(..)) => Translation::NoEquivalent(OF_AN_ITEM),
            Some(Means::Nothing(why)) => Translation::NoEquivalent(why),
            None => Translation::Unknown,
        }
    }

    /// The same said in another list, by way of our own states.
    pub fn translate(&self, into: &CodeSystem) -> Translation<StatusCode> {
        if self.entry().is_some() && *into == self.system {
            return Translation::Exact(self.clone());
        }
        let (entry, fit) = match self.entry().map(|entry| entry.means) {
            Some(Means::Item(state, fit)) => (into.of_item(state), fit),
            Some(Means::Dossier(state, fit)) => (into.of_dossier(state), fit),
            Some(Means::Nothing(why)) => return Translation::NoEquivalent(why),
            None => return Translation::Unknown,
        };
        let pair = |entry: &Entry| StatusCode::new(into.clone(), entry.code);
        match entry {
            Translation::Exact(entry) => Translation::of(pair(entry), fit),
            Translation::Nearest(entry) => Translation::Nearest(pair(entry)),
            Translation::NoEquivalent(why) => Translation::NoEquivalent(why),
            Translation::Unknown => Translation::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn pair(system: CodeSystem, code: &str) -> StatusCode {
        StatusCode::new(system, code)
    }

    #[test]
    fn no_list_names_a_code_twice_and_every_code_has_both_names() {
        for system in CodeSystem::KNOWN {
            let codes: BTreeSet<_> = system.entries().iter().map(|entry| entry.code).collect();
            assert!(!codes.is_empty() && codes.len() == system.entries().len(), "{system}");
            for entry in system.entries() {
                assert!(
                    !entry.vietnamese.is_empty() && !entry.english.is_empty(),
                    "{system}:{}",
                    entry.code
                );
            }
        }
    }

    #[test]
    fn the_same_number_means_other_things_in_other_lists() {
        let parcel = pair(CodeSystem::VnpostParcel1, "100");
        assert_eq!(parcel.item_state(), Translation::Exact(ItemState::Delivered));
        let order = pair(CodeSystem::VnpostOrder, "100");
        assert!(matches!(order.item_state(), Translation::NoEquivalent(_)));
        let transit = pair(CodeSystem::VnpostParcel2, "10");
        assert_eq!(transit.item_state(), Translation::Exact(ItemState::InTransit));
        let deleted = pair(CodeSystem::VnpostParcel1, "10");
        assert_eq!(deleted.item_state(), Translation::Nearest(ItemState::Withdrawn));
    }

    #[test]
    fn an_exact_code_reads_back_as_the_state_it_was_written_for() {
        for system in CodeSystem::KNOWN {
            for state in ItemState::ALL {
                if let Translation::Exact(entry) = system.of_item(state) {
                    let back = pair(system.clone(), entry.code).item_state();
                    assert_eq!(back, Translation::Exact(state), "{system} {state}");
                }
            }
            for state in DossierState::ALL {
                if let Translation::Exact(entry) = system.of_dossier(state) {
                    let back = pair(system.clone(), entry.code).dossier_state();
                    assert_eq!(back, Translation::Exact(state), "{system} {state}");
                }
            }
        }
    }

    #[test]
    fn a_failed_attempt_translates_from_list_to_list() {
        let failed = pair(CodeSystem::VnpostParcel1, "91");
        let upu = failed.translate(&CodeSystem::Upu);
        assert_eq!(upu, Translation::Exact(pair(CodeSystem::Upu, "EMH")));
        assert!(matches!(
            failed.translate(&CodeSystem::Dvcqg),
            Translation::NoEquivalent(_)
        ));
    }

    #[test]
    fn an_unknown_code_or_list_stays_unknown() {
        assert_eq!(pair(CodeSystem::Dvcqg, "11").dossier_state(), Translation::Unknown);
        assert_eq!(pair(CodeSystem::named("igate"), "1").item_state(), Translation::Unknown);
        let into = CodeSystem::named("igate");
        assert_eq!(pair(CodeSystem::Upu, "EMI").translate(&into), Translation::Unknown);
    }
}
