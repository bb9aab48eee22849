//! Room on the disk.

use std::io;
use std::path::Path;

/// What a disk has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes that may still be written.
    pub free: u64,
    /// Bytes in all.
    pub total: u64,
}

/// Below this little room is left, however large the disk is: some hours of a busy province, and time to act.
const LITTLE_BYTES: u64 = 2 * 1024 * 1024 * 1024;

impl Room {
    /// The disk that a folder or file is on.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn of(path: &Path) -> io::Result<Self> {
        Ok(Self {
            free: fs4::available_space(path)?,
            total: fs4::total_space(path)?,
        })
    }

    /// Less than a tenth, or less than two gibibytes: somebody should make room before writing ends.
    pub fn is_little(self) -> bool {
        self.free < LITTLE_BYTES || self.free < self.total / 10
    }
}

#[cfg(test)]
mod tests {
    use super::Room;

    #[test]
    fn little_is_a_tenth_or_two_gibibytes() {
        const GIB: u64 = 1 << 30;
        for (free, total, little) in [
            (50, 100, false),
            (9, 100, true),
            (1, 5, true),
            (3, 5, false),
            (3, 40, true),
        ] {
            let (free, total) = (free * GIB, total * GIB);
            assert_eq!(Room { free, total }.is_little(), little, "{free} of {total}");
        }
        assert!(Room::of(&std::env::temp_dir()).expect("there is a disk").total > 0);
    }
}
