//! An item's custody state with its incidents laid over it.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 11; Luật Bưu chính 49/2010/QH12, điều 17; Quyết định 45/2016/QĐ-TTg, điều 14

use super::{IllegalItemMove, Incident, ItemKind, ItemState, MoveKind, WhyNotItem};

/// Where an item stands, incidents included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each incident is open or not, whatever the others are"
)]
pub struct Standing {
    /// Its custody state.
    pub state: ItemState,
    /// X1 is open: damaged and not wrapped anew.
    pub is_damaged: bool,
    /// X2 is open: the seal differs and nobody has explained it.
    pub is_seal_open: bool,
    /// X3 is open: nobody has seen it in its time.
    pub is_missing: bool,
    /// X4: declared lost. Final.
    pub is_lost: bool,
}

/// What can happen to a standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandingStep {
    /// A custody move. Whoever moves an item has seen it: it is no longer missing.
    Move(MoveKind),
    /// An incident is reported.
    Report(Incident),
    /// Wrapped and sealed anew, with inventory and minutes.
    Rewrapped,
    /// The other seal is explained and on record.
    SealSettled,
    /// Seen again.
    Found,
}

impl StandingStep {
    /// Every step.
    pub fn all() -> impl Iterator<Item = Self> {
        let reports = [
            Incident::Damaged,
            Incident::SealMismatch,
            Incident::Missing,
            Incident::Lost,
        ];
        MoveKind::ALL
            .into_iter()
            .map(Self::Move)
            .chain(reports.map(Self::Report))
            .chain([Self::Rewrapped, Self::SealSettled, Self::Found])
    }
}

impl Standing {
    /// An item of which only the slip is drafted.
    pub const NEW: Self = Self {
        state: ItemState::Created,
        is_damaged: false,
        is_seal_open: false,
        is_missing: false,
        is_lost: false,
    };

    /// Whether nothing more can happen to the item. What was found damaged at the end can
    /// still be put on record.
    pub const fn is_terminal(self) -> bool {
        self.is_lost || (self.state.is_terminal() && !self.is_damaged && !self.is_seal_open)
    }

    /// The standing after a step of an item that carries `item`.
    ///
    /// # Errors
    /// [`IllegalItemMove`] when the step does not fit, with the reason.
    pub fn after(self, step: StandingStep, item: ItemKind) -> Result<Self, IllegalItemMove> {
        let refuse = |why| {
            Err(IllegalItemMove {
                from: self.state,
                kind: match step {
                    StandingStep::Move(kind) => Some(kind),
                    StandingStep::Report(_)
                    | StandingStep::Rewrapped
                    | StandingStep::SealSettled
                    | StandingStep::Found => None,
                },
                why,
            })
        };
        if self.is_lost {
            return refuse(WhyNotItem::Lost);
        }
        match step {
            StandingStep::Move(kind) => Ok(Self {
                state: self.state.after(kind, item)?,
                is_missing: false,
                ..self
            }),
            StandingStep::Report(incident) if self.state.is_with_post() => Ok(self.with(incident)),
            StandingStep::Report(_) => refuse(WhyNotItem::NotWithThePost),
            StandingStep::Rewrapped if self.is_damaged => Ok(Self {
                is_damaged: false,
                ..self
            }),
            StandingStep::SealSettled if self.is_seal_open => Ok(Self {
                is_seal_open: false,
                ..self
            }),
            StandingStep::Found if self.is_missing => Ok(Self {
                is_missing: false,
                ..self
            }),
            StandingStep::Rewrapped | StandingStep::SealSettled | StandingStep::Found => {
                refuse(WhyNotItem::NothingOpen)
            }
        }
    }

    const fn with(self, incident: Incident) -> Self {
        match incident {
            Incident::Damaged => Self {
                is_damaged: true,
                ..self
            },
            Incident::SealMismatch => Self {
                is_seal_open: true,
                ..self
            },
            Incident::Missing => Self {
                is_missing: true,
                ..self
            },
            Incident::Lost => Self { is_lost: true, ..self },
        }
    }
}
