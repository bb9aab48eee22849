//! Clients that hang up: a request is written, and the connection is reset a moment later, whatever the server is doing.

use std::fmt::Write as _;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// The longest a rude client waits before it hangs up.
pub const LONGEST: Duration = Duration::from_millis(20);

/// An answer as a raw client reads it.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The status.
    pub status: u16,
    /// What of the body had arrived.
    pub body: Vec<u8>,
}

/// The bytes of a request.
pub fn request(method: &str, address: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    let always = [
        ("host", address),
        ("connection", "close"),
        ("content-length", length.as_str()),
    ];
    let mut text = format!("{method} {path} HTTP/1.1\r\n");
    for (name, value) in always.iter().chain(headers) {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}

/// When the n-th of `count` rude clients hangs up: every moment from at once to [`LONGEST`] is tried, in no order.
pub fn moment(n: usize, count: usize) -> Duration {
    let steps = u64::try_from(count.max(1)).unwrap_or(u64::MAX);
    // 7919 is prime, so every step is taken once before one is taken twice.
    let step = u64::try_from(n).unwrap_or(0).wrapping_mul(7919) % steps;
    let longest = u64::try_from(LONGEST.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(longest * step / steps)
}

/// Sends a request and waits for the whole answer.
pub async fn polite(address: &str, request: &[u8]) -> Option<Heard> {
    let mut stream = open(address).await?;
    stream.write_all(request).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    heard(&bytes)
}

/// Sends a request and resets the connection after a while. What has arrived by then was heard: an acknowledgement is one
/// even for somebody who is just leaving.
pub async fn hang_up(address: &str, request: &[u8], after: Duration) -> Option<Heard> {
    let mut stream = open(address).await?;
    let until = Instant::now() + after;
    stream.write_all(request).await.ok()?;
    if let Some(most) = after.checked_sub(Duration::from_millis(2)) {
        tokio::time::sleep(most).await;
    }
    // The timer counts milliseconds; the last of them are counted here.
    while Instant::now() < until {
        tokio::task::yield_now().await;
    }
    let mut bytes = vec![0; 16 * 1024];
    let count = stream.try_read(&mut bytes).unwrap_or(0);
    // Nothing is said to the server but a reset.
    let _ = stream.set_zero_linger();
    drop(stream);
    heard(&bytes[..count])
}

async fn open(address: &str) -> Option<TcpStream> {
    let stream = TcpStream::connect(address).await.ok()?;
    stream.set_nodelay(true).ok()?;
    Some(stream)
}

fn heard(bytes: &[u8]) -> Option<Heard> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Heard {
        status,
        body: bytes[end + 4..].to_vec(),
    })
}
