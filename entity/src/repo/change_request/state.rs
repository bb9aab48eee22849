//! How a proposal stands.

use super::Request;
use crate::table::change_request;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;

/// How a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for somebody else.
    Proposed,
    /// It was made.
    Approved,
    /// Somebody else said no.
    Rejected,
    /// Its proposer took it back.
    Withdrawn,
    /// Nobody decided in time.
    Lapsed,
}

impl State {
    /// Every state with its stable name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Proposed, "proposed"),
        (Self::Approved, "approved"),
        (Self::Rejected, "rejected"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Lapsed, "lapsed"),
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(state, _)| *state == self)
            .map_or("", |(_, name)| name)
    }

    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(state, _)| *state)
    }

    /// How a proposal stands now.
    pub fn of(request: &Request, now_ms: i64) -> Self {
        match &request.decision {
            Some(decision) => Self::parse(decision).unwrap_or(Self::Rejected),
            None if request.expires_at <= now_ms => Self::Lapsed,
            None => Self::Proposed,
        }
    }

    pub(super) fn condition(self, now_ms: i64) -> Condition {
        let open = Condition::all().add(change_request::Column::Decision.is_null());
        match self {
            Self::Proposed => open.add(change_request::Column::ExpiresAt.gt(now_ms)),
            Self::Lapsed => open.add(change_request::Column::ExpiresAt.lte(now_ms)),
            decided => change_request::Column::Decision.eq(decided.as_str()).into(),
        }
    }
}
