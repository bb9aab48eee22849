//! Messages of a handover as pictures, each within what the camera of a cheap phone reads.

use std::sync::{Arc, Mutex, PoisonError};

use custody::handover::frame::{Collector, Frame, FrameError, split};

use super::error::CourierError;

/// The pictures of a message, to be shown one after the other and again from the start.
#[uniffi::export]
#[expect(
    clippy::needless_pass_by_value,
    reason = "arguments arrive by value from the other language"
)]
pub fn pictures(message: Vec<u8>) -> Result<Vec<Vec<u8>>, CourierError> {
    let frames = split(&message).map_err(unreadable)?;
    Ok(frames.iter().map(Frame::encode).collect())
}

/// Puts pictures together again, in whatever order the camera sees them.
#[derive(Debug, Default, uniffi::Object)]
pub struct PictureReader {
    collector: Mutex<Collector>,
}

#[uniffi::export]
impl PictureReader {
    /// One that has seen nothing.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Adds a picture; gives the message once all of it was seen.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "arguments arrive by value from the other language"
    )]
    pub fn add(&self, picture: Vec<u8>) -> Result<Option<Vec<u8>>, CourierError> {
        let frame = Frame::decode(&picture).map_err(unreadable)?;
        let mut collector = self.collector.lock().unwrap_or_else(PoisonError::into_inner);
        collector.add(frame).map_err(unreadable)
    }
}

fn unreadable(error: FrameError) -> CourierError {
    CourierError::Unreadable {
        what: "picture".into(),
        why: error.to_string(),
    }
}
