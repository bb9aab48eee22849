//! The acts a person does, one file each family. Every act is one transaction; the numbering and signing are in `record`.

pub mod bag;
pub mod cash;
pub mod handover;
pub mod one_party;
mod settle;
