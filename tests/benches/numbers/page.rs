//! The citizen page and the tracking feed over HTTP, in turn with a route that gives the same bytes from memory.

use crate::table::{Goal, Table, rate};
use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
use bytes::Bytes;
use domain::hat::Hat;
use e2e::{Answer, Device, World, read};
use serde_json::json;
use std::fmt::Write as _;
use std::future::IntoFuture;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ROUNDS: usize = 6;
const CONNECTIONS: usize = 4;
/// Requests of each connection in each round.
const REQUESTS: usize = 100;

/// Measures; the cost of one page and of one page of the feed, in answers from memory.
pub(crate) fn measure(table: &mut Table, world: &World, about: &str) -> (f64, f64) {
    let (page, feed) = something_to_read(world);
    let goal = Some(Goal::AtLeast(0.5));
    let one = against_memory(table, world, &format!("{about}: citizen page"), &page, &[], goal);
    let authorization = world.one_stop("AG30520").authorization();
    let two = against_memory(
        table,
        world,
        &format!("{about}: tracking feed"),
        &feed,
        &[("authorization", &authorization)],
        goal,
    );
    (one, two)
}

/// A dossier on its way: the paths of its page and of the newest rows of the feed.
fn something_to_read(world: &World) -> (String, String) {
    let one_stop = world.one_stop("AG30520");
    let number = "page";
    let (_, label) = one_stop.order(&one_stop.pickup(number));
    let mut device = Device::new(Hat::Carrier);
    let code = world.sign_in("dieuphoi.tb", "post_supervisor").code_for("buuta01");
    world
        .http
        .post("/api/v1/devices/enrol", &[], &device.enrolment(&code))
        .expect(200);
    world.settle();
    device.greet(&world.http);
    let taken = device.take_in(&label, 0);
    device
        .deposit(&world.http, &taken.bytes)
        .expect("an answer")
        .expect(200);
    world.settle();
    let dossier = world.run(read::dossier_of(world.store(), number));
    world
        .sign_in("haimu.tb1", "desk_agent")
        .act(&dossier.to_string(), &json!({ "act": "lodged" }))
        .expect(201);
    world.settle();
    let newest = world.run(read::number(world.store(), "SELECT MAX(seq) FROM tracking_event"));
    let last = format!("{:024x}", (newest - 50).max(0));
    let page = format!("/t/{}", world.keys.capability(dossier));
    (page, format!("/lgsp/v1/vnpost/OrderTracking?pagesize=50&lastId={last}"))
}

/// What one answer costs, in answers of the same bytes from memory.
pub(crate) fn against_memory(
    table: &mut Table,
    world: &World,
    what: &str,
    path: &str,
    headers: &[(&str, &str)],
    goal: Option<Goal>,
) -> f64 {
    let answer = world.http.get(path, headers).expect(200);
    let (ours, memory) = world.run(async {
        let rival = serve(&answer).await;
        let address = world.http.address().to_owned();
        let (mut ours, mut memory) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..ROUNDS {
            memory += round(&rival, "/same", &[]).await;
            ours += round(&address, path, headers).await;
        }
        (ours, memory)
    });
    let count = ROUNDS * CONNECTIONS * REQUESTS;
    table.note(
        format!("{what}, {} bytes", answer.body.len()),
        rate(count, ours),
        "a second",
    );
    table.note(
        format!("{what}, the same bytes from memory"),
        rate(count, memory),
        "a second",
    );
    let ratio = memory.as_secs_f64() / ours.as_secs_f64();
    let to_memory = format!("{what} to memory");
    match goal {
        Some(goal) => table.goal(to_memory, ratio, "x", goal),
        None => table.note(to_memory, ratio, "x"),
    }
    ours.as_secs_f64() / memory.as_secs_f64()
}

/// A server that knows this one answer.
async fn serve(answer: &Answer) -> String {
    let body = Bytes::from(answer.body.clone());
    let mut headers = HeaderMap::new();
    for (name, value) in &answer.headers {
        if !matches!(name.as_str(), "content-length" | "date") {
            let name: axum::http::HeaderName = name.parse().expect("a name");
            headers.insert(name, value.parse().expect("a value"));
        }
    }
    let router = Router::new().route("/same", get(move || async move { (headers, body) }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    tokio::spawn(axum::serve(listener, router).into_future());
    address
}

async fn round(address: &str, path: &str, headers: &[(&str, &str)]) -> Duration {
    let mut request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n");
    for (name, value) in headers {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    request.push_str("\r\n");
    let began = Instant::now();
    let clients = (0..CONNECTIONS).map(|_| tokio::spawn(client(address.to_owned(), request.clone())));
    futures::future::try_join_all(clients)
        .await
        .expect("a client does not panic");
    began.elapsed()
}

async fn client(address: String, request: String) {
    let mut stream = TcpStream::connect(&address).await.expect("connects");
    stream.set_nodelay(true).expect("a socket");
    let mut bytes = vec![0; 64 * 1024];
    for _ in 0..REQUESTS {
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut have = 0;
        while !is_whole(&bytes[..have]) {
            let more = stream.read(&mut bytes[have..]).await.expect("an answer");
            assert!(more > 0, "the server hung up");
            have += more;
        }
        assert!(bytes.starts_with(b"HTTP/1.1 200"));
    }
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| bytes.len() >= end + 4 + length)
}
