//! The acts a person does, one file each family. Every act is one transaction; see [`record`](super::record).

pub mod handover;
pub mod one_party;
