//! The command line: what may be asked, and how the answer is printed.
//!
//! Exit codes: 0 success, 1 a negative answer, 2 bad usage or configuration.

use crate::config::{Config, ConfigError};
use crate::{
    backup, config, demo, doctor, due, import, inspect, report, restore, salvage, serve, user, verify, witness,
};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Custody of administrative dossiers carried by the public post.
#[derive(Debug, Parser)]
#[command(name = "traotay", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the installation is; every command that opens it takes these.
#[derive(Debug, Clone, Default, Args)]
pub struct Place {
    /// Folder for the database, keys and jobs (TRAOTAY_DATA, default ./data)
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// `sqlite:<path>` or `postgres://…` (DATABASE_URL, default SQLite in the data folder)
    #[arg(long)]
    pub database_url: Option<String>,
    /// A configuration file (default ./traotay.toml when it is there)
    #[arg(long)]
    pub config: Option<PathBuf>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve HTTP and run jobs in one process
    Serve(ServeArgs),
    /// Serve HTTP only; a worker must run elsewhere
    Api(ServeArgs),
    /// Number and fold facts and run jobs only
    Worker {
        /// Where the installation is.
        #[command(flatten)]
        place: Place,
    },
    /// Bring the schema up to date
    Migrate {
        /// Where the installation is.
        #[command(flatten)]
        place: Place,
    },
    /// Load a province's folder, or check it only
    Import {
        /// Where the installation is.
        #[command(flatten)]
        place: Place,
        /// The folder, e.g. data/an-giang
        folder: PathBuf,
        /// Read and check, write nothing
        #[arg(long)]
        check: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check an installation; with --rebuild fold everything again and compare
    Doctor {
        /// Where the installation is.
        #[command(flatten)]
        place: Place,
        /// Empty the projections, fold the whole log again and compare byte for byte
        #[arg(long)]
        rebuild: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show every setting in effect and where it comes from, without secrets
    Config {
        /// Where the installation is.
        #[command(flatten)]
        place: Place,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the whole store into one file, also while a server runs
    Backup(backup::BackupArgs),
    /// Check a backup, or fill an empty folder or database from it
    Restore(restore::RestoreArgs),
    /// Play a working day of the demo province against a throw-away database
    Demo(demo::DemoArgs),
    /// Say what a scanned or typed string is, whether it is valid and why not
    Inspect {
        /// The string; in quotes when it holds spaces or `|`
        code: String,
        /// A province's folder whose list of agencies counts
        #[arg(long)]
        province: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Compute a due date and explain every day on the way
    Due(due::DueArgs),
    /// Make a report of an installation: kpi766, tt17 or quality
    Report(report::ReportArgs),
    /// Check a receipt with the keys to believe, or the whole log of an installation (--log)
    Verify(verify::VerifyArgs),
    /// Witness logs for an organisation that is not the post: sign what is seen of them
    Witness(witness::WitnessArgs),
    /// Open the files of phones whose key store failed and deposit what is in them
    Salvage(salvage::SalvageArgs),
    /// Who works here: list, add, new passwords, roles, dismiss
    User(user::UserArgs),
    /// Print the API document (OpenAPI 3.1)
    Openapi,
}

/// How to serve.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArgs {
    /// Where the installation is.
    #[command(flatten)]
    pub place: Place,
    /// Load the demo province on first start and print its logins; refused on a public address
    #[arg(long)]
    pub demo: bool,
    /// Folder of the province for --demo
    #[arg(long, default_value = "data/an-giang")]
    pub province: PathBuf,
}

/// Runs a command and says how it went.
pub async fn run(cli: Cli) -> ExitCode {
    let outcome = match cli.command {
        Command::Serve(args) => serve::run(args, serve::Part::Both).await,
        Command::Api(args) => serve::run(args, serve::Part::Api).await,
        Command::Worker { place } => {
            serve::run(
                ServeArgs {
                    place,
                    ..ServeArgs::default()
                },
                serve::Part::Worker,
            )
            .await
        }
        Command::Migrate { place } => migrate(&place).await,
        Command::Import {
            place,
            folder,
            check,
            json,
        } => import::run(&place, &folder, check, json).await,
        Command::Doctor { place, rebuild, json } => doctor::run(&place, rebuild, json).await,
        Command::Config { place, json } => config::show(&place, json),
        Command::Backup(args) => backup::run(args).await,
        Command::Restore(args) => restore::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Inspect { code, province, json } => inspect::run(&code, province.as_deref(), json),
        Command::Due(args) => due::run(args),
        Command::Report(args) => report::run(args).await,
        Command::Verify(args) => verify::run(args).await,
        Command::Witness(args) => witness::run(args).await,
        Command::Salvage(args) => salvage::run(args).await,
        Command::User(args) => user::run(args).await,
        Command::Openapi => {
            print(api::openapi());
            Ok(Verdict::Yes)
        }
    };
    match outcome {
        Ok(Verdict::Yes) => ExitCode::SUCCESS,
        Ok(Verdict::No) => ExitCode::from(1),
        Err(failure) => {
            complain(&failure);
            ExitCode::from(2)
        }
    }
}

/// A command's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As hoped.
    Yes,
    /// The answer is negative: a check failed, a promise broke.
    No,
}

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration is not usable.
    #[error("configuration")]
    Config(#[from] ConfigError),
    /// The store cannot be opened or used.
    #[error("store")]
    Store(#[from] entity::StoreError),
    /// The worker could not start.
    #[error("worker")]
    Worker(#[from] worker::StartError),
    /// A file, socket or process.
    #[error("{doing}")]
    Io {
        /// What was being done.
        doing: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The files of a province are not in order.
    #[error("{0}")]
    Refused(String),
    /// A backup could not be written or read.
    #[error("backup")]
    Backup(#[from] entity::backup::BackupError),
}

impl Failure {
    /// Wraps a system error with what was being done.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }
}

/// Prints a text on standard output, without complaining when nobody reads it.
pub(crate) fn print(text: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
    let _ = out.flush();
}

fn complain(failure: &Failure) {
    use std::io::Write;
    let mut text = format!("traotay: {failure}");
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(failure);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

async fn migrate(place: &Place) -> Result<Verdict, Failure> {
    let config = Config::load(place)?;
    let store = config.migrate_options().open().await?;
    store.close().await;
    Ok(Verdict::Yes)
}
