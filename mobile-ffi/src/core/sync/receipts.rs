//! Fetches the second acknowledgement: proof that an event is in the public log.
//!
//! A receipt counts when it is about the very bytes this phone signed and its head is signed by the log this phone was told of
//! when it first asked. The pin is never changed by what a server says later.

use custody::event::{Checkpoint, LogId};
use custody::ids::EventId;
use custody::log::{Policy, Receipt, Verdict};
use serde::Deserialize;

use super::engine::SyncReport;
use crate::core::Core;
use crate::core::error::CourierError;
use crate::core::http::Client;
use crate::core::store::heads::{self, Source};
use crate::core::store::{event, exchange, retention};

/// Pages read in one sync, a hundred receipts each: about 80 kB on a slow line, and more than a courier records in a day.
const MOST_PAGES: usize = 2;

#[derive(Deserialize)]
struct Page {
    receipts: Vec<Told>,
    next: u64,
    more: bool,
}

#[derive(Deserialize)]
struct Told {
    event_id: String,
    proof: String,
}

impl Core {
    /// Asks for the receipts of this device's events, as long as there are any it could have.
    pub(super) fn fetch_receipts(&self, client: &Client<'_>, report: &mut SyncReport) -> Result<(), CourierError> {
        let mono = self.platform.mono()?;
        let (head, after, beacon) = self.store.read(|db| {
            let beacon = exchange::load(db)?.beacon.filter(|seen| seen.boot_id == mono.boot_id);
            let head = event::confirmed_head(db, self.device_id())?;
            Ok::<_, CourierError>((head, exchange::receipts_after(db)?, beacon))
        })?;
        let Some(beacon) = beacon.filter(|_| head > after) else {
            return Ok(());
        };
        let Some(policy) = self.policy(client)? else {
            return Ok(());
        };
        let mut after = after;
        for _ in 0..MOST_PAGES {
            let page: Page = match client.call("GET", &format!("/api/v1/sync/receipts?after={after}"), None) {
                Err(error) if error.is_declined() => return Ok(()),
                other => other?,
            };
            let (mut good, mut is_whole) = (Vec::new(), true);
            for told in &page.receipts {
                if let Some(proved) = checked(told, &policy) {
                    good.push(proved);
                } else {
                    is_whole = false;
                    report.bad_receipts += 1;
                }
            }
            self.store.write(|tx| {
                for (id, head) in &good {
                    report.receipts += u64::from(retention::mark_receipted(tx, *id, beacon.server_ms)?);
                    heads::saw(tx, head, Source::Checked)?;
                }
                // One that proves nothing is asked for again at every sync, until somebody has looked into it.
                if is_whole {
                    exchange::save_receipts_after(tx, page.next)?;
                }
                Ok::<_, CourierError>(())
            })?;
            if !page.more || page.next <= after || !is_whole {
                return Ok(());
            }
            after = page.next;
        }
        Ok(())
    }

    /// Whom to believe, as this phone was told first; `None` while the server has signed nothing.
    fn policy(&self, client: &Client<'_>) -> Result<Option<Policy>, CourierError> {
        let pinned = match self.store.read(exchange::log_policy)? {
            Some(text) => Some(text),
            None => client.text("/log/policy")?,
        };
        let Some((text, policy)) = pinned.and_then(|text| Policy::parse(&text).ok().map(|policy| (text, policy)))
        else {
            return Ok(None);
        };
        self.store.write(|tx| exchange::save_log_policy(tx, &text))?;
        Ok(Some(policy))
    }
}

/// The event a receipt proves, if it proves the one it was told for, and the head by which it does.
fn checked(told: &Told, policy: &Policy) -> Option<(EventId, Checkpoint)> {
    let claimed: EventId = told.event_id.parse().ok()?;
    match Receipt::parse(&told.proof).ok()?.check(policy) {
        Verdict::Green {
            id, origin, size, root, ..
        } if id == claimed => Some((
            id,
            Checkpoint {
                size,
                root,
                log: Some(LogId::of(&origin)),
            },
        )),
        Verdict::Green { .. } | Verdict::Amber { .. } | Verdict::Red(_) => None,
    }
}
