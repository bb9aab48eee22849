//! One dossier, from the first order to the returned result.
//!
//! What happened comes in as [`DossierFact`]s; the state is what they add up to.
//! Nothing here is ever overwritten: a time is written once, and a fact that does not
//! fit yet waits for the one that makes room for it.
//!
//! The post never reports a dossier as returned (10 in the national list): it may say
//! that the result reached the person, and the agency confirms.
//!
//! What happened against a rule happened all the same: it is folded, and named as a
//! [`Breach`]. Before an act, [`Dossier::check`] says what still speaks against it;
//! [`Dossier::what_next`] says what can follow and who must act.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 4; Nghị định 61/2018/NĐ-CP, điều 17

mod breach;
mod clock;
mod fact;
mod fold;
mod form;
mod guard;
mod moves;
mod next;
mod notice;
mod of_item;
mod outcome;
mod pattern;
mod policy;
mod record;
mod refusal;
mod slip;
mod state;
mod step;
mod times;
pub mod words;

pub use breach::{Breach, Rule};
pub use clock::{Clock, WorkingDaysAfter};
pub use fact::DossierFact;
pub use fold::{Charge, Dossier, Loss, RefusedHandover};
pub use form::{EntryPaper, FormKind, FormSet};
pub use guard::{Gap, Refused};
pub use next::{Carriage, Next, Possible};
pub use of_item::{ItemMoved, facts_of_item, facts_of_step, is_acceptance, with_acceptance};
pub use outcome::{Outcome, ParseOutcomeError, ParseReturnProofError, ReturnProof};
pub use policy::{Policy, SupplementClock};
pub use refusal::{IllegalMove, WhyNot};
pub use slip::{Slip, SlipGap};
pub use state::{DossierState, ParseDossierStateError};
pub use step::{AgencyStep, Timeliness};
pub use times::{Promise, PromiseCause, Supplement, Times, Wait};
