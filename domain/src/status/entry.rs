//! One line of a status list.
//!
//! Source: Quy ước Trao Tay, cặp hệ mã và mã trạng thái

use crate::dossier::DossierState;
use crate::item::ItemState;

/// How well a state of ours and a code of a list agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// They say the same.
    Exact,
    /// One of them says more than the other.
    Nearest,
}

/// What a code stands for here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Means {
    /// A state of a sealed envelope.
    Item(ItemState, Fit),
    /// A state of a dossier.
    Dossier(DossierState, Fit),
    /// No state of ours, and why.
    Nothing(&'static str),
}

/// One code of a list, with its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The code as text.
    pub code: &'static str,
    /// What the list calls it, in Vietnamese.
    pub vietnamese: &'static str,
    /// The same in English.
    pub english: &'static str,
    /// What it stands for here.
    pub means: Means,
}

/// Short form of an entry, so that a list reads as a table.
pub(super) const fn entry(code: &'static str, vietnamese: &'static str, english: &'static str, means: Means) -> Entry {
    Entry {
        code,
        vietnamese,
        english,
        means,
    }
}

/// The code says exactly this state of an item.
pub(super) const fn item(state: ItemState) -> Means {
    Means::Item(state, Fit::Exact)
}

/// This state of an item is the nearest.
pub(super) const fn like_item(state: ItemState) -> Means {
    Means::Item(state, Fit::Nearest)
}
