//! A client that writes bytes and reads bytes.

use super::{PASSWORD, Value, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

/// Where the requests lie.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("it/one_stop")
}

/// A client of one family.
pub(super) struct Client {
    address: String,
    family: &'static str,
    key: String,
    /// What it was given last.
    pub(super) token: String,
    /// The last row it has read.
    pub(super) last: String,
}

/// What it was answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Client {
    pub(super) fn new(world: &World, family: &'static str, customer_code: &str) -> Self {
        Self {
            address: world.http.address().to_owned(),
            family,
            key: format!("lgsp-{}", customer_code.to_lowercase()),
            token: String::new(),
            last: String::new(),
        }
    }

    pub(super) fn gets_a_token(&mut self) {
        let given = self.sends("token");
        assert_eq!(given.status, 200, "{}", given.body);
        given.body["access_token"]
            .as_str()
            .expect("a token")
            .clone_into(&mut self.token);
    }

    /// Sends the request of this name on a connection of its own.
    pub(super) fn sends(&self, name: &str) -> Answer {
        let path = folder().join(self.family).join(format!("{name}.http"));
        let file = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let end = file
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("a head");
        // What the client was told stands in the head; the body is as it is in the file.
        let head = std::str::from_utf8(&file[..end]).expect("a head is ASCII");
        let told = [
            ("{{host}}", self.address.clone()),
            ("{{basic}}", STANDARD.encode(format!("{}:{PASSWORD}", self.key))),
            ("{{fixed}}", api::auth::client::fixed(&self.key, PASSWORD)),
            ("{{token}}", self.token.clone()),
            ("{{last}}", self.last.clone()),
        ];
        let head = told
            .iter()
            .fold(head.to_owned(), |head, (name, value)| head.replace(name, value));
        let mut stream = TcpStream::connect(&self.address).expect("a server");
        stream
            .write_all(&[head.as_bytes(), &file[end..]].concat())
            .expect("written");
        read(&mut stream).unwrap_or_else(|why| panic!("{}/{name}: {why}", self.family))
    }
}

/// Reads one answer; a server that says to go on has not answered yet.
fn read(stream: &mut TcpStream) -> Result<Answer, String> {
    let mut bytes = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break end;
            }
            more(stream, &mut bytes)?;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
        let status: u16 = status.ok_or("no status")?;
        bytes.drain(..end + 4);
        if status == 100 {
            continue;
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.and_then(|text| text.trim().parse().ok()).ok_or("no length")?;
        while bytes.len() < length {
            more(stream, &mut bytes)?;
        }
        let body = serde_json::from_slice(&bytes[..length]).map_err(|error| error.to_string())?;
        return Ok(Answer { status, body });
    }
}

fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Result<(), String> {
    let mut part = [0; 4096];
    let count = stream.read(&mut part).map_err(|error| error.to_string())?;
    bytes.extend_from_slice(&part[..count]);
    if count == 0 { Err("hung up".to_owned()) } else { Ok(()) }
}
