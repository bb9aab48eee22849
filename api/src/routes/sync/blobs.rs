//! `GET` and `PUT /api/v1/sync/blobs/{sha256}`: the bytes behind the hashes of an event, in parts, so that a photograph gets through
//! a line that breaks every few seconds.

use crate::App;
use crate::auth::DepositRight;
use crate::extract::{Json, Path, RawBody};
use crate::openapi::{BlobWrite, DeviceRead};
use crate::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_RANGE;
use entity::blob::{Appended, BlobError, Blobs};
use entity::repo::evidence::{self, bringer_of};
use entity::table::blob;
use serde::Serialize;
use utoipa::ToSchema;

const DAY_MS: i64 = 24 * 3_600_000;

/// How much of a blob is here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BlobView {
    /// Bytes held from the first one on: the next part begins here.
    held: u64,
    /// Whether it is whole and checked against its hash. Then the device may throw its own away.
    is_whole: bool,
}

/// A SHA-256 in lower-case hex; anything else is no name of a blob.
pub(crate) fn read_hash(name: &str) -> Result<[u8; 32], Problem> {
    let is_lower = name.bytes().all(|sign| matches!(sign, b'0'..=b'9' | b'a'..=b'f'));
    let hash = hex::decode(name).ok().filter(|_| is_lower);
    hash.and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| Kind::NotFound.into())
}

/// Where bytes are kept.
pub(crate) fn blobs(app: &App) -> Result<&Blobs, Problem> {
    let why = "no store of blobs was opened";
    app.config
        .blobs
        .as_ref()
        .ok_or_else(|| Problem::caused(Kind::Unavailable, why))
}

/// What a store of blobs that fails means for whoever asked.
pub(crate) fn not_kept(error: BlobError) -> Problem {
    let kind = if error.is_full() {
        Kind::StorageFull
    } else {
        Kind::Unavailable
    };
    Problem::caused(kind, error)
}

/// Which bytes of how many a body is: `bytes 0-4/9`. Without the header it is the whole.
fn range(headers: &HeaderMap, length: usize) -> Option<(u64, u64)> {
    let length = u64::try_from(length).ok()?;
    let Some(told) = headers.get(CONTENT_RANGE) else {
        return Some((0, length));
    };
    let (span, total) = told.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
    let (from, to) = span.split_once('-')?;
    let (from, to, total): (u64, u64, u64) = (from.parse().ok()?, to.parse().ok()?, total.parse().ok()?);
    (to.checked_sub(from)?.checked_add(1)? == length && to < total).then_some((from, total))
}

/// How much of a blob the server has from this device.
#[utoipa::path(get, path = "/api/v1/sync/blobs/{sha256}", tag = "sync", security(("device" = [])),
    params(("sha256" = String, Path, description = "The SHA-256 of the bytes, in lower-case hex")),
    responses((status = 200, body = BlobView), DeviceRead, crate::openapi::Page))]
pub(crate) async fn held(
    State(app): State<App>,
    right: DepositRight,
    Path(sha256): Path<String>,
) -> Result<Json<BlobView>, Problem> {
    let sha256 = read_hash(&sha256)?;
    let known = evidence::find(app.store.open(), &sha256).await?;
    // Only of what its own events name: whether others brought the same bytes is not for it to know.
    let is_named = evidence::is_named_by(app.store.open(), right.device.id, &sha256).await?;
    if let Some(whole) = known.filter(|_| is_named) {
        return Ok(Json(BlobView {
            held: u64::try_from(whole.size).unwrap_or(0),
            is_whole: true,
        }));
    }
    let held = blobs(&app)?
        .held(&bringer_of(right.device.id), &sha256)
        .await
        .map_err(not_kept)?;
    Ok(Json(BlobView { held, is_whole: false }))
}

/// Brings bytes, whole or a part that begins where the last one ended. A part that is there already changes nothing, so whoever
/// did not hear the answer sends it again. The event that names the hash comes first: bytes nobody spoke of are not kept.
#[utoipa::path(put, path = "/api/v1/sync/blobs/{sha256}", tag = "sync", security(("device" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes, at most 1 MiB at once"),
    params(("sha256" = String, Path, description = "The SHA-256 of the whole, in lower-case hex"),
        ("Content-Range" = Option<String>, Header, description = "Which bytes of how many, `bytes 0-1048575/2500000`; absent when they are all")),
    responses((status = 200, body = BlobView), BlobWrite))]
pub(crate) async fn bring(
    State(app): State<App>,
    right: DepositRight,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Result<Json<BlobView>, Problem> {
    let (sha256, device) = (read_hash(&sha256)?, right.device.id);
    let (bringer, db) = (bringer_of(device), app.store.open());
    let refuse = |why: &str| Problem::with(Kind::InvalidRequest, why);
    let (from, total) = range(&headers, body.len())
        .filter(|(_, total)| *total > 0)
        .ok_or_else(|| refuse("Content-Range does not fit the body"))?;
    if total > app.config.blob_bytes {
        return Err(Kind::BodyTooLarge.into());
    }
    if !evidence::is_named_by(db, device, &sha256).await? {
        return Err(Problem::with(
            Kind::NotNow,
            "no event of this device names these bytes yet",
        ));
    }
    if let Some(whole) = evidence::find(db, &sha256).await? {
        return Ok(Json(BlobView {
            held: u64::try_from(whole.size).unwrap_or(0),
            is_whole: true,
        }));
    }
    let now = app.store.now_ms();
    let brought = evidence::brought_since(db, &bringer, now.saturating_sub(DAY_MS)).await?;
    // Halves count too: whoever never finishes fills a disk as well.
    let store = blobs(&app)?;
    let unfinished = store.unfinished(&bringer).await.map_err(not_kept)?;
    let begun = store.held(&bringer, &sha256).await.map_err(not_kept)?;
    let others = unfinished.saturating_sub(begun);
    let wanted = u64::try_from(brought)
        .unwrap_or(0)
        .saturating_add(others)
        .saturating_add(total);
    if wanted > app.config.blob_bytes_a_day {
        return Err(Problem::with(
            Kind::TooManyRequests,
            "this device has brought as much as it may in a day",
        ));
    }
    let held = match store.append(&bringer, &sha256, from, body).await.map_err(not_kept)? {
        Appended::Held(held) => held,
        Appended::Gap(held) => {
            return Err(Problem::with(
                Kind::NotNow,
                format!("{held} bytes are held; go on from there"),
            ));
        }
    };
    if held < total {
        return Ok(Json(BlobView { held, is_whole: false }));
    }
    let whole = store.join(&bringer, &sha256).await.map_err(not_kept)?;
    let whole =
        whole.ok_or_else(|| refuse("the bytes do not have this SHA-256; they were thrown away, send them again"))?;
    let kept = blob::Model {
        sha256: sha256.to_vec(),
        size: i64::try_from(whole.len()).unwrap_or(i64::MAX),
        media: media(&whole).to_owned(),
        bringer: bringer.clone(),
        stored_at: now,
    };
    evidence::stored(&app.store, kept).await?;
    // Only now: had the process ended before, the parts would be joined again.
    store.drop_parts(&bringer, &sha256).await.map_err(not_kept)?;
    Ok(Json(BlobView { held, is_whole: true }))
}

/// Kinds of files a browser may be told of; it gets everything else as bytes of no kind, and nothing to run.
const SHOWN: [&str; 5] = ["image/jpeg", "image/png", "image/webp", "image/heif", "application/pdf"];

/// The media type of some bytes, told from the bytes themselves.
pub(crate) fn media(bytes: &[u8]) -> &'static str {
    let told = infer::get(bytes).map_or("", |kind| kind.mime_type());
    SHOWN
        .into_iter()
        .find(|known| *known == told)
        .unwrap_or("application/octet-stream")
}

#[cfg(test)]
mod tests {
    use super::{media, range, read_hash};
    use axum::http::header::CONTENT_RANGE;
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn a_range_fits_its_body_or_is_refused() {
        let told = |text: &'static str, length| {
            let headers = HeaderMap::from_iter([(CONTENT_RANGE, HeaderValue::from_static(text))]);
            range(&headers, length)
        };
        assert_eq!(range(&HeaderMap::new(), 7), Some((0, 7)));
        assert_eq!(told("bytes 0-4/9", 5), Some((0, 9)));
        assert_eq!(told("bytes 5-8/9", 4), Some((5, 9)));
        for wrong in [
            "bytes 0-4/9",
            "bytes 5-9/9",
            "bytes 5-8/*",
            "5-8/9",
            "bytes 8-5/9",
            "bytes 0-18446744073709551615/9",
        ] {
            assert_eq!(told(wrong, 4), None, "{wrong}");
        }
    }

    #[test]
    fn a_hash_has_one_spelling() {
        assert!(read_hash(&"0a".repeat(32)).is_ok());
        for wrong in ["0A".repeat(32), "0a".repeat(31), "zz".repeat(32), String::new()] {
            assert!(read_hash(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_a_browser_would_run_is_bytes_of_no_kind() {
        assert_eq!(media(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "image/png");
        assert_eq!(media(b"%PDF-1.7"), "application/pdf");
        for other in [&b"<html><script>"[..], b"<svg xmlns", b"", b"MZ"] {
            assert_eq!(media(other), "application/octet-stream");
        }
    }
}
