//! Who had the matter, minute by minute: each working minute from one instant to another goes
//! to the keeper that held it then, and the sums close to the minute.
//!
//! Instants are cut to the minute they lie in, once and before anything is added; after that
//! all is whole minutes, so a stretch may be off by less than one minute and the total never
//! differs from its parts. The time of the post runs by the post's calendar, all other time by
//! that of agencies. Time outside office hours is listed apart.
//!
//! It deliberately does not judge: whether a keeper was late needs a limit of its own, and
//! whether a wait stops a legal clock is decided elsewhere.
//! Source: Quyết định 45/2016/QĐ-TTg, điều 7; Thông tư 17/2017/TT-BTTTT, điều 7; Quy ước Trao Tay, sổ thời gian từng bên

mod keeper;
mod ledger;
mod minutes;
mod of_dossier;
mod standing;

pub use keeper::Keeper;
pub use ledger::{Calendars, DelayLedger, Holding, Spent, Stretch, Window};
pub use minutes::working_minutes;
pub use of_dossier::{holdings_of_dossier, window_of_dossier};
pub use standing::{KeeperLimit, Standing};
