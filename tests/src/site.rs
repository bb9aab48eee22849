//! The program itself, in processes that can be killed and started again on the same port over the same data.

use crate::{Disk, Http, province};
use entity::clock::{Clock, SystemClock};
use entity::store::{Durability, OpenOptions};
use entity::testing::{Backend, fresh_url};
use entity::{ServerKeys, Store};
use sqlx::{Connection, PgConnection};
use std::fs::{File, OpenOptions as FileOptions};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Held while a process is forked, and while a store is open here that a server will be started on next: until it becomes
/// another program, a fork of this process holds a copy of the store's lock.
static FORK: Mutex<()> = Mutex::new(());

/// An installation on disk: data folder, database, port.
pub struct Site {
    /// Runs what a test asks of the store while no server runs.
    pub runtime: Runtime,
    folder: TempDir,
    url: String,
    port: u16,
    disk: Option<Disk>,
}

/// A running process of a [`Site`].
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// How long it took from start to the first good answer of `/readyz`; a worker alone answers nobody and is not waited for.
    pub ready_after: Duration,
}

impl Site {
    /// An installation with the demo province that has never been started.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn found(backend: Backend) -> Self {
        let site = Self::bare(backend);
        site.look(|store| Box::pin(async move { province::found(store).await }));
        site
    }

    /// A folder, a database nobody has used and a port.
    fn bare(backend: Backend) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        let runtime = runtime.expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let url = runtime.block_on(fresh_url(backend, folder.path()));
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|socket| socket.local_addr())
            .expect("a free port")
            .port();
        Self {
            runtime,
            folder,
            url,
            port,
            disk: None,
        }
    }

    /// The same on SQLite and on a disk that forgets what was not synced.
    pub fn found_on_a_forgetful_disk() -> Self {
        let mut site = Self::found(Backend::Sqlite);
        site.disk = Some(Disk::under(site.folder.path()));
        site
    }

    /// Cuts a server's power. Which pages reached the disk by themselves follows from the seed.
    ///
    /// # Panics
    /// When its disk is an ordinary one.
    pub fn cut_power(&self, server: Server, seed: u64) {
        server.kill();
        self.disk().cut(seed);
    }

    /// Its disk that forgets.
    ///
    /// # Panics
    /// When its disk is an ordinary one.
    pub fn disk(&self) -> &Disk {
        self.disk.as_ref().expect("found on a forgetful disk")
    }

    /// The largest of its files, in bytes.
    ///
    /// # Panics
    /// When the folder cannot be read.
    pub fn largest_file(&self) -> u64 {
        let files = std::fs::read_dir(self.folder.path()).expect("a folder");
        let sizes = files.map(|file| file.and_then(|file| file.metadata()).map_or(0, |known| known.len()));
        sizes.max().unwrap_or(0)
    }

    /// The address of its server.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A client of its server.
    pub fn http(&self) -> Http {
        Http::new(&self.base())
    }

    /// Its server's keys, which must have been started once or are made now.
    ///
    /// # Panics
    /// When the file cannot be read.
    pub fn keys(&self) -> ServerKeys {
        ServerKeys::load_or_create(&self.folder.path().join("server.keys")).expect("a key file")
    }

    /// Opens the store while no server runs.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn look<T>(&self, what: impl for<'a> FnOnce(&'a Store) -> futures::future::BoxFuture<'a, T>) -> T {
        // Only a file has a lock that a fork could keep.
        let is_file = self.url.starts_with("sqlite");
        let _no_fork = is_file.then(|| FORK.lock().unwrap_or_else(PoisonError::into_inner));
        self.look_at(Arc::new(SystemClock), what)
    }

    /// The number in the first column of the first row, read from PostgreSQL while the processes work.
    ///
    /// # Panics
    /// When there is none.
    pub fn number(&self, sql: &'static str) -> i64 {
        self.runtime.block_on(async {
            let mut connection = PgConnection::connect(&self.url).await.expect("PostgreSQL is there");
            let number = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
            connection.close().await.expect("closed");
            number.expect("a number")
        })
    }

    /// Opens the store after the last server, at an hour of the test's.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn look_at<T>(
        &self,
        clock: Arc<dyn Clock>,
        what: impl for<'a> FnOnce(&'a Store) -> futures::future::BoxFuture<'a, T>,
    ) -> T {
        let options = OpenOptions {
            durability: Durability::ThrowAway,
            clock,
            ..OpenOptions::new(&self.url)
        };
        self.runtime.block_on(async {
            let store = options.open().await.expect("the store opens");
            let found = what(&store).await;
            store.close().await;
            found
        })
    }

    /// Starts the server: HTTP and jobs in one process, and waits until it answers.
    ///
    /// # Panics
    /// When it does not.
    pub fn start(&self) -> Server {
        self.started(self.try_start())
    }

    /// Starts the server with these settings in its environment, which win over the usual ones of tests.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_with(&self, settings: &[(&str, &str)]) -> Server {
        let mut command = self.command("serve");
        command.envs(settings.iter().copied());
        self.started(self.answering_as(command))
    }

    /// Asks a command of the program with these settings in its environment.
    ///
    /// # Panics
    /// When the program is not there.
    pub fn ask_with(&self, settings: &[(&str, &str)], part: &str, args: &[&str]) -> Output {
        let mut command = self.command(part);
        command.args(args).envs(settings.iter().copied()).stderr(Stdio::piped());
        let _no_store = FORK.lock().unwrap_or_else(PoisonError::into_inner);
        command.output().expect("the program starts")
    }

    /// Everything its processes wrote so far, wherever to.
    pub fn everything_said(&self) -> String {
        let read = |name| std::fs::read(self.folder.path().join(name)).unwrap_or_default();
        let said = [read("log"), read("out")].concat();
        String::from_utf8_lossy(&said).into_owned()
    }

    /// Starts the HTTP side alone, and waits until it answers.
    ///
    /// # Panics
    /// When it does not.
    pub fn start_api(&self) -> Server {
        self.started(self.answering("api"))
    }

    /// Starts the working side alone.
    ///
    /// # Panics
    /// When the program is not there.
    pub fn start_worker(&self) -> Server {
        let began = Instant::now();
        Server {
            child: self.spawn("worker"),
            ready_after: began.elapsed(),
        }
    }

    fn started(&self, server: Option<Server>) -> Server {
        server.unwrap_or_else(|| panic!("the server did not start:\n{}", self.log()))
    }

    /// Starts the server; `None` when it ended before it answered.
    ///
    /// # Panics
    /// When the program is not there.
    pub fn try_start(&self) -> Option<Server> {
        self.answering("serve")
    }

    /// Starts the server so that it can be told later how large a file may become ([`Server::leave_room_up_to`]): to it that
    /// looks like a disk that fills up.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_where_room_may_end(&self) -> Server {
        let served = self.command("serve");
        let mut shell = Command::new("bash");
        // The signal would end a process that wants to hear of it by the answer, as from a full disk.
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
        shell.arg(served.get_program()).args(served.get_args());
        for (name, value) in served.get_envs() {
            shell.env(name, value.expect("nothing is taken away"));
        }
        shell
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(self.log_file());
        self.answering_as(shell)
            .unwrap_or_else(|| panic!("the server did not start:\n{}", self.log()))
    }

    fn spawn(&self, part: &str) -> Child {
        self.spawn_as(self.command(part))
    }

    fn spawn_as(&self, mut command: Command) -> Child {
        if let Some(disk) = &self.disk {
            disk.carry(&mut command);
        }
        spawn(&mut command)
    }

    fn answering(&self, part: &str) -> Option<Server> {
        self.answering_as(self.command(part))
    }

    fn answering_as(&self, command: Command) -> Option<Server> {
        let began = Instant::now();
        let mut child = self.spawn_as(command);
        let out = child.stdout.take().expect("its output is ours");
        let (told, heard) = mpsc::channel();
        let mut kept = self.file("out");
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let _ = writeln!(kept, "{line}");
                if line.starts_with("traotay listens on") {
                    let _ = told.send(());
                }
            }
        });
        // The other end is dropped when the process ends.
        if heard.recv_timeout(Duration::from_mins(1)).is_err() {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        match self.http().send("GET", "/readyz", &[], &[]) {
            Ok(answer) if answer.status == 200 => Some(Server {
                child,
                ready_after: began.elapsed(),
            }),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                None
            }
        }
    }

    /// Runs a command of the program to its end, while no server runs.
    ///
    /// # Panics
    /// When the program is not there.
    pub fn ask(&self, part: &str, args: &[&str]) -> Output {
        self.ask_with(&[], part, args)
    }

    /// Another installation, on this kind of database, restored from a backup by the program; with what it said.
    ///
    /// # Panics
    /// When the program is not there.
    pub fn restored(backend: Backend, backup: &Path, args: &[&str]) -> (Self, Output) {
        let site = Self::bare(backend);
        let mut command = Command::new(program());
        command
            .arg("restore")
            .arg(backup)
            .arg("--into")
            .arg(site.folder.path())
            .args(["--database-url", &site.url])
            .args(args)
            .env("TRAOTAY_TEST_THROW_AWAY_DATABASE", "1")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null());
        let no_store = FORK.lock().unwrap_or_else(PoisonError::into_inner);
        let said = command.output().expect("the program starts");
        drop(no_store);
        (site, said)
    }

    /// Runs a command of the program that does not ask for an installation.
    ///
    /// # Panics
    /// When the program is not there.
    pub fn ask_bare(&self, part: &str, args: &[&str]) -> Output {
        let mut command = Command::new(program());
        command
            .arg(part)
            .args(args)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        let _no_store = FORK.lock().unwrap_or_else(PoisonError::into_inner);
        command.output().expect("the program starts")
    }

    /// Its data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, part: &str) -> Command {
        let mut command = Command::new(program());
        command
            .arg(part)
            .args([
                "--data",
                &self.folder.path().to_string_lossy(),
                "--database-url",
                &self.url,
            ])
            .env("PORT", self.port.to_string())
            .env("TRAOTAY_TEST_THROW_AWAY_DATABASE", "1")
            .env("TRAOTAY_TEST_JOBS", "1")
            .env("TRAOTAY_SECOND_FACTOR", "optional")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(self.log_file());
        command
    }

    fn log_file(&self) -> File {
        self.file("log")
    }

    fn file(&self, name: &str) -> File {
        FileOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.path().join(name))
            .expect("a file")
    }

    /// Starts the program so that it says as much as an operator may ask it to.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_talkative(&self) -> Server {
        let mut command = self.command("serve");
        command.env("RUST_LOG", "info,api=debug,worker=debug");
        self.answering_as(command)
            .unwrap_or_else(|| panic!("the server did not start:\n{}", self.log()))
    }

    /// What its servers have said so far, the last of it.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl Server {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, as a power cut of the process alone: nothing is said, nothing is flushed.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("it ends");
    }

    /// From now on no file of its becomes larger than so many bytes.
    pub fn leave_room_up_to(&self, bytes: u64) {
        self.limit(&bytes.to_string());
    }

    /// Lets its files become as large as they like.
    pub fn make_room(&self) {
        self.limit("unlimited");
    }

    fn limit(&self, size: &str) {
        let pid = self.pid().to_string();
        let set = Command::new("prlimit")
            .args(["--pid", &pid, &format!("--fsize={size}:")])
            .status();
        assert!(
            set.expect("prlimit is part of util-linux").success(),
            "the limit was not set"
        );
    }

    /// Waits until it ends by itself.
    ///
    /// # Panics
    /// When it never does.
    pub fn ended(mut self) -> ExitStatus {
        crate::eventually("the end of the process", || self.child.try_wait().expect("a process"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a process while no store is open here that a server will be started on next.
///
/// # Panics
/// When the program is not there.
pub fn spawn(command: &mut Command) -> Child {
    let _no_store = FORK.lock().unwrap_or_else(PoisonError::into_inner);
    command.spawn().expect("the program starts")
}

/// The program under test: the one the test run names, else the newest the workspace has built beside this test.
pub fn program() -> PathBuf {
    crate::setting("TRAOTAY_BIN").map_or_else(|| built("traotay"), PathBuf::from)
}

/// What the workspace has built beside this test, by its path in the target folder.
///
/// # Panics
/// When it has not.
pub fn built(name: &str) -> PathBuf {
    let here = std::env::current_exe().expect("this test is a file");
    let folder = here.ancestors().find(|folder| folder.join(name).is_file());
    folder
        .unwrap_or_else(|| panic!("{name} is not built: run the tests through `make test`, or `scripts/build` first"))
        .join(name)
}
