//! Dates and minutes of the day as text.
//!
//! Files and the wire say `2026-05-04` and `15:00`; people read `04/05/2026`. It does not
//! guess at other spellings.
//! Source: Quy ước Trao Tay, cách viết ngày giờ

use time::{Date, Month};

/// Reads `2026-05-04`; nothing else, and no date that does not exist.
pub fn read_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| {
            if matches!(at, 4 | 7) {
                *byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    if !is_shaped {
        return None;
    }
    let month: u8 = text.get(5..7)?.parse().ok()?;
    Date::from_calendar_date(
        text.get(..4)?.parse().ok()?,
        Month::try_from(month).ok()?,
        text.get(8..)?.parse().ok()?,
    )
    .ok()
}

/// Writes `2026-05-04`.
pub fn write_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// Writes `04/05/2026`, as people read it.
pub fn show_date(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), u8::from(date.month()), date.year())
}

/// Reads `07:00` to `24:00` as the minute of the day, 0 to 1,440; nothing else.
pub fn read_minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let is_two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_two_digits(hours) || !is_two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= 24 * 60).then_some(minute)
}

/// Writes a minute of the day as `07:00`.
pub fn show_minute(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn dates_read_back_what_they_write_and_bad_ones_do_not() {
        assert_eq!(read_date("2024-02-29"), Some(date!(2024 - 02 - 29)));
        assert_eq!(write_date(date!(2024 - 02 - 29)), "2024-02-29");
        assert_eq!(show_date(date!(2024 - 02 - 29)), "29/02/2024");
        for text in [
            "2025-02-29",
            "2025-2-09",
            "20250209",
            "2025-13-01",
            "2025-02-0a",
            "",
            "२०२५-०२-०१",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }

    #[test]
    fn minutes_read_back_what_they_show_and_bad_ones_do_not() {
        for minute in 0..=24 * 60 {
            assert_eq!(read_minute(&show_minute(minute)), Some(minute));
        }
        for text in ["7:00", "07:60", "24:01", "0700", "07:00:00", "", "+7:00", "ab:cd"] {
            assert_eq!(read_minute(text), None, "{text}");
        }
    }
}
