//! Carries out what [`plan`](super::plan()) decided, one step at a time.
//!
//! Every step ends with what it learned on disk, so a cut between two steps, or inside one, costs nothing but the
//! repetition of a request the server recognises. A row that was sent stays in the next batch until it is confirmed.

use std::collections::HashMap;
use std::sync::TryLockError;

use domain::wire::v1::{DepositResult, DepositView, HelloRequest, HelloView, ProtocolRange};
use serde::Deserialize;
use serde_json::Value;

use super::changes::apply;
use super::plan::{PhoneState, ServerState, Step, plan};
use crate::core::Core;
use crate::core::error::CourierError;
use crate::core::http::{Body, Client, decode, json_bytes, percent};
use crate::core::platform::{Transport, random};
use crate::core::salvage::{self, RecoveryKey};
use crate::core::store::exchange::StoredBeacon;
use crate::core::store::{device, event, exchange, revoked};

/// The one version of the protocol this core speaks.
const PROTOCOL: u32 = 1;

/// What a sync did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SyncReport {
    /// Envelopes put into batches.
    pub sent: u64,
    /// Of them, confirmed to be on the server's disk.
    pub durable: u64,
    /// Of them, not taken now; they stay for the next sync.
    pub retry: u64,
    /// Changes applied from the feed.
    pub changes: u64,
    /// Changes this version cannot read.
    pub unreadable: u64,
    /// Events whose receipt came and was checked.
    pub receipts: u64,
    /// Receipts that prove nothing: the server or its log says something else than it signed. Tell the office.
    pub bad_receipts: u64,
    /// Photographs the server now has whole.
    pub photographs: u64,
}

/// A page of the feed whose entries may be newer than this version.
#[derive(Deserialize)]
struct Page {
    changes: Vec<Value>,
    next: String,
    more: bool,
}

impl Core {
    /// Uploads what the server does not have, then reads what it has to say. Blocks on the network; acts recorded
    /// meanwhile go out with the next sync.
    ///
    /// # Errors
    /// [`CourierError::Unreachable`] at the first answer that does not come: what was confirmed before stays confirmed,
    /// everything else stays unsent. The same while another sync is under way, however long its network hangs.
    /// [`CourierError::NotEnrolled`] if the server does not know the device.
    pub fn sync(&self, transport: &dyn Transport) -> Result<SyncReport, CourierError> {
        let _one_at_a_time = match self.syncing.try_lock() {
            Ok(held) => held,
            Err(TryLockError::Poisoned(held)) => held.into_inner(),
            Err(TryLockError::WouldBlock) => {
                return Err(CourierError::Unreachable {
                    why: "a sync is under way".into(),
                    retry_after_ms: None,
                });
            }
        };
        if self.credential()?.is_none() {
            return Err(CourierError::NotEnrolled {
                why: "no credential yet".into(),
            });
        }
        let client = Client {
            store: &self.store,
            platform: &*self.platform,
            transport,
            key: self.key,
        };
        let (server, beacon) = self.greet(&client)?;
        let phone = self.phone_state(&server)?;
        let mut report = SyncReport::default();
        for step in plan(&phone, &server) {
            self.run(&client, &step, beacon.as_ref(), &mut report)?;
        }
        self.purge()?;
        let wall_ms = self.platform.now_ms()?;
        self.store.write(|tx| exchange::save_synced(tx, wall_ms))?;
        Ok(report)
    }

    fn run(
        &self,
        client: &Client<'_>,
        step: &Step,
        beacon: Option<&StoredBeacon>,
        report: &mut SyncReport,
    ) -> Result<(), CourierError> {
        match step {
            Step::RefreshBeacon => match beacon {
                Some(beacon) => Ok(self.store.write(|tx| exchange::save_beacon(tx, beacon))?),
                None => Ok(()),
            },
            Step::Reopen { rows, epoch } => self.store.write(|tx| {
                event::reopen(tx, rows)?;
                salvage::cover(tx)?;
                Ok(exchange::save_epoch(tx, *epoch)?)
            }),
            Step::Upload { rows } => self.upload(client, rows, report),
            Step::Pull => self.pull(client, report),
            Step::Receipts => self.fetch_receipts(client, report),
            Step::Numbers => self.borrow_numbers(client),
            Step::Photographs => self.bring_photographs(client, report),
        }
    }

    fn greet(&self, client: &Client<'_>) -> Result<(ServerState, Option<StoredBeacon>), CourierError> {
        let (head, known) = self
            .store
            .read(|db| Ok::<_, CourierError>((event::chain_head(db, self.device_id())?, exchange::load(db)?.epoch)))?;
        let request = HelloRequest {
            protocol: ProtocolRange {
                min: PROTOCOL,
                max: PROTOCOL,
            },
            app_build: concat!("core ", env!("CARGO_PKG_VERSION")).to_owned(),
            seq_head: head.map_or(0, |(seq, _)| seq),
            epoch: known.unwrap_or(0),
            revoked_after: self.store.read(revoked::through)?,
        };
        let bytes = json_bytes(&request);
        let body = Body::json(&bytes);
        let sent = self.platform.mono()?;
        let answer: Value = client.call("POST", "/api/v1/sync/hello", Some(&body))?;
        self.renew(&answer)?;
        let view: HelloView = serde_json::from_value(answer).map_err(|error| CourierError::Unreachable {
            why: format!("the answer to hello is not readable: {error}"),
            retry_after_ms: None,
        })?;
        let mono = self.platform.mono()?;
        // What was under way for too long, or over a restart, says too little of when it was (`custody::bracket`).
        let is_fresh = mono.boot_id == sent.boot_id && mono.ms.saturating_sub(sent.ms) <= custody::bracket::TRIP_MS;
        let tag = decode(&view.beacon.tag)
            .and_then(|bytes| bytes.try_into().ok())
            .filter(|_| is_fresh);
        let beacon = tag.map(|tag| StoredBeacon {
            server_ms: view.beacon.server_ms,
            mono_ms: mono.ms,
            tag,
            boot_id: mono.boot_id,
        });
        let recovery = view.recovery_key.as_deref().and_then(RecoveryKey::from_text);
        self.store.write(|tx| {
            if let Some(key) = &recovery {
                salvage::learn(tx, key)?;
            }
            if let Some(through) = view.revoked_through {
                let listed = view.revoked.iter().filter_map(|id| id.parse().ok());
                revoked::add(tx, &listed.collect::<Vec<_>>(), through)?;
            }
            if view.nonce.is_empty() {
                Ok(())
            } else {
                exchange::save_nonce(tx, &view.nonce)
            }
        })?;
        let server = ServerState {
            epoch: view.epoch,
            want: view.want,
            batch_events: usize::try_from(view.limits.batch_events).unwrap_or(usize::MAX),
            batch_bytes: usize::try_from(view.limits.batch_bytes).unwrap_or(usize::MAX),
        };
        Ok((server, beacon))
    }

    /// A server that renews the credential says so in its greeting.
    fn renew(&self, answer: &Value) -> Result<(), CourierError> {
        let until_ms = answer.get("credential_until_ms").and_then(Value::as_i64);
        let signed = answer.get("credential").and_then(Value::as_str);
        let issuers = answer.get("issuers").and_then(Value::as_array).into_iter().flatten();
        let issuers: Vec<String> = issuers.filter_map(|key| Some(key.as_str()?.to_owned())).collect();
        self.store.write(|tx| {
            if let Some(mut credential) = device::find_credential(tx, self.device_id())? {
                credential.until_ms = until_ms.unwrap_or(credential.until_ms);
                device::save_credential(tx, &credential.renewed(&issuers, signed))?;
            }
            Ok(())
        })
    }

    fn phone_state(&self, server: &ServerState) -> Result<PhoneState, CourierError> {
        self.store.read(|db| {
            let epoch = exchange::load(db)?.epoch;
            let unsent_only = server.want.is_empty() && epoch.is_none_or(|known| known == server.epoch);
            Ok(PhoneState {
                events: event::held(db, self.device_id(), unsent_only)?,
                epoch,
            })
        })
    }

    fn upload(&self, client: &Client<'_>, rows: &[i64], report: &mut SyncReport) -> Result<(), CourierError> {
        let batch = self.store.write(|tx| {
            event::mark_sent(tx, rows)?;
            event::batch(tx, rows)
        })?;
        report.sent += batch.len() as u64;
        let bytes = batch
            .iter()
            .map(|stored| stored.envelope.as_slice())
            .collect::<Vec<_>>()
            .concat();
        let trace = uuid::Builder::from_random_bytes(random(&*self.platform)?)
            .into_uuid()
            .to_string();
        let body = Body {
            content_type: "application/cbor-seq",
            bytes: &bytes,
            more: Some(("Sync-Batch", trace)),
        };
        let answer: DepositView = client.call("POST", "/api/v1/sync/events", Some(&body))?;

        let sent: HashMap<String, i64> = batch
            .iter()
            .map(|stored| (stored.event_id.to_string(), stored.row))
            .collect();
        self.store.write(|tx| {
            for deposited in &answer.results {
                let Some(&row) = sent.get(&deposited.event_id) else {
                    continue;
                };
                match deposited.result {
                    DepositResult::Stored | DepositResult::Duplicate => {
                        event::mark_durable(tx, row)?;
                        report.durable += 1;
                    }
                    DepositResult::Retry => {
                        event::mark_retry(tx, row, deposited.reason.as_deref().unwrap_or("retry"))?;
                        report.retry += 1;
                    }
                }
            }
            Ok(())
        })
    }

    fn pull(&self, client: &Client<'_>, report: &mut SyncReport) -> Result<(), CourierError> {
        let mut restarted = false;
        loop {
            let cursor = self.store.read(exchange::load)?.cursor;
            let target = format!("/api/v1/sync/changes?cursor={}", percent(&cursor));
            let page: Page = match client.call("GET", &target, None) {
                Err(error) if error.asks_for_resync() && !restarted => {
                    restarted = true;
                    self.store.write(|tx| exchange::save_cursor(tx, ""))?;
                    continue;
                }
                other => other?,
            };
            let wall_ms = self.platform.now_ms()?;
            self.store.write(|tx| {
                for change in &page.changes {
                    if apply(tx, change, wall_ms)? {
                        report.changes += 1;
                    } else {
                        report.unreadable += 1;
                    }
                }
                exchange::save_cursor(tx, &page.next)
            })?;
            if !page.more || page.next == cursor {
                return Ok(());
            }
        }
    }
}
