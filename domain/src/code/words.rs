//! One sentence in both languages, and the promise of every code error and warning to be able to say itself.
//!
//! English is the `Display` of the error, so that it is written once; Vietnamese stands beside it. It does
//! not translate anything else: pages and slips have their own texts.
//!
//! Source: Quy ước Trao Tay, hai ngôn ngữ

use std::borrow::Cow;
use std::fmt;

use time::Date;

use crate::dossier::words::Language;

/// The same sentence in Vietnamese and in English, both lowercase fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Vietnamese, shown first.
    pub vietnamese: Cow<'static, str>,
    /// English.
    pub english: Cow<'static, str>,
}

impl Words {
    /// A sentence that is the same every time.
    pub const fn fixed(vietnamese: &'static str, english: &'static str) -> Self {
        Self {
            vietnamese: Cow::Borrowed(vietnamese),
            english: Cow::Borrowed(english),
        }
    }

    /// The sentence in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Vietnamese => &self.vietnamese,
            Language::English => &self.english,
        }
    }
}

/// What can say itself in both languages.
pub trait Explain: fmt::Display {
    /// The Vietnamese of what `Display` says in English.
    fn vietnamese(&self) -> Cow<'static, str>;

    /// Both languages together.
    fn explain(&self) -> Words {
        Words {
            vietnamese: self.vietnamese(),
            english: Cow::Owned(self.to_string()),
        }
    }
}

/// A date as it is written here: `05/09/1985`.
pub fn day(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), u8::from(date.month()), date.year())
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_sentence_is_given_in_the_language_asked_for() {
        let words = Words::fixed("sai", "wrong");
        assert_eq!(words.in_language(Language::Vietnamese), "sai");
        assert_eq!(words.in_language(Language::English), "wrong");
    }

    #[test]
    fn a_date_is_written_day_first() {
        assert_eq!(day(date!(1985 - 09 - 05)), "05/09/1985");
    }
}
