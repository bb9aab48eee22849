//! `GET /api/v1/dossiers/changes`: which dossiers change, as it happens (server-sent events, WHATWG HTML §9.2).
//!
//! Says which, not how: whoever shows a dossier reads it again, through the same right as always. So the stream holds nothing of
//! anybody's.

use crate::App;
use crate::auth::StaffRight;
use crate::extract::Query;
use crate::openapi::StaffRead;
use crate::problem::{Kind, Mistake, Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{AppendHeaders, IntoResponse};
use entity::repo::progress::{self, ChangePlace};
use futures::Stream;
use serde::Deserialize;
use serde_json::json;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Interval, MissedTickBehavior};
use utoipa::IntoParams;
use uuid::Uuid;

/// Often enough that no proxy thinks the line dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Changes read at once.
const AT_ONCE: u64 = 100;

/// From where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WatchQuery {
    /// The id of the last event that was heard; the header `Last-Event-ID` says the same. From now on when both are absent.
    #[param(pattern = r"^[0-9]{1,18}\.[0-9a-f-]{36}$")]
    after: Option<String>,
}

fn write_place(place: ChangePlace) -> String {
    format!("{}.{}", place.log_index, place.dossier)
}

fn read_place(text: &str) -> Option<ChangePlace> {
    let (log_index, dossier) = text.split_once('.')?;
    Some(ChangePlace {
        log_index: log_index.parse().ok().filter(|index| *index >= 0)?,
        dossier: dossier.parse().ok()?,
    })
}

/// Somebody who watches.
struct Watch {
    app: App,
    right: StaffRight,
    place: ChangePlace,
    heard: VecDeque<ChangePlace>,
    looks: Interval,
    began: Instant,
    is_first: bool,
    _seat: OwnedSemaphorePermit,
}

impl Watch {
    /// The next change; nothing when the watch is over.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(place) = self.heard.pop_front() {
                self.place = place;
                let told = json!({ "dossier_id": place.dossier });
                let event = Event::default()
                    .id(write_place(place))
                    .event("dossier")
                    .data(told.to_string());
                return Some((Ok(event), self));
            }
            let is_over = !self.is_first && self.began.elapsed() >= self.app.config.stream_life;
            if is_over || self.app.leaving.is_cancelled() {
                return None;
            }
            self.is_first = false;
            let leaving = self.app.leaving.clone();
            tokio::select! {
                () = leaving.cancelled() => return None,
                _ = self.looks.tick() => {}
            }
            // Whoever was sent home, or put on another hat, hears no more. A database that does not answer ends the watch too:
            // the listener asks again and is told why.
            if !self.is_quiet() {
                self.heard = self.look().await.ok()?;
            }
        }
    }

    /// Whether certainly nothing was folded since the last change that was heard.
    fn is_quiet(&self) -> bool {
        self.app
            .store
            .tide()
            .is_some_and(|tide| tide.folded <= self.place.log_index)
    }

    async fn look(&self) -> Result<VecDeque<ChangePlace>, Problem> {
        if !self.right.still_stands(&self.app).await? {
            return Err(Kind::Unauthenticated.into());
        }
        let db = &self.app.store.see(&self.right.scope).await?;
        let changed = progress::changed(db, &self.right.scope, self.place, AT_ONCE).await?;
        Ok(changed.into_iter().map(|one| one.place).collect())
    }
}

/// Tells which of the dossiers the caller sees change, as they do. Each event is named `dossier` and says `{"dossier_id": …}`; its id is
/// where to go on from. The stream ends after ten minutes, as an access token does, and when the server stops: go on with a fresh
/// token from the last id.
#[utoipa::path(get, path = "/api/v1/dossiers/changes", tag = "dossier", security(("staff" = [])),
    params(WatchQuery, ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was heard")),
    responses((status = 200, content_type = "text/event-stream", body = String, description = "The events"), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    headers: HeaderMap,
    Query(query): Query<WatchQuery>,
) -> Result<impl IntoResponse, Problem> {
    let told = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?"));
    let place = match told.or(query.after.as_deref()) {
        Some(text) => read_place(text).ok_or_else(|| {
            let mistake = Mistake::invalid("?after", "Không đọc được vị trí này.", "after: the id of an event");
            Problem::field(Kind::InvalidQuery, mistake)
        })?,
        None => ChangePlace {
            log_index: app.store.look_at_tide().await?.folded,
            dossier: Uuid::max(),
        },
    };
    let seat = Arc::clone(&app.seats).try_acquire_owned();
    let mut looks = tokio::time::interval(app.config.tide_every);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watch = Watch {
        right,
        place,
        heard: VecDeque::new(),
        looks,
        began: Instant::now(),
        is_first: true,
        _seat: seat.map_err(|_| Kind::Busy)?,
        app,
    };
    Ok((AppendHeaders([("x-accel-buffering", "no")]), stream(watch)))
}

fn stream(watch: Watch) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(futures::stream::unfold(watch, Watch::next)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

#[cfg(test)]
mod tests {
    use super::{ChangePlace, read_place, write_place};
    use uuid::Uuid;

    #[test]
    fn a_place_reads_back_and_no_other_text_does() {
        let place = ChangePlace {
            log_index: 17,
            dossier: Uuid::from_u128(7),
        };
        assert_eq!(read_place(&write_place(place)), Some(place));
        for wrong in ["", "17", "17.", "-1.00000000-0000-0000-0000-000000000007", "x.y"] {
            assert_eq!(read_place(wrong), None, "{wrong}");
        }
    }
}
