//! The official calendar with all its versions, and the notices that make a new one.
//!
//! Which dossiers a notice moves is a job's business; it is pushed with the notice.

use super::{province_file, setting};
use crate::table::calendar_notice;
use crate::{StoreError, outbox};
use domain::calendar::CalendarBook;
use domain::wire::calendar::{CalendarFileError, CalendarsRecord, NoticeRecord};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryOrder};
use serde_json::json;

/// The job that looks for due dates a notice moves. Never renamed: rows carry it.
pub const RECOUNT: &str = "recount";

/// The file it is in.
pub const FILE: &str = "calendar.json";

/// Why a notice is not entered.
#[derive(Debug, thiserror::Error)]
pub enum AddNoticeError {
    /// Another notice with this number is known.
    #[error("a notice of this number with other content is known")]
    OtherContent,
    /// It is no notice, or does not fit the calendar.
    #[error("the notice cannot be read")]
    Refused(#[source] CalendarFileError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether a notice was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It makes a new version; open due dates are being looked through.
    New,
    /// The same notice was entered before.
    Known,
}

/// The file's record with the notices that came later, oldest first.
///
/// # Errors
/// When the database fails or a row cannot be read.
pub async fn record(db: &impl ConnectionTrait) -> Result<CalendarsRecord, StoreError> {
    let mut record: CalendarsRecord = province_file::find(db, FILE).await?.unwrap_or_default();
    let later = calendar_notice::Entity::find()
        .order_by_asc(calendar_notice::Column::KnownAt)
        .order_by_asc(calendar_notice::Column::Number)
        .all(db)
        .await?;
    for row in later {
        // Loading a newer file takes over what was entered by hand before.
        if record.notices.iter().all(|notice| notice.number != row.number) {
            let notice = serde_json::from_str(&row.body)
                .map_err(|error| StoreError::corrupt("calendar_notice", &row.number, error))?;
            record.notices.push(notice);
        }
    }
    record.notices.sort_by_key(NoticeRecord::known_from);
    Ok(record)
}

/// The calendars, every version.
///
/// # Errors
/// When the database fails or what it holds is no calendar.
pub async fn book(db: &impl ConnectionTrait) -> Result<CalendarBook, StoreError> {
    CalendarBook::try_from(record(db).await?).map_err(|error| StoreError::corrupt("province_file", FILE, error))
}

/// Enters a notice that came to be known at `now_ms`, and asks for open due dates to be looked through.
///
/// # Errors
/// [`AddNoticeError`]; nothing is entered then.
pub async fn add_notice(
    tx: &DatabaseTransaction,
    notice: NoticeRecord,
    actor: &str,
    now_ms: i64,
) -> Result<Added, AddNoticeError> {
    let mut all = record(tx).await?;
    if let Some(known) = all.notices.iter().find(|known| known.number == notice.number) {
        let same = NoticeRecord {
            known_at_ms: known.known_at_ms,
            ..notice
        };
        return if *known == same {
            Ok(Added::Known)
        } else {
            Err(AddNoticeError::OtherContent)
        };
    }
    let notice = NoticeRecord {
        known_at_ms: Some(now_ms),
        ..notice
    };
    all.notices.push(notice.clone());
    all.notices.sort_by_key(NoticeRecord::known_from);
    CalendarBook::try_from(all).map_err(AddNoticeError::Refused)?;
    let row = calendar_notice::ActiveModel {
        number: Set(notice.number.clone()),
        known_at: Set(now_ms),
        body: Set(json!(notice).to_string()),
        actor: Set(actor.to_owned()),
    };
    calendar_notice::Entity::insert(row)
        .exec_without_returning(tx)
        .await
        .map_err(StoreError::from)?;
    setting::reference_changed(tx).await?;
    let job = outbox::NewJob {
        kind: RECOUNT,
        payload: json!({ "notice": notice.number }),
        dedup_key: format!("recount:{}", notice.number),
    };
    outbox::push(tx, now_ms, job).await?;
    Ok(Added::New)
}
