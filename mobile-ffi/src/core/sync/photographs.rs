//! Brings photographs in parts, each from where the last one ended, so that a line that breaks every few seconds costs no more
//! than the part it broke.

use serde::Deserialize;

use super::engine::SyncReport;
use crate::core::Core;
use crate::core::error::CourierError;
use crate::core::http::{Body, Client};
use crate::core::store::photograph;

/// Bytes in one part: 2.6 s at 400 kbit/s.
const PART: usize = 128 * 1024;

#[derive(Deserialize)]
struct Held {
    held: u64,
    is_whole: bool,
}

impl Core {
    /// Brings what events on the server name. What the server declines for now, because it has not read the event yet or this
    /// device has brought much today, waits for the next sync and holds up no other. A line that breaks here fails no sync: events
    /// have gone out and the feed is read.
    pub(super) fn bring_photographs(&self, client: &Client<'_>, report: &mut SyncReport) -> Result<(), CourierError> {
        for sha256 in self.store.read(photograph::waiting)? {
            match self.bring(client, &sha256) {
                Ok(true) => {
                    self.store.write(|tx| photograph::mark_brought(tx, &sha256))?;
                    report.photographs += 1;
                }
                Ok(false) => {}
                Err(error) if error.is_too_large() => {
                    let why = error.to_string();
                    self.store.write(|tx| photograph::mark_refused(tx, &sha256, &why))?;
                }
                Err(error) if error.is_declined() => {}
                // The line broke, or the place for photographs is full: what was said before stands, and this goes on next time.
                Err(CourierError::Unreachable { .. }) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn bring(&self, client: &Client<'_>, sha256: &[u8; 32]) -> Result<bool, CourierError> {
        let target = format!("/api/v1/sync/blobs/{}", hex::encode(sha256));
        let mut held: Held = client.call("GET", &target, None)?;
        let body = self.store.read(|db| photograph::find(db, sha256))?;
        let total = body.len();
        while !held.is_whole {
            let from = usize::try_from(held.held).unwrap_or(total);
            let to = from.saturating_add(PART).min(total);
            let Some(part) = body.get(from..to).filter(|part| !part.is_empty()) else {
                return Ok(false);
            };
            let range = format!("bytes {from}-{}/{total}", to - 1);
            let sent = Body {
                content_type: "application/octet-stream",
                bytes: part,
                more: Some(("Content-Range", range)),
            };
            held = client.call("PUT", &target, Some(&sent))?;
            if !held.is_whole && held.held <= from as u64 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
