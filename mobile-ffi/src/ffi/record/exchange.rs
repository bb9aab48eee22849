//! Sync, and what passes between core and host.

use crate::core;

/// How loudly to speak of unsent events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Banner {
    /// Not at all.
    Green,
    /// Four hours or more.
    Amber,
    /// A day or more.
    Red,
}

/// What waits on this phone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncStatus {
    /// Events the server has not confirmed.
    pub unsent: u64,
    /// Age of the oldest of them.
    pub oldest_age_ms: u64,
    /// How loudly to say it.
    pub banner: Banner,
    /// Wall clock of the last complete sync.
    pub synced_ms: Option<i64>,
    /// Sizes at which the public log showed this phone and a colleague's different histories: tell the province.
    pub log_splits: u64,
}

impl From<core::SyncStatus> for SyncStatus {
    fn from(status: core::SyncStatus) -> Self {
        let banner = match status.banner {
            core::Banner::Green => Banner::Green,
            core::Banner::Amber => Banner::Amber,
            core::Banner::Red => Banner::Red,
        };
        let core::SyncStatus {
            unsent,
            oldest_age_ms,
            synced_ms,
            log_splits,
            ..
        } = status;
        Self {
            unsent,
            oldest_age_ms,
            banner,
            synced_ms,
            log_splits,
        }
    }
}

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// Envelopes put into batches.
    pub sent: u64,
    /// Of them, confirmed to be on the server's disk.
    pub durable: u64,
    /// Of them, not taken now.
    pub retry: u64,
    /// Changes applied from the feed.
    pub changes: u64,
    /// Changes this version cannot read.
    pub unreadable: u64,
    /// Events whose receipt came and was checked.
    pub receipts: u64,
    /// Receipts that prove nothing: show it to the office.
    pub bad_receipts: u64,
    /// Photographs the server now has whole.
    pub photographs: u64,
}

impl From<core::SyncReport> for SyncReport {
    fn from(report: core::SyncReport) -> Self {
        let core::SyncReport {
            sent,
            durable,
            retry,
            changes,
            unreadable,
            receipts,
            bad_receipts,
            photographs,
        } = report;
        Self {
            sent,
            durable,
            retry,
            changes,
            unreadable,
            receipts,
            bad_receipts,
            photographs,
        }
    }
}

/// A reading of the monotonic clock.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MonoReading {
    /// 16 bytes that change at every boot.
    pub boot_id: Vec<u8>,
    /// Milliseconds since that boot.
    pub ms: u64,
}

/// One header.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl From<(String, String)> for HttpHeader {
    fn from((name, value): (String, String)) -> Self {
        Self { name, value }
    }
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<HttpHeader>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl From<HttpReply> for core::Reply {
    fn from(reply: HttpReply) -> Self {
        let headers = reply
            .headers
            .into_iter()
            .map(|header| (header.name, header.value))
            .collect();
        Self {
            status: reply.status,
            headers,
            body: reply.body,
        }
    }
}

/// Milliseconds to wait after `failures` failed syncs in a row, given any random number.
#[uniffi::export]
pub fn backoff_ms(failures: u32, random: u64, retry_after_ms: Option<u64>) -> u64 {
    core::sync::backoff_ms(failures, random, retry_after_ms)
}
