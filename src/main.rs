//! The program `traotay`. See `traotay --help`.

use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    traotay::cli::run(traotay::cli::Cli::parse()).await
}
