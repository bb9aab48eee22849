//! Connections: TLS of our own, slow ones, stopping, and who a proxy says it speaks for.

use crate::world::World;
use api::{ApiConfig, TlsFiles};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

/// A server at work.
struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<io::Result<()>>,
    _world: World,
}

async fn running(change: impl FnOnce(&mut ApiConfig)) -> Running {
    let world = World::with(change).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(api::serve(world.app.clone(), listener, async move {
        let _ = stopped.await;
    }));
    Running {
        address,
        stop: Some(stop),
        served,
        _world: world,
    }
}

/// A fresh certificate for localhost and its key.
fn certificate(folder: &Path) -> TlsFiles {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let files = TlsFiles {
        cert: folder.join("cert.pem"),
        key: folder.join("key.pem"),
    };
    std::fs::write(&files.cert, made.cert.pem()).expect("written");
    std::fs::write(&files.key, made.signing_key.serialize_pem()).expect("written");
    files
}

/// Somebody who believes the certificate that is in the file now.
async fn greet(address: SocketAddr, files: &TlsFiles) -> io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(&files.cert).expect("a certificate"))
        .expect("it can be believed");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("there are some")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// The rest of what comes, as text.
async fn heard(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    // A peer that closes without a word is no failure here.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), path: &str, headers: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    heard(stream).await
}

const HALF: &[u8] =
    b"POST /api/v1/session HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn with_a_certificate_it_speaks_tls_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = certificate(folder.path());
    let server = running(|config| config.tls = Some(files.clone())).await;
    let answer = ask(
        &mut greet(server.address, &files).await.expect("greeted"),
        "/healthz",
        "",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    let mut plain = TcpStream::connect(server.address).await.expect("it listens");
    let answer = ask(&mut plain, "/healthz", "").await;
    assert!(!answer.contains("HTTP/1.1"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_used_without_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = certificate(folder.path());
    let server = running(|config| {
        config.tls = Some(files.clone());
        config.upkeep_every = Duration::from_millis(20);
    })
    .await;
    // Whoever is greeted knows that the server has read the old pair: writing the new one over it before that would leave it half a pair.
    greet(server.address, &files).await.expect("greeted");
    let old = certificate_of(&files);
    let renewed = certificate(folder.path());
    assert_ne!(certificate_of(&renewed), old);
    // A client that believes only the new one finds out when the server has looked. It looks often here: every greeting that
    // fails uses up a port for a minute.
    let began = tokio::time::Instant::now();
    while greet(server.address, &renewed).await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(30), "it was never read");
        tokio::task::yield_now().await;
    }
}

fn certificate_of(files: &TlsFiles) -> Vec<u8> {
    std::fs::read(&files.cert).expect("there")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_at_work_is_answered_over_tls_after_the_server_was_told_to_stop() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = certificate(folder.path());
    let mut server = running(|config| config.tls = Some(files.clone())).await;
    let mut at_work = greet(server.address, &files).await.expect("greeted");
    at_work
        .write_all(&[HALF, b"expect: 100-continue\r\n\r\n"].concat())
        .await
        .expect("sent");
    // It is asked for its body once it is at work.
    let mut asked = [0; 25];
    at_work.read_exact(&mut asked).await.expect("asked");
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    at_work.write_all(b"{").await.expect("sent");
    let mut idle = greet(server.address, &files).await.expect("greeted");
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .expect("sent");
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.expect("answered");
    assert_eq!(&first, b"HTTP/1.1 200");
    server.stop.take().expect("once").send(()).expect("it runs");
    assert!(heard(&mut idle).await.ends_with("ok"), "whoever is idle is shown out");
    assert!(greet(server.address, &files).await.is_err(), "nobody new is let in");
    at_work.write_all(b"}").await.expect("sent");
    let answer = heard(&mut at_work).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    server.served.await.expect("no panic").expect("no failure");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_connects_and_says_nothing_is_shown_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = certificate(folder.path());
    let short = Duration::from_millis(300);
    let server = running(|config| config.head_timeout = short).await;
    let mut silent = TcpStream::connect(server.address).await.expect("it listens");
    assert_eq!(heard(&mut silent).await, "");
    let mut slow = TcpStream::connect(server.address).await.expect("it listens");
    slow.write_all(HALF).await.expect("sent");
    let answer = heard(&mut slow).await;
    assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
    let over_tls = running(|config| {
        (config.greeting_timeout, config.head_timeout) = (short, short);
        config.tls = Some(files.clone());
    })
    .await;
    let mut silent = TcpStream::connect(over_tls.address).await.expect("it listens");
    assert_eq!(heard(&mut silent).await, "");
    let mut slow = greet(over_tls.address, &files).await.expect("greeted");
    slow.write_all(HALF).await.expect("sent");
    let answer = heard(&mut slow).await;
    assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_tells_who_asks_and_one_client_does_not_take_every_place() {
    for (trusted, crowded) in [(true, 503), (false, 200)] {
        let server = running(|config| {
            config.requests_per_client = 1;
            if trusted {
                config.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
            }
        })
        .await;
        let mut at_work = TcpStream::connect(server.address).await.expect("it listens");
        let waiting = b"expect: 100-continue\r\nx-forwarded-for: 203.0.113.9\r\n\r\n";
        at_work.write_all(&[HALF, waiting].concat()).await.expect("sent");
        // It is asked for its body once it is at work.
        let mut asked = [0; 12];
        at_work.read_exact(&mut asked).await.expect("asked");
        assert_eq!(&asked, b"HTTP/1.1 100");
        let mut again = TcpStream::connect(server.address).await.expect("it listens");
        let answer = ask(&mut again, "/readyz", "x-forwarded-for: 203.0.113.9\r\n").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {crowded}")), "{answer}");
        let mut other = TcpStream::connect(server.address).await.expect("it listens");
        let headers = "x-forwarded-for: 203.0.113.10\r\nx-forwarded-proto: https\r\n";
        let answer = ask(&mut other, "/readyz", headers).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(answer.contains("strict-transport-security"), trusted, "{answer}");
    }
}
