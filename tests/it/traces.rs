//! Somebody collects traces: each request is a span under its caller's, named by its template; without a collector nothing is sent,
//! and a setting that cannot be followed is named.

use e2e::{Backend, Site, eventually};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The first line of a request and its body.
type Parcel = (String, Vec<u8>);

/// A collector that keeps what it is brought.
struct Collector {
    address: String,
    brought: Arc<Mutex<Vec<Parcel>>>,
}

fn collector() -> Collector {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let brought: Arc<Mutex<Vec<Parcel>>> = Arc::default();
    let kept = brought.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if let Some(parcel) = take(stream) {
                kept.lock().expect("nobody panicked").push(parcel);
            }
        }
    });
    Collector { address, brought }
}

/// Reads one request whole.
fn take(mut stream: TcpStream) -> Option<Parcel> {
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut part).ok()?;
        bytes.extend_from_slice(&part[..count]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            assert!(count > 0, "a whole request");
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
        let body = &bytes[end + 4..];
        if body.len() >= length.parse::<usize>().ok()? {
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.write_all(answer.as_bytes()).ok()?;
            return Some((head.lines().next()?.to_owned(), body.to_vec()));
        }
        assert!(count > 0, "a whole request");
    }
}

#[test]
fn a_request_is_a_span_of_its_callers_trace_by_its_template_on_sqlite() {
    let site = Site::found(Backend::Sqlite);
    let collector = collector();
    let endpoint = format!("http://{}", collector.address);
    let server = site.start_with(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("RUST_LOG", "info"),
    ]);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    site.http()
        .get("/t/KANAR1ENV0GE1ZWE1F2ACK4711", &[("traceparent", &parent)])
        .expect(404);
    let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
    let id = hex::decode(trace).expect("hex");
    let (line, body) = eventually("the span at the collector", || {
        let brought = collector.brought.lock().expect("nobody panicked");
        brought.iter().find(|(_, body)| holds(body, &id)).cloned()
    });
    assert!(line.starts_with("post /v1/traces "), "{line}");
    assert!(holds(&body, b"GET /t/{capability}"));
    assert!(holds(&body, b"traotay"), "the service has a name");
    let brought = collector.brought.lock().expect("nobody panicked").clone();
    assert!(
        brought.iter().all(|(_, body)| !holds(body, b"KANAR1ENV0GE1")),
        "no path leaves"
    );
    server.kill();
    assert!(site.everything_said().contains(trace), "the log names the trace");
}

#[test]
fn a_collector_we_cannot_speak_to_is_refused_by_the_key_that_names_it_on_sqlite() {
    let site = Site::found(Backend::Sqlite);
    for (settings, key) in [
        (
            vec![("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector:4318")],
            "OTEL_EXPORTER_OTLP_ENDPOINT",
        ),
        (
            vec![
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ],
            "OTEL_EXPORTER_OTLP_PROTOCOL",
        ),
    ] {
        let refused = site.ask_with(&settings, "config", &[]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains(key), "{refused:?}");
    }
    let off = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector:4318"),
        ("OTEL_TRACES_EXPORTER", "none"),
    ];
    assert_eq!(
        site.ask_with(&off, "config", &[]).status.code(),
        Some(0),
        "what is off need not be right"
    );
}
