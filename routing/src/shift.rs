//! When somebody works.

/// Minutes in a day.
const DAY: u16 = 24 * 60;

/// A shift in minutes of the day, the end not included. One that ends before it begins
/// runs over midnight; one that ends when it begins lasts the whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    from_min: u16,
    to_min: u16,
}

/// A minute that is not of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a shift begins and ends within a day")]
pub struct ShiftError;

impl Shift {
    /// A shift from one minute of the day to another; 1440 is midnight at the end.
    ///
    /// # Errors
    /// [`ShiftError`] when a minute is not of a day.
    pub const fn new(from_min: u16, to_min: u16) -> Result<Self, ShiftError> {
        if from_min < DAY && to_min <= DAY {
            Ok(Self {
                from_min,
                to_min: to_min % DAY,
            })
        } else {
            Err(ShiftError)
        }
    }

    /// How many minutes after this one the shift begins, by the clock; a shift that begins now begins in a day.
    pub const fn begins_in(self, minute: u16) -> u16 {
        let wait = (self.from_min + DAY - minute % DAY) % DAY;
        if wait == 0 { DAY } else { wait }
    }

    /// Whether the shift covers this minute of the day.
    pub const fn covers(self, minute: u16) -> bool {
        if minute >= DAY {
            return false;
        }
        if self.from_min < self.to_min {
            self.from_min <= minute && minute < self.to_min
        } else {
            self.from_min <= minute || minute < self.to_min
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_for_a_shift_runs_over_midnight() {
        let shift = Shift::new(7 * 60, 17 * 60).expect("within a day");
        assert_eq!(shift.begins_in(6 * 60), 60);
        assert_eq!(shift.begins_in(22 * 60), 9 * 60);
        assert_eq!(shift.begins_in(7 * 60), DAY);
    }

    #[test]
    fn a_day_shift_has_a_beginning_and_an_end() {
        let shift = Shift::new(7 * 60, 17 * 60).expect("within a day");
        assert!(!shift.covers(7 * 60 - 1));
        assert!(shift.covers(7 * 60));
        assert!(shift.covers(17 * 60 - 1));
        assert!(!shift.covers(17 * 60));
    }

    #[test]
    fn a_night_shift_runs_over_midnight() {
        let shift = Shift::new(22 * 60, 6 * 60).expect("within a day");
        assert!(shift.covers(23 * 60));
        assert!(shift.covers(0));
        assert!(!shift.covers(12 * 60));
    }

    #[test]
    fn a_whole_day_is_covered_and_no_other_minute_exists() {
        let shift = Shift::new(0, 1440).expect("within a day");
        assert!((0..1440).all(|minute| shift.covers(minute)));
        assert!(!shift.covers(1440));
        assert_eq!(Shift::new(1440, 10), Err(ShiftError));
        assert_eq!(Shift::new(0, 1441), Err(ShiftError));
    }
}
