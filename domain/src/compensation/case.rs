//! The course of one claim: assessed by the law's floor, decided with a record of liability, approved by another person, paid.
//!
//! Source: Nghị định 47/2011/NĐ-CP, điều 25; Nghị định 47/2011/NĐ-CP, điều 26

use time::Date;

use super::NothingOwed;
use crate::dossier::words::Language;
use crate::ids::StaffId;
use crate::money::Dong;

/// The first signature under a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Who decided.
    pub by: StaffId,
    /// The number of the record of liability.
    pub record_number: String,
    /// How much is to be paid.
    pub amount: Dong,
    /// The last day of payment.
    pub pay_by: Date,
}

/// A claim on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The least the law lets the post pay.
    pub floor: Dong,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Who approved it.
    pub approved_by: Option<StaffId>,
    /// When it was paid, milliseconds UTC.
    pub paid_at_ms: Option<i64>,
    /// Whether it was turned down.
    pub is_rejected: bool,
}

/// Why a claim does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// The law owes nothing for it.
    #[error(transparent)]
    NothingOwed(#[from] NothingOwed),
    /// Less than the law's floor.
    #[error("the law owes at least {floor}")]
    BelowFloor {
        /// The floor.
        floor: Dong,
    },
    /// Nobody has decided yet.
    #[error("the claim is not decided yet")]
    NotDecided,
    /// Whoever decided does not approve.
    #[error("whoever decided does not approve")]
    SamePerson,
    /// Nobody has approved yet.
    #[error("the claim is not approved yet")]
    NotApproved,
    /// It is approved, turned down or paid.
    #[error("the claim is settled already")]
    Settled,
}

impl CaseError {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::NothingOwed(why) => return why.words(language),
            Self::BelowFloor { .. } => ("thấp hơn mức tối thiểu theo luật", "less than the law's floor"),
            Self::NotDecided => ("chưa có quyết định bồi thường", "the claim is not decided yet"),
            Self::SamePerson => (
                "người duyệt phải khác người quyết định",
                "whoever decided does not approve",
            ),
            Self::NotApproved => ("chưa được duyệt", "the claim is not approved yet"),
            Self::Settled => ("vụ việc đã kết thúc", "the claim is settled already"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

impl Case {
    /// A claim that was assessed.
    pub const fn assessed(floor: Dong) -> Self {
        Self {
            floor,
            decision: None,
            approved_by: None,
            paid_at_ms: None,
            is_rejected: false,
        }
    }

    const fn is_settled(&self) -> bool {
        self.approved_by.is_some() || self.is_rejected
    }

    /// Decides it; until somebody approves, another decision takes its place.
    ///
    /// # Errors
    /// [`CaseError::BelowFloor`] or [`CaseError::Settled`].
    pub fn decide(self, decision: Decision) -> Result<Self, CaseError> {
        if self.is_settled() {
            return Err(CaseError::Settled);
        }
        if decision.amount < self.floor {
            return Err(CaseError::BelowFloor { floor: self.floor });
        }
        Ok(Self {
            decision: Some(decision),
            ..self
        })
    }

    /// Another person approves it.
    ///
    /// # Errors
    /// [`CaseError::NotDecided`], [`CaseError::SamePerson`] or [`CaseError::Settled`].
    pub fn approve(self, by: StaffId) -> Result<Self, CaseError> {
        if self.is_settled() {
            return Err(CaseError::Settled);
        }
        let decision = self.decision.as_ref().ok_or(CaseError::NotDecided)?;
        if decision.by == by {
            return Err(CaseError::SamePerson);
        }
        Ok(Self {
            approved_by: Some(by),
            ..self
        })
    }

    /// Turns it down.
    ///
    /// # Errors
    /// [`CaseError::Settled`].
    pub fn reject(self) -> Result<Self, CaseError> {
        if self.is_settled() {
            return Err(CaseError::Settled);
        }
        Ok(Self {
            is_rejected: true,
            ..self
        })
    }

    /// Pays what was decided and approved.
    ///
    /// # Errors
    /// [`CaseError::NotApproved`] or [`CaseError::Settled`].
    pub fn pay(self, at_ms: i64) -> Result<Self, CaseError> {
        if self.paid_at_ms.is_some() || self.is_rejected {
            return Err(CaseError::Settled);
        }
        if self.approved_by.is_none() {
            return Err(CaseError::NotApproved);
        }
        Ok(Self {
            paid_at_ms: Some(at_ms),
            ..self
        })
    }

    /// Whether it is approved and its last day of payment has passed.
    ///
    /// Source: Nghị định 47/2011/NĐ-CP, điều 26
    pub fn is_overdue(&self, today: Date) -> bool {
        let is_owed = self.approved_by.is_some() && self.paid_at_ms.is_none();
        is_owed && self.decision.as_ref().is_some_and(|decision| today > decision.pay_by)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;

    const ONE: StaffId = StaffId(Uuid::from_u128(1));
    const OTHER: StaffId = StaffId(Uuid::from_u128(2));

    fn decision(dong: i64) -> Decision {
        Decision {
            by: ONE,
            record_number: "01/BB".to_owned(),
            amount: Dong::new(dong),
            pay_by: date!(2026 - 06 - 04),
        }
    }

    #[test]
    fn two_people_sign_and_then_it_is_paid_once() {
        let case = Case::assessed(Dong::new(104_000));
        assert_eq!(case.clone().approve(OTHER), Err(CaseError::NotDecided));
        let floor = Dong::new(104_000);
        assert_eq!(
            case.clone().decide(decision(103_999)),
            Err(CaseError::BelowFloor { floor })
        );
        let decided = case.decide(decision(104_000)).expect("the floor");
        assert_eq!(decided.clone().approve(ONE), Err(CaseError::SamePerson));
        assert_eq!(decided.clone().pay(9), Err(CaseError::NotApproved));
        let approved = decided.approve(OTHER).expect("another person");
        assert!(approved.is_overdue(date!(2026 - 06 - 05)) && !approved.is_overdue(date!(2026 - 06 - 04)));
        assert_eq!(approved.clone().reject(), Err(CaseError::Settled));
        let paid = approved.pay(9).expect("approved");
        assert!(!paid.is_overdue(date!(2026 - 06 - 05)));
        assert_eq!(paid.pay(10), Err(CaseError::Settled));
    }

    #[test]
    fn what_was_turned_down_goes_no_further() {
        let rejected = Case::assessed(Dong::ZERO).reject().expect("open");
        assert_eq!(rejected.clone().decide(decision(1)), Err(CaseError::Settled));
        assert_eq!(rejected.pay(1), Err(CaseError::Settled));
    }
}
