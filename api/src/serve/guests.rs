//! Connections, from the first byte to the last.
//!
//! Whoever connects and says nothing, or says it slowly, is shown out: during the TLS greeting, and until a request's head is
//! there. From then on the request's own time limit counts.

use crate::ApiConfig;
use crate::layer::Connection;
use crate::tls::Tls;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// How long to wait when no descriptor is left for another connection.
const BREATH: Duration = Duration::from_millis(500);

/// Everybody who is connected. Cheap to clone.
#[derive(Clone)]
pub(super) struct Guests {
    tls: Option<Tls>,
    greeting: Duration,
    head: Duration,
    /// No new request; those at work may end.
    leaving: CancellationToken,
    /// Nothing any more.
    out: CancellationToken,
    inside: TaskTracker,
}

impl Guests {
    pub(super) fn new(config: &ApiConfig, tls: Option<Tls>) -> Self {
        Self {
            tls,
            greeting: config.greeting_timeout,
            head: config.head_timeout,
            leaving: CancellationToken::new(),
            out: CancellationToken::new(),
            inside: TaskTracker::new(),
        }
    }

    /// Takes no new request; [`Guests::receive_all`] ends when those at work have ended.
    pub(super) fn ask_to_leave(&self) {
        self.leaving.cancel();
    }

    /// Drops every connection.
    pub(super) fn show_out(&self) {
        self.out.cancel();
    }

    /// Accepts connections until everybody is asked to leave, and waits until the last one has.
    pub(super) async fn receive_all(&self, listener: TcpListener, router: Router) {
        loop {
            let accepted = tokio::select! {
                // Whoever comes at the very moment is not let in.
                biased;
                () = self.leaving.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, from)) => self.receive(stream, from, router.clone()),
                Err(error) if is_theirs(&error) => {}
                Err(error) => {
                    tracing::error!(error = %error, "no connection can be accepted");
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
        drop(listener);
        self.inside.close();
        self.inside.wait().await;
    }

    fn receive(&self, stream: TcpStream, from: SocketAddr, router: Router) {
        // Small answers should not wait for an acknowledgement of the one before. Without it they are only slower.
        let _ = stream.set_nodelay(true);
        let guests = self.clone();
        let connection = Connection {
            address: from.ip().to_canonical(),
            is_tls: self.tls.is_some(),
        };
        self.inside.spawn(async move {
            let acceptor = guests.tls.as_ref().map(Tls::acceptor);
            let Some(acceptor) = acceptor else {
                return guests.serve(stream, connection, router).await;
            };
            // Scanners and browsers that mind the certificate are nobody's news.
            if let Ok(Ok(stream)) = tokio::time::timeout(guests.greeting, acceptor.accept(stream)).await {
                guests.serve(stream, connection, router).await;
            }
        });
    }

    async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin, from: Connection, router: Router) {
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(from);
            router.clone().oneshot(request.map(Body::new))
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.head);
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            _ended = connection.as_mut() => return,
            () = self.leaving.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        tokio::select! {
            _ended = connection => {}
            () = self.out.cancelled() => {}
        }
    }
}

/// Whether a connection failed because of whoever made it, and the next one is as good as any.
fn is_theirs(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}
