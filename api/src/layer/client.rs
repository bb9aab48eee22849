//! Who is at the other end: the machine that connected, or the one it speaks for when it is a proxy of ours.
//!
//! `X-Forwarded-For` and `X-Forwarded-Proto` are anybody's words. They count when the machine that connected is one of the trusted
//! proxies, and then only as far as trusted machines wrote them. An address is used to share out places and goes nowhere else, in
//! no log and no table.

use crate::App;
use crate::network::Network;
use axum::extract::{Request, State};
use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::net::IpAddr;

/// How a request came in; put there by whoever accepted the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Connection {
    /// The machine that connected.
    pub(crate) address: IpAddr,
    /// Whether it did so over TLS.
    pub(crate) is_tls: bool,
}

/// Whom a request is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client {
    /// Its machine.
    pub(crate) address: IpAddr,
    /// Whether nobody on the way could read or change what it sends.
    pub(crate) is_secure: bool,
}

/// A year, for this host: a browser that was here over TLS comes back over nothing else.
const ONLY_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Finds out whom a request is from, and tells browsers to stay with TLS where there is some.
pub(crate) async fn recognise(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let connection = request.extensions().get::<Connection>().copied();
    let client = connection.map(|connection| of(connection, request.headers(), &app.config.trusted_proxies));
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }
    let mut response = next.run(request).await;
    if client.is_some_and(|client| client.is_secure) {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, ONLY_TLS);
    }
    response
}

fn of(connection: Connection, headers: &HeaderMap, trusted: &[Network]) -> Client {
    let is_ours = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let mut client = Client {
        address: connection.address,
        is_secure: connection.is_tls,
    };
    if !is_ours(connection.address) {
        return client;
    }
    // Each proxy adds at the end whom it heard it from, so the last one that is none of ours is the client.
    for word in words(headers, "x-forwarded-for").into_iter().rev() {
        let Ok(address) = word.parse::<IpAddr>() else { break };
        client.address = address.to_canonical();
        if !is_ours(client.address) {
            break;
        }
    }
    // The proxy that spoke to us wrote the last word.
    if let Some(proto) = words(headers, "x-forwarded-proto").pop() {
        client.is_secure = proto.eq_ignore_ascii_case("https");
    }
    client
}

fn words(headers: &HeaderMap, name: &str) -> Vec<String> {
    let lines = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(|word| word.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Client, Connection, of};
    use crate::network::Network;
    use axum::http::{HeaderMap, HeaderValue};

    /// Who it is, by the machine that connected and the two headers.
    fn from(connected: &str, for_whom: &[&'static str], proto: Option<&'static str>) -> (String, bool) {
        let trusted: Vec<Network> = ["127.0.0.1", "10.0.0.0/8"]
            .map(|text| text.parse().expect("a network"))
            .to_vec();
        let mut headers = HeaderMap::new();
        for line in for_whom {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        if let Some(proto) = proto {
            headers.insert("x-forwarded-proto", HeaderValue::from_static(proto));
        }
        let connection = Connection {
            address: connected.parse().expect("an address"),
            is_tls: false,
        };
        let Client { address, is_secure } = of(connection, &headers, &trusted);
        (address.to_string(), is_secure)
    }

    #[test]
    fn a_stranger_speaks_for_nobody_but_itself() {
        let stranger = from("192.0.2.7", &["203.0.113.9"], Some("https"));
        assert_eq!(stranger, ("192.0.2.7".to_owned(), false));
    }

    #[test]
    fn a_proxy_of_ours_speaks_for_whom_it_heard() {
        assert_eq!(
            from("127.0.0.1", &["203.0.113.9"], Some("https")),
            ("203.0.113.9".to_owned(), true)
        );
        assert_eq!(
            from("127.0.0.1", &["203.0.113.9"], Some("http")),
            ("203.0.113.9".to_owned(), false)
        );
        assert_eq!(from("127.0.0.1", &[], None), ("127.0.0.1".to_owned(), false));
    }

    #[test]
    fn what_a_client_puts_before_the_proxies_words_does_not_count() {
        let made_up = from("127.0.0.1", &["198.51.100.1, 203.0.113.9"], None);
        assert_eq!(made_up.0, "203.0.113.9");
        let chain = from("127.0.0.1", &["198.51.100.1, 203.0.113.9", "10.1.1.1"], None);
        assert_eq!(chain.0, "203.0.113.9", "over two of ours");
        let no_address = from("127.0.0.1", &["203.0.113.9, x"], None);
        assert_eq!(no_address.0, "127.0.0.1");
    }
}
