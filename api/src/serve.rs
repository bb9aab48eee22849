//! Serves until told to stop, and then lets requests finish.

mod guests;

use crate::tls::Tls;
use crate::{App, router};
use entity::Store;
use guests::Guests;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::MissedTickBehavior;

/// Serves requests from `listener` until `shutdown` ends. Then no new one is taken, those at work may finish within
/// [`crate::ApiConfig::shutdown_grace`], and the caller closes the store, which waits for writes that were begun.
///
/// # Errors
/// When the certificate cannot be used.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let tls = app.config.tls.clone().map(Tls::load).transpose()?;
    let (grace, metrics) = (app.config.shutdown_grace, app.metrics.clone());
    let (store, tide_every) = (app.store.clone(), app.config.tide_every);
    let leaving = app.leaving.clone();
    let guests = Guests::new(&app.config, tls.clone());
    let mut upkeep = tokio::time::interval(app.config.upkeep_every);
    let mut server = pin!(guests.receive_all(listener, router(app)));
    upkeep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watch = pin!(watch_tide(store, tide_every));
    let mut too_long = pin!(async {
        shutdown.await;
        guests.ask_to_leave();
        leaving.cancel();
        tokio::time::sleep(grace).await;
    });
    loop {
        tokio::select! {
            () = &mut server => return Ok(()),
            () = &mut too_long => {
                tracing::warn!("some requests did not finish in time and are dropped; writes they began still end");
                guests.show_out();
                return Ok(());
            }
            _ = upkeep.tick() => {
                metrics.upkeep();
                if let Some(tls) = &tls {
                    tls.refresh();
                }
            }
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
