//! How often each caller may ask. Counts are in memory, bounded, and forgotten when the process ends.
//!
//! A caller has as many requests at hand as they may make in a minute; they come back evenly. That is the generic cell rate
//! algorithm: one number a caller, the moment at which everything will be back.

use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// The window of every policy, in microseconds.
const WINDOW_US: i64 = 60_000_000;

/// Who is counted together, by what they proved or where they come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Caller {
    /// Whoever has this token; its SHA-256, so that no memory dump shows it.
    Token([u8; 32]),
    /// Whoever comes from this address without a token. Of an IPv6 address the /64, which one line has.
    Address(IpAddr),
    /// Whoever from this address was refused for what they tried to prove.
    Refused(IpAddr),
    /// A phone's sync from this address.
    Sync(IpAddr),
    /// Whoever looks for pages of citizens from this /24, or /48 of IPv6.
    Lookup(IpAddr),
    /// All who look for pages of citizens.
    AllLookups,
}

impl Caller {
    pub(crate) fn token(token: &[u8]) -> Self {
        Self::Token(Sha256::digest(token).into())
    }

    pub(crate) fn address(address: IpAddr) -> Self {
        Self::Address(net(address, 32, 64))
    }

    pub(crate) fn refused(address: IpAddr) -> Self {
        Self::Refused(net(address, 32, 64))
    }

    pub(crate) fn sync(address: IpAddr) -> Self {
        Self::Sync(net(address, 32, 64))
    }

    pub(crate) fn lookup(address: IpAddr) -> Self {
        Self::Lookup(net(address, 24, 48))
    }
}

/// The network an address lies in.
fn net(address: IpAddr, v4_bits: u32, v6_bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - v4_bits).unwrap_or(0);
            Ipv4Addr::from_bits(v4.to_bits() & mask).into()
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - v6_bits).unwrap_or(0);
            Ipv6Addr::from_bits(v6.to_bits() & mask).into()
        }
    }
}

/// What a caller has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    /// Whether this request may be made.
    pub(crate) allowed: bool,
    /// Requests at hand after it.
    pub(crate) remaining: u64,
    /// Seconds until all are back.
    pub(crate) reset_s: u64,
    /// Seconds until the next one may be made; 0 when it may be made now.
    pub(crate) wait_s: u64,
}

/// The counts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Rates(Arc<Cache<Caller, Arc<Mutex<i64>>>>);

impl fmt::Debug for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rates")
            .field("callers", &self.0.len())
            .finish_non_exhaustive()
    }
}

impl Rates {
    /// Counts for so many callers; whoever has not asked for longest is forgotten first, and starts afresh.
    pub(crate) fn new(callers: usize) -> Self {
        Self(Arc::new(Cache::new(callers)))
    }

    /// Takes one of `per_minute` requests, when one is left.
    pub(crate) fn take(&self, caller: Caller, per_minute: u32, now_ms: i64) -> Left {
        self.judge(caller, per_minute, now_ms, true)
    }

    /// Looks whether one is left.
    pub(crate) fn look(&self, caller: Caller, per_minute: u32, now_ms: i64) -> Left {
        self.judge(caller, per_minute, now_ms, false)
    }

    fn judge(&self, caller: Caller, per_minute: u32, now_ms: i64, takes: bool) -> Left {
        let made: Result<_, std::convert::Infallible> = self.0.get_or_insert_with(&caller, || Ok(Arc::default()));
        let Ok(full_at) = made;
        let mut full_at = full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, step) = (now_ms.saturating_mul(1000), WINDOW_US / i64::from(per_minute.max(1)));
        // A clock that was set back would otherwise lock everybody out.
        let at = (*full_at).clamp(now, now.saturating_add(WINDOW_US));
        let after = at.saturating_add(step);
        let wait = after - now - WINDOW_US;
        let allowed = wait <= 0;
        let at = if allowed && takes { after } else { at };
        *full_at = at;
        let seconds = |us: i64| u64::try_from(us.max(0)).unwrap_or(0).div_ceil(1_000_000);
        Left {
            allowed,
            remaining: u64::try_from((WINDOW_US - (at - now)) / step).unwrap_or(0),
            reset_s: seconds(at - now),
            wait_s: seconds(wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Caller, Rates};

    fn address(text: &str) -> std::net::IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_minutes_requests_may_come_at_once_and_then_one_at_a_time() {
        let (rates, caller) = (Rates::new(10), Caller::token(b"a"));
        for left in (0..6).rev() {
            let now = rates.take(caller, 6, 1_000);
            assert!(now.allowed);
            assert_eq!(now.remaining, left);
        }
        let refused = rates.take(caller, 6, 1_000);
        assert!(!refused.allowed);
        assert_eq!((refused.wait_s, refused.reset_s), (10, 60));
        assert!(!rates.take(caller, 6, 10_999).allowed);
        assert!(rates.take(caller, 6, 11_000).allowed);
        assert!(!rates.take(caller, 6, 11_000).allowed);
        assert!(rates.take(Caller::token(b"b"), 6, 11_000).allowed, "somebody else");
        assert_eq!(rates.take(caller, 6, 200_000).remaining, 5, "all came back");
    }

    #[test]
    fn looking_takes_nothing() {
        let (rates, caller) = (Rates::new(10), Caller::AllLookups);
        for _ in 0..10 {
            assert!(rates.look(caller, 1, 0).allowed);
        }
        assert!(rates.take(caller, 1, 0).allowed);
        assert!(!rates.look(caller, 1, 0).allowed);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let (rates, caller) = (Rates::new(10), Caller::token(b"a"));
        assert!(rates.take(caller, 1, 10_000_000).allowed);
        let soon = rates.take(caller, 1, 1_000);
        assert!(soon.wait_s <= 60, "{soon:?}");
    }

    #[test]
    fn neighbours_are_counted_together_where_one_line_has_many_addresses() {
        assert_eq!(
            Caller::lookup(address("203.0.113.7")),
            Caller::lookup(address("203.0.113.200"))
        );
        assert_ne!(
            Caller::lookup(address("203.0.113.7")),
            Caller::lookup(address("203.0.114.7"))
        );
        assert_ne!(
            Caller::address(address("203.0.113.7")),
            Caller::address(address("203.0.113.8"))
        );
        assert_eq!(
            Caller::address(address("2001:db8::1")),
            Caller::address(address("2001:db8::ffff:2"))
        );
        assert_ne!(
            Caller::address(address("2001:db8::1")),
            Caller::address(address("2001:db8:0:1::1"))
        );
        assert_eq!(
            Caller::address(address("::ffff:203.0.113.7")),
            Caller::address(address("203.0.113.7"))
        );
    }

    #[test]
    fn a_flood_of_callers_takes_no_more_memory_than_was_given() {
        let rates = Rates::new(100);
        for number in 0_u32..10_000 {
            rates.take(Caller::token(&number.to_be_bytes()), 6, 0);
        }
        assert!(rates.0.len() <= 110, "{}", rates.0.len());
    }
}
