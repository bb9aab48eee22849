//! The four levels of online services of the older reports, and the two kinds of today.
//!
//! Level 4 became full; level 3 became partial or full by a published list, so the list is
//! configuration. Does not say which procedure is offered how: that is the catalogue's.
//!
//! Source: Nghị định 224/2026/NĐ-CP, dịch vụ công trực tuyến toàn trình và một phần

use std::collections::BTreeSet;

use super::entry::entry;
use super::{Entry, Means, Translation};
use crate::catalogue::OnlineLevel;
use crate::procedure_code::ProcedureCode;

const BY_LIST: Means = Means::Nothing("says how a service is offered, not where a dossier is");

/// The four levels.
pub(super) const ENTRIES: [Entry; 4] = [
    entry("1", "Mức độ 1: có thông tin", "Level 1: information", BY_LIST),
    entry(
        "2",
        "Mức độ 2: có mẫu đơn để tải",
        "Level 2: forms to download",
        BY_LIST,
    ),
    entry("3", "Mức độ 3: nộp trực tuyến", "Level 3: lodged online", BY_LIST),
    entry(
        "4",
        "Mức độ 4: thanh toán và trả kết quả trực tuyến",
        "Level 4: paid and returned online",
        BY_LIST,
    ),
];

/// How a procedure is offered online today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnlineService {
    /// Only information: nothing can be lodged.
    Information,
    /// Một phần: a step still needs the person.
    Partial,
    /// Toàn trình: everything online; the result may come by post.
    Full,
}

impl From<OnlineLevel> for OnlineService {
    /// The level as the catalogue of procedures keeps it.
    fn from(level: OnlineLevel) -> Self {
        match level {
            OnlineLevel::None => Self::Information,
            OnlineLevel::Partial => Self::Partial,
            OnlineLevel::Full => Self::Full,
        }
    }
}

/// How the older levels are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyLevels {
    /// What level 3 became when the list says nothing.
    pub level_3: OnlineService,
    /// Procedures of level 3 that the list made full.
    pub made_full: BTreeSet<ProcedureCode>,
}

impl Default for LegacyLevels {
    fn default() -> Self {
        Self {
            level_3: OnlineService::Partial,
            made_full: BTreeSet::new(),
        }
    }
}

impl LegacyLevels {
    /// What a level of the older list is today, for a procedure.
    pub fn read(&self, level: u8, procedure: &ProcedureCode) -> Translation<OnlineService> {
        match level {
            1 | 2 => Translation::Nearest(OnlineService::Information),
            3 if self.made_full.contains(procedure) => Translation::Nearest(OnlineService::Full),
            3 => Translation::Nearest(self.level_3),
            4 => Translation::Exact(OnlineService::Full),
            _ => Translation::Unknown,
        }
    }

    /// The level of the older list for a service of today.
    pub const fn write(&self, service: OnlineService) -> Translation<u8> {
        match service {
            OnlineService::Information => Translation::NoEquivalent("level 1 or 2: today they are one"),
            OnlineService::Partial => Translation::Nearest(3),
            OnlineService::Full => Translation::Exact(4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_three_is_full_only_when_the_list_says_so() {
        let birth: ProcedureCode = "1.001193".parse().expect("a code");
        let mut levels = LegacyLevels::default();
        assert_eq!(levels.read(3, &birth), Translation::Nearest(OnlineService::Partial));
        levels.made_full.insert(birth.clone());
        assert_eq!(levels.read(3, &birth), Translation::Nearest(OnlineService::Full));
        assert_eq!(levels.read(5, &birth), Translation::Unknown);
    }

    #[test]
    fn level_four_and_full_are_the_same() {
        let birth: ProcedureCode = "1.001193".parse().expect("a code");
        let levels = LegacyLevels::default();
        let full = levels.read(4, &birth).found().expect("known");
        assert_eq!(levels.write(full), Translation::Exact(4));
    }
}
