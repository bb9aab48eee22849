//! The end of a shift between two devices and without a network, in two scans: the keeper shows a count, another person counts the
//! same money and shows their signature, and the till is empty.
//!
//! Each side keeps both envelopes, so either of them syncing brings the whole. The server reckons for itself what should have been
//! there: money that this phone tells of later is expected in the next shift.

use custody::envelope::Envelope;
use custody::ids::{EventId, HandoverId};
use custody::kind::Kind;
use custody::till::{LONGEST_EXPLANATION, Settle};
use domain::hat::Hat;
use domain::money::{ShiftCloseError, ThreeLines, close_shift};

use super::cash::{sums, takes_money};
use super::handover::open;
use crate::core::Core;
use crate::core::error::{CourierError, HandoverFault, Refusal};
use crate::core::record::{Recorded, Recorder};
use crate::core::store::till;

impl Core {
    /// The keeper counts: show the envelope to whoever counts after them. Counting again replaces a count nobody signed.
    ///
    /// # Errors
    /// [`Refusal::TillDiffers`] when a ledger differs from this phone's lines and nobody says why; nothing was recorded then.
    pub fn count_till(
        &self,
        hat: Hat,
        counted: ThreeLines,
        explanation: Option<&str>,
    ) -> Result<Recorded, CourierError> {
        if explanation.is_some_and(|text| text.chars().count() > LONGEST_EXPLANATION) {
            return Err(CourierError::Unreadable {
                what: "explanation",
                why: format!("longer than {LONGEST_EXPLANATION} characters"),
            });
        }
        self.act(hat, |recorder, _| {
            takes_money(hat)?;
            let books = sums(till::open_lines(recorder.tx, hat)?)?.cash;
            let closed = close_shift(books, counted, explanation).map_err(|error| match error {
                ShiftCloseError::Unexplained { ledger, by } => Refusal::TillDiffers {
                    ledger,
                    by: by.as_i64(),
                },
                ShiftCloseError::Dong(_) => Refusal::BadSum {
                    most: super::cash::LARGEST_SUM,
                },
            })?;
            let count = Settle::Count {
                books,
                counted,
                explanation: closed.explanation().map(str::to_owned),
            };
            let recorded = settle(recorder, hat, &count)?;
            till::close(recorder.tx, hat, recorded.event_id)?;
            Ok(recorded)
        })
    }

    /// Another person counted the same money and signs; show the envelope to the keeper. The same count gets the same signature.
    ///
    /// # Errors
    /// [`Refusal::TillDiffers`] when the sums differ: count again together. [`HandoverFault::NotForUs`] for one's own count.
    pub fn sign_count(&self, hat: Hat, count: &[u8], counted: ThreeLines) -> Result<Recorded, CourierError> {
        let envelope = open(count, Kind::Cash, "count of a till")?;
        let Some(Settle::Count { counted: first, .. }) = Settle::of(envelope.event()) else {
            return Err(not_a("count of a till"));
        };
        self.act(hat, |recorder, _| {
            takes_money(hat)?;
            let device = envelope.event().device;
            if device == recorder.device() {
                return Err(HandoverFault::NotForUs.into());
            }
            recorder.check_peer(device)?;
            same(&first, &counted)?;
            recorder.keep(&envelope, count, &[])?;
            if let Some(earlier) = till::closing(recorder.tx, envelope.id())?.and_then(|(_, signed)| signed) {
                return super::handover::stored(recorder, Some(earlier));
            }
            let of = envelope.id();
            let recorded = settle(recorder, hat, &Settle::Sign { of, counted })?;
            till::signed(recorder.tx, hat, of, recorded.event_id)?;
            Ok(recorded)
        })
    }

    /// The keeper keeps the second signature: the money is handed over and the till empty.
    ///
    /// # Errors
    /// [`HandoverFault::NotForUs`] when it is about no count of this phone that stands, [`Refusal::TillDiffers`] when it signs
    /// another sum.
    pub fn settled(&self, signature: &[u8]) -> Result<EventId, CourierError> {
        let envelope = open(signature, Kind::Cash, "second signature")?;
        let Some(Settle::Sign { of, counted }) = Settle::of(envelope.event()) else {
            return Err(not_a("second signature"));
        };
        let hat = self.store.read(|db| till::closing(db, of))?;
        let (hat, _) = hat.ok_or(HandoverFault::NotForUs)?;
        self.act(hat, |recorder, _| {
            let (_, signed_by) = till::closing(recorder.tx, of)?.ok_or(HandoverFault::NotForUs)?;
            if let Some(earlier) = signed_by {
                return Ok(earlier);
            }
            let device = envelope.event().device;
            if device == recorder.device() {
                return Err(HandoverFault::NotForUs.into());
            }
            recorder.check_peer(device)?;
            same(&own_count(recorder, of)?, &counted)?;
            recorder.keep(&envelope, signature, &[])?;
            till::settle(recorder.tx, of, envelope.id())?;
            Ok(envelope.id())
        })
    }
}

fn settle(recorder: &Recorder<'_>, hat: Hat, what: &Settle) -> Result<Recorded, CourierError> {
    let id = HandoverId(recorder.random16()?);
    recorder.record(hat, Kind::Cash, id, &[], |event| what.write(event))
}

/// What this phone counted.
fn own_count(recorder: &Recorder<'_>, of: EventId) -> Result<ThreeLines, CourierError> {
    let count = super::handover::stored(recorder, Some(of))?;
    let envelope = Envelope::parse(&count.envelope).map_err(|_| HandoverFault::NotForUs)?;
    match Settle::of(envelope.event()) {
        Some(Settle::Count { counted, .. }) => Ok(counted),
        Some(Settle::Sign { .. }) | None => Err(HandoverFault::NotForUs.into()),
    }
}

/// Two counts of the same money are the same, line by line.
fn same(first: &ThreeLines, second: &ThreeLines) -> Result<(), Refusal> {
    let lines = first.lines().into_iter().zip(second.lines());
    let differs = lines.into_iter().find(|((_, one), (_, other))| one != other);
    differs.map_or(Ok(()), |((ledger, one), (_, other))| {
        Err(Refusal::TillDiffers {
            ledger,
            by: other.as_i64().saturating_sub(one.as_i64()),
        })
    })
}

fn not_a(what: &'static str) -> CourierError {
    CourierError::Unreadable {
        what,
        why: "it says something else".into(),
    }
}
