//! `/province`: the reference data of the province for anybody, without script: what is where, what a procedure asks for, which
//! days are off.
//!
//! Nothing here is about a person or a dossier, so no page needs a scope. Names are data and stay Vietnamese in both languages.

pub(super) mod calendar;
pub(super) mod communes;
mod hours;
mod listing;
pub(super) mod offices;
pub(super) mod overview;
pub(super) mod procedure;
pub(super) mod procedures;

use crate::words::pick;
use domain::dossier::words::Language;

/// A page of the province in a language.
trait Page {
    /// Which language.
    fn language(&self) -> Language;

    /// One of two texts.
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language(), vietnamese, english)
    }

    /// The address of another page in this page's language.
    fn at(&self, path: &str) -> String {
        at(self.language(), path)
    }
}

fn at(language: Language, path: &str) -> String {
    format!("{path}{}", pick(language, "", "?lang=en"))
}
