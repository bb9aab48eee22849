//! The server as a process of its own, so that it can be killed in the middle of the day.

use super::http::{Http, pause};
use crate::cli::Failure;
use std::fs::{File, OpenOptions};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a start may take, in a debug build on a busy machine.
const START_WITHIN: Duration = Duration::from_secs(40);

/// How long a stop may take: the server waits for requests, jobs and writes that were begun.
const STOP_WITHIN: Duration = Duration::from_mins(1);

/// `traotay serve` on one port of this machine, always the same.
pub(super) struct Server {
    data: PathBuf,
    database_url: Option<String>,
    port: u16,
    child: Option<Child>,
}

impl Server {
    /// A server that is not running yet, on a port nobody uses.
    pub(super) fn new(data: PathBuf, database_url: Option<String>) -> Result<Self, Failure> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
        let port = free.map_err(Failure::io("looking for a free port"))?.port();
        Ok(Self {
            data,
            database_url,
            port,
            child: None,
        })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it said, on both of its outputs.
    pub(super) fn log(&self) -> PathBuf {
        self.data.join("server.log")
    }

    /// Starts it and waits until it can work.
    pub(super) fn start(&mut self) -> Result<(), Failure> {
        let program = std::env::current_exe().map_err(Failure::io("finding our own program"))?;
        let mut command = Command::new(program);
        command
            .args(["serve", "--data"])
            .arg(&self.data)
            // A traotay.toml of whoever plays the day is not meant for this server.
            .current_dir(&self.data)
            .env("PORT", self.port.to_string())
            .env("TRAOTAY_BIND", "127.0.0.1")
            .env("TRAOTAY_SECOND_FACTOR", "optional")
            .env("TRAOTAY_ROW_SECURITY", "optional")
            .env_remove("TRAOTAY_JOBS_DATABASE_URL")
            .env_remove("TRAOTAY_PUBLIC_URL")
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .stdout(append(&self.log())?)
            .stderr(append(&self.log())?);
        if let Some(url) = &self.database_url {
            // Not as an argument: everybody may read those.
            command.env("DATABASE_URL", url);
        }
        self.child = Some(command.spawn().map_err(Failure::io("starting the server"))?);
        self.wait_until_ready()
    }

    fn wait_until_ready(&mut self) -> Result<(), Failure> {
        let http = Http::new(&self.address());
        let deadline = Instant::now() + START_WITHIN;
        while Instant::now() < deadline {
            if http.get("/readyz").is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if let Some(Ok(Some(status))) = self.child.as_mut().map(Child::try_wait) {
                return Err(Failure::Refused(format!(
                    "the server ended at once ({status}); see {}",
                    self.log().display()
                )));
            }
            pause(Duration::from_millis(20));
        }
        Err(Failure::Refused(format!(
            "the server was not ready in time; see {}",
            self.log().display()
        )))
    }

    /// Ends it as a power switch would: no handler runs, nothing is finished.
    pub(super) fn kill(&mut self) -> Result<(), Failure> {
        if let Some(mut child) = self.child.take() {
            child
                .kill()
                .and_then(|()| child.wait())
                .map_err(Failure::io("killing the server"))?;
        }
        Ok(())
    }

    /// Asks it to stop and waits until it has.
    pub(super) fn stop(&mut self) -> Result<(), Failure> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        // The shell has `kill` built in, so no package has to be there for it.
        let asked = Command::new("sh")
            .arg("-c")
            .arg(format!("kill -TERM {}", child.id()))
            .status();
        asked.map_err(Failure::io("asking the server to stop"))?;
        let deadline = Instant::now() + STOP_WITHIN;
        while Instant::now() < deadline {
            if let Some(status) = child.try_wait().map_err(Failure::io("waiting for the server"))? {
                return if status.success() {
                    Ok(())
                } else {
                    Err(Failure::Refused(format!(
                        "the server stopped with {status}; see {}",
                        self.log().display()
                    )))
                };
            }
            pause(Duration::from_millis(20));
        }
        let _ = child.kill();
        Err(Failure::Refused("the server did not stop when asked to".to_owned()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

fn append(path: &Path) -> Result<File, Failure> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(Failure::io(path.display().to_string()))
}
