//! The line between a phone and the server on a bad day: it repeats, mixes up, loses and fails.

use super::dice::Dice;
use super::http::{Ask, Http};
use mobile_ffi::core::{HostError, Reply, Transport};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What happened on all lines together.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    /// Deposits that were put on the line.
    pub(super) sent: AtomicU64,
    /// Deposits that went twice.
    pub(super) doubled: AtomicU64,
    /// Deposits whose events went in another order.
    pub(super) mixed: AtomicU64,
    /// Requests that never arrived or whose answer was lost.
    pub(super) cut: AtomicU64,
}

/// How bad a line is, each in percent of requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weather {
    /// A deposit goes twice.
    pub(super) double: u64,
    /// A deposit's events go in another order.
    pub(super) mix: u64,
    /// The request never arrives.
    pub(super) fail: u64,
    /// The request arrives, its answer does not.
    pub(super) lose: u64,
}

impl Weather {
    /// An office's wire.
    pub(super) const FAIR: Self = Self {
        double: 5,
        mix: 10,
        fail: 1,
        lose: 1,
    };
    /// A courier's phone in the hills.
    pub(super) const FOUL: Self = Self {
        double: 15,
        mix: 25,
        fail: 6,
        lose: 8,
    };
    /// The evening: everything gets through.
    pub(super) const CLEAR: Self = Self {
        double: 0,
        mix: 0,
        fail: 0,
        lose: 0,
    };
}

/// One device's line.
pub(super) struct Line<'a> {
    http: &'a Http,
    traffic: &'a Traffic,
    weather: Weather,
    dice: Mutex<Dice>,
}

impl<'a> Line<'a> {
    pub(super) fn new(http: &'a Http, traffic: &'a Traffic, weather: Weather, dice: Dice) -> Self {
        Self {
            http,
            traffic,
            weather,
            dice: Mutex::new(dice),
        }
    }

    fn chance(&self, percent: u64) -> bool {
        self.dice
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .percent(percent)
    }

    fn cut<T>(&self, what: &str) -> Result<T, HostError> {
        self.traffic.cut.fetch_add(1, Ordering::Relaxed);
        Err(HostError::new(what))
    }
}

impl Transport for Line<'_> {
    fn send(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<Reply, HostError> {
        if self.chance(self.weather.fail) {
            return self.cut("no network");
        }
        let mut body = body.to_vec();
        let is_deposit = path == "/api/v1/sync/events";
        if is_deposit {
            self.traffic.sent.fetch_add(1, Ordering::Relaxed);
            if self.chance(self.weather.mix) {
                body = self.mixed(&body);
            }
        }
        let ask = Ask {
            method,
            path,
            headers,
            body: &body,
        };
        if is_deposit && self.chance(self.weather.double) {
            self.traffic.doubled.fetch_add(1, Ordering::Relaxed);
            self.http.send(ask)?;
        }
        let answer = self.http.send(ask)?;
        if self.chance(self.weather.lose) {
            return self.cut("the answer was lost");
        }
        Ok(answer)
    }
}

impl Line<'_> {
    /// The same events in another order.
    fn mixed(&self, body: &[u8]) -> Vec<u8> {
        let Some(mut events) = split(body).filter(|events| events.len() > 1) else {
            return body.to_vec();
        };
        self.traffic.mixed.fetch_add(1, Ordering::Relaxed);
        self.dice
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .shuffle(&mut events);
        events.concat()
    }
}

/// The items of a CBOR sequence; `None` when it cannot be cut into whole items of definite length.
fn split(mut rest: &[u8]) -> Option<Vec<&[u8]>> {
    let mut items = Vec::new();
    while !rest.is_empty() {
        let end = length(rest)?;
        let (item, after) = rest.split_at_checked(end)?;
        items.push(item);
        rest = after;
    }
    Some(items)
}

/// How many bytes the first item takes.
fn length(bytes: &[u8]) -> Option<usize> {
    let first = *bytes.first()?;
    let (major, info) = (first >> 5, first & 0x1f);
    let width = match info {
        0..=23 => 0,
        24..=27 => 1_usize << (info - 24),
        _ => return None,
    };
    let argument = match width {
        0 => u64::from(info),
        _ => bytes
            .get(1..=width)?
            .iter()
            .fold(0, |value, byte| value << 8 | u64::from(*byte)),
    };
    let mut end = 1 + width;
    let inner = match major {
        2 | 3 => return end.checked_add(usize::try_from(argument).ok()?),
        4 => argument,
        5 => argument.checked_mul(2)?,
        6 => 1,
        _ => 0,
    };
    for _ in 0..inner {
        end += length(bytes.get(end..)?)?;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_sequence_is_cut_into_its_items() {
        // [1, "ab"], tag 18 of a byte string, {1: 500}
        let whole = [
            0x82, 0x01, 0x62, b'a', b'b', 0xd2, 0x42, 1, 2, 0xa1, 0x01, 0x19, 0x01, 0xf4,
        ];
        let items = split(&whole).expect("whole items");
        assert_eq!(items, [&whole[..5], &whole[5..9], &whole[9..]]);
        assert!(split(&whole[..13]).is_none(), "cut off");
    }
}
