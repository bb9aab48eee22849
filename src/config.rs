//! Configuration: command line, then environment, then `traotay.toml`, then defaults. Checked once at start; errors name
//! the key and never show a secret.

mod log;
mod parts;
mod source;

pub use log::LogConfig;
pub use source::{Origin, Setting};

use crate::cli::{Failure, Place, Verdict, print};
use api::{Network, TlsFiles};
use entity::Blobs;
use entity::store::{Durability, Fence, OpenOptions};
use parts::{bind, messages, tls, traces, trusted_proxies};
use serde::Deserialize;
use source::{Found, env};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What is not usable, by key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value cannot be read.
    #[error("{key}: {why}")]
    Value {
        /// Which setting.
        key: &'static str,
        /// What is wrong with it; never the value of a secret.
        why: String,
    },
    /// The file cannot be read.
    #[error("{path}: {why}")]
    File {
        /// Which file.
        path: String,
        /// What is wrong.
        why: String,
    },
}

/// `traotay.toml`: the same keys as the environment, in lower case and without the prefix.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    bind: Option<String>,
    port: Option<u16>,
    database_url: Option<String>,
    migrate_database_url: Option<String>,
    jobs_database_url: Option<String>,
    blobs: Option<String>,
    public_url: Option<String>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    trusted_proxies: Option<Vec<String>>,
    second_factor: Option<String>,
    row_security: Option<String>,
    log: Option<String>,
    client_certificate_header: Option<String>,
    sms_url: Option<String>,
    sms_token: Option<String>,
    log_origin: Option<String>,
    log_state: Option<PathBuf>,
    log_witnesses: Option<Vec<String>>,
    log_quorum: Option<usize>,
}

/// A checked configuration.
#[derive(Clone)]
pub struct Config {
    /// Folder for database, keys and jobs.
    pub data: PathBuf,
    /// Where HTTP listens.
    pub bind: SocketAddr,
    /// The main database.
    pub database_url: String,
    /// The main database as its owner, who alone may change the schema; when set, serving never migrates.
    pub migrate_url: Option<String>,
    /// The jobs' own database.
    pub jobs_url: String,
    /// Where photographs are kept: `file://…` or `s3://bucket/folder`.
    pub blobs: String,
    /// The gateway for messages to citizens, when there is one.
    pub sms_url: Option<String>,
    /// What it asks for; in no list and no debug output.
    pub sms_token: Option<String>,
    /// How the public log is signed and witnessed.
    pub public_log: LogConfig,
    /// How the outside reaches us, for links.
    pub public_url: String,
    /// Whether staff must set up a second factor before they may do anything else.
    pub second_factor_required: bool,
    /// Whether a PostgreSQL role that row security does not hold back is refused.
    pub fence: Fence,
    /// The certificate, when we speak TLS ourselves.
    pub tls: Option<TlsFiles>,
    /// Machines whose word on whom they speak for counts.
    pub trusted_proxies: Vec<Network>,
    /// Whether a collector of traces was named.
    pub traces: bool,
    /// What goes into the log, as `tracing` filters are written.
    pub log: Option<String>,
    /// Every setting in effect, without what is secret.
    pub settings: Vec<Setting>,
    /// The header in which a proxy forwards the SHA-256 of a client's certificate; none is believed unless it is named.
    pub client_certificate_header: Option<String>,
    /// Whether a database without fsync is accepted. Only tests say so.
    pub durability: Durability,
    /// Whether the worker accepts jobs that misbehave on purpose. Only tests say so.
    pub test_jobs: bool,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("data", &self.data)
            .field("bind", &self.bind)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// Loads and checks the configuration.
    ///
    /// # Errors
    /// [`ConfigError`] naming the key.
    pub fn load(place: &Place) -> Result<Self, ConfigError> {
        let file = read_file(place)?;
        let mut found = Found::default();
        let data = found.or(
            "TRAOTAY_DATA",
            text(place.data.as_ref()),
            text(file.data.as_ref()),
            || "data".to_owned(),
        );
        let data = PathBuf::from(data);
        let bind = bind(&mut found, file.bind, file.port)?;
        let in_folder = |name: &str| format!("sqlite:{}", data.join(name).display());
        let database_url = found.or("DATABASE_URL", place.database_url.clone(), file.database_url, || {
            in_folder("traotay.db")
        });
        check_url("DATABASE_URL", &database_url)?;
        let migrate_url = found.take("TRAOTAY_MIGRATE_DATABASE_URL", None, file.migrate_database_url);
        if let Some(url) = &migrate_url {
            check_url("TRAOTAY_MIGRATE_DATABASE_URL", url)?;
        }
        let jobs_url = found.or("TRAOTAY_JOBS_DATABASE_URL", None, file.jobs_database_url, || {
            if database_url.starts_with("postgres") {
                database_url.clone()
            } else {
                in_folder("jobs.db")
            }
        });
        check_url("TRAOTAY_JOBS_DATABASE_URL", &jobs_url)?;
        if jobs_url == database_url && database_url.starts_with("sqlite") {
            let why = "must not be the main SQLite file: jobs need a file of their own";
            return Err(value("TRAOTAY_JOBS_DATABASE_URL", why));
        }
        let blobs = found.or("TRAOTAY_BLOBS", None, file.blobs, || {
            let folder = std::path::absolute(data.join("blobs")).unwrap_or_else(|_| data.join("blobs"));
            format!("file://{}", folder.display())
        });
        let tls = tls(&mut found, file.tls_cert.as_ref(), file.tls_key.as_ref())?;
        let public_url = found.or("TRAOTAY_PUBLIC_URL", None, file.public_url, || {
            format!("{}://{bind}", if tls.is_some() { "https" } else { "http" })
        });
        let second_factor = found.or("TRAOTAY_SECOND_FACTOR", None, file.second_factor, || {
            "required".to_owned()
        });
        let second_factor_required = match second_factor.as_str() {
            "required" => true,
            "optional" => false,
            _ => return Err(value("TRAOTAY_SECOND_FACTOR", "must be required or optional")),
        };
        let row_security = found.or("TRAOTAY_ROW_SECURITY", None, file.row_security, || {
            "required".to_owned()
        });
        let fence = match row_security.as_str() {
            "required" => Fence::Required,
            "optional" => Fence::Optional,
            _ => return Err(value("TRAOTAY_ROW_SECURITY", "must be required or optional")),
        };
        let trusted_proxies = trusted_proxies(&mut found, file.trusted_proxies)?;
        let log = found.take("RUST_LOG", None, file.log);
        if let Some(text) = &log {
            tracing_subscriber::EnvFilter::try_new(text).map_err(|error| value("RUST_LOG", error.to_string()))?;
        }
        let traces = traces(&mut found)?;
        let client_certificate_header = found.take(
            "TRAOTAY_CLIENT_CERTIFICATE_HEADER",
            None,
            file.client_certificate_header,
        );
        let (sms_url, sms_token) = messages(&mut found, file.sms_url, file.sms_token)?;
        let of_log = log::FromFile {
            origin: file.log_origin,
            state: file.log_state,
            witnesses: file.log_witnesses,
            quorum: file.log_quorum,
        };
        let public_log = LogConfig::load(&mut found, of_log, &data)?;
        let durability = match env("TRAOTAY_TEST_THROW_AWAY_DATABASE").as_deref() {
            Some("1") => Durability::ThrowAway,
            _ => Durability::Required,
        };
        Ok(Self {
            data,
            bind,
            database_url,
            migrate_url,
            jobs_url,
            blobs,
            sms_url,
            sms_token,
            public_log,
            public_url,
            second_factor_required,
            fence,
            tls,
            trusted_proxies,
            traces,
            log,
            settings: found.0,
            client_certificate_header,
            durability,
            test_jobs: env("TRAOTAY_TEST_JOBS").as_deref() == Some("1"),
        })
    }

    /// The file of the server's keys.
    pub fn keys(&self) -> PathBuf {
        self.data.join("server.keys")
    }

    /// Opens the store of photographs. A service's own settings come from its own variables, `AWS_ACCESS_KEY_ID` and so on.
    ///
    /// # Errors
    /// [`ConfigError`] naming the key.
    pub fn open_blobs(&self) -> Result<Blobs, ConfigError> {
        let settings = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
        let settings = settings.map(|(name, text)| (name.to_lowercase(), text));
        Blobs::at(&self.blobs, settings).map_err(|error| value("TRAOTAY_BLOBS", error.to_string()))
    }

    /// How to open the main database.
    pub fn open_options(&self) -> OpenOptions {
        let migrate = self.migrate_url.is_none();
        OpenOptions {
            durability: self.durability,
            migrate,
            fence: self.fence(),
            ..OpenOptions::new(&self.database_url)
        }
    }

    /// How to open it for changing the schema.
    pub fn migrate_options(&self) -> OpenOptions {
        OpenOptions {
            durability: self.durability,
            owner_url: self.migrate_url.clone(),
            fence: self.fence(),
            ..OpenOptions::new(&self.database_url)
        }
    }

    /// What is asked of the database role: nothing on a cluster that is thrown away.
    fn fence(&self) -> Fence {
        match self.durability {
            Durability::ThrowAway => Fence::Optional,
            Durability::Required => self.fence,
        }
    }

    /// Whether only this machine can reach us.
    pub fn is_local(&self) -> bool {
        self.bind.ip().is_loopback()
    }
}

/// `traotay config`: every setting in effect, and where it comes from.
///
/// # Errors
/// When one of them cannot be used.
pub fn show(place: &Place, as_json: bool) -> Result<Verdict, Failure> {
    let config = Config::load(place)?;
    if as_json {
        print(&serde_json::json!({ "ok": true, "settings": config.settings }).to_string());
        return Ok(Verdict::Yes);
    }
    for Setting { key, value, from } in &config.settings {
        print(&format!("{key:<30} {value}  ({from})"));
    }
    Ok(Verdict::Yes)
}

fn value(key: &'static str, why: impl Into<String>) -> ConfigError {
    ConfigError::Value { key, why: why.into() }
}

fn text(path: Option<&PathBuf>) -> Option<String> {
    path.map(|path| path.to_string_lossy().into_owned())
}

impl Config {
    /// Checks what only a server needs: that the certificate can be used.
    ///
    /// # Errors
    /// [`ConfigError`] naming the key.
    pub fn check_tls(&self) -> Result<(), ConfigError> {
        use api::tls::TlsError;
        let Some(files) = &self.tls else { return Ok(()) };
        files.check().map_err(|error| {
            let (key, path): (_, &Path) = match error {
                TlsError::Cert(_) => ("TRAOTAY_TLS_CERT", &files.cert),
                TlsError::Key(_) | TlsError::Pair(_) => ("TRAOTAY_TLS_KEY", &files.key),
            };
            value(key, format!("{}: {error}", path.display()))
        })
    }
}

fn read_file(place: &Place) -> Result<File, ConfigError> {
    let path = place.config.clone().unwrap_or_else(|| "traotay.toml".into());
    let failed = |why: String| ConfigError::File {
        path: path.display().to_string(),
        why,
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|error| failed(error.message().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && place.config.is_none() => Ok(File::default()),
        Err(error) => Err(failed(error.to_string())),
    }
}

fn check_url(key: &'static str, url: &str) -> Result<(), ConfigError> {
    if ["sqlite:", "postgres:", "postgresql:"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        return Ok(());
    }
    Err(value(key, "must start with sqlite: or postgres:"))
}

#[cfg(test)]
mod tests {
    use super::{Config, check_url};
    use crate::cli::Place;

    #[test]
    fn a_wrong_database_address_is_named_by_key_and_not_shown() {
        let error = check_url("DATABASE_URL", "mysql://root:secret@host/db").expect_err("refused");
        assert!(error.to_string().starts_with("DATABASE_URL"));
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn a_configuration_file_with_an_unknown_key_is_refused_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("t.toml");
        std::fs::write(&path, "prot = 8081\n").expect("written");
        let error = Config::load(&Place {
            config: Some(path),
            ..Place::default()
        })
        .expect_err("refused");
        assert!(error.to_string().contains("prot"), "{error}");
    }

    /// The complaint about a file with this in it.
    fn complaint(toml: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("t.toml");
        std::fs::write(&path, toml).expect("written");
        let place = Place {
            config: Some(path),
            ..Place::default()
        };
        let config = Config::load(&place).and_then(|config| config.check_tls());
        config.expect_err("refused").to_string()
    }

    #[test]
    fn whatever_is_wrong_is_named_by_its_key() {
        for (toml, key) in [
            ("bind = \"everywhere\"", "TRAOTAY_BIND"),
            ("database_url = \"mysql://x\"", "DATABASE_URL"),
            ("migrate_database_url = \"mysql://x\"", "TRAOTAY_MIGRATE_DATABASE_URL"),
            ("jobs_database_url = \"x\"", "TRAOTAY_JOBS_DATABASE_URL"),
            ("tls_cert = \"a.pem\"", "TRAOTAY_TLS_KEY"),
            ("tls_key = \"a.pem\"", "TRAOTAY_TLS_CERT"),
            ("tls_cert = \"/none.pem\"\ntls_key = \"/none.pem\"", "TRAOTAY_TLS_CERT"),
            (
                "trusted_proxies = [\"10.0.0.0/8\", \"proxy\"]",
                "TRAOTAY_TRUSTED_PROXIES",
            ),
            ("second_factor = \"sometimes\"", "TRAOTAY_SECOND_FACTOR"),
            ("sms_url = \"http://gateway.example\"", "TRAOTAY_SMS_URL"),
            ("sms_url = \"http://127.0.0.1.example\"", "TRAOTAY_SMS_URL"),
            ("log = \"a=b=c\"", "RUST_LOG"),
            ("log_origin = \"https://a.example/log\"", "TRAOTAY_LOG_ORIGIN"),
            ("log_witnesses = [\"somebody\"]", "TRAOTAY_LOG_WITNESSES"),
            ("log_quorum = 1", "TRAOTAY_LOG_QUORUM"),
            ("port = 70000", "t.toml"),
        ] {
            assert!(complaint(toml).contains(key), "{toml}: {}", complaint(toml));
        }
    }

    #[test]
    fn every_setting_in_effect_is_listed_with_its_origin_and_without_secrets() {
        let place = Place {
            data: Some("/srv/traotay".into()),
            database_url: Some("postgres://u:secret@h/d".to_owned()),
            ..Place::default()
        };
        let settings = Config::load(&place).expect("loads").settings;
        let of = |key: &str| settings.iter().find(|one| one.key == key).expect("listed");
        assert_eq!(of("TRAOTAY_DATA").from, super::Origin::Argument);
        assert_eq!(of("DATABASE_URL").value, "postgres://u:…@h/d");
        assert!(settings.iter().all(|one| !one.value.contains("secret")));
    }

    #[test]
    fn debug_output_shows_no_database_address() {
        let place = Place {
            database_url: Some("postgres://u:secret@h/d".to_owned()),
            ..Place::default()
        };
        let config = Config::load(&place).expect("loads");
        assert!(!format!("{config:?}").contains("secret"));
    }
}
