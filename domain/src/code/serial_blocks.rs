//! All blocks of a post together: no serial may stand in two of them.
//!
//! It compares ranges only. Whether a serial was used before these blocks were cut is the matter of
//! [`crate::code::reuse`].
//!
//! Source: UPU S10, serial number

use crate::code::serial_block::SerialBlock;
use crate::code::service::ServiceIndicator;

/// Blocks of which no two share a serial, in order of service and serial.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SerialBlocks(Vec<SerialBlock>);

/// Two blocks with a serial in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the block {service}{first:08} to {last:08} overlaps with another that starts at {other:08}")]
pub struct BlocksOverlap {
    /// The service of both.
    pub service: ServiceIndicator,
    /// The first serial of the one with the lower start.
    pub first: u32,
    /// Its last serial.
    pub last: u32,
    /// The first serial of the other.
    pub other: u32,
}

impl SerialBlocks {
    /// The blocks, unless two of them overlap.
    pub fn new(mut blocks: Vec<SerialBlock>) -> Result<Self, BlocksOverlap> {
        blocks.sort_by_key(|block| (block.service(), block.first()));
        // Sorted by start, the first overlap in the list is always between neighbours.
        for (lower, upper) in blocks.iter().zip(blocks.iter().skip(1)) {
            if lower.overlaps(upper) {
                return Err(BlocksOverlap {
                    service: lower.service(),
                    first: lower.first(),
                    last: lower.last(),
                    other: upper.first(),
                });
            }
        }
        Ok(Self(blocks))
    }

    /// The blocks in order.
    pub fn as_slice(&self) -> &[SerialBlock] {
        &self.0
    }

    /// The blocks themselves.
    pub fn into_vec(self) -> Vec<SerialBlock> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::code::block_holder::BlockHolder;
    use crate::ids::ServicePointId;

    fn block(service: &str, first: u32, last: u32) -> SerialBlock {
        let office = BlockHolder::Office(ServicePointId(Uuid::from_u128(1)));
        SerialBlock::new(service.parse().expect("letters"), first, last, office).expect("a block")
    }

    #[test]
    fn refuses_a_serial_in_two_blocks_of_one_service() {
        let error = SerialBlocks::new(vec![block("EE", 50, 99), block("EE", 0, 50)]).expect_err("50 is in both");
        assert_eq!(
            error.to_string(),
            "the block EE00000000 to 00000050 overlaps with another that starts at 00000050"
        );
        assert!(SerialBlocks::new(vec![block("EE", 50, 99), block("EE", 0, 49), block("RR", 0, 99)]).is_ok());
    }

    proptest! {
        #[test]
        fn finds_an_overlap_wherever_there_is_one(ranges in prop::collection::vec((0u32..200, 0u32..20), 0..8)) {
            let blocks = || ranges.iter().map(|(first, length)| block("EE", *first, first + length)).collect::<Vec<_>>();
            let all = blocks();
            let any = all.iter().enumerate().any(|(at, one)| all.iter().skip(at + 1).any(|other| one.overlaps(other)));
            prop_assert_eq!(SerialBlocks::new(blocks()).is_err(), any);
        }
    }
}
