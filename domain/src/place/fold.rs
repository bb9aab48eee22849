//! Comparing Vietnamese words without or with their accents.
//!
//! Source: Quy ước Trao Tay, so sánh chữ Việt không dấu

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The five tone marks, which people put on different vowels: «hoà» and «hòa».
pub(super) const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// Lower case without accents: «Đặc khu Phú Quốc» becomes `dac khu phu quoc`.
pub fn fold_vietnamese(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// One word of a name or an address, in the two forms it is compared in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// Lower case without accents.
    pub plain: String,
    /// Lower case with accents, the tone at the end of the word.
    pub accented: String,
}

impl Word {
    /// Whether it was written with accents: then only words with the same ones are meant.
    pub fn is_accented(&self) -> bool {
        self.plain != self.accented
    }
}

/// The words of a text: runs of letters and digits.
pub fn words(text: &str) -> Vec<Word> {
    // composed first, so that a separate accent does not end a word
    let composed: String = text.nfc().collect();
    composed
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| Word {
            plain: fold_vietnamese(word),
            accented: accented(word),
        })
        .collect()
}

fn accented(word: &str) -> String {
    let (tones, letters): (Vec<char>, Vec<char>) =
        word.nfd().flat_map(char::to_lowercase).partition(|c| TONES.contains(c));
    letters.into_iter().chain(tones).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_every_accent_and_the_barred_d() {
        assert_eq!(
            fold_vietnamese("Đặc khu PHÚ QUỐC, ấp Hoà Ưởng"),
            "dac khu phu quoc, ap hoa uong"
        );
    }

    #[test]
    fn the_place_of_the_tone_mark_does_not_matter_and_the_tone_does() {
        assert_eq!(words("Hoà"), words("Hòa"));
        assert_ne!(words("Thành"), words("Thạnh"));
    }

    #[test]
    fn a_decomposed_text_has_the_same_words() {
        let decomposed: String = "Tịnh Biên".nfd().collect();
        assert_eq!(words(&decomposed), words("Tịnh Biên"));
    }
}
