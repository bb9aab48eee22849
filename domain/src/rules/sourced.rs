//! A value and the text it rests on.
//!
//! Source: Quy ước Trao Tay, mọi thời hạn và mẫu đều nêu căn cứ

/// A value that says where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    value: T,
    source: String,
}

/// Why a value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SourcedError {
    /// Nothing is named.
    #[error("a rule names the text it rests on")]
    NoSource,
}

impl<T> Sourced<T> {
    /// A value with its source: an article, an agreement, or what is unsure about it.
    ///
    /// # Errors
    /// [`SourcedError::NoSource`] when the source is blank.
    pub fn new(value: T, source: &str) -> Result<Self, SourcedError> {
        if source.trim().is_empty() {
            return Err(SourcedError::NoSource);
        }
        Ok(Self::known(value, source))
    }

    /// A value of our own defaults, whose sources are written here.
    pub(super) fn known(value: T, source: &str) -> Self {
        Self {
            value,
            source: source.trim().to_owned(),
        }
    }

    /// The value.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// Where it is from.
    pub fn source(&self) -> &str {
        &self.source
    }
}
