//! Messages of a handover as pictures, each within what the camera of a cheap phone reads.

use custody::handover::frame::{Collector, Frame, FrameError, split};
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::{Thrown, unreadable};

/// The pictures of a message, to be shown one after the other and again from the start.
#[wasm_bindgen(unchecked_return_type = "Uint8Array[]")]
pub fn pictures(message: &[u8]) -> Result<Array, Thrown> {
    let frames = split(message).map_err(no_picture)?;
    Ok(frames
        .iter()
        .map(|frame| Uint8Array::from(frame.encode().as_slice()))
        .collect())
}

/// Puts pictures together again, in whatever order the camera sees them.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct PictureReader {
    collector: RefCell<Collector>,
}

#[wasm_bindgen]
impl PictureReader {
    /// One that has seen nothing.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a picture; gives the message once all of it was seen.
    pub fn add(&self, picture: &[u8]) -> Result<Option<Vec<u8>>, Thrown> {
        let frame = Frame::decode(picture).map_err(no_picture)?;
        self.collector.borrow_mut().add(frame).map_err(no_picture)
    }
}

fn no_picture(error: FrameError) -> Thrown {
    unreadable("picture", error.to_string())
}
