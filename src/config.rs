//! Configuration: command line, then environment, then `traotay.toml`, then defaults. Checked once at start; errors name
//! the key and never show a secret.

use crate::cli::Place;
use entity::store::{Durability, Fence, OpenOptions};
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

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
    public_url: Option<String>,
    second_factor: Option<String>,
    row_security: Option<String>,
    client_certificate_header: Option<String>,
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
    /// How the outside reaches us, for links.
    pub public_url: String,
    /// Whether staff must set up a second factor before they may do anything else.
    pub second_factor_required: bool,
    /// Whether a PostgreSQL role that row security does not hold back is refused.
    pub fence: Fence,
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

/// Reads one variable of the environment; empty counts as absent.
fn env(key: &'static str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    let value = std::env::var(key).ok();
    value.filter(|text| !text.is_empty())
}

impl Config {
    /// Loads and checks the configuration.
    ///
    /// # Errors
    /// [`ConfigError`] naming the key.
    pub fn load(place: &Place) -> Result<Self, ConfigError> {
        let file = read_file(place)?;
        let data = place
            .data
            .clone()
            .or(env("TRAOTAY_DATA").map(PathBuf::from))
            .or(file.data)
            .unwrap_or("data".into());
        let address = env("TRAOTAY_BIND")
            .or(file.bind)
            .unwrap_or_else(|| Ipv4Addr::LOCALHOST.to_string());
        let address: IpAddr = address.parse().map_err(|_| ConfigError::Value {
            key: "TRAOTAY_BIND",
            why: "not an IP address".to_owned(),
        })?;
        let port = match env("PORT") {
            Some(text) => text.parse().map_err(|_| ConfigError::Value {
                key: "PORT",
                why: "not a number from 0 to 65535".to_owned(),
            })?,
            None => file.port.unwrap_or(8080),
        };
        let bind = SocketAddr::new(address, port);
        let in_folder = |name: &str| format!("sqlite:{}", data.join(name).display());
        let database_url = place
            .database_url
            .clone()
            .or(env("DATABASE_URL"))
            .or(file.database_url)
            .unwrap_or_else(|| in_folder("traotay.db"));
        check_url("DATABASE_URL", &database_url)?;
        let migrate_url = env("TRAOTAY_MIGRATE_DATABASE_URL").or(file.migrate_database_url);
        if let Some(url) = &migrate_url {
            check_url("TRAOTAY_MIGRATE_DATABASE_URL", url)?;
        }
        let default_jobs = if database_url.starts_with("postgres") {
            database_url.clone()
        } else {
            in_folder("jobs.db")
        };
        let jobs_url = env("TRAOTAY_JOBS_DATABASE_URL")
            .or(file.jobs_database_url)
            .unwrap_or(default_jobs);
        check_url("TRAOTAY_JOBS_DATABASE_URL", &jobs_url)?;
        if jobs_url == database_url && database_url.starts_with("sqlite") {
            let why = "must not be the main SQLite file: jobs need a file of their own".to_owned();
            return Err(ConfigError::Value {
                key: "TRAOTAY_JOBS_DATABASE_URL",
                why,
            });
        }
        let public_url = env("TRAOTAY_PUBLIC_URL")
            .or(file.public_url)
            .unwrap_or_else(|| format!("http://{bind}"));
        let second_factor = env("TRAOTAY_SECOND_FACTOR").or(file.second_factor);
        let second_factor_required = match second_factor.as_deref() {
            None | Some("required") => true,
            Some("optional") => false,
            Some(_) => {
                return Err(ConfigError::Value {
                    key: "TRAOTAY_SECOND_FACTOR",
                    why: "must be required or optional".to_owned(),
                });
            }
        };
        let row_security = env("TRAOTAY_ROW_SECURITY").or(file.row_security);
        let fence = match row_security.as_deref() {
            None | Some("required") => Fence::Required,
            Some("optional") => Fence::Optional,
            Some(_) => {
                return Err(ConfigError::Value {
                    key: "TRAOTAY_ROW_SECURITY",
                    why: "must be required or optional".to_owned(),
                });
            }
        };
        let client_certificate_header = env("TRAOTAY_CLIENT_CERTIFICATE_HEADER").or(file.client_certificate_header);
        let durability = match env("TRAOTAY_TEST_THROW_AWAY_DATABASE").as_deref() {
            Some("1") => Durability::ThrowAway,
            _ => Durability::Required,
        };
        let test_jobs = env("TRAOTAY_TEST_JOBS").as_deref() == Some("1");
        Ok(Self {
            data,
            bind,
            database_url,
            migrate_url,
            jobs_url,
            public_url,
            second_factor_required,
            fence,
            client_certificate_header,
            durability,
            test_jobs,
        })
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
    Err(ConfigError::Value {
        key,
        why: "must start with sqlite: or postgres:".to_owned(),
    })
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
