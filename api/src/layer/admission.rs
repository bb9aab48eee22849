//! Turns requests away before they pile up.
//!
//! Signed events have places of their own: a report that floods the server must not keep a courier's day out of it.

use super::Client;
use crate::App;
use crate::problem::{Kind, Problem};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places for requests at work.
#[derive(Clone, Debug)]
pub(crate) struct Admission {
    all: Arc<Semaphore>,
    deposits: Arc<Semaphore>,
}

impl Admission {
    pub(crate) fn new(places: usize, reserve: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(places)),
            deposits: Arc::new(Semaphore::new(reserve)),
        }
    }

    fn enter(&self, is_deposit: bool) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.all).try_acquire_owned().ok();
        place.or_else(|| {
            if is_deposit {
                Arc::clone(&self.deposits).try_acquire_owned().ok()
            } else {
                None
            }
        })
    }
}

/// Lets a request in, or answers 503 at once: when every place is taken, or when its sender has many of them already. Whether the
/// process lives is answered always.
pub(crate) async fn admit(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    if matches!(route, "/healthz" | "/metrics") {
        return next.run(request).await;
    }
    let is_deposit = route == "/api/v1/sync/events";
    let Some(_place) = app.admission.enter(is_deposit) else {
        return Problem::from(Kind::Busy).into_response();
    };
    let crowding = request.extensions().get::<Client>().map(|client| client.address);
    let crowding = crowding.filter(|address| !is_deposit && !address.is_loopback());
    let guest = crowding.map(|address| app.crowd.enter(address));
    if matches!(guest, Some(None)) {
        return Problem::from(Kind::Busy).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::Admission;

    #[test]
    fn deposits_have_places_that_others_cannot_take() {
        let admission = Admission::new(1, 1);
        let taken = admission.enter(false);
        assert!(taken.is_some());
        assert!(admission.enter(false).is_none());
        let reserved = admission.enter(true);
        assert!(reserved.is_some());
        assert!(admission.enter(true).is_none());
        drop(taken);
        assert!(admission.enter(false).is_some());
    }
}
