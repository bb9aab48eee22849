//! Where a setting comes from, and a list of all of them for whoever asks. Secrets are not in the list.

use serde::Serialize;

/// A setting in effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its key in the environment.
    pub key: &'static str,
    /// Its value, without what is secret in it.
    pub value: String,
    /// Where it comes from.
    pub from: Origin,
}

/// Where a setting comes from, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An argument of the command.
    Argument,
    /// The environment.
    Environment,
    /// `traotay.toml`.
    File,
    /// Nobody said anything.
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Argument => "argument",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Found(pub(super) Vec<Setting>);

impl Found {
    /// The strongest of what was said about a key, and where it comes from.
    pub(super) fn take(&mut self, key: &'static str, argument: Option<String>, file: Option<String>) -> Option<String> {
        let said = [
            (argument, Origin::Argument),
            (env(key), Origin::Environment),
            (file, Origin::File),
        ];
        let (value, from) = said.into_iter().find_map(|(value, from)| Some((value?, from)))?;
        self.note(key, &value, from);
        Some(value)
    }

    /// The same, or else this.
    pub(super) fn or(
        &mut self,
        key: &'static str,
        argument: Option<String>,
        file: Option<String>,
        default: impl FnOnce() -> String,
    ) -> String {
        self.take(key, argument, file).unwrap_or_else(|| {
            let value = default();
            self.note(key, &value, Origin::Default);
            value
        })
    }

    /// The same for what nobody may read in a list.
    pub(super) fn secret(&mut self, key: &'static str, file: Option<String>) -> Option<String> {
        let said = [(env(key), Origin::Environment), (file, Origin::File)];
        let (value, from) = said.into_iter().find_map(|(value, from)| Some((value?, from)))?;
        self.note(key, "…", from);
        Some(value)
    }

    fn note(&mut self, key: &'static str, value: &str, from: Origin) {
        let value = without_secrets(value);
        self.0.push(Setting { key, value, from });
    }
}

/// Reads one variable of the environment; empty counts as absent.
pub(super) fn env(key: &'static str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    let value = std::env::var(key).ok();
    value.filter(|text| !text.is_empty())
}

/// An address without the password in it, whether before the host or among the parameters; anything else as it is.
fn without_secrets(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let (address, parameters) = rest.split_once('?').map_or((rest, None), |(a, p)| (a, Some(p)));
    let address = match address.rsplit_once('@') {
        Some((user, host)) => {
            let user = user
                .split_once(':')
                .map_or(user.to_owned(), |(name, _)| format!("{name}:…"));
            format!("{user}@{host}")
        }
        None => address.to_owned(),
    };
    let Some(parameters) = parameters else {
        return format!("{scheme}://{address}");
    };
    let shown = parameters.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") || name.to_ascii_lowercase().contains("key") => {
            format!("{name}=…")
        }
        _ => pair.to_owned(),
    });
    format!("{scheme}://{address}?{}", shown.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn a_password_is_not_shown_wherever_it_is_written() {
        for (text, shown) in [
            ("postgres://u:s3:cr@t@h:5432/d", "postgres://u:…@h:5432/d"),
            (
                "postgres://u@h/d?password=secret&sslmode=require",
                "postgres://u@h/d?password=…&sslmode=require",
            ),
            ("postgres://h/d?sslkey=secret", "postgres://h/d?sslkey=…"),
            ("sqlite:data/traotay.db", "sqlite:data/traotay.db"),
            ("127.0.0.1", "127.0.0.1"),
        ] {
            assert_eq!(without_secrets(text), shown);
        }
    }
}
