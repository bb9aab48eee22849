//! A dossier's money: what is due, what was paid, what was given back.

pub(super) mod charges;
pub(super) mod collections;
pub(super) mod exemptions;
pub(super) mod receipts;
pub(super) mod refunds;
pub(super) mod show;
mod sum;
mod view;

pub(super) use view::{PaperView, ReceiptView};
