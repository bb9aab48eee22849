//! Serves until told to stop, and then lets requests finish.

use crate::{App, router};
use axum::serve::ListenerExt;
use entity::Store;
use std::future::{Future, IntoFuture};
use std::io;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often measured samples are moved into their buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves requests from `listener` until `shutdown` ends. Then no new one is taken, those at work may finish within
/// [`crate::ApiConfig::shutdown_grace`], and the caller closes the store, which waits for writes that were begun.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (grace, metrics) = (app.config.shutdown_grace, app.metrics.clone());
    let (store, tide_every) = (app.store.clone(), app.config.tide_every);
    let stopping = CancellationToken::new();
    let told = stopping.clone();
    let listener = listener.tap_io(|stream| {
        // Small answers should not wait for an acknowledgement of the one before. Without it they are only slower.
        let _ = stream.set_nodelay(true);
    });
    let server = axum::serve(listener, router(app)).with_graceful_shutdown(async move {
        shutdown.await;
        told.cancel();
    });
    let mut server = pin!(server.into_future());
    let mut upkeep = tokio::time::interval(UPKEEP);
    upkeep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watch = pin!(watch_tide(store, tide_every));
    let mut too_long = pin!(async {
        stopping.cancelled().await;
        tokio::time::sleep(grace).await;
    });
    loop {
        tokio::select! {
            ended = &mut server => return ended,
            () = &mut too_long => {
                tracing::warn!("some requests did not finish in time and are dropped; writes they began still end");
                return Ok(());
            }
            _ = upkeep.tick() => metrics.upkeep(),
            () = &mut watch => {}
        }
    }
}

/// Looks at the tide for as long as the server runs, so that kept answers stand. While the database does not answer, they end to
/// stand by themselves and each request tells what is wrong.
async fn watch_tide(store: Store, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = store.look_at_tide().await {
            tracing::debug!(error = %error, "cannot look how far the log is folded");
        }
    }
}
