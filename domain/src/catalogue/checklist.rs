//! Comparing what a person brings with the published list, and telling them what is missing.
//!
//! The list is read-only for post staff: they may not ask for more. Whoever does ask for
//! more names a reason, and every such demand is reported.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 16; Thông tư 17/2017/TT-BTTTT, điều 5

use super::case::{Component, Required};
use super::kind::CopyKind;
use crate::ids::StaffId;

/// A paper somebody brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Which paper of the list it is.
    pub number: u16,
    /// Its form.
    pub copy: CopyKind,
    /// How many of it.
    pub quantity: u32,
}

/// A paper of the list that is missing, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The paper asked for.
    pub component: Component,
    /// How many of the right form there are.
    pub received: u32,
}

impl Missing {
    /// How many more are needed.
    pub const fn lacking(&self) -> u32 {
        self.component.quantity.saturating_sub(self.received)
    }
}

/// What the comparison found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// Everything asked for is there.
    Complete,
    /// Something is missing: the person is guided, and no slip is made.
    Incomplete(Vec<Missing>),
}

/// Compares what was brought with the list. A paper «nếu có» is never missing when none was
/// brought, but too few of it, or the wrong form, is. More than asked for is no fault.
pub fn compare(required: &[Component], received: &[Received]) -> Comparison {
    let missing: Vec<Missing> = required
        .iter()
        .filter_map(|component| {
            let brought = received.iter().filter(|paper| paper.number == component.number);
            let is_brought = brought.clone().any(|paper| paper.quantity > 0);
            let fitting = brought
                .filter(|paper| paper.copy.stands_for(component.copy))
                .fold(0_u32, |sum, paper| sum.saturating_add(paper.quantity));
            let is_asked = match component.required {
                Required::Always => true,
                Required::IfAny => is_brought,
            };
            (is_asked && fitting < component.quantity).then(|| Missing {
                component: component.clone(),
                received: fitting,
            })
        })
        .collect();
    if missing.is_empty() {
        Comparison::Complete
    } else {
        Comparison::Incomplete(missing)
    }
}

/// The note that guides a person whose papers are not complete: what, who and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuidanceNote {
    /// What is missing.
    pub missing: Vec<Missing>,
    /// Who gave it.
    pub by: StaffId,
    /// When, in milliseconds UTC.
    pub at: i64,
}

impl GuidanceNote {
    /// The note in Vietnamese, a line for each paper.
    pub fn vietnamese(&self) -> String {
        let lines = self.missing.iter().map(|missing| {
            let Component { name, copy, .. } = &missing.component;
            format!("- {name}: còn thiếu {} {}", missing.lacking(), copy.vietnamese())
        });
        std::iter::once("Hồ sơ chưa đủ. Xin bổ sung:".to_owned())
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The note in English, a line for each paper.
    pub fn english(&self) -> String {
        let lines = self.missing.iter().map(|missing| {
            let Component { name, copy, .. } = &missing.component;
            format!("- {name}: {} more needed ({})", missing.lacking(), copy.english())
        });
        std::iter::once("The dossier is not complete yet. Please add:".to_owned())
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// Why a paper outside the list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DemandReason {
    /// The agency's own page lists it and our list does not; the page prevails.
    AgencyPage,
    /// The agency asks for it in writing.
    AgencyInWriting,
    /// The law changed and the list is behind.
    LawChanged,
}

impl DemandReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::AgencyPage, Self::AgencyInWriting, Self::LawChanged];

    /// The reason code in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AgencyPage => "AGENCY_PAGE",
            Self::AgencyInWriting => "AGENCY_IN_WRITING",
            Self::LawChanged => "LAW_CHANGED",
        }
    }

    /// Reads a reason code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// A demand for a paper outside the list; it is always reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraDemand {
    paper: String,
    reason: DemandReason,
    reference: String,
    by: StaffId,
    at: i64,
}

/// Why a demand is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtraDemandError {
    /// No paper is named.
    #[error("an extra demand names the paper")]
    NoPaper,
    /// Nothing shows the reason.
    #[error("an extra demand names the page, letter or law it rests on")]
    NoReference,
    /// It is on the list.
    #[error("the paper is on the list")]
    OnTheList,
}

impl ExtraDemand {
    /// A demand with its reason and what shows it: a page, a letter, an article.
    ///
    /// # Errors
    /// [`ExtraDemandError`].
    pub fn new(
        list: &[Component],
        paper: &str,
        reason: DemandReason,
        reference: &str,
        by: StaffId,
        at: i64,
    ) -> Result<Self, ExtraDemandError> {
        let (paper, reference) = (paper.trim(), reference.trim());
        if paper.is_empty() {
            return Err(ExtraDemandError::NoPaper);
        }
        if reference.is_empty() {
            return Err(ExtraDemandError::NoReference);
        }
        if list.iter().any(|component| component.name == paper) {
            return Err(ExtraDemandError::OnTheList);
        }
        Ok(Self {
            paper: paper.to_owned(),
            reason,
            reference: reference.to_owned(),
            by,
            at,
        })
    }

    /// The paper asked for.
    pub fn paper(&self) -> &str {
        &self.paper
    }

    /// Why.
    pub const fn reason(&self) -> DemandReason {
        self.reason
    }

    /// What shows the reason.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Who asked.
    pub const fn by(&self) -> StaffId {
        self.by
    }

    /// When, in milliseconds UTC.
    pub const fn at(&self) -> i64 {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const STAFF: StaffId = StaffId(Uuid::from_u128(1));

    fn list() -> Vec<Component> {
        let component = |number, name: &str, copy, quantity, required| Component {
            number,
            name: name.to_owned(),
            copy,
            quantity,
            required,
        };
        vec![
            component(1, "Tờ khai", CopyKind::Original, 1, Required::Always),
            component(2, "Căn cước", CopyKind::Plain, 2, Required::Always),
            component(3, "Văn bản ủy quyền", CopyKind::Original, 1, Required::IfAny),
        ]
    }

    fn paper(number: u16, copy: CopyKind, quantity: u32) -> Received {
        Received { number, copy, quantity }
    }

    #[test]
    fn copies_of_both_kinds_add_up_and_a_paper_if_any_may_be_left_out() {
        let brought = [
            paper(1, CopyKind::Original, 1),
            paper(2, CopyKind::Plain, 1),
            paper(2, CopyKind::Certified, 1),
        ];
        assert_eq!(compare(&list(), &brought), Comparison::Complete);
    }

    #[test]
    fn says_what_is_missing_in_two_languages() {
        let brought = [paper(2, CopyKind::Plain, 1), paper(3, CopyKind::Plain, 1)];
        let Comparison::Incomplete(missing) = compare(&list(), &brought) else {
            panic!("three papers are missing")
        };
        let note = GuidanceNote {
            missing,
            by: STAFF,
            at: 0,
        };
        assert_eq!(
            note.vietnamese(),
            "Hồ sơ chưa đủ. Xin bổ sung:\n- Tờ khai: còn thiếu 1 bản chính\n\
             - Căn cước: còn thiếu 1 bản chụp\n- Văn bản ủy quyền: còn thiếu 1 bản chính"
        );
        assert!(note.english().contains("- Tờ khai: 1 more needed (original)"));
    }

    #[test]
    fn refuses_a_demand_without_a_reason_to_show_or_for_a_paper_on_the_list() {
        let demand = |paper: &str, reference: &str| {
            ExtraDemand::new(&list(), paper, DemandReason::AgencyInWriting, reference, STAFF, 0)
        };
        assert_eq!(demand("Sổ hộ khẩu", " "), Err(ExtraDemandError::NoReference));
        assert_eq!(demand("Tờ khai", "CV 12"), Err(ExtraDemandError::OnTheList));
        let reported = demand("Ảnh 4x6", "CV 12/UBND").expect("named");
        assert_eq!(reported.reason().as_str(), "AGENCY_IN_WRITING");
    }
}
