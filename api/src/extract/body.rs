//! Reads a body within its route's limit.

use crate::App;
use crate::layer::BodyLimit;
use crate::problem::{Kind, Problem};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use futures::StreamExt;

/// A whole body.
#[derive(Debug)]
pub(crate) struct RawBody(pub(crate) Bytes);

impl FromRequest<App> for RawBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let limit = request
            .extensions()
            .get::<BodyLimit>()
            .map_or(app.config.body_bytes, |limit| limit.0);
        read(request.into_body(), limit, app.config.drain_bytes).await.map(Self)
    }
}

/// Collects a body of at most `limit` bytes. A longer one is read on to `drain` and thrown away: a sender that is still
/// sending would see a reset connection instead of the answer.
async fn read(body: Body, limit: usize, drain: usize) -> Result<Bytes, Problem> {
    let mut stream = body.into_data_stream();
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| Problem::caused(Kind::BodyIncomplete, error))?;
        seen = seen.saturating_add(chunk.len());
        if seen <= limit {
            kept.extend_from_slice(&chunk);
        } else if seen > drain {
            break;
        } else {
            kept = Vec::new();
        }
    }
    if seen > limit {
        Err(Kind::BodyTooLarge.into())
    } else {
        Ok(kept.into())
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::problem::Kind;
    use axum::body::Body;

    #[tokio::test]
    async fn a_body_up_to_its_limit_is_read_and_one_byte_more_is_refused() {
        let body = |size: usize| Body::from(vec![7_u8; size]);
        assert_eq!(read(body(10), 10, 100).await.expect("fits").len(), 10);
        for size in [11, 100, 1000] {
            let refused = read(body(size), 10, 100).await.expect_err("too large");
            assert_eq!(refused.kind(), Kind::BodyTooLarge);
        }
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_said_to_be_incomplete() {
        let broken = futures::stream::iter([Ok("begun"), Err(std::io::Error::other("hung up"))]);
        let refused = read(Body::from_stream(broken), 10, 100).await.expect_err("broken");
        assert_eq!(refused.kind(), Kind::BodyIncomplete);
    }
}
