//! A refusal at the door: its reason in words, and who saw it.
//!
//! The witness is recorded as being there, never by name.
//!
//! Source: Luật Bưu chính 49/2010/QH12, điều 17

use super::AttemptReason;

/// What the carrier writes down when the addressee refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: AttemptReason,
    /// What the addressee said, in words.
    pub words: String,
    /// Somebody else saw it and signed.
    pub is_witnessed: bool,
}

/// What a refusal lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum RefusalGap {
    /// The reason is that of a failed attempt, not of a refusal.
    #[error("the reason is not that of a refusal")]
    NotARefusal,
    /// No words.
    #[error("the reason is not written down")]
    Words,
    /// No witness.
    #[error("nobody witnessed it")]
    Witness,
}

impl Refusal {
    /// Checks that the refusal stands.
    ///
    /// # Errors
    /// The first [`RefusalGap`].
    pub fn check(&self) -> Result<(), RefusalGap> {
        if !self.reason.needs_witness() {
            Err(RefusalGap::NotARefusal)
        } else if self.words.trim().is_empty() {
            Err(RefusalGap::Words)
        } else if !self.is_witnessed {
            Err(RefusalGap::Witness)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_its_reason_its_words_and_a_witness() {
        let mut refusal = Refusal {
            reason: AttemptReason::NotHome,
            words: String::new(),
            is_witnessed: false,
        };
        assert_eq!(refusal.check(), Err(RefusalGap::NotARefusal));
        refusal.reason = AttemptReason::RefusedContent;
        assert_eq!(refusal.check(), Err(RefusalGap::Words));
        refusal.words = "sai ngày sinh".to_owned();
        assert_eq!(refusal.check(), Err(RefusalGap::Witness));
        refusal.is_witnessed = true;
        assert_eq!(refusal.check(), Ok(()));
    }
}
