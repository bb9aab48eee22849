//! What can happen to a dossier.

use std::fmt;
use std::str::FromStr;

use time::Date;

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

/// One thing that happened, and when. Times are milliseconds UTC.
///
/// The order of the variants is the order of an ordinary life; it decides between
/// facts of the same millisecond.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "every `at_ms` is the hour of the fact")]
pub enum DossierFact {
    /// Somebody asked the post to fetch or deliver.
    Ordered { at_ms: i64 },
    /// Post staff began to check the list of papers.
    IntakeOpened { at_ms: i64 },
    /// Papers were missing; the person got guidance and no slip.
    IntakeIncomplete { at_ms: i64, guidance: String },
    /// Both signed the slip; the envelope is sealed.
    TakenIn { at_ms: i64 },
    /// The agency began to count.
    AtHandover { at_ms: i64 },
    /// The agency was closed or did not take it.
    HandoverRefused { at_ms: i64, reason: String },
    /// Both signed the minutes: the legal lodging.
    Lodged { at_ms: i64 },
    /// The agency gave it a code and, as a rule, a due date.
    Received {
        at_ms: i64,
        code: String,
        due_on: Option<Date>,
    },
    /// The agency does not accept it.
    NotAccepted { at_ms: i64, reason: String },
    /// The agency works on it.
    Processing { at_ms: i64 },
    /// The agency asks for more papers.
    SupplementRequested { at_ms: i64, reason: String },
    /// Every asked paper arrived; the clock starts again, perhaps with a new due date.
    Supplemented { at_ms: i64, due_on: Option<Date> },
    /// The agency asks for a payment.
    PaymentRequested { at_ms: i64 },
    /// The payment is made.
    Paid { at_ms: i64 },
    /// The agency apologised and set a new date; allowed once.
    Redated { at_ms: i64, due_on: Date },
    /// The applicant asked to withdraw.
    WithdrawalRequested { at_ms: i64 },
    /// The agency stopped.
    Stopped { at_ms: i64, reason: String },
    /// The agency decided.
    Resolved { at_ms: i64, outcome: Outcome },
    /// The post took the result from the agency.
    ResultInPost { at_ms: i64 },
    /// The undelivered result is back at the agency.
    ResultBack { at_ms: i64 },
    /// The entitled person has the result.
    Returned { at_ms: i64, proof: ReturnProof },
    /// The agency confirms that the result was returned.
    ReturnConfirmed { at_ms: i64 },
    /// The order to the post was cancelled.
    Cancelled { at_ms: i64, reason: String },
}

impl DossierFact {
    /// When it happened, in milliseconds UTC.
    pub const fn at_ms(&self) -> i64 {
        match self {
            Self::Ordered { at_ms }
            | Self::IntakeOpened { at_ms }
            | Self::IntakeIncomplete { at_ms, .. }
            | Self::TakenIn { at_ms }
            | Self::AtHandover { at_ms }
            | Self::HandoverRefused { at_ms, .. }
            | Self::Lodged { at_ms }
            | Self::Received { at_ms, .. }
            | Self::NotAccepted { at_ms, .. }
            | Self::Processing { at_ms }
            | Self::SupplementRequested { at_ms, .. }
            | Self::Supplemented { at_ms, .. }
            | Self::PaymentRequested { at_ms }
            | Self::Paid { at_ms }
            | Self::Redated { at_ms, .. }
            | Self::WithdrawalRequested { at_ms }
            | Self::Stopped { at_ms, .. }
            | Self::Resolved { at_ms, .. }
            | Self::ResultInPost { at_ms }
            | Self::ResultBack { at_ms }
            | Self::Returned { at_ms, .. }
            | Self::ReturnConfirmed { at_ms }
            | Self::Cancelled { at_ms, .. } => *at_ms,
        }
    }

    /// The stable name of this sort of fact, lower snake case.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ordered { .. } => "ordered",
            Self::IntakeOpened { .. } => "intake_opened",
            Self::IntakeIncomplete { .. } => "intake_incomplete",
            Self::TakenIn { .. } => "taken_in",
            Self::AtHandover { .. } => "at_handover",
            Self::HandoverRefused { .. } => "handover_refused",
            Self::Lodged { .. } => "lodged",
            Self::Received { .. } => "received",
            Self::NotAccepted { .. } => "not_accepted",
            Self::Processing { .. } => "processing",
            Self::SupplementRequested { .. } => "supplement_requested",
            Self::Supplemented { .. } => "supplemented",
            Self::PaymentRequested { .. } => "payment_requested",
            Self::Paid { .. } => "paid",
            Self::Redated { .. } => "redated",
            Self::WithdrawalRequested { .. } => "withdrawal_requested",
            Self::Stopped { .. } => "stopped",
            Self::Resolved { .. } => "resolved",
            Self::ResultInPost { .. } => "result_in_post",
            Self::ResultBack { .. } => "result_back",
            Self::Returned { .. } => "returned",
            Self::ReturnConfirmed { .. } => "return_confirmed",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

impl fmt::Display for DossierFact {
    /// Shows the sort of fact and its hour, never what it says about a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.kind(), self.at_ms())
    }
}
