//! A message as pictures: pieces small enough for the cameras of cheap phones.
//!
//! A message of the hand-over is shown as one picture where it fits and as several in turn where it does not. Each piece
//! says of which message it is, by the beginning of that message's hash, and which piece; they may be read in any order
//! and more than once.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The most bytes of one picture: QR version 21 in byte mode at error correction L (ISO/IEC 18004, table 7). The host's
/// encoder is told to use byte mode.
pub const MAX_BYTES: usize = 929;

const MARK: [u8; 2] = [b'T', 1];
const HEADER: usize = MARK.len() + 4 + 2;
const PIECE: usize = MAX_BYTES - HEADER;

/// The longest message that can be shown, in bytes.
pub const MAX_MESSAGE: usize = PIECE * u8::MAX as usize;

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    message: [u8; 4],
    index: u8,
    count: u8,
    piece: Vec<u8>,
}

/// Why a picture or message is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// It is no picture of ours.
    #[error("not a picture of a hand-over")]
    NotOurs,
    /// The message is empty or longer than [`MAX_MESSAGE`].
    #[error("a message has 1 to {MAX_MESSAGE} bytes")]
    Length,
    /// The pieces do not make the message they belong to.
    #[error("the pictures do not belong together")]
    Torn,
}

/// The pictures of a message, in order.
///
/// # Errors
/// [`FrameError::Length`] when it is empty or too long.
pub fn split(message: &[u8]) -> Result<Vec<Frame>, FrameError> {
    let count = u8::try_from(message.len().div_ceil(PIECE)).map_err(|_| FrameError::Length)?;
    if count == 0 {
        return Err(FrameError::Length);
    }
    let tag = tag(message);
    let pieces = message.chunks(PIECE).zip(0_u8..);
    Ok(pieces
        .map(|(piece, index)| Frame {
            message: tag,
            index,
            count,
            piece: piece.to_vec(),
        })
        .collect())
}

fn tag(message: &[u8]) -> [u8; 4] {
    let digest: [u8; 32] = Sha256::digest(message).into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}

impl Frame {
    /// The bytes in the picture.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.piece.len());
        bytes.extend(MARK);
        bytes.extend(self.message);
        bytes.extend([self.index, self.count]);
        bytes.extend(&self.piece);
        bytes
    }

    /// Reads a picture.
    ///
    /// # Errors
    /// [`FrameError::NotOurs`].
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let read = || {
            let rest = bytes.strip_prefix(&MARK)?;
            let (message, rest) = rest.split_first_chunk::<4>()?;
            let ([index, count], piece) = rest.split_first_chunk::<2>()?;
            let is_last = index.checked_add(1) == Some(*count);
            let is_piece = !piece.is_empty() && (piece.len() == PIECE || is_last && piece.len() < PIECE);
            (index < count && is_piece).then(|| Self {
                message: *message,
                index: *index,
                count: *count,
                piece: piece.to_vec(),
            })
        };
        read().ok_or(FrameError::NotOurs)
    }
}

/// Puts pictures together again, whatever order the camera sees them in.
#[derive(Debug, Clone, Default)]
pub struct Collector {
    pieces: BTreeMap<u8, Frame>,
}

impl Collector {
    /// Adds a picture; gives the message once every piece of it is here. A picture of another message starts over.
    ///
    /// # Errors
    /// [`FrameError::Torn`] when the pieces are not those of one message; what was collected is dropped.
    pub fn add(&mut self, frame: Frame) -> Result<Option<Vec<u8>>, FrameError> {
        let is_same = |other: &Frame| (other.message, other.count) == (frame.message, frame.count);
        if !self.pieces.values().all(is_same) {
            self.pieces.clear();
        }
        let count = usize::from(frame.count);
        self.pieces.insert(frame.index, frame);
        if self.pieces.len() < count {
            return Ok(None);
        }
        let frames: Vec<Frame> = std::mem::take(&mut self.pieces).into_values().collect();
        let message: Vec<u8> = frames.iter().flat_map(|frame| frame.piece.clone()).collect();
        if split(&message).as_ref() == Ok(&frames) {
            Ok(Some(message))
        } else {
            Err(FrameError::Torn)
        }
    }

    /// How many pieces are here, of how many.
    pub fn progress(&self) -> (usize, usize) {
        let count = self.pieces.values().next().map_or(0, |frame| frame.count);
        (self.pieces.len(), usize::from(count))
    }
}
