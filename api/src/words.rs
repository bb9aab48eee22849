//! Times for people: the civil day and hour of Vietnam, which has had one offset and no summer time since 1975.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
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

/// The language `Accept-Language` (RFC 9110 §12.5.4) prefers among ours; English when it names neither, for programs.
pub(crate) fn accepted(headers: &HeaderMap) -> Language {
    let asked = headers.get_all(ACCEPT_LANGUAGE).iter();
    let ranges = asked
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let (mut best, mut found) = (0.0, Language::English);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        let weight: f32 = weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        let named = match tag.split('-').next() {
            Some("vi") => Language::Vietnamese,
            Some("en") => Language::English,
            _ => continue,
        };
        if weight > best {
            (best, found) = (weight, named);
        }
    }
    found
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
    use super::{accepted, day, hour, local_date};
    use axum::http::{HeaderMap, HeaderValue, header::ACCEPT_LANGUAGE};
    use domain::dossier::words::Language;

    #[test]
    fn the_language_that_is_preferred_is_taken_and_english_when_neither_is_named() {
        let of = |asked: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
            accepted(&headers).code()
        };
        for asked in [
            "vi",
            "vi-VN,vi;q=0.9,en;q=0.8",
            "fr, en;q=0.3, VI;q=0.5",
            "en;q=0, vi;q=0.1",
        ] {
            assert_eq!(of(asked), Language::Vietnamese.code(), "{asked}");
        }
        for asked in ["", "en", "fr", "vi;q=0", "en;q=0.9,vi;q=0.8", "vi;q=x"] {
            assert_eq!(of(asked), Language::English.code(), "{asked}");
        }
        assert_eq!(accepted(&HeaderMap::new()).code(), Language::English.code());
    }

    #[test]
    fn the_day_begins_at_midnight_in_vietnam() {
        let midnight = 1_795_194_000_000;
        assert_eq!(hour(midnight), "00:00, 21/11/2026");
        assert_eq!(day(local_date(midnight - 1)), "20/11/2026");
    }
}
