//! What a batch is going to need, asked together: one question for all its items instead of one for each fact.
//!
//! Nothing depends on it. Whatever is not known when it is needed is asked then.

use super::Cx;
use crate::StoreError;
use crate::inbox::Lane;
use crate::table::inbox;
use custody::envelope::Envelope;
use std::collections::BTreeSet;

/// Facts from which on asking together is fewer questions than asking for each.
const WORTH_IT: usize = 2;

/// Asks for what these facts name.
pub(super) async fn look(cx: &mut Cx<'_>, rows: &[inbox::Model]) -> Result<(), StoreError> {
    let custody = rows.iter().filter(|row| row.lane == Lane::Custody as i64);
    let (mut events, mut items, mut devices) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for row in custody {
        let Ok(envelope) = Envelope::parse(&row.raw) else {
            continue;
        };
        let event = envelope.event();
        items.extend(event.items.iter().map(|named| named.item.0.to_vec()));
        devices.insert(envelope.kid());
        events.push(row.event_id.clone());
    }
    if events.len() < WORTH_IT {
        return Ok(());
    }
    cx.devices(&devices).await?;
    cx.learn_followed(&events).await?;
    cx.learn_items(&items).await?;
    cx.learn_packed(&items).await?;
    let dossiers = cx.dossiers_of(&items);
    cx.learn_dossiers(&dossiers).await?;
    cx.learn_items_of(&dossiers).await?;
    cx.learn_holdings(&items).await?;
    items.extend(cx.item_ids_of(&dossiers));
    cx.learn_stories(&items).await
}
