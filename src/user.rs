//! `traotay user`: who works here, for whoever runs the installation. Passwords are made, shown once, and kept as hashes.

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use api::auth::password;
use clap::{Args, Subcommand};
use entity::Store;
use entity::repo::staff::Role;
use entity::repo::staff_change::{self, ChangeError, NewPerson, Places};
use serde_json::json;

/// Makes a change in one write.
macro_rules! change {
    ($store:expr, $tx:ident => $change:expr) => {
        $store
            .write(move |$tx| Box::pin(async move { $change.await }))
            .await
            .map_err(refused)
    };
}
/// `traotay user …`
#[derive(Debug, Clone, Args)]
pub struct UserArgs {
    /// Where the installation is.
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    /// What to do.
    #[command(subcommand)]
    act: Act,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
enum Act {
    /// List everybody, those who left among them
    List,
    /// Let somebody work here and print their first password
    Add(AddArgs),
    /// Give somebody a new password, print it and end their sessions
    Password {
        /// Their login
        login: String,
    },
    /// Give somebody other roles
    Roles {
        /// Their login
        login: String,
        /// A role; once for each
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
    },
    /// Let somebody go: they cannot sign in any more
    Dismiss {
        /// Their login
        login: String,
    },
    /// Let somebody come back
    Readmit {
        /// Their login
        login: String,
    },
    /// Take away a second factor whose telephone was lost
    ForgetFactor {
        /// Their login
        login: String,
    },
    /// Give a one-stop system a new secret and print it
    Secret {
        /// Its customer code
        customer_code: String,
    },
}

/// Somebody new.
#[derive(Debug, Clone, Args)]
struct AddArgs {
    /// Their login
    login: String,
    /// Their name
    #[arg(long)]
    name: String,
    /// A role; once for each: courier, post_agent, post_supervisor, desk_agent, agency_receiver, agency_manager, ops_admin, key_admin, auditor
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
    /// The code of their post office
    #[arg(long)]
    service_point: Option<String>,
    /// The code of their desk
    #[arg(long)]
    desk: Option<String>,
    /// The code of their agency
    #[arg(long)]
    agency: Option<String>,
    /// The code of their postal operator, for who works at no post office
    #[arg(long)]
    operator: Option<String>,
}

/// Does it.
///
/// # Errors
/// When the store cannot be opened or the change is not possible.
pub async fn run(args: UserArgs) -> Result<Verdict, Failure> {
    let config = Config::load(&args.place)?;
    let store = config.open_options().open().await?;
    let done = act(&store, args.act, args.json).await;
    store.close().await;
    done
}

async fn act(store: &Store, act: Act, as_json: bool) -> Result<Verdict, Failure> {
    let now = store.now_ms();
    match act {
        Act::List => return list(store, as_json).await,
        Act::Add(new) => {
            let (secret, hash) = secret().await?;
            let login = new.login.clone();
            let person = NewPerson {
                roles: roles(&new.roles)?,
                login: new.login,
                name: new.name,
                places: Places {
                    service_point: new.service_point,
                    desk: new.desk,
                    agency: new.agency,
                    operator: new.operator,
                },
            };
            change!(store, tx => staff_change::add(tx, person, hash))?;
            show(as_json, &login, Some(&secret));
        }
        Act::Password { login } => {
            let (secret, hash) = secret().await?;
            let whose = login.clone();
            change!(store, tx => staff_change::set_password(tx, &whose, hash, now))?;
            show(as_json, &login, Some(&secret));
        }
        Act::Roles { login, roles: names } => {
            let (whose, roles) = (login.clone(), roles(&names)?);
            change!(store, tx => staff_change::set_roles(tx, &whose, &roles))?;
            show(as_json, &login, None);
        }
        Act::Dismiss { login } => {
            let whose = login.clone();
            change!(store, tx => staff_change::set_active(tx, &whose, false, now))?;
            show(as_json, &login, None);
        }
        Act::Readmit { login } => {
            let whose = login.clone();
            change!(store, tx => staff_change::set_active(tx, &whose, true, now))?;
            show(as_json, &login, None);
        }
        Act::ForgetFactor { login } => {
            let whose = login.clone();
            change!(store, tx => staff_change::forget_factor(tx, &whose, now))?;
            show(as_json, &login, None);
        }
        Act::Secret { customer_code } => {
            let (secret, hash) = secret().await?;
            let key = change!(store, tx => staff_change::set_secret(tx, &customer_code, hash))?;
            show(as_json, &key, Some(&secret));
        }
    }
    Ok(Verdict::Yes)
}

fn refused(error: ChangeError) -> Failure {
    match error {
        ChangeError::Store(error) => error.into(),
        other => Failure::Refused(other.to_string()),
    }
}

fn roles(names: &[String]) -> Result<Vec<Role>, Failure> {
    let read = |name: &String| Role::parse(name).ok_or_else(|| Failure::Refused(format!("there is no role {name}")));
    names.iter().map(read).collect()
}

/// A new password and its hash. Hashing is slow on purpose and must not hold up the runtime.
async fn secret() -> Result<(String, String), Failure> {
    let made = tokio::task::spawn_blocking(|| {
        let secret = password::generate();
        let hash = password::hash(&secret);
        (secret, hash)
    });
    made.await
        .map_err(|error| Failure::Refused(format!("the password could not be made: {error}")))
}

fn show(as_json: bool, whose: &str, secret: Option<&str>) {
    if as_json {
        print(&json!({ "login": whose, "password": secret }).to_string());
    } else if let Some(secret) = secret {
        print(&format!(
            "{whose}  {secret}\nIt is shown this once. Hand it over in person."
        ));
    } else {
        print(&format!("{whose}: done"));
    }
}

async fn list(store: &Store, as_json: bool) -> Result<Verdict, Failure> {
    for row in staff_change::everybody(store.read()).await? {
        let roles: Vec<String> = serde_json::from_str(&row.roles).unwrap_or_default();
        if as_json {
            let line = json!({ "login": row.login, "name": row.name, "roles": roles, "active": row.active,
                "can_sign_in": row.active && row.password_hash.is_some() });
            print(&line.to_string());
        } else {
            let state = match (row.active, row.password_hash.is_some()) {
                (true, true) => "",
                (true, false) => "  (no password yet)",
                (false, _) => "  (left)",
            };
            print(&format!("{:<20} {}  {}{state}", row.login, row.name, roles.join(", ")));
        }
    }
    Ok(Verdict::Yes)
}
