//! What somebody types to find a place, an office or a procedure in a list.
//!
//! A word typed without accents finds any; a word typed with accents wants those accents. The
//! last word may be the beginning of one, since people stop typing early.
//!
//! Source: Quy ước Trao Tay, so sánh chữ Việt không dấu

use super::fold::{TONES, Word, words};

/// The words somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought(Vec<Word>);

impl Sought {
    /// The words of what was typed; none when it has no letter and no digit.
    pub fn new(typed: &str) -> Option<Self> {
        Some(words(typed)).filter(|words| !words.is_empty()).map(Self)
    }

    /// The same words whatever their accents, for when nothing has the accents typed.
    #[must_use]
    pub fn without_accents(self) -> Self {
        let plain = self.0.into_iter().map(|word| Word {
            accented: word.plain.clone(),
            plain: word.plain,
        });
        Self(plain.collect())
    }

    /// Whether the text has these words, one after the other.
    pub fn is_in(&self, text: &str) -> bool {
        let last = self.0.len().saturating_sub(1);
        words(text).windows(self.0.len()).any(|run| {
            let mut pairs = run.iter().zip(&self.0).enumerate();
            pairs.all(|(at, (word, sought))| {
                if at == last {
                    begins(word, sought)
                } else {
                    is(word, sought)
                }
            })
        })
    }

    /// Whether these words are the whole text.
    pub fn is_all_of(&self, text: &str) -> bool {
        let text = words(text);
        text.len() == self.0.len() && text.iter().zip(&self.0).all(|(word, sought)| is(word, sought))
    }
}

fn has_accents(word: &Word) -> bool {
    word.accented != word.plain
}

fn is(word: &Word, sought: &Word) -> bool {
    if has_accents(sought) {
        word.accented == sought.accented
    } else {
        word.plain == sought.plain
    }
}

/// Whether a word begins with the sought one. A tone belongs to the whole word and is compared apart.
fn begins(word: &Word, sought: &Word) -> bool {
    if !has_accents(sought) {
        return word.plain.starts_with(&sought.plain);
    }
    let (letters, tone) = apart(&word.accented);
    let (sought_letters, sought_tone) = apart(&sought.accented);
    letters.starts_with(sought_letters) && tone == sought_tone
}

/// The letters of a word, and its tone.
fn apart(accented: &str) -> (&str, &str) {
    accented.split_at(accented.trim_end_matches(TONES).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, text: &str) -> bool {
        Sought::new(typed).expect("words").is_in(text)
    }

    #[test]
    fn finds_with_accents_and_without() {
        for typed in ["Tịnh Biên", "tinh bien", "TỊNH biên", "tinh bi", "Tị", "bien"] {
            assert!(finds(typed, "thị xã Tịnh Biên"), "{typed}");
        }
        assert!(finds("hòa", "phường Mỹ Hoà") && finds("my hoa", "phường Mỹ Hòa"));
    }

    #[test]
    fn accents_that_are_typed_count() {
        assert!(!finds("Thạnh", "xã Bình Thành"));
        assert!(finds("thanh", "xã Bình Thành") && finds("thanh", "xã Bình Thạnh"));
        let sought = Sought::new("Thạnh").expect("words").without_accents();
        assert!(sought.is_in("xã Bình Thành"));
    }

    #[test]
    fn words_are_words_and_codes_are_words() {
        assert!(!finds("an", "Tịnh Biên") && !finds("xa bien", "thị xã Tịnh Biên"));
        assert!(finds("30520", "30520") && finds("1.0011", "1.001193") && !finds("1193", "1.001193"));
        assert_eq!(Sought::new(" ?! "), None);
    }

    #[test]
    fn the_whole_name_is_told_from_a_part_of_one() {
        let sought = Sought::new("an phu").expect("words");
        assert!(sought.is_all_of("An Phú") && !sought.is_all_of("An Phú Tân") && !sought.is_all_of("An Ph"));
    }
}
