//! Everything that can go wrong, as few kinds as an app can react to.

use custody::handover::StrangerError;
use custody::ids::HandoverId;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::ItemState;
use domain::item_code::ItemCode;
use domain::money::LedgerKind;

use super::platform::HostError;
use super::store::StoreError;

/// What the core answers when it did not do what was asked. Nothing was recorded and nothing was lost.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// The device has no credential, or the server no longer knows it. **App:** open the enrolment screen; keep the
    /// store, its envelopes are sent once the device is enrolled again.
    #[error("this device is not enrolled: {why}")]
    NotEnrolled {
        /// Why.
        why: String,
    },
    /// Too long without the server to start a handover with another device. **App:** offer to sync now; without a
    /// network, hand over on paper and record [`paper_fallback`](super::Core::paper_fallback).
    #[error("the credential ended at {until_ms}")]
    CredentialExpired {
        /// When, server time.
        until_ms: i64,
    },
    /// A code or message could not be read. **App:** say why and let the person scan again.
    #[error("not a readable {what}: {why}")]
    Unreadable {
        /// What was expected.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The act does not fit what this device knows. **App:** show why; where [`Refusal::can_be_forced`], offer
    /// "the papers have already moved", which records the act as testimony.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The two sides of a handover do not fit together. **App:** show the difference; both start again from HELLO,
    /// papers stay where they are.
    #[error(transparent)]
    Handover(#[from] HandoverFault),
    /// No usable answer from the server. **App:** stay quiet, show the banner, try again after
    /// [`backoff_ms`](super::sync::backoff_ms).
    #[error("the server could not be reached: {why}")]
    Unreachable {
        /// Why, for the log.
        why: String,
        /// How long the server asked us to stay away.
        retry_after_ms: Option<u64>,
    },
    /// The host's key, clock or randomness failed. **App:** ask the person to unlock the phone and try again.
    #[error("the host failed")]
    Host(#[from] HostError),
    /// The local database failed. **App:** stop taking papers, work on paper, call support; never clear the data.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an act does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The person's credential does not hold this hat.
    #[error("this person may not act as {hat}")]
    HatNotYours {
        /// The hat.
        hat: Hat,
    },
    /// The hat does not do this work.
    #[error("{hat} does not do {act}")]
    NotThisHat {
        /// The hat.
        hat: Hat,
        /// The act.
        act: &'static str,
    },
    /// This phone has never heard of the item.
    #[error("{item_code} is not known on this phone")]
    UnknownItem {
        /// The label.
        item_code: ItemCode,
    },
    /// Somebody else has the item.
    #[error("{item_code} is not in your hands{}", .holder.map(|holder| format!(" but with {holder}")).unwrap_or_default())]
    NotHeld {
        /// The label.
        item_code: ItemCode,
        /// Who has it, if known.
        holder: Option<Holder>,
    },
    /// The item was offered to somebody and the handover is not finished.
    #[error("{item_code} is being handed over")]
    OnOffer {
        /// The label.
        item_code: ItemCode,
        /// The handover.
        handover_id: HandoverId,
    },
    /// The item's state does not allow the act.
    #[error("{item_code} is in {state}: {act} does not fit")]
    WrongState {
        /// The label.
        item_code: ItemCode,
        /// Its state.
        state: ItemState,
        /// The act.
        act: &'static str,
    },
    /// The item lies in a sealed bag: it moves with the bag, or is taken out first.
    #[error("{item_code} lies in a sealed bag")]
    InBag {
        /// The label.
        item_code: ItemCode,
    },
    /// Somebody wants to receive for another and showed no authorisation.
    #[error("{item_code} is given to somebody else only with an authorisation: name its number or date")]
    NoAuthorisation {
        /// The label.
        item_code: ItemCode,
    },
    /// The label is on something else already.
    #[error("{item_code} is used already: a bag takes a fresh label")]
    LabelUsed {
        /// The label.
        item_code: ItemCode,
    },
    /// The screen was locked, or somebody else works with this phone now.
    #[error("locked: let the person in again")]
    Locked,
    /// The store belongs to somebody else.
    #[error("this store is somebody else's: open another one for this person")]
    OthersStore,
    /// The disk is so full that a handover might break off in the middle.
    #[error("only {free_bytes} bytes are free: make room before a handover")]
    LowDisk {
        /// What is free.
        free_bytes: u64,
    },
    /// A sum that is nothing, or more than anybody pays at a door.
    #[error("a sum is at least 1 ₫ and at most {most} ₫")]
    BadSum {
        /// The largest sum.
        most: i64,
    },
    /// What was counted is not what it should be: in this ledger, by so much.
    #[error("{} differs by {by} ₫", .ledger.english())]
    TillDiffers {
        /// The first ledger that differs.
        ledger: LedgerKind,
        /// Counted less expected, whole đồng.
        by: i64,
    },
    /// No number is left that the server lent.
    #[error("no number is left on this phone: sync, or use a printed one")]
    NoNumbers,
    /// A photograph of no bytes, or of too many.
    #[error("a photograph has at least one byte and at most {most}: make it smaller")]
    PhotographSize {
        /// The largest, bytes.
        most: usize,
    },
    /// The list of items is empty, too long for one handover, or names one twice.
    #[error("the list of items is empty, too long, or names one twice")]
    BadList,
}

impl Refusal {
    /// Whether the act can still be recorded as testimony, because papers may have moved already.
    pub const fn can_be_forced(&self) -> bool {
        match self {
            Self::UnknownItem { .. }
            | Self::NotHeld { .. }
            | Self::OnOffer { .. }
            | Self::WrongState { .. }
            | Self::NoAuthorisation { .. }
            | Self::InBag { .. } => true,
            Self::HatNotYours { .. }
            | Self::NotThisHat { .. }
            | Self::LabelUsed { .. }
            | Self::Locked
            | Self::OthersStore
            | Self::LowDisk { .. }
            | Self::BadSum { .. }
            | Self::TillDiffers { .. }
            | Self::NoNumbers
            | Self::PhotographSize { .. }
            | Self::BadList => false,
        }
    }
}

/// Why a step of a handover was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandoverFault {
    /// The message answers no HELLO, offer or acceptance of this phone.
    #[error("this answers nothing this phone said")]
    NotForUs,
    /// Too much time passed, or the phone was restarted, since HELLO.
    #[error("the handover is too old: start again")]
    TooOld,
    /// The signature is not by the device that claims it.
    #[error("the signature does not fit the device")]
    BadSignature,
    /// No server this phone knows vouches for the other device, or not for that hat. **App:** give nothing and take nothing.
    #[error("no server vouches for the other device")]
    PeerUnknown,
    /// The other side's credential has ended: they sync first.
    #[error("the other side's credential has ended")]
    PeerExpired,
    /// The server no longer trusts the other device.
    #[error("the other device was revoked")]
    PeerRevoked,
    /// Every item was excepted: there is nothing to take over.
    #[error("nothing is left to take over")]
    NothingTaken,
    /// The offer was taken back before.
    #[error("the offer was taken back")]
    Revoked,
    /// What was scanned is not what was offered.
    #[error("what was scanned differs from what was offered")]
    Differs {
        /// Offered and neither scanned nor excepted, as item ids.
        missing: Vec<String>,
        /// Scanned or excepted and not offered.
        unexpected: Vec<ItemCode>,
        /// Scanned with another seal than offered, or with a seal nobody looked at.
        seals: Vec<ItemCode>,
    },
}

impl From<StrangerError> for CourierError {
    fn from(error: StrangerError) -> Self {
        match error {
            StrangerError::Unreadable => Self::Unreadable {
                what: "handover picture",
                why: error.to_string(),
            },
            StrangerError::Unknown | StrangerError::NotTheirs => HandoverFault::PeerUnknown.into(),
            StrangerError::Ended => HandoverFault::PeerExpired.into(),
        }
    }
}

impl From<rusqlite::Error> for CourierError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(StoreError::Database(error))
    }
}
