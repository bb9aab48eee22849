//! A page of a heading, a few sentences, perhaps a question and links.

use super::rendered;
use crate::words::pick;
use askama::Template;
use domain::dossier::words::Language;
use serde::Deserialize;
use utoipa::IntoParams;

/// In which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct LanguageQuery {
    /// `en` for English; Vietnamese otherwise.
    pub(in crate::routes) lang: Option<String>,
    /// On a citizen's page: `accesses` shows who opened the dossier.
    pub(in crate::routes) view: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "plain.html")]
pub(in crate::routes) struct Plain {
    pub(in crate::routes) title: &'static str,
    pub(in crate::routes) texts: Vec<&'static str>,
    /// Whether it asks for a code.
    pub(in crate::routes) asks: bool,
    pub(in crate::routes) links: Vec<(&'static str, &'static str)>,
    pub(in crate::routes) style: &'static str,
    pub(in crate::routes) language: Language,
}

impl Plain {
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language, vietnamese, english)
    }

    /// The page as it goes out.
    pub(in crate::routes) fn text(&self) -> String {
        rendered(self)
    }
}
