//! Cuts a CBOR sequence (RFC 8742) into its elements without interpreting them.
//!
//! Each element is kept byte for byte: an event's id is the hash of what was signed.

/// How deep an element may nest. An envelope nests four deep.
const DEEPEST: u32 = 32;

/// Why a body is no CBOR sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameError {
    /// The body ends inside an element.
    #[error("the sequence ends inside an element that starts at byte {start}")]
    Cut {
        /// Where that element starts.
        start: usize,
    },
    /// A byte that starts no element.
    #[error("byte {at} starts no CBOR element")]
    Malformed {
        /// Where.
        at: usize,
    },
    /// Nested too deep to be honest.
    #[error("the element at byte {start} nests too deep")]
    Deep {
        /// Where that element starts.
        start: usize,
    },
}

/// The elements of a sequence.
pub(crate) fn split(body: &[u8]) -> Result<Vec<&[u8]>, FrameError> {
    let (mut at, mut elements) = (0, Vec::new());
    while at < body.len() {
        let mut walk = Walk { body, at, start: at };
        walk.item(0)?;
        elements.push(&body[at..walk.at]);
        at = walk.at;
    }
    Ok(elements)
}

struct Walk<'a> {
    body: &'a [u8],
    at: usize,
    start: usize,
}

/// The argument of an element's first byte.
enum Argument {
    Number(u64),
    Indefinite,
}

impl Walk<'_> {
    fn item(&mut self, depth: u32) -> Result<(), FrameError> {
        if depth > DEEPEST {
            return Err(FrameError::Deep { start: self.start });
        }
        let at = self.at;
        let (major, argument) = self.head()?;
        match (major, argument) {
            (0 | 1 | 7, Argument::Number(_)) => Ok(()),
            (2 | 3, Argument::Number(length)) => self.skip(length),
            (2 | 3, Argument::Indefinite) => self.until_break(depth, Some(major)),
            (4, Argument::Number(count)) => self.items(count, depth),
            (5, Argument::Number(count)) => self.items(count.saturating_mul(2), depth),
            (6, Argument::Number(_)) => self.item(depth + 1),
            (4 | 5, Argument::Indefinite) => self.until_break(depth, None),
            _ => Err(FrameError::Malformed { at }),
        }
    }

    /// A count may promise more than there is; the first missing one ends the walk.
    fn items(&mut self, count: u64, depth: u32) -> Result<(), FrameError> {
        for _ in 0..count {
            self.item(depth + 1)?;
        }
        Ok(())
    }

    fn until_break(&mut self, depth: u32, chunks_of: Option<u8>) -> Result<(), FrameError> {
        loop {
            let next = *self.body.get(self.at).ok_or(FrameError::Cut { start: self.start })?;
            if next == 0xff {
                self.at += 1;
                return Ok(());
            }
            if chunks_of.is_some_and(|major| next >> 5 != major || next & 31 == 31) {
                return Err(FrameError::Malformed { at: self.at });
            }
            self.item(depth + 1)?;
        }
    }

    fn head(&mut self) -> Result<(u8, Argument), FrameError> {
        let at = self.at;
        let first = self.bytes(1)?[0];
        let argument = match first & 31 {
            small @ 0..=23 => Argument::Number(u64::from(small)),
            size @ 24..=27 => {
                let bytes = self.bytes(1 << (size - 24))?;
                Argument::Number(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
            }
            31 if matches!(first >> 5, 2..=5) => Argument::Indefinite,
            _ => return Err(FrameError::Malformed { at }),
        };
        Ok((first >> 5, argument))
    }

    fn bytes(&mut self, count: usize) -> Result<&[u8], FrameError> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.body.len());
        let end = end.ok_or(FrameError::Cut { start: self.start })?;
        let bytes = &self.body[self.at..end];
        self.at = end;
        Ok(bytes)
    }

    fn skip(&mut self, length: u64) -> Result<(), FrameError> {
        let length = usize::try_from(length).map_err(|_| FrameError::Cut { start: self.start })?;
        self.bytes(length).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::{FrameError, split};
    use ciborium::value::Value;

    fn encoded(value: &Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        ciborium::into_writer(value, &mut bytes).expect("in memory");
        bytes
    }

    #[test]
    fn cuts_a_sequence_into_the_bytes_it_was_made_of() {
        let nested = Value::Map(vec![(
            Value::from(1),
            Value::Array(vec![Value::Bytes(vec![9; 300]), Value::Null]),
        )]);
        let tagged = Value::Tag(
            18,
            Box::new(Value::Array(vec![
                Value::from(1.5),
                Value::from("đ"),
                Value::Bool(true),
            ])),
        );
        let parts = [encoded(&nested), encoded(&Value::from(-70_000)), encoded(&tagged)];
        let found = split(&parts.concat())
            .expect("a sequence")
            .iter()
            .map(|part| part.to_vec())
            .collect::<Vec<_>>();
        assert_eq!(found, parts);
        assert_eq!(split(&[]), Ok(Vec::new()));
    }

    #[test]
    fn indefinite_lengths_end_at_their_break() {
        let body = [0x9f, 0x01, 0x5f, 0x41, 0x00, 0xff, 0xff, 0x02];
        assert_eq!(split(&body).expect("a sequence"), [&body[..7], &body[7..]]);
        assert_eq!(split(&[0x5f, 0x01, 0xff]), Err(FrameError::Malformed { at: 1 }));
    }

    #[test]
    fn every_cut_through_an_element_is_noticed() {
        let whole = encoded(&Value::Array(vec![
            Value::Bytes(vec![7; 40]),
            Value::from(100_000),
            Value::from("abc"),
        ]));
        for end in 1..whole.len() {
            assert_eq!(split(&whole[..end]), Err(FrameError::Cut { start: 0 }), "cut at {end}");
        }
    }

    #[test]
    fn refuses_bytes_that_start_nothing_and_depth_without_end() {
        assert_eq!(split(&[0x00, 0xff]), Err(FrameError::Malformed { at: 1 }));
        assert_eq!(split(&[0x1c]), Err(FrameError::Malformed { at: 0 }));
        assert_eq!(split(&[0x81; 100]), Err(FrameError::Deep { start: 0 }));
        assert_eq!(
            split(&[0x9b, 255, 255, 255, 255, 255, 255, 255, 255]),
            Err(FrameError::Cut { start: 0 })
        );
        assert_eq!(
            split(&[0x5b, 255, 255, 255, 255, 255, 255, 255, 255]),
            Err(FrameError::Cut { start: 0 })
        );
    }
}
