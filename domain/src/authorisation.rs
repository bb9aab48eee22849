//! An authorisation: for what somebody may stand in for the applicant, and until when.
//!
//! It says nothing about who the agent is: their own identity paper is compared at the
//! counter or the door, and no copy of a name is kept here.
//!
//! Source: Bộ luật Dân sự 2015, điều 138; Bộ luật Dân sự 2015, điều 140; Thông tư 17/2017/TT-BTTTT, điều 5

use std::fmt;
use std::str::FromStr;

use time::Date;

use crate::local_time::months_after;

/// What an agent may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Lodge the dossier and sign its slip.
    Lodge,
    /// Receive the result, and give up papers against it.
    Receive,
    /// Both.
    Both,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Lodge, Self::Receive, Self::Both];

    /// The text form, lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lodge => "lodge",
            Self::Receive => "receive",
            Self::Both => "both",
        }
    }

    /// Whether everything in `needed` is granted.
    pub const fn covers(self, needed: Self) -> bool {
        matches!(
            (self, needed),
            (Self::Both, _) | (Self::Lodge, Self::Lodge) | (Self::Receive, Self::Receive)
        )
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a scope of authorisation: expected lodge, receive or both")]
pub struct ParseScopeError;

impl FromStr for Scope {
    type Err = ParseScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or(ParseScopeError)
    }
}

/// What the paper of authorisation says, without the names on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Authorisation {
    /// For what.
    pub scope: Scope,
    /// The day it was given.
    pub granted_on: Date,
    /// The last day it holds, when the paper names one.
    pub ends_on: Option<Date>,
}

/// Why an authorisation does not carry an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorisationGap {
    /// It does not cover the act.
    #[error("the authorisation does not cover this")]
    Scope,
    /// It was not given yet on that day.
    #[error("the authorisation is dated later")]
    NotYet,
    /// It ended before that day.
    #[error("the authorisation ended on {on}")]
    Ended {
        /// Its last day.
        on: Date,
    },
}

impl Authorisation {
    /// The last day it holds: the one it names, else one year after it was given.
    ///
    /// Source: Bộ luật Dân sự 2015, điều 140
    pub fn last_day(&self) -> Date {
        self.ends_on.unwrap_or_else(|| months_after(self.granted_on, 12))
    }

    /// Whether it carries an act on a day.
    ///
    /// # Errors
    /// [`AuthorisationGap`] with what is missing.
    pub fn check(&self, needed: Scope, on: Date) -> Result<(), AuthorisationGap> {
        let last = self.last_day();
        if !self.scope.covers(needed) {
            Err(AuthorisationGap::Scope)
        } else if on < self.granted_on {
            Err(AuthorisationGap::NotYet)
        } else if on > last {
            Err(AuthorisationGap::Ended { on: last })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn paper(scope: Scope, ends_on: Option<Date>) -> Authorisation {
        Authorisation {
            scope,
            granted_on: date!(2026 - 05 - 01),
            ends_on,
        }
    }

    #[test]
    fn without_a_term_it_holds_one_year() {
        let open = paper(Scope::Receive, None);
        assert_eq!(open.check(Scope::Receive, date!(2027 - 05 - 01)), Ok(()));
        let ended = AuthorisationGap::Ended {
            on: date!(2027 - 05 - 01),
        };
        assert_eq!(open.check(Scope::Receive, date!(2027 - 05 - 02)), Err(ended));
    }

    #[test]
    fn a_leap_day_ends_on_the_last_of_february() {
        let leap = Authorisation {
            scope: Scope::Both,
            granted_on: date!(2024 - 02 - 29),
            ends_on: None,
        };
        assert_eq!(leap.last_day(), date!(2025 - 02 - 28));
    }

    #[test]
    fn a_stated_term_and_the_scope_are_kept() {
        let short = paper(Scope::Lodge, Some(date!(2026 - 05 - 07)));
        assert_eq!(short.check(Scope::Lodge, date!(2026 - 05 - 07)), Ok(()));
        assert!(short.check(Scope::Lodge, date!(2026 - 05 - 08)).is_err());
        assert_eq!(
            short.check(Scope::Receive, date!(2026 - 05 - 02)),
            Err(AuthorisationGap::Scope)
        );
        assert_eq!(
            short.check(Scope::Lodge, date!(2026 - 04 - 30)),
            Err(AuthorisationGap::NotYet)
        );
        assert!(
            paper(Scope::Both, None)
                .check(Scope::Receive, date!(2026 - 05 - 02))
                .is_ok()
        );
    }
}
