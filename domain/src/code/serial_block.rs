//! A run of serials given to one office or one device to label items with, also offline.
//!
//! Taking a serial consumes the block and gives back the rest, so that no copy can give the same serial
//! twice. It stores nothing: whoever keeps the block writes the rest down before the label is printed.
//!
//! Source: UPU S10, serial number

use crate::code::block_holder::BlockHolder;
use crate::code::country::VIETNAM;
use crate::code::service::ServiceIndicator;
use crate::ids::DeviceEnrolmentId;
use crate::item_code::{ItemCode, MAX_SERIAL};

/// The serials `first..=last` of one service, of which those before `next` are used.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a block that is dropped loses its serials"]
pub struct SerialBlock {
    service: ServiceIndicator,
    first: u32,
    last: u32,
    next: u32,
    holder: BlockHolder,
}

/// Why serials are no block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SerialBlockError {
    /// A serial of more than eight digits.
    #[error("a serial has at most eight digits")]
    Serial,
    /// The last serial comes before the first.
    #[error("the last serial of a block comes before its first")]
    Order,
    /// The next serial lies outside of the block.
    #[error("the next serial lies outside of the block")]
    Next,
}

/// A block without a serial left.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the block {}{:08} to {:08} is used up", .block.service, .block.first, .block.last)]
pub struct BlockExhausted {
    /// The block, unchanged.
    pub block: SerialBlock,
}

/// Why a part cannot be given to a device.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// Only an office gives parts away.
    #[error("a device gives no serials away")]
    HeldByDevice {
        /// The block, unchanged.
        block: SerialBlock,
    },
    /// A part of nothing.
    #[error("a part has at least one serial")]
    Empty {
        /// The block, unchanged.
        block: SerialBlock,
    },
    /// Fewer unused serials than asked for.
    #[error("{wanted} serials are wanted and {} are left", .block.remaining())]
    TooFew {
        /// How many were asked for.
        wanted: u32,
        /// The block, unchanged.
        block: SerialBlock,
    },
}

impl SplitError {
    /// The block that was not split.
    pub fn into_block(self) -> SerialBlock {
        match self {
            Self::HeldByDevice { block } | Self::Empty { block } | Self::TooFew { block, .. } => block,
        }
    }
}

impl SerialBlock {
    /// A fresh block, both ends included.
    pub fn new(
        service: ServiceIndicator,
        first: u32,
        last: u32,
        holder: BlockHolder,
    ) -> Result<Self, SerialBlockError> {
        Self::resume(service, first, last, first, holder)
    }

    /// A block as it was written down; `next` may be one past `last` when nothing is left.
    pub fn resume(
        service: ServiceIndicator,
        first: u32,
        last: u32,
        next: u32,
        holder: BlockHolder,
    ) -> Result<Self, SerialBlockError> {
        if last > MAX_SERIAL {
            return Err(SerialBlockError::Serial);
        }
        if first > last {
            return Err(SerialBlockError::Order);
        }
        if !(first..=last + 1).contains(&next) {
            return Err(SerialBlockError::Next);
        }
        Ok(Self {
            service,
            first,
            last,
            next,
            holder,
        })
    }

    /// The letters of service.
    pub const fn service(&self) -> ServiceIndicator {
        self.service
    }

    /// The first serial.
    pub const fn first(&self) -> u32 {
        self.first
    }

    /// The last serial, included.
    pub const fn last(&self) -> u32 {
        self.last
    }

    /// The serial the next label gets; one past the last when the block is used up.
    pub const fn next(&self) -> u32 {
        self.next
    }

    /// Who labels from it.
    pub const fn holder(&self) -> BlockHolder {
        self.holder
    }

    /// How many serials are left.
    pub const fn remaining(&self) -> u32 {
        self.last + 1 - self.next
    }

    /// Whether two blocks share a serial of the same service.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.service == other.service && self.first <= other.last && other.first <= self.last
    }

    /// The next code and the rest of the block.
    #[expect(clippy::missing_panics_doc, reason = "a block holds only letters and eight digits")]
    pub fn take(self) -> Result<(ItemCode, Self), BlockExhausted> {
        if self.remaining() == 0 {
            return Err(BlockExhausted { block: self });
        }
        let code = ItemCode::from_serial(self.service.as_str(), self.next, VIETNAM)
            .expect("a block holds only letters and eight digits");
        let next = self.next + 1;
        Ok((code, Self { next, ..self }))
    }

    /// Gives the last `count` serials to a device: the office's rest first, the device's part second.
    ///
    /// Cut from the end, so that what the office has used stays inside its own block.
    pub fn split_for_device(self, device: DeviceEnrolmentId, count: u32) -> Result<(Self, Self), SplitError> {
        if matches!(self.holder, BlockHolder::Device(_)) {
            return Err(SplitError::HeldByDevice { block: self });
        }
        if count == 0 {
            return Err(SplitError::Empty { block: self });
        }
        // A block that gave everything away would have no serial of its own to stand on.
        let spare = self.remaining().min(self.last - self.first);
        if count > spare {
            return Err(SplitError::TooFew {
                wanted: count,
                block: self,
            });
        }
        let cut = self.last + 1 - count;
        let part = Self {
            service: self.service,
            first: cut,
            last: self.last,
            next: cut,
            holder: BlockHolder::Device(device),
        };
        Ok((Self { last: cut - 1, ..self }, part))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::ids::ServicePointId;

    fn office() -> BlockHolder {
        BlockHolder::Office(ServicePointId(Uuid::from_u128(1)))
    }

    fn device() -> DeviceEnrolmentId {
        DeviceEnrolmentId(Uuid::from_u128(2))
    }

    fn block(first: u32, last: u32) -> SerialBlock {
        SerialBlock::new("EE".parse().expect("letters"), first, last, office()).expect("a block")
    }

    #[test]
    fn gives_each_serial_once_and_then_says_it_is_used_up() {
        let (code, rest) = block(15, 16).take().expect("two left");
        assert_eq!(code.as_str(), "EE000000155VN");
        let (code, rest) = rest.take().expect("one left");
        assert_eq!(code.serial(), "00000016");
        let error = rest.take().expect_err("nothing left");
        assert_eq!(error.to_string(), "the block EE00000015 to 00000016 is used up");
        assert_eq!(error.block.remaining(), 0);
    }

    #[test]
    fn the_last_serial_there_is_can_be_taken() {
        let (code, rest) = block(MAX_SERIAL, MAX_SERIAL).take().expect("one left");
        assert_eq!(code.as_str(), "EE999999995VN");
        assert_eq!((rest.next(), rest.remaining()), (100_000_000, 0));
    }

    #[test]
    fn refuses_what_is_no_block() {
        let service = "EE".parse().expect("letters");
        for (first, last, next, why) in [
            (0, 100_000_000, 0, SerialBlockError::Serial),
            (2, 1, 2, SerialBlockError::Order),
            (5, 9, 4, SerialBlockError::Next),
            (5, 9, 11, SerialBlockError::Next),
        ] {
            assert_eq!(SerialBlock::resume(service, first, last, next, office()), Err(why));
        }
        assert!(SerialBlock::resume(service, 5, 9, 10, office()).is_ok());
    }

    #[test]
    fn a_device_gets_the_end_and_gives_nothing_away() {
        let (rest, part) = block(0, 99).split_for_device(device(), 10).expect("enough left");
        assert_eq!((rest.first(), rest.last(), part.first(), part.last()), (0, 89, 90, 99));
        assert_eq!(part.holder(), BlockHolder::Device(device()));
        assert!(matches!(
            part.split_for_device(device(), 1),
            Err(SplitError::HeldByDevice { .. })
        ));
        let error = rest.split_for_device(device(), 91).expect_err("only 90 left");
        assert_eq!(error.to_string(), "91 serials are wanted and 90 are left");
        assert!(matches!(
            error.into_block().split_for_device(device(), 0),
            Err(SplitError::Empty { .. })
        ));
    }

    proptest! {
        #[test]
        fn no_serial_is_given_twice_however_a_block_is_split(
            length in 2u32..60, steps in prop::collection::vec(prop::option::of(1u32..12), 0..40)
        ) {
            let (mut open, mut parts, mut given) = (block(500, 499 + length), Vec::new(), Vec::new());
            for step in steps {
                match step {
                    Some(count) => open = match open.split_for_device(device(), count) {
                        Ok((rest, part)) => { parts.push(part); rest }
                        Err(error) => error.into_block(),
                    },
                    None => open = match open.take() {
                        Ok((code, rest)) => { given.push(code); rest }
                        Err(error) => error.block,
                    },
                }
            }
            parts.push(open);
            for part in parts {
                let mut left = Some(part);
                while let Some(part) = left {
                    left = part.take().ok().map(|(code, rest)| { given.push(code); rest });
                }
            }
            given.sort();
            given.dedup();
            prop_assert_eq!(given.len(), length as usize);
        }
    }
}
