//! How a job can fail, and what that means for its row.

use entity::StoreError;

/// A job that did not do what it should. Every failing step chooses one of these.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    /// Trying again later may help.
    #[error("{0}")]
    Retry(String),
    /// Trying again cannot help; a person has to look.
    #[error("{0}")]
    GiveUp(String),
    /// Another runner has the row now; the effect was rolled back and the row is not ours to touch.
    #[error("the lease was lost to another runner")]
    LeaseLost,
}

impl JobError {
    /// A payload this program cannot read.
    pub(crate) fn payload(why: impl std::fmt::Display) -> Self {
        Self::GiveUp(format!("the payload cannot be read: {why}"))
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        let told = told(&error);
        match error {
            // What is written wrongly stays wrong; everything else may be a busy or absent database.
            StoreError::Corrupt { .. } | StoreError::Refused(_) => Self::GiveUp(told),
            _ => Self::Retry(told),
        }
    }
}

/// An error with its causes in one line.
pub(crate) fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// What a panic said. A message with values in it may hold somebody's name, and this goes into logs and lists.
pub(crate) fn panicked(payload: &(dyn std::any::Any + Send)) -> String {
    let said = payload.downcast_ref::<&'static str>().copied();
    format!("panicked: {}", said.unwrap_or("(a message with values in it)"))
}
