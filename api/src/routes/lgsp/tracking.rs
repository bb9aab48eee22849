//! `OrderTracking`: the feed that existing clients poll, in exactly the shape they know (RESTHeart's HAL).

use super::dispatch::Refusal;
use super::fields::{Fields, Whole};
use super::reply::Reply;
use crate::App;
use crate::answers::{Answer, Asked};
use crate::auth::ClientRight;
use crate::problem::Problem;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use entity::repo::tracking;
use entity::table::tracking_event;
use serde_json::{Value, json};

/// Rows on a page when the client does not say.
const USUAL: u64 = 50;
/// Rows on a page at most.
const MOST: u64 = 200;

/// Events after `lastId`, in order and without gaps.
pub(super) async fn run(app: &App, right: &ClientRight, fields: &Fields) -> Result<Response, Refusal> {
    let size = match fields.whole("pagesize") {
        Whole::Is(size) => u64::try_from(size).unwrap_or(1).clamp(1, MOST),
        Whole::Absent => USUAL,
        Whole::Unreadable => return Err(Reply::unreadable("pagesize phải là số từ 1 đến 200").into()),
    };
    let last = fields.any_text("lastid").map_or(Some(0), |text| read_id(&text));
    let last = last.ok_or_else(|| Reply::unreadable("lastId phải có 24 chữ số hex (24 hex digits)"))?;
    let asked = Asked::Feed {
        client: right.client.id.0,
        last,
        size,
    };
    let page = app.answers.of(&app.store, asked, made(app, right, last, size)).await?;
    let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((json, page.unwrap_or_default()).into_response())
}

/// One page of the feed.
async fn made(app: &App, right: &ClientRight, last: i64, size: u64) -> Result<Option<Answer>, Problem> {
    let page = tracking::page(&app.store.see(&right.scope).await?, &right.scope, last, size).await?;
    let events: Vec<Value> = page.rows.iter().map(event).collect();
    let body = json!({
        "_size": page.total,
        "_total_pages": page.total.div_ceil(size),
        "_returned": events.len(),
        "_embedded": { "rh:doc": events },
    });
    Ok(Some(Answer {
        body: body.to_string().into(),
        ends_at_ms: i64::MAX,
    }))
}

fn event(row: &tracking_event::Model) -> Value {
    json!({
        "_id": { "$oid": write_id(row.seq) },
        "CustomerCode": row.customer_code,
        "OrderNumber": row.order_number,
        "EventTime": row.event_time,
        "POSID": row.pos_code,
        "ItemCode": row.item_code,
        "StatusCode": row.status_code,
        "StatusMessage": row.status_message,
        "Notes": row.notes,
    })
}

/// The number of a row as 24 hex digits; they sort as the numbers do.
fn write_id(seq: i64) -> String {
    format!("{seq:024x}")
}

fn read_id(text: &str) -> Option<i64> {
    (text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(())?;
    // A number beyond our own means: nothing after it.
    Some(
        u128::from_str_radix(text, 16)
            .ok()
            .and_then(|number| i64::try_from(number).ok())
            .unwrap_or(i64::MAX),
    )
}

#[cfg(test)]
mod tests {
    use super::{read_id, write_id};

    #[test]
    fn ids_read_back_and_sort_like_their_numbers() {
        assert_eq!(write_id(255), "0000000000000000000000ff");
        assert_eq!(read_id(&write_id(255)), Some(255));
        assert!(write_id(9) < write_id(10));
        assert_eq!(read_id(&"0".repeat(24)), Some(0));
        assert_eq!(read_id(&"f".repeat(24)), Some(i64::MAX));
        assert_eq!(read_id("ff"), None);
        assert_eq!(read_id(&"z".repeat(24)), None);
    }
}
