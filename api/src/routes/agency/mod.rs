//! What an agency's systems and desks ask about its dossiers.

pub(super) mod progress;
