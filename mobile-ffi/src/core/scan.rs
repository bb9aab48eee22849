//! What a scanned label is, and what may be done with it now.

use custody::ids::ItemId;
use domain::hat::Hat;
use domain::item_code::ItemCode;

use super::Core;
use super::act::one_party::parse;
use super::error::CourierError;
use super::guard::{Act, refusal};
use super::store::item::LocalItem;
use super::store::{assignment, device, item};

/// An act and the hat it may be done in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permitted {
    /// The act.
    pub act: Act,
    /// The hat.
    pub hat: Hat,
}

/// The answer to a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// The label, in its one spelling.
    pub item_code: ItemCode,
    /// What this phone knows of it; `None` if it was never heard of.
    pub item: Option<LocalItem>,
    /// Whether one of this person's hats has it.
    pub held: bool,
    /// A pickup at this person's stops asks for it.
    pub to_fetch: bool,
    /// What may be done, and as whom.
    pub may: Vec<Permitted>,
}

impl Core {
    /// Reads a label and says what it is. Records nothing.
    ///
    /// # Errors
    /// [`CourierError::Unreadable`] with the reason if it is no label, [`CourierError::NotEnrolled`].
    pub fn scan(&self, text: &str) -> Result<Scanned, CourierError> {
        self.enter()?;
        let item_code = parse(text)?;
        self.store.read(|db| {
            let credential =
                device::find_credential(db, self.device_id())?.ok_or_else(|| CourierError::NotEnrolled {
                    why: "no credential yet".into(),
                })?;
            let item = item::find(db, ItemId::of(item_code.as_str()))?;
            let may = credential.hats.iter().flat_map(|&(hat, party)| {
                let fits = |act: &Act| refusal(*act, hat, item_code, item.as_ref(), party).is_none();
                Act::ALL
                    .into_iter()
                    .filter(fits)
                    .map(move |act| Permitted { act, hat })
                    .collect::<Vec<_>>()
            });
            let may = may.collect();
            let held = item
                .as_ref()
                .and_then(|known| known.holder)
                .is_some_and(|party| credential.is_ours(party));
            Ok(Scanned {
                item_code,
                held,
                to_fetch: assignment::has(db, ItemId::of(item_code.as_str()), "pickup")?,
                may,
                item,
            })
        })
    }
}
