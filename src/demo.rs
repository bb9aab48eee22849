//! `traotay demo`: a working day of the demo province against a throw-away database.
//!
//! The server is a process of its own, so that it can be killed in the middle of the day; everybody else, one-stop systems,
//! counters, desks and couriers with the real mobile core, lives in this one and reaches it over HTTP only. The driver keeps
//! its own books: what every phone said it had recorded, and where every envelope really is. When the day is over and the
//! server gone, the store is opened and judged against them.
//!
//! Start at [`day`] for what happens and at [`judge`] for what it has to stand.

mod arrivals;
mod bus;
mod cast;
mod courier;
mod day;
mod dice;
mod enrol;
mod evidence;
mod exchange;
mod http;
mod judge;
mod ledger;
mod line;
mod office;
mod pool;
mod progress;
mod province;
mod report;
mod server;
mod world;

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use crate::import::{self, Loaded};
use clap::Args;
use day::Day;
use entity::clock::{Clock, SystemClock};
use entity::{ServerKeys, Store};
use progress::Progress;
use province::Province;
use report::Report;
use server::Server;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// What day to play.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// How many dossiers arrive
    #[arg(long, default_value_t = 300)]
    pub dossiers: u32,
    /// How many couriers carry them, at most as many as the province has
    #[arg(long, default_value_t = 40)]
    pub couriers: usize,
    /// How often the server is killed in the middle of the day
    #[arg(long, default_value_t = 2)]
    pub kills: u32,
    /// An empty PostgreSQL or SQLite database to use instead of a throw-away SQLite file
    #[arg(long)]
    pub database_url: Option<String>,
    /// Folder of the province
    #[arg(long, default_value = "data/an-giang")]
    pub province: PathBuf,
    /// The day is drawn from this number; the same number gives the same day
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Keep the folder with the database, the phones' stores and the server's log
    #[arg(long)]
    pub keep: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Plays the day.
///
/// # Errors
/// When the day could not be played; a broken promise is a [`Verdict::No`].
pub async fn run(args: DemoArgs) -> Result<Verdict, Failure> {
    let mut folder = tempfile::Builder::new()
        .prefix("traotay-demo-")
        .tempdir()
        .map_err(Failure::io("a folder"))?;
    folder.disable_cleanup(args.keep);
    let progress = Progress::new(args.json || !std::io::stderr().is_terminal());
    let played = play(&args, folder.path(), &progress).await;
    progress.done();
    if args.keep {
        complain(&format!("kept: {}", folder.path().display()));
    } else if played.is_err() {
        // Whoever has to find out why needs what the server said.
        complain(&last_words(&folder.path().join("server").join("server.log")));
    }
    let report = played?;
    print(&if args.json { report.json() } else { report.table() });
    Ok(if report.is_good() { Verdict::Yes } else { Verdict::No })
}

async fn play(args: &DemoArgs, folder: &Path, progress: &Progress) -> Result<Report, Failure> {
    let began = Instant::now();
    progress.say("loading the province");
    let province = Province::prepare(&args.province, &folder.join("province"), args.couriers)?;
    let data = folder.join("server");
    std::fs::create_dir_all(&data).map_err(Failure::io(data.display().to_string()))?;
    let place = Place {
        data: Some(data.clone()),
        database_url: args.database_url.clone(),
        config: None,
    };
    // Without an address of its own the day is played on a file in its own folder, whatever the environment says.
    let url = args
        .database_url
        .clone()
        .unwrap_or_else(|| format!("sqlite:{}", data.join("traotay.db").display()));
    let mut config = Config::load(&Place {
        database_url: Some(url),
        ..place
    })?;
    // A day that is thrown away plays on whatever cluster it was given.
    config.fence = entity::store::Fence::Optional;

    let store = config.open_options().open().await?;
    let loaded = load(&store, &province).await?;
    let wall_ms = SystemClock.now_ms();
    let cast = cast::assemble(
        &province,
        &loaded.logins,
        &folder.join("devices"),
        wall_ms,
        args.seed,
        day::ROUNDS,
    )?;
    let codes = enrol::codes(&store, &province, &cast).await?;
    store.close().await;
    drop(store);

    let server = Server::new(data.clone(), args.database_url.clone())?;
    let day = morning(args, &province, &loaded, cast, server, wall_ms, folder)?;
    let (codes, logins, kills) = (codes, loaded.logins, args.kills);
    let played = in_the_foreground(|| {
        progress.say("starting the server");
        day.server.lock().unwrap_or_else(PoisonError::into_inner).start()?;
        progress.say("enrolling devices");
        enrol::everybody(&day, &province, &codes, &logins)?;
        day.play(kills, progress)?;
        progress.say("stopping the server");
        day.server.lock().unwrap_or_else(PoisonError::into_inner).stop()
    });
    played?;

    progress.say("judging the day");
    let store = config.open_options().open().await?;
    let keys = ServerKeys::load_or_create(&data.join("server.keys"))?;
    let evidence = evidence::gather(&day, &store, &keys).await;
    let backend = format!("{:?}", store.backend());
    store.close().await;
    let evidence = evidence?;
    let broken = judge::judge(&evidence);
    Ok(Report::new(&day, &evidence, broken, &backend, began.elapsed()))
}

/// Loads the province into a database nobody uses yet.
async fn load(store: &Store, province: &Province) -> Result<Loaded, Failure> {
    if entity::repo::setting::get(store.read(), "province").await?.is_some() {
        return Err(Failure::Refused(
            "the database is not empty; the day needs one it may fill".to_owned(),
        ));
    }
    import::load(store, &province.folder, import::Secrets::Generate).await
}

/// Everything in its place before the server starts.
fn morning(
    args: &DemoArgs,
    province: &Province,
    loaded: &Loaded,
    cast: Vec<cast::Party>,
    server: Server,
    wall_ms: i64,
    folder: &Path,
) -> Result<Day, Failure> {
    let secret = |kind: &str, name: &str| {
        let known = loaded
            .logins
            .iter()
            .find(|login| login.kind == kind && login.name == name);
        known.map(|login| login.secret.clone()).unwrap_or_default()
    };
    let mut clients = Vec::new();
    for record in &province.clients {
        let desk = cast
            .iter()
            .find(|party| matches!(&party.post, cast::Post::Desk { agency, .. } if *agency == record.agency_code));
        let (Some(desk), Some(agency)) = (desk, province.agency(&record.agency_code)) else {
            return Err(Failure::Refused(format!(
                "lgsp_clients.json: {}: its agency has no desk",
                record.customer_code
            )));
        };
        let key = format!("lgsp-{}", record.customer_code.to_lowercase());
        let password = secret("lgsp", &key);
        clients.push(bus::Client::new(
            record.clone(),
            agency.name.clone(),
            desk.number,
            key,
            password,
        ));
    }
    let supervisor = cast.iter().filter(|party| party.is_courier()).find_map(|party| {
        let login = enrol::supervisor_of(province, party)?;
        Some(enrol::Supervisor {
            login: login.to_owned(),
            password: secret("staff", login),
            staff: party.staff(),
        })
    });
    let arrivals = arrivals::draw(
        province,
        &cast,
        &clients,
        args.seed,
        args.dossiers,
        day::ROUNDS * 6 / 10,
    );
    Ok(Day {
        seed: args.seed,
        wall_ms,
        http: http::Http::new(&server.address()),
        cast,
        clients,
        arrivals,
        world: world::World::default(),
        ledger: ledger::Ledger::default(),
        traffic: line::Traffic::default(),
        acts: 0.into(),
        called_off: 0.into(),
        server: Mutex::new(server),
        supervisor,
        folder: folder.join("devices"),
        kills: 0.into(),
    })
}

/// The day blocks on purpose: its threads are its people. The runtime is told so.
fn in_the_foreground<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

fn complain(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// The end of the server's log.
fn last_words(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
