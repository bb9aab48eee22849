//! What the crate promises, told as stories: vectors, envelopes, hand-overs and folds.

mod bags;
mod bracket;
mod codec;
mod credential;
mod envelope;
mod fold_laws;
mod fold_moves;
mod fold_rules;
mod fold_rulings;
mod frames;
mod handover;
mod handover_refusals;
mod log;
mod model;
mod sizes;
mod vectors;
mod world;
