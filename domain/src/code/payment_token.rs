//! What a payment is recognised by: banks drop dots and hyphens, so a code is compared without them.
//!
//! It makes the purpose of a transfer and finds a code again in a statement. It decides nothing where two
//! codes fit: a person does.
//!
//! Source: NAPAS VietQR, nội dung chuyển khoản; Quy ước Trao Tay, đối soát theo mã rút gọn

use std::fmt;

const PURPOSE_LIMIT: usize = 25;
const TOKEN_FLOOR: usize = 8;

/// The purpose of a transfer: 1 to 25 ASCII letters, digits and spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purpose(String);

/// Why a text is no purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PurposeError {
    /// Empty.
    #[error("the purpose of a transfer is empty")]
    Empty,
    /// Longer than 25 characters.
    #[error("the purpose of a transfer has at most 25 characters")]
    Length,
    /// Something else than ASCII letters, digits and spaces.
    #[error("the purpose of a transfer has only letters without marks, digits and spaces")]
    Character,
}

impl Purpose {
    /// Checks a text.
    pub fn new(text: &str) -> Result<Self, PurposeError> {
        if text.trim().is_empty() {
            return Err(PurposeError::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ') {
            return Err(PurposeError::Character);
        }
        if text.len() > PURPOSE_LIMIT {
            return Err(PurposeError::Length);
        }
        Ok(Self(text.to_owned()))
    }

    /// A word and a code: dots vanish, hyphens become spaces, and these vanish too where there is no room.
    ///
    /// `BCCI` and `H01.23.11-261008-0975` give `BCCI H012311 261008 0975`.
    pub fn of_code(word: &str, code: &str) -> Result<Self, PurposeError> {
        let spaced = code.replace('.', "").replace('-', " ");
        match Self::new(&format!("{word} {spaced}")) {
            Err(PurposeError::Length) => Self::new(&format!("{word} {}", spaced.replace(' ', ""))),
            made => made,
        }
    }

    /// The purpose as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A code reduced to capital letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentToken(String);

/// A text too short to recognise a payment by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a payment is recognised by at least {TOKEN_FLOOR} letters and digits")]
pub struct PaymentTokenError;

/// Two codes that both fit a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the statement names more than one code")]
pub struct SeveralTokens;

impl PaymentToken {
    /// Reduces a code.
    pub fn of(code: &str) -> Result<Self, PaymentTokenError> {
        let token = compact(code);
        if token.len() < TOKEN_FLOOR {
            Err(PaymentTokenError)
        } else {
            Ok(Self(token))
        }
    }

    /// The token as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a statement names it, whatever the bank dropped or put between.
    pub fn is_in(&self, statement: &str) -> bool {
        compact(statement).contains(&self.0)
    }

    /// The one token of several that a statement names; a token inside a longer one that fits does not count.
    pub fn find<'a>(tokens: &'a [Self], statement: &str) -> Result<Option<&'a Self>, SeveralTokens> {
        let statement = compact(statement);
        let mut fitting: Vec<_> = tokens.iter().filter(|token| statement.contains(&token.0)).collect();
        fitting.sort();
        fitting.dedup();
        let mut longest = fitting.iter().filter(|token| {
            !fitting
                .iter()
                .any(|other| other != *token && other.0.contains(&token.0))
        });
        match (longest.next(), longest.next()) {
            (found, None) => Ok(found.copied()),
            (_, Some(_)) => Err(SeveralTokens),
        }
    }
}

fn compact(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|kept| kept.to_ascii_uppercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(code: &str) -> PaymentToken {
        PaymentToken::of(code).expect("long enough")
    }

    #[test]
    fn a_purpose_keeps_to_what_banks_let_through() {
        let made = |code| Purpose::of_code("BCCI", code).map(|purpose| purpose.to_string());
        assert_eq!(made("H01.23.11-261008-0975").as_deref(), Ok("BCCI H012311 261008 0975"));
        assert_eq!(made("RR473124829VN").as_deref(), Ok("BCCI RR473124829VN"));
        assert_eq!(
            made("H15.50.05.13-261008-0975").as_deref(),
            Ok("BCCI H155005132610080975")
        );
        assert_eq!(made("H15.50.05.13-261008-0009751"), Err(PurposeError::Length));
        assert_eq!(Purpose::new("phí"), Err(PurposeError::Character));
        assert_eq!(Purpose::new(" "), Err(PurposeError::Empty));
    }

    #[test]
    fn a_payment_is_found_without_its_dots_and_hyphens() {
        let wanted = token("H01.23.11-261008-0975");
        for statement in [
            "MBVCB.1 BCCI H012311 261008 0975.CT tu",
            "bcci h01.23.11-261008-0975",
            "BCCIH0123112610080975",
        ] {
            assert!(wanted.is_in(statement), "{statement}");
        }
        assert!(!wanted.is_in("BCCI H012311 261008 0976"));
        assert_eq!(PaymentToken::of("H01-25"), Err(PaymentTokenError));
    }

    #[test]
    fn the_longer_of_two_codes_counts_and_two_apart_are_a_question() {
        let tokens = [
            token("H01-261008-0975"),
            token("H01-261008-09751"),
            token("RR473124829VN"),
        ];
        assert_eq!(PaymentToken::find(&tokens, "H01 261008 09751"), Ok(tokens.get(1)));
        assert_eq!(PaymentToken::find(&tokens, "H01 261008 0975"), Ok(tokens.first()));
        assert_eq!(
            PaymentToken::find(&tokens, "H01 261008 0975 RR473124829VN"),
            Err(SeveralTokens)
        );
        assert_eq!(PaymentToken::find(&tokens, "tien dien"), Ok(None));
    }
}
