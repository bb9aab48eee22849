//! Settings that are read together: where to listen, TLS, traces, proxies, the gateway for messages.

use super::source::Found;
use super::{ConfigError, text, value};
use api::{Network, TlsFiles};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

pub(super) fn bind(found: &mut Found, address: Option<String>, port: Option<u16>) -> Result<SocketAddr, ConfigError> {
    let address = found.or("TRAOTAY_BIND", None, address, || Ipv4Addr::LOCALHOST.to_string());
    let address: IpAddr = address
        .parse()
        .map_err(|_| value("TRAOTAY_BIND", "not an IP address"))?;
    let port = found.or("PORT", None, port.map(|port| port.to_string()), || "8080".to_owned());
    let port = port
        .parse()
        .map_err(|_| value("PORT", "not a number from 0 to 65535"))?;
    Ok(SocketAddr::new(address, port))
}

pub(super) fn tls(
    found: &mut Found,
    cert: Option<&PathBuf>,
    key: Option<&PathBuf>,
) -> Result<Option<TlsFiles>, ConfigError> {
    let cert = found.take("TRAOTAY_TLS_CERT", None, text(cert));
    let key = found.take("TRAOTAY_TLS_KEY", None, text(key));
    match (cert, key) {
        (None, None) => Ok(None),
        (Some(cert), Some(key)) => Ok(Some(TlsFiles {
            cert: cert.into(),
            key: key.into(),
        })),
        (Some(_), None) => Err(value("TRAOTAY_TLS_KEY", "missing, although TRAOTAY_TLS_CERT is set")),
        (None, Some(_)) => Err(value("TRAOTAY_TLS_CERT", "missing, although TRAOTAY_TLS_KEY is set")),
    }
}

/// Traces are off unless a collector is named. The SDK reads the rest of its variables by itself.
pub(super) fn traces(found: &mut Found) -> Result<bool, ConfigError> {
    const OFF: [(&str, &str); 2] = [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")];
    const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
    const PROTOCOLS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
    let is_off = OFF.map(|(key, off)| {
        found
            .take(key, None, None)
            .is_some_and(|said| said.eq_ignore_ascii_case(off))
    });
    let endpoints = ENDPOINTS.map(|key| (key, found.take(key, None, None)));
    let protocols = PROTOCOLS.map(|key| (key, found.take(key, None, None)));
    found.take("OTEL_SERVICE_NAME", None, None);
    if is_off.contains(&true) || endpoints.iter().all(|(_, said)| said.is_none()) {
        return Ok(false);
    }
    for (key, said) in &endpoints {
        if said.as_ref().is_some_and(|said| !said.starts_with("http://")) {
            return Err(value(
                key,
                "must start with http://: let a collector near by carry traces over TLS",
            ));
        }
    }
    for (key, said) in &protocols {
        if said.as_ref().is_some_and(|said| said != "http/protobuf") {
            return Err(value(key, "only http/protobuf is spoken"));
        }
    }
    Ok(true)
}

/// The gateway for messages to citizens, and what it asks for.
pub(super) fn messages(
    found: &mut Found,
    url: Option<String>,
    token: Option<String>,
) -> Result<(Option<String>, Option<String>), ConfigError> {
    let url = found.take("TRAOTAY_SMS_URL", None, url);
    let token = found.secret("TRAOTAY_SMS_TOKEN", token);
    if url.as_ref().is_some_and(|url| !is_safe(url)) {
        let why = "must start with https://, or http:// and a loopback address: codes go through it";
        return Err(value("TRAOTAY_SMS_URL", why));
    }
    Ok((url, token))
}

pub(super) fn trusted_proxies(found: &mut Found, file: Option<Vec<String>>) -> Result<Vec<Network>, ConfigError> {
    const KEY: &str = "TRAOTAY_TRUSTED_PROXIES";
    let text = found.take(KEY, None, file.map(|networks| networks.join(",")));
    let words = text.iter().flat_map(|text| text.split(',')).map(str::trim);
    words
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().map_err(|error| value(KEY, format!("{word}: {error}"))))
        .collect()
}

/// Whether nobody on the way reads what goes to this address.
fn is_safe(url: &str) -> bool {
    let near = ["http://127.0.0.1", "http://[::1]", "http://localhost"];
    let is_near = near.iter().any(|host| {
        let rest = url.strip_prefix(host);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    url.starts_with("https://") || is_near
}
