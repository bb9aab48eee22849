//! One dossier, from the first order to the returned result.
//!
//! What happened comes in as [`DossierFact`]s; the state is what they add up to.
//! Nothing here is ever overwritten: a time is written once, and a fact that does not
//! fit yet waits for the one that makes room for it.
//!
//! The post never reports a dossier as returned (10 in the national list): it may say
//! that the result reached the person, and the agency confirms.

mod fact;
mod fold;
mod moves;
mod state;
mod times;
pub mod words;

pub use fact::{DossierFact, Outcome, ParseOutcomeError, ParseReturnProofError, ReturnProof};
pub use fold::Dossier;
pub use moves::IllegalMove;
pub use state::{DossierState, ParseDossierStateError};
pub use times::{Supplement, Times};
