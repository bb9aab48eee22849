//! What an event says happened.

use std::borrow::Cow;

/// The kind of a custody event (key 2). Codes are for ever: add, never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The giver offers items to a named receiver.
    Offer,
    /// The receiver takes over what was offered, minus the exceptions.
    Accept,
    /// The giver saw the acceptance: both now hold both signatures.
    Release,
    /// The giver takes the offer back.
    RevokeOffer,
    /// Somebody saw the item (a bag or trip scan).
    Observe,
    /// Items go into a bag.
    Aggregate,
    /// Items come out of a bag.
    Disaggregate,
    /// Damaged, missing or a seal that differs.
    Exception,
    /// A ruling on an earlier event, which itself stays as it is.
    Correction,
    /// A paper slip or minutes stood in for a second phone.
    PaperFallback,
    /// A key was enrolled or revoked.
    Key,
    /// A remark.
    Note,
    /// The post takes the papers from somebody without a device, at the door or the counter.
    TakeIn,
    /// The addressee got the item.
    Deliver,
    /// The carrier stood there and could not deliver.
    AttemptFailed,
    /// Kept for collection.
    Hold,
    /// The addressee refused it.
    Refused,
    /// It goes back to where it came from.
    Return,
    /// It gets another address.
    Redirect,
    /// The sender took it back before delivery.
    Withdraw,
    /// Money changed hands.
    Cash,
    /// A kind this version does not know. It is kept and has an id; it moves nothing.
    Unknown(UnknownKind),
}

/// The code of a kind that this version does not know; made by [`Kind::from_code`] only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownKind(u64);

/// Every known kind, its code and its name, in code order.
const TABLE: [(Kind, u64, &str); 21] = [
    (Kind::Offer, 1, "offer"),
    (Kind::Accept, 2, "accept"),
    (Kind::Release, 3, "release"),
    (Kind::RevokeOffer, 4, "revoke_offer"),
    (Kind::Observe, 5, "observe"),
    (Kind::Aggregate, 6, "aggregate"),
    (Kind::Disaggregate, 7, "disaggregate"),
    (Kind::Exception, 8, "exception"),
    (Kind::Correction, 9, "correction"),
    (Kind::PaperFallback, 10, "paper_fallback"),
    (Kind::Key, 11, "key"),
    (Kind::Note, 12, "note"),
    (Kind::TakeIn, 13, "take_in"),
    (Kind::Deliver, 14, "deliver"),
    (Kind::AttemptFailed, 15, "attempt_failed"),
    (Kind::Hold, 16, "hold"),
    (Kind::Refused, 17, "refused"),
    (Kind::Return, 18, "return"),
    (Kind::Redirect, 19, "redirect"),
    (Kind::Withdraw, 20, "withdraw"),
    (Kind::Cash, 21, "cash"),
];

impl Kind {
    /// Every known kind, in code order.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(kind, _, _)| *kind)
    }

    /// The kind with this code; never fails, because an event of tomorrow is kept too.
    pub fn from_code(code: u64) -> Self {
        let known = TABLE.iter().find(|(_, known, _)| *known == code);
        known.map_or(Self::Unknown(UnknownKind(code)), |(kind, _, _)| *kind)
    }

    /// Its code in key 2.
    pub fn code(self) -> u64 {
        match self {
            Self::Unknown(UnknownKind(code)) => code,
            known => entry(known).1,
        }
    }

    /// Its name, `kind-<code>` where this version knows none.
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Unknown(UnknownKind(code)) => Cow::Owned(format!("kind-{code}")),
            known => Cow::Borrowed(entry(known).2),
        }
    }

    /// The external data its signature covers, so that a signature on one kind never verifies as another.
    pub fn aad(self, version: u64) -> Vec<u8> {
        format!("custody/{}/v{version}", self.name()).into_bytes()
    }
}

fn entry(known: Kind) -> &'static (Kind, u64, &'static str) {
    TABLE
        .iter()
        .find(|(kind, _, _)| *kind == known)
        .expect("every known kind is in the table")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_run_from_1_to_21_and_read_back() {
        assert_eq!(
            Kind::all().map(Kind::code).collect::<Vec<_>>(),
            (1..=21).collect::<Vec<_>>()
        );
        for code in 0..40 {
            assert_eq!(Kind::from_code(code).code(), code);
        }
    }

    #[test]
    fn the_signed_context_names_the_kind() {
        assert_eq!(Kind::Offer.aad(1), b"custody/offer/v1");
        assert_eq!(Kind::RevokeOffer.aad(1), b"custody/revoke_offer/v1");
        assert_eq!(Kind::from_code(99).aad(1), b"custody/kind-99/v1");
    }
}
