//! Days and pages as they stand in a query.

use crate::App;
use crate::problem::{Kind, Mistake, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::calendar::{local_ms, read_date};
use time::Date;

/// A stretch of days of Vietnam, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    /// Its first moment, milliseconds UTC.
    pub(crate) from_ms: Option<i64>,
    /// The first moment after it, milliseconds UTC.
    pub(crate) until_ms: Option<i64>,
}

impl Days {
    /// Reads `?from` and `?to`.
    pub(crate) fn read(from: Option<&str>, to: Option<&str>) -> Result<Self, Problem> {
        let from = from.map(|text| day("?from", text)).transpose()?;
        let to = to.map(|text| day("?to", text)).transpose()?;
        Ok(Self {
            from_ms: from.map(|day| local_ms(day, 0)),
            until_ms: to.map(|day| local_ms(day.next_day().unwrap_or(Date::MAX), 0)),
        })
    }

    /// Reads one day.
    pub(crate) fn one(text: &str) -> Result<(Date, i64, i64), Problem> {
        let day = day("?day", text)?;
        Ok((day, local_ms(day, 0), local_ms(day.next_day().unwrap_or(Date::MAX), 0)))
    }
}

fn day(name: &'static str, text: &str) -> Result<Date, Problem> {
    read_date(text).ok_or_else(|| {
        let mistake = Mistake::invalid(name, "Ngày viết như 2026-04-24.", "a day is written 2026-04-24");
        Problem::field(Kind::InvalidQuery, mistake)
    })
}

/// How many rows a page has.
pub(crate) fn page_size(app: &App, asked: Option<u64>) -> Result<u64, Problem> {
    let most = app.config.list_page;
    let limit = asked.unwrap_or(most);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    let mistake = Mistake::invalid("?limit", format!("Từ 1 đến {most}."), format!("limit: 1 to {most}"));
    Err(Problem::field(Kind::InvalidQuery, mistake))
}

/// A place in a list, as a cursor.
pub(crate) fn written(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place a cursor names; none when it is absent or empty.
pub(crate) fn place<const N: usize>(cursor: Option<&str>) -> Result<Option<[u8; N]>, Problem> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else {
        return Ok(None);
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let place = bytes.and_then(|bytes| bytes.try_into().ok());
    place.map(Some).ok_or_else(|| {
        let mistake = Mistake::invalid("?cursor", "Con trỏ không đọc được.", "cursor is not one of ours");
        Problem::field(Kind::InvalidQuery, mistake)
    })
}

#[cfg(test)]
mod tests {
    use super::{Days, place, written};

    #[test]
    fn a_cursor_reads_back_and_no_other_text_does() {
        assert_eq!(place(Some(&written(&[7; 8]))).ok(), Some(Some([7_u8; 8])));
        assert_eq!(place::<8>(Some("")).ok(), Some(None));
        assert!(place::<8>(Some(&written(&[7; 9]))).is_err());
        assert!(place::<8>(Some("not base64!")).is_err());
    }

    #[test]
    fn a_day_is_a_day_of_vietnam() {
        let days = Days::read(Some("2026-04-24"), Some("2026-04-24")).ok();
        let day = days.and_then(|days| Some(days.until_ms? - days.from_ms?));
        assert_eq!(day, Some(24 * 3_600_000));
        assert_eq!(days.and_then(|days| days.from_ms), Some(1_776_963_600_000));
        assert!(Days::read(Some("24/04/2026"), None).is_err());
    }
}
