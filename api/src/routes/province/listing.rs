//! A long list in leaves, with a box to find something in it.

use crate::form::query;
use crate::words::{language, pick};
use domain::dossier::words::Language;
use domain::place::Sought;
use serde::Deserialize;
use utoipa::IntoParams;

/// The longest text that is looked for, in characters.
const LONGEST: usize = 80;

/// What is looked for, and which leaf.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Words to find, with or without accents.
    q: Option<String>,
    /// Which leaf of the list, from 1.
    page: Option<String>,
    /// `en` for English; Vietnamese otherwise.
    lang: Option<String>,
}

/// One leaf of what was found.
pub(super) struct Listing<T> {
    /// The page's path.
    pub(super) path: &'static str,
    /// The box's label.
    pub(super) label: &'static str,
    /// What was typed.
    pub(super) typed: String,
    /// How many were found.
    pub(super) count: usize,
    /// Those of this leaf.
    pub(super) items: Vec<T>,
    /// This leaf, from 1.
    pub(super) leaf: usize,
    /// How many leaves there are, at least 1.
    pub(super) leaves: usize,
    /// The address of the leaf before.
    pub(super) before: Option<String>,
    /// The address of the leaf after.
    pub(super) after: Option<String>,
    /// The address of the same leaf in the other language.
    pub(super) translated: String,
}

/// How well something fits what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It is what was typed.
    Whole,
    /// It has what was typed in its own name.
    Name,
    /// Something about it has.
    About,
}

impl Asked {
    pub(super) fn language(&self) -> Language {
        language(self.lang.as_deref())
    }

    fn typed(&self) -> String {
        let typed = self.q.as_deref().unwrap_or_default().trim();
        typed.chars().take(LONGEST).collect()
    }

    /// Those that fit what is looked for, the best first, else in their own order. When nothing has the accents that were
    /// typed, accents do not count.
    pub(super) fn found<T>(
        &self,
        all: impl Iterator<Item = T> + Clone,
        fit: impl Fn(&T, &Sought) -> Option<Fit>,
    ) -> Vec<T> {
        let Some(sought) = Sought::new(&self.typed()) else {
            return all.collect();
        };
        let by = |sought: &Sought| {
            let mut found: Vec<(Fit, T)> = all.clone().filter_map(|one| Some((fit(&one, sought)?, one))).collect();
            found.sort_by_key(|(fit, _)| *fit);
            found.into_iter().map(|(_, one)| one).collect::<Vec<T>>()
        };
        let found = by(&sought);
        if found.is_empty() {
            by(&sought.without_accents())
        } else {
            found
        }
    }

    /// The leaf that is asked for; the last one when there are not as many.
    pub(super) fn leaf<T, U>(
        &self,
        (path, label): (&'static str, &'static str),
        size: usize,
        found: Vec<T>,
        shown: impl FnMut(T) -> U,
    ) -> Listing<U> {
        let (count, typed, language) = (found.len(), self.typed(), self.language());
        let leaves = count.div_ceil(size).max(1);
        let leaf = self.page.as_deref().and_then(|text| text.parse().ok()).unwrap_or(1);
        let leaf: usize = leaf.clamp(1, leaves);
        let link = |leaf: usize, language: Language| {
            let number = leaf.to_string();
            let pairs = [
                ("q", typed.as_str()),
                ("page", if leaf == 1 { "" } else { &number }),
                ("lang", pick(language, "", "en")),
            ];
            let given: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            format!("{path}{}", query(&given))
        };
        let other = pick(language, Language::English, Language::Vietnamese);
        Listing {
            before: (leaf > 1).then(|| link(leaf - 1, language)),
            after: (leaf < leaves).then(|| link(leaf + 1, language)),
            translated: link(leaf, other),
            items: found
                .into_iter()
                .skip((leaf - 1) * size)
                .take(size)
                .map(shown)
                .collect(),
            path,
            label,
            typed,
            count,
            leaf,
            leaves,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Fit};
    use domain::place::Sought;

    fn asked(q: &str, page: &str) -> Asked {
        Asked {
            q: Some(q.to_owned()),
            page: Some(page.to_owned()),
            lang: None,
        }
    }

    fn fit(name: &&str, sought: &Sought) -> Option<Fit> {
        if sought.is_all_of(name) {
            return Some(Fit::Whole);
        }
        sought.is_in(name).then_some(Fit::Name)
    }

    #[test]
    fn the_whole_name_comes_first_and_wrong_accents_still_find() {
        let names = ["An Phú Tân", "An Phú", "Tịnh Biên"];
        assert_eq!(
            asked("an phu", "").found(names.into_iter(), fit),
            ["An Phú", "An Phú Tân"]
        );
        assert_eq!(asked("Tỉnh Biên", "").found(names.into_iter(), fit), ["Tịnh Biên"]);
        assert_eq!(asked(" ", "").found(names.into_iter(), fit), names);
    }

    #[test]
    fn a_leaf_links_to_its_neighbours_and_to_itself_in_the_other_language() {
        let of = |page: &str| asked("núi", page).leaf(("/x", "?"), 2, vec![1, 2, 3, 4, 5], |one| one);
        let middle = of("2");
        assert_eq!((middle.items, middle.leaves), (vec![3, 4], 3));
        assert_eq!(middle.before.as_deref(), Some("/x?q=n%C3%BAi"));
        assert_eq!(middle.after.as_deref(), Some("/x?q=n%C3%BAi&page=3"));
        assert_eq!(middle.translated, "/x?q=n%C3%BAi&page=2&lang=en");
        for page in ["0", "-1", "x", ""] {
            assert_eq!(of(page).items, [1, 2], "{page}");
        }
        assert_eq!((of("99").items, of("99").after), (vec![5], None));
    }
}
