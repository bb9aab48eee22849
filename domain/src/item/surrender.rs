//! Old papers that must be in the bag before the new one is handed over.
//!
//! A carrier never lets a paper go on their own: only a code from the agency does.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 5

/// One old paper to give up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SurrenderPaper {
    /// Its name, as the procedure names it.
    pub name: String,
    /// When it was taken from the person, milliseconds UTC.
    pub taken_at_ms: Option<i64>,
    /// When and under which code the agency let it go.
    pub excepted: Option<(i64, String)>,
}

impl SurrenderPaper {
    /// A paper on the list, not settled yet.
    pub fn listed(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            taken_at_ms: None,
            excepted: None,
        }
    }

    /// When it was settled: taken, or let go by the agency.
    pub fn settled_at_ms(&self) -> Option<i64> {
        self.taken_at_ms.or(self.excepted.as_ref().map(|(at_ms, _)| *at_ms))
    }

    /// Whether it is settled.
    pub fn is_settled(&self) -> bool {
        self.settled_at_ms().is_some()
    }
}
