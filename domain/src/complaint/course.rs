//! The course of one complaint: filed, registered by a person, answered once or taken back.
//!
//! The term runs from the filing, whoever has opened the letter since.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 8; Luật Bưu chính 49/2010/QH12, điều 38

use time::Date;

use crate::dossier::words::Language;
use crate::report::post::ComplaintOutcome;

/// What it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grievance {
    /// It came late.
    Late,
    /// It was lost.
    Lost,
    /// It was damaged or swapped.
    Damaged,
    /// How somebody behaved.
    Conduct,
    /// What was charged.
    Money,
    /// Something else.
    Other,
}

impl Grievance {
    /// Every sort.
    pub const ALL: [Self; 6] = [
        Self::Late,
        Self::Lost,
        Self::Damaged,
        Self::Conduct,
        Self::Money,
        Self::Other,
    ];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Lost => "lost",
            Self::Damaged => "damaged",
            Self::Conduct => "conduct",
            Self::Money => "money",
            Self::Other => "other",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// What it is about, for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Late => ("chậm so với thời gian công bố", "late"),
            Self::Lost => ("mất bưu gửi", "lost"),
            Self::Damaged => ("hư hỏng, tráo đổi", "damaged or swapped"),
            Self::Conduct => ("thái độ phục vụ", "conduct of staff"),
            Self::Money => ("giá cước, khoản thu", "money charged"),
            Self::Other => ("nội dung khác", "something else"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// What happens to it after it was filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComplaintStep {
    /// Somebody took it up.
    Registered,
    /// It was answered.
    Answered(ComplaintOutcome),
    /// The citizen took it back.
    Withdrawn,
}

/// A complaint as far as its term and its end go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What it is about.
    pub about: Grievance,
    /// When it was filed, milliseconds UTC.
    pub filed_at_ms: i64,
    /// The last day for the answer.
    pub answer_by: Date,
    /// Whether the item went from one province to another.
    pub between_provinces: bool,
    /// When somebody took it up, milliseconds UTC.
    pub registered_at_ms: Option<i64>,
    /// When and how it ended.
    pub ended: Option<(i64, ComplaintOutcome)>,
}

/// A complaint that has ended, or was taken up before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComplaintStepError {
    /// It was answered or taken back.
    #[error("the complaint was answered or taken back")]
    Ended,
    /// Somebody has taken it up.
    #[error("the complaint is registered already")]
    Registered,
}

impl Complaint {
    /// What it is after another step.
    ///
    /// # Errors
    /// [`ComplaintStepError`].
    pub fn next(self, step: ComplaintStep, at_ms: i64) -> Result<Self, ComplaintStepError> {
        if self.ended.is_some() {
            return Err(ComplaintStepError::Ended);
        }
        match step {
            ComplaintStep::Registered if self.registered_at_ms.is_some() => Err(ComplaintStepError::Registered),
            ComplaintStep::Registered => Ok(Self {
                registered_at_ms: Some(at_ms),
                ..self
            }),
            ComplaintStep::Answered(outcome) => Ok(Self {
                ended: Some((at_ms, outcome)),
                ..self
            }),
            ComplaintStep::Withdrawn => Ok(Self {
                ended: Some((at_ms, ComplaintOutcome::Withdrawn)),
                ..self
            }),
        }
    }

    /// Whether its last day has passed without an answer.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 8
    pub fn is_overdue(&self, today: Date) -> bool {
        self.ended.is_none() && today > self.answer_by
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn filed() -> Complaint {
        Complaint {
            about: Grievance::Late,
            filed_at_ms: 1,
            answer_by: date!(2026 - 05 - 18),
            between_provinces: false,
            registered_at_ms: None,
            ended: None,
        }
    }

    #[test]
    fn it_is_overdue_after_its_last_day_until_it_is_answered() {
        let complaint = filed();
        assert!(!complaint.is_overdue(date!(2026 - 05 - 18)));
        assert!(complaint.is_overdue(date!(2026 - 05 - 19)));
        let step = ComplaintStep::Answered(ComplaintOutcome::Upheld);
        let answered = complaint.next(step, 2).expect("open");
        assert!(!answered.is_overdue(date!(2026 - 06 - 01)));
    }

    #[test]
    fn it_is_taken_up_once_and_ends_once() {
        let taken_up = filed().next(ComplaintStep::Registered, 2).expect("open");
        assert_eq!(
            taken_up.clone().next(ComplaintStep::Registered, 3),
            Err(ComplaintStepError::Registered)
        );
        let back = taken_up.next(ComplaintStep::Withdrawn, 3).expect("open");
        assert_eq!(back.ended, Some((3, ComplaintOutcome::Withdrawn)));
        let answer = ComplaintStep::Answered(ComplaintOutcome::Dismissed);
        assert_eq!(back.next(answer, 4), Err(ComplaintStepError::Ended));
    }
}
