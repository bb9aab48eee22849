//! What is wrong with one field.

/// A field that is wrong, and why, in both languages. Never with the value: it may be somebody's name.
#[derive(Debug, Clone)]
pub struct Mistake {
    pub(super) pointer: String,
    pub(super) code: &'static str,
    pub(super) vietnamese: String,
    pub(super) english: String,
}

impl Mistake {
    /// A mistake at a place of the body (`#/applicant/name`) or in a query parameter (`?from`).
    pub fn at(
        pointer: impl Into<String>,
        code: &'static str,
        vietnamese: impl Into<String>,
        english: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            vietnamese: vietnamese.into(),
            english: english.into(),
        }
    }

    /// A value that can be read and not accepted.
    pub fn invalid(pointer: impl Into<String>, vietnamese: impl Into<String>, english: impl Into<String>) -> Self {
        Self::at(pointer, "invalid", vietnamese, english)
    }

    /// A name or id of something that is not there.
    pub fn reference(pointer: impl Into<String>, vietnamese: impl Into<String>, english: impl Into<String>) -> Self {
        Self::at(pointer, "unknown_reference", vietnamese, english)
    }
}
