//! The end of a shift, as devices sign it: whoever kept the money counts it, another person counts the same and signs after them.
//!
//! Both are cash events without a line of their own. They name sums and never a person, a dossier or a reason of anybody's.
//! Whether the counts agree, and with what, is [`domain::money`]'s to say.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 11

use domain::money::{Amount, Dong, LedgerKind, ThreeLines};

use crate::event::{About, Detail, Event};
use crate::ids::EventId;
use crate::kind::Kind;

/// The detail that tells a count from a line.
const SETTLE: &str = "settle";
const COUNT: &str = "count";
const SIGN: &str = "sign";
const EXPLANATION: &str = "explanation";
/// The longest explanation of a difference, in characters, as long as the server's own form takes.
pub const LONGEST_EXPLANATION: usize = 500;

/// What a device says at the end of a shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settle {
    /// The keeper counted.
    Count {
        /// What the device's own lines say.
        books: ThreeLines,
        /// What was counted.
        counted: ThreeLines,
        /// What was said about a difference.
        explanation: Option<String>,
    },
    /// Another person counted the same.
    Sign {
        /// The count it is about.
        of: EventId,
        /// What was counted again.
        counted: ThreeLines,
    },
}

impl Settle {
    /// What an event says of the end of a shift; none for any other event.
    pub fn of(event: &Event) -> Option<Self> {
        if event.kind != Kind::Cash {
            return None;
        }
        let text = |name: &str| match event.details.get(name) {
            Some(Detail::Text(text)) => Some(text.as_str()),
            Some(Detail::Int(_) | Detail::Bytes(_)) | None => None,
        };
        let counted = lines(event, "")?;
        match text(SETTLE)? {
            COUNT => Some(Self::Count {
                books: lines(event, "books_")?,
                counted,
                explanation: text(EXPLANATION).map(str::to_owned),
            }),
            SIGN => Some(Self::Sign {
                of: event.about_event()?,
                counted,
            }),
            _ => None,
        }
    }

    /// Writes it into a cash event.
    pub fn write(&self, event: &mut Event) {
        let mut put = |name: &str, text: &str| event.details.insert(name.to_owned(), Detail::Text(text.to_owned()));
        match self {
            Self::Count {
                books,
                counted,
                explanation,
            } => {
                put(SETTLE, COUNT);
                if let Some(text) = explanation {
                    put(EXPLANATION, text);
                }
                write_lines(event, "books_", books);
                write_lines(event, "", counted);
            }
            Self::Sign { of, counted } => {
                put(SETTLE, SIGN);
                event.about = Some(About::Event(*of));
                write_lines(event, "", counted);
            }
        }
    }
}

fn write_lines(event: &mut Event, prefix: &str, lines: &ThreeLines) {
    for (ledger, sum) in lines.lines() {
        let name = format!("{prefix}{}", ledger.as_str());
        event.details.insert(name, Detail::Int(sum.as_i64()));
    }
}

fn lines(event: &Event, prefix: &str) -> Option<ThreeLines> {
    let sum = |ledger: LedgerKind| match event.details.get(&format!("{prefix}{}", ledger.as_str())) {
        Some(Detail::Int(sum)) => Some(Dong::new(*sum)),
        Some(Detail::Text(_) | Detail::Bytes(_)) | None => None,
    };
    Some(ThreeLines {
        postage: Amount::new(sum(LedgerKind::Postage)?).ok()?,
        state_fee: Amount::new(sum(LedgerKind::StateFee)?).ok()?,
        other: Amount::new(sum(LedgerKind::Other)?).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use domain::money::{Amount, Dong, ThreeLines};

    use super::Settle;
    use crate::event::{Detail, Event};
    use crate::ids::{DeviceId, EventId};
    use crate::kind::Kind;

    fn sums(postage: i64) -> ThreeLines {
        ThreeLines {
            postage: Amount::new(Dong::new(postage)).expect("not negative"),
            ..ThreeLines::ZERO
        }
    }

    fn cash() -> Event {
        Event::new(Kind::Cash, DeviceId([1; 16]), 1, EventId::ZERO)
    }

    #[test]
    fn what_is_written_reads_back() {
        let counts = [None, Some("trả nhầm 1.000 ₫".to_owned())].map(|explanation| Settle::Count {
            books: sums(2),
            counted: sums(1),
            explanation,
        });
        let sign = Settle::Sign {
            of: EventId([7; 32]),
            counted: sums(1),
        };
        for settle in counts.into_iter().chain([sign]) {
            let mut event = cash();
            settle.write(&mut event);
            assert_eq!(Settle::of(&event), Some(settle.clone()));
            event.kind = Kind::Note;
            assert_eq!(Settle::of(&event), None);
        }
    }

    #[test]
    fn a_count_that_lacks_a_sum_or_names_less_than_nothing_is_none() {
        let mut event = cash();
        assert_eq!(Settle::of(&event), None, "a line is no count");
        Settle::Sign {
            of: EventId([7; 32]),
            counted: sums(1),
        }
        .write(&mut event);
        let mut negative = event.clone();
        negative.details.insert("postage".to_owned(), Detail::Int(-1));
        assert_eq!(Settle::of(&negative), None);
        event.details.remove("other");
        assert_eq!(Settle::of(&event), None);
    }
}
