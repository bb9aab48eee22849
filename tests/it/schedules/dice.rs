//! Chance that is the same again for the same seed.

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// Everything a schedule leaves to chance comes from here.
pub(crate) struct Dice(StdRng);

impl Dice {
    /// The chance of one seed; each use of it has a salt of its own, so that one may draw more without the others noticing.
    pub(crate) fn of(seed: u64, salt: u64) -> Self {
        Self(StdRng::seed_from_u64(
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(salt),
        ))
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    /// Whether something that happens so often in a hundred happens now.
    pub(crate) fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    /// One of these.
    pub(crate) fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Bytes.
    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}
