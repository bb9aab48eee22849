//! Office hours of one sort of day.
//!
//! Which hours an office keeps is decided by the province and is data; only the shape is
//! checked here.
//! Source: Quy ước Trao Tay, giờ làm việc của cơ quan

/// A stretch of a day, in minutes of the day; the end is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first minute.
    pub from_minute: u16,
    /// The minute after the last, at most 1,440.
    pub to_minute: u16,
}

impl Span {
    /// How many minutes it has.
    pub const fn minutes(self) -> u16 {
        self.to_minute.saturating_sub(self.from_minute)
    }
}

/// The hours of a working day: at least one stretch, in order, none touching another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeHours(Vec<Span>);

/// Why a list of stretches is no office hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfficeHoursError {
    /// There is none.
    #[error("office hours need at least one stretch")]
    Empty,
    /// A stretch ends before it begins, or after midnight.
    #[error("a stretch of office hours must end after it begins and by 24:00")]
    BadSpan,
    /// Stretches overlap or are out of order.
    #[error("the stretches of office hours must be in order and apart")]
    OutOfOrder,
}

impl OfficeHours {
    /// Checks the stretches.
    ///
    /// # Errors
    /// See [`OfficeHoursError`].
    pub fn new(spans: Vec<Span>) -> Result<Self, OfficeHoursError> {
        if spans.is_empty() {
            return Err(OfficeHoursError::Empty);
        }
        if spans
            .iter()
            .any(|span| span.from_minute >= span.to_minute || span.to_minute > 24 * 60)
        {
            return Err(OfficeHoursError::BadSpan);
        }
        let is_apart = spans
            .iter()
            .zip(spans.iter().skip(1))
            .all(|(one, next)| one.to_minute < next.from_minute);
        if !is_apart {
            return Err(OfficeHoursError::OutOfOrder);
        }
        Ok(Self(spans))
    }

    /// The stretches in order.
    pub fn spans(&self) -> &[Span] {
        &self.0
    }
}

impl Default for OfficeHours {
    /// 07:00–11:00 and 13:00–17:00, eight hours.
    fn default() -> Self {
        let span = |from_hour: u16, to_hour: u16| Span {
            from_minute: from_hour * 60,
            to_minute: to_hour * 60,
        };
        Self(vec![span(7, 11), span(13, 17)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(spans: &[(u16, u16)]) -> Result<OfficeHours, OfficeHoursError> {
        OfficeHours::new(
            spans
                .iter()
                .map(|&(from_minute, to_minute)| Span { from_minute, to_minute })
                .collect(),
        )
    }

    #[test]
    fn hours_that_are_empty_backward_or_overlapping_are_refused() {
        assert_eq!(hours(&[]), Err(OfficeHoursError::Empty));
        assert_eq!(hours(&[(420, 420)]), Err(OfficeHoursError::BadSpan));
        assert_eq!(hours(&[(420, 1441)]), Err(OfficeHoursError::BadSpan));
        assert_eq!(hours(&[(780, 1020), (420, 660)]), Err(OfficeHoursError::OutOfOrder));
        assert_eq!(hours(&[(420, 660), (660, 700)]), Err(OfficeHoursError::OutOfOrder));
    }

    #[test]
    fn the_default_is_eight_hours_with_a_noon_break() {
        let hours_by_default = OfficeHours::default();
        assert_eq!(hours(&[(420, 660), (780, 1020)]).as_ref(), Ok(&hours_by_default));
        let minutes: u16 = hours_by_default.spans().iter().map(|span| span.minutes()).sum();
        assert_eq!(minutes, 480);
    }
}
