//! Answers that phones read over slow networks, in fewer bytes where they ask for it.
//!
//! Only answers that [`may_shrink`] marks: an answer that holds a secret beside something a stranger chose could tell the secret
//! by its length. What phones are told in a sync holds none.

use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use axum::response::Response;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate as _, SizeAbove};

/// Below this many bytes the frame of gzip eats what it saves.
const WORTH_IT: u64 = 256;

/// Marks an answer.
#[derive(Clone, Copy)]
struct MayShrink;

type Marked = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Marks the answers of these routes.
pub(crate) async fn may_shrink(mut response: Response) -> Response {
    response.extensions_mut().insert(MayShrink);
    response
}

/// Compresses marked answers with gzip, when they are whole and the client takes that.
pub(crate) fn shrink() -> CompressionLayer<And<SizeAbove, Marked>> {
    let marked: Marked = |_, _, _, extensions| extensions.get::<MayShrink>().is_some();
    CompressionLayer::new().compress_when(SizeAbove::new(WORTH_IT).and(marked))
}
