//! The dossier and item machines: worked examples of the law, an exhaustive model check,
//! and random lawful histories.

mod days;
mod delivery;
mod exceptions;
mod histories;
mod history;
mod joint;
mod model;
mod trace;
