//! Reads `a=b&c=d` as old clients really send it.
//!
//! A second `?` stands for `&`; bytes that are no UTF-8 are refused instead of replaced, because a name that was changed on
//! the way in stays changed.

use std::fmt::Write;

/// The text holds bytes that are not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the parameters are not UTF-8")]
pub(crate) struct NotUtf8;

/// The pairs of a query or a form body, in order.
pub(crate) fn pairs(text: &[u8]) -> Result<Vec<(String, String)>, NotUtf8> {
    text.split(|byte| matches!(byte, b'&' | b'?'))
        .filter(|part| !part.is_empty())
        .map(|part| {
            let at = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
            Ok((decoded(&part[..at])?, decoded(part.get(at + 1..).unwrap_or_default())?))
        })
        .collect()
}

fn decoded(part: &[u8]) -> Result<String, NotUtf8> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some((first, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .and_then(|pair| Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?));
        match (first, escaped) {
            (b'+', _) => bytes.push(b' '),
            (b'%', Some(byte)) => bytes.push(byte),
            _ => bytes.push(*first),
        }
        rest = if *first == b'%' && escaped.is_some() {
            &after[2..]
        } else {
            after
        };
    }
    String::from_utf8(bytes).map_err(|_| NotUtf8)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A query of these pairs with its `?`, and nothing for none.
pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&escaped(value));
    }
    text
}

/// A value as it may stand in an address (RFC 3986 §2.3).
pub(crate) fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{NotUtf8, pairs, query};

    fn read(text: &str) -> Vec<(String, String)> {
        pairs(text.as_bytes()).expect("UTF-8")
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn reads_escapes_spaces_and_missing_values() {
        assert_eq!(
            read("a=b%20c+d&e&f=%C4%91"),
            [pair("a", "b c d"), pair("e", ""), pair("f", "đ")]
        );
        assert_eq!(read("a=50%&b=%zz"), [pair("a", "50%"), pair("b", "%zz")]);
        assert_eq!(read(""), []);
    }

    #[test]
    fn what_is_written_reads_back() {
        let written = query(&[("q", "xã Núi Cấm & bưu cục?"), ("page", "2")]);
        assert_eq!(read(&written), [pair("q", "xã Núi Cấm & bưu cục?"), pair("page", "2")]);
        assert_eq!(query(&[]), "");
    }

    #[test]
    fn a_second_question_mark_stands_for_an_ampersand() {
        assert_eq!(
            read("service=X?pagesize=50"),
            [pair("service", "X"), pair("pagesize", "50")]
        );
    }

    #[test]
    fn refuses_what_is_not_utf_8() {
        assert_eq!(pairs(b"a=%ff"), Err(NotUtf8));
        assert_eq!(pairs(b"a=\xff"), Err(NotUtf8));
    }
}
