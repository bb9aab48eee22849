//! Times for people: the civil day and hour of Vietnam, which has had one offset and no summer time since 1975.

use domain::dossier::words::Language;
use time::{Date, OffsetDateTime, UtcOffset};

/// The clock of Vietnam.
const VIETNAM: UtcOffset = match UtcOffset::from_hms(7, 0, 0) {
    Ok(offset) => offset,
    Err(_) => panic!("seven hours is an offset"),
};

fn local(at_ms: i64) -> OffsetDateTime {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms) * 1_000_000);
    at.unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(VIETNAM)
}

/// The civil day of a moment.
pub(crate) fn local_date(at_ms: i64) -> Date {
    local(at_ms).date()
}

/// `22/11/2026`
pub(crate) fn day(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), u8::from(date.month()), date.year())
}

/// `09:05, 22/11/2026`
pub(crate) fn hour(at_ms: i64) -> String {
    let at = local(at_ms);
    format!("{:02}:{:02}, {}", at.hour(), at.minute(), day(at.date()))
}

/// The language of `?lang=`; Vietnamese unless English is asked for.
pub(crate) fn language(asked: Option<&str>) -> Language {
    if asked == Some("en") {
        Language::English
    } else {
        Language::Vietnamese
    }
}

/// One of two texts.
pub(crate) fn pick<T>(language: Language, vietnamese: T, english: T) -> T {
    match language {
        Language::Vietnamese => vietnamese,
        Language::English => english,
    }
}

#[cfg(test)]
mod tests {
    use super::{day, hour, local_date};

    #[test]
    fn the_day_begins_at_midnight_in_vietnam() {
        let midnight = 1_795_194_000_000;
        assert_eq!(hour(midnight), "00:00, 21/11/2026");
        assert_eq!(day(local_date(midnight - 1)), "20/11/2026");
    }
}
