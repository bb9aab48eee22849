//! How an agency decided, and how its result reached the person.
//!
//! Nothing here says when; that is the [fact](super::DossierFact).
//!
//! Source: Nghị định 61/2018/NĐ-CP, điều 19; Nghị định 61/2018/NĐ-CP, điều 20

use std::str::FromStr;

/// How an agency decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The request was granted.
    Granted,
    /// The request was refused.
    Refused,
}

impl Outcome {
    /// The text form, lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
        }
    }
}

/// A text that names no outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an outcome: expected granted or refused")]
pub struct ParseOutcomeError;

impl FromStr for Outcome {
    type Err = ParseOutcomeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Granted, Self::Refused]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or(ParseOutcomeError)
    }
}

/// How the result reached the entitled person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReturnProof {
    /// A signed delivery by the post.
    Post,
    /// Collected at the agency's desk.
    Desk,
    /// Sent as an electronic result.
    Electronic,
}

impl ReturnProof {
    /// The text form, lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Desk => "desk",
            Self::Electronic => "electronic",
        }
    }
}

/// A text that names no way of returning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a way to return a result: expected post, desk or electronic")]
pub struct ParseReturnProofError;

impl FromStr for ReturnProof {
    type Err = ParseReturnProofError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Post, Self::Desk, Self::Electronic]
            .into_iter()
            .find(|proof| proof.as_str() == text)
            .ok_or(ParseReturnProofError)
    }
}
