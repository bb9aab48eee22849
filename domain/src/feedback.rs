//! Citizens' feedback on the agency: what may follow what, and a mark from 1 to 5.
//!
//! Complaints about the post go their own way: [`crate::complaint`].
//!
//! Source: Quyết định 766/QĐ-TTg, chỉ số 5.1; Quyết định 766/QĐ-TTg, chỉ số 5.4

use crate::dossier::words::Language;

/// Where feedback stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedbackStage {
    /// The agency has it.
    Received,
    /// More was asked of the citizen.
    Asked,
    /// It was refused.
    Refused,
    /// It was answered.
    Answered,
    /// The answer was made public.
    Published,
}

impl FeedbackStage {
    /// Every stage, in the order they can be.
    pub const ALL: [Self; 5] = [
        Self::Received,
        Self::Asked,
        Self::Refused,
        Self::Answered,
        Self::Published,
    ];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Asked => "asked",
            Self::Refused => "refused",
            Self::Answered => "answered",
            Self::Published => "published",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }

    /// The stage for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Received => ("cơ quan đã tiếp nhận", "the agency has it"),
            Self::Asked => ("cơ quan đề nghị bổ sung", "the agency asks for more"),
            Self::Refused => ("cơ quan không tiếp nhận", "the agency refused it"),
            Self::Answered => ("cơ quan đã trả lời", "the agency answered"),
            Self::Published => ("đã công khai câu trả lời", "the answer is public"),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }

    /// Whether this can follow another stage.
    pub const fn can_follow(self, before: Self) -> bool {
        matches!(
            (before, self),
            (Self::Received, Self::Asked | Self::Refused | Self::Answered)
                | (Self::Asked, Self::Refused | Self::Answered)
                | (Self::Answered, Self::Published)
        )
    }
}

/// A mark: 1 is the worst, 5 the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rating(u8);

impl Rating {
    /// A mark from 1 to 5.
    pub const fn new(mark: u8) -> Option<Self> {
        match mark {
            1..=5 => Some(Self(mark)),
            _ => None,
        }
    }

    /// The number.
    pub const fn mark(self) -> u8 {
        self.0
    }

    /// Whether the index counts it as a dislike: 1 or 2.
    ///
    /// Source: Quyết định 766/QĐ-TTg, chỉ số 5.4
    pub const fn is_dislike(self) -> bool {
        self.0 <= 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_published_and_a_refusal_ends_it() {
        use FeedbackStage as S;
        let follows: Vec<(S, S)> = S::ALL
            .into_iter()
            .flat_map(|before| S::ALL.map(|after| (before, after)))
            .filter(|(before, after)| after.can_follow(*before))
            .collect();
        assert_eq!(follows.len(), 6);
        assert!(follows.contains(&(S::Answered, S::Published)));
        assert!(
            follows
                .iter()
                .all(|(before, _)| !matches!(before, S::Refused | S::Published))
        );
    }

    #[test]
    fn marks_run_from_one_to_five() {
        assert_eq!((Rating::new(0), Rating::new(6)), (None, None));
        let dislikes: Vec<u8> = (1..=5)
            .filter_map(Rating::new)
            .filter(|rating| rating.is_dislike())
            .map(Rating::mark)
            .collect();
        assert_eq!(dislikes, [1, 2]);
    }
}
