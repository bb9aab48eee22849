//! Borrows labels and receipt numbers while few are left, so that a day without a network does not run out of them.

use domain::hat::Hat;
use domain::wire::v1::{MOST_LABELS, MOST_RECEIPTS, NumbersRequest, NumbersView};

use crate::core::Core;
use crate::core::error::CourierError;
use crate::core::http::{Body, Client, json_bytes};
use crate::core::platform::random;
use crate::core::store::{exchange, numbers};

/// With fewer than this many left, more are asked for: a busy day's pickups.
const FEW: u64 = 20;
/// How long to leave the server alone after it answered: an office that has run out has none a minute later either.
const AGAIN_AFTER_MS: i64 = 3_600_000;

impl Core {
    /// How many numbers this phone can give without the server.
    ///
    /// # Errors
    /// [`CourierError::Store`].
    pub fn numbers_left(&self) -> Result<numbers::NumbersLeft, CourierError> {
        self.enter()?;
        Ok(self.store.read(numbers::left)?)
    }

    /// Asks for numbers where few are left. The request is on disk before it goes out: an answer that got lost is asked for again
    /// under the same name and brings the same numbers.
    pub(super) fn borrow_numbers(&self, client: &Client<'_>) -> Result<(), CourierError> {
        let gives = |hat| matches!(hat, Hat::Carrier | Hat::PostAgent);
        let credential = self.credential()?;
        if !credential.is_some_and(|known| known.hats.iter().any(|(hat, _)| gives(*hat))) {
            return Ok(());
        }
        let (left, asked_ms, beacon) = self.store.read(|db| {
            let beacon = exchange::load(db)?.beacon;
            Ok::<_, CourierError>((numbers::left(db)?, numbers::asked_ms(db)?, beacon))
        })?;
        let Some(now_ms) = beacon.map(|seen| seen.server_ms) else {
            return Ok(());
        };
        let is_early = asked_ms.is_some_and(|then| (then..then.saturating_add(AGAIN_AFTER_MS)).contains(&now_ms));
        if is_early || (left.labels >= FEW && left.receipts >= FEW) {
            return Ok(());
        }
        let fresh: [u8; 16] = random(&*self.platform)?;
        let request = self.store.write(|tx| numbers::request(tx, fresh))?;
        let lack = |left: u64, most: u32| if left < FEW { most } else { 0 };
        let bytes = json_bytes(&NumbersRequest {
            request: hex::encode(request),
            labels: lack(left.labels, MOST_LABELS),
            receipts: lack(left.receipts, MOST_RECEIPTS),
        });
        let answer: NumbersView = match client.call("POST", "/api/v1/sync/numbers", Some(&Body::json(&bytes))) {
            Err(error) if error.is_declined() => NumbersView::default(),
            other => other?,
        };
        self.store.write(|tx| Ok(numbers::keep(tx, &answer, now_ms)?))
    }
}
