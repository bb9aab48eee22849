//! `GET` and `POST /api/v1/calendar/notices`

use crate::App;
use crate::auth::staff::actor;
use crate::auth::{Public, StaffRight};
use crate::extract::Json;
use crate::openapi::{Always, StaffWrite};
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use domain::wire::calendar::{NoticeDayRecord, NoticeRecord};
use entity::repo::calendar::{self, AddNoticeError, Added};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A day a notice decides on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeDay {
    /// The date, `2026-11-23`.
    date: String,
    /// Why, in Vietnamese.
    why: String,
    /// Why, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why_en: Option<String>,
}

/// An official notice.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notice {
    /// Its official number, such as «Thông báo 6150/TB-BLĐTBXH».
    number: String,
    /// When it was published, `2026-11-20`.
    published: String,
    /// Which calendars it binds: `state`, `post`.
    calendars: Vec<String>,
    /// Days it turns off.
    #[serde(default)]
    days_off: Vec<NoticeDay>,
    /// Days of the weekly rest it has worked.
    #[serde(default)]
    days_worked: Vec<NoticeDay>,
    /// Days on which it takes earlier decisions back.
    #[serde(default)]
    withdrawn: Vec<String>,
    /// The year it makes known, when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
}

/// The notices in force, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticesView {
    /// Each of them.
    notices: Vec<Notice>,
}

/// Lists the notices this installation counts by.
#[utoipa::path(get, path = "/api/v1/calendar/notices", tag = "calendar",
    responses((status = 200, body = NoticesView), Always))]
pub(crate) async fn list(State(app): State<App>, _: Public) -> Result<axum::Json<NoticesView>, Problem> {
    let record = calendar::record(app.store.open()).await?;
    let notices = record.notices.into_iter().map(Notice::from).collect();
    Ok(axum::Json(NoticesView { notices }))
}

/// Enters a notice: the calendar has a new version, and due dates that are still open move with it. Entering the same again
/// changes nothing.
#[utoipa::path(post, path = "/api/v1/calendar/notices", tag = "calendar", request_body = Notice, security(("staff" = [])),
    responses((status = 201, body = Notice), (status = 200, body = Notice, description = "entered before"), StaffWrite))]
pub(crate) async fn add(
    State(app): State<App>,
    right: StaffRight,
    Json(notice): Json<Notice>,
) -> Result<(StatusCode, axum::Json<Notice>), Problem> {
    let (record, actor, now) = (NoticeRecord::from(notice), actor(&right.person), app.store.now_ms());
    let shown = record.clone();
    let write = app
        .store
        .write(move |tx| Box::pin(async move { calendar::add_notice(tx, record, &actor, now).await }));
    let added = write.await.map_err(|error| match error {
        AddNoticeError::OtherContent => Problem::from(Kind::NoticeKnown),
        AddNoticeError::Refused(why) => Problem::with(Kind::InvalidRequest, why.to_string()),
        AddNoticeError::Store(error) => error.into(),
    })?;
    let status = match added {
        Added::New => StatusCode::CREATED,
        Added::Known => StatusCode::OK,
    };
    app.store.jobs().notify_one();
    Ok((status, axum::Json(shown.into())))
}

impl From<NoticeRecord> for Notice {
    fn from(record: NoticeRecord) -> Self {
        let NoticeRecord {
            number,
            published,
            known_at_ms: _,
            calendars,
            days_off,
            days_worked,
            withdrawn,
            year,
        } = record;
        let days = |days: Vec<NoticeDayRecord>| {
            days.into_iter()
                .map(|NoticeDayRecord { date, why, why_en }| NoticeDay { date, why, why_en })
                .collect()
        };
        Self {
            number,
            published,
            calendars,
            days_off: days(days_off),
            days_worked: days(days_worked),
            withdrawn,
            year,
        }
    }
}

impl From<Notice> for NoticeRecord {
    fn from(notice: Notice) -> Self {
        let Notice {
            number,
            published,
            calendars,
            days_off,
            days_worked,
            withdrawn,
            year,
        } = notice;
        let days = |days: Vec<NoticeDay>| {
            days.into_iter()
                .map(|NoticeDay { date, why, why_en }| NoticeDayRecord { date, why, why_en })
                .collect()
        };
        Self {
            number,
            published,
            known_at_ms: None,
            calendars,
            days_off: days(days_off),
            days_worked: days(days_worked),
            withdrawn,
            year,
        }
    }
}
