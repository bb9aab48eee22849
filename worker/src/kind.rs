//! The kinds of jobs, and with them the names of the queues.

/// A kind of job. Its name is the outbox row's kind and the queue's name; a name is never changed, because rows that carry it
/// may lie in a database for years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Finds a courier for one leg of an item.
    Assign,
    /// Writes a notice into the sink.
    Notify,
    /// Sends a citizen a one-time code.
    Code,
    /// Looks for gaps, parked events and orphans.
    Sweep,
    /// Removes what nobody will ask for again.
    Purge,
    /// Moves the due dates that an official notice moves.
    Recount,
    /// Signs the head of the public log.
    Checkpoint,
    /// Misbehaves on request; only where the configuration allows test jobs.
    Poison,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Assign,
        Self::Notify,
        Self::Code,
        Self::Sweep,
        Self::Purge,
        Self::Recount,
        Self::Checkpoint,
        Self::Poison,
    ];

    /// The name that never changes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Notify => "notify",
            Self::Code => entity::repo::citizen_code::JOB,
            Self::Sweep => "sweep",
            Self::Purge => "purge",
            Self::Recount => entity::repo::calendar::RECOUNT,
            Self::Checkpoint => "checkpoint",
            Self::Poison => "poison",
        }
    }

    /// The kind of this name; `None` for a row that another version of this program wrote.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kinds this process runs.
    pub(crate) fn enabled(test_jobs: bool) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(move |kind| test_jobs || *kind != Self::Poison)
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn names_of_queues_are_the_ones_rows_were_written_with() {
        let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(
            names,
            [
                "assign",
                "notify",
                "code",
                "sweep",
                "purge",
                "recount",
                "checkpoint",
                "poison"
            ]
        );
        assert!(
            Kind::ALL
                .into_iter()
                .all(|kind| Kind::parse(kind.as_str()) == Some(kind))
        );
        assert_eq!(Kind::parse("from the future"), None);
    }

    #[test]
    fn poison_runs_only_where_test_jobs_are_allowed() {
        assert!(Kind::enabled(false).all(|kind| kind != Kind::Poison));
        assert!(Kind::enabled(true).any(|kind| kind == Kind::Poison));
    }
}
