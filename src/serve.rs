//! Starts the HTTP side, the working side or both, and stops them in order: no new requests, requests end, jobs end, detached
//! writes end, connections close.

use crate::cli::{Failure, ServeArgs, Verdict, print};
use crate::config::Config;
use crate::{import, log, sample, trace};
use api::{ApiConfig, App, Metrics};
use entity::{Blobs, ServerKeys, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use worker::{Gateway, Messages, WorkerConfig};

/// Which parts a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// HTTP and jobs.
    Both,
    /// HTTP.
    Api,
    /// Jobs.
    Worker,
}

/// Serves until the process is told to stop.
///
/// # Errors
/// When something cannot be started; what was started is stopped first.
pub async fn run(args: ServeArgs, part: Part) -> Result<Verdict, Failure> {
    let config = Config::load(&args.place)?;
    config.check_tls()?;
    log::start(config.log.as_deref());
    let _traces = trace::start(&config)?;
    std::fs::create_dir_all(&config.data).map_err(Failure::io(config.data.display().to_string()))?;
    let keys = ServerKeys::load_or_create(&config.keys())?;
    let store = config.open_options().open().await?;
    if args.demo {
        demo_province(&config, &store, &keys, &args).await?;
    }
    let blobs = config.open_blobs()?;
    let stop = CancellationToken::new();
    let worker = match part {
        Part::Api => None,
        Part::Both | Part::Worker => {
            let mut settings = WorkerConfig::new(&config.jobs_url);
            settings.test_jobs = config.test_jobs;
            settings.blobs = Some(blobs.clone());
            settings.messages = messages(&config, args.demo)?;
            settings.log = Some(config.log_settings()?);
            Some(worker::start(store.clone(), keys.clone(), settings, stop.clone()).await?)
        }
    };
    let served = match part {
        Part::Worker => {
            signal(stop.clone()).await;
            Ok(())
        }
        Part::Both | Part::Api => http(&config, args.demo, store.clone(), keys, blobs, stop.clone()).await,
    };
    stop.cancel();
    if let Some(worker) = worker {
        worker.stopped().await;
    }
    store.close().await;
    served.map(|()| Verdict::Yes)
}

async fn http(
    config: &Config,
    is_demo: bool,
    store: Store,
    keys: ServerKeys,
    blobs: Blobs,
    stop: CancellationToken,
) -> Result<(), Failure> {
    let listener = TcpListener::bind(config.bind)
        .await
        .map_err(Failure::io(format!("listening on {}", config.bind)))?;
    let bound = listener.local_addr().map_err(Failure::io("listening"))?;
    let public_url = config.public_url.replace(&config.bind.to_string(), &bound.to_string());
    let settings = ApiConfig {
        // Demo people have passwords only, and no address others can reach.
        second_factor_required: config.second_factor_required && !is_demo,
        public_url: public_url.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        tls: config.tls.clone(),
        traces: config.traces,
        data: Some(config.data.clone()),
        blobs: Some(blobs),
        client_certificate_header: config.client_certificate_header.clone(),
        sends_messages: config.sms_url.is_some() || is_demo,
        log_witnesses: config.public_log.policy_lines(),
        ..ApiConfig::default()
    };
    let app = App::new(store, keys, settings, Metrics::new());
    print(&format!("traotay listens on {public_url}"));
    api::serve(app, listener, signal(stop))
        .await
        .map_err(Failure::io("serving"))
}

/// Where messages to citizens go: to the gateway; in a demo into the sink, since nobody there has a telephone.
fn messages(config: &Config, is_demo: bool) -> Result<Option<Messages>, Failure> {
    let gateway = config
        .sms_url
        .clone()
        .map(|url| Gateway::new(url, config.sms_token.clone()));
    let gateway = gateway
        .transpose()
        .map_err(|why| Failure::Refused(format!("TRAOTAY_SMS_URL: {why}")))?;
    Ok(gateway.map(Messages::Gateway).or(is_demo.then_some(Messages::Sink)))
}

/// Ends when the process is asked to stop or `stop` is cancelled.
pub(crate) async fn signal(stop: CancellationToken) {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
        () = stop.cancelled() => {}
    }
}

/// Loads the demo province once and shows its logins; a public address gets neither.
async fn demo_province(config: &Config, store: &Store, keys: &ServerKeys, args: &ServeArgs) -> Result<(), Failure> {
    if !config.is_local() {
        return Err(Failure::Refused(format!(
            "--demo makes accounts anybody can read about; it runs on a loopback address only, not on {}",
            config.bind
        )));
    }
    let logins = config.data.join("demo-logins.txt");
    if entity::repo::setting::get(store.read(), "province").await?.is_none() {
        let loaded = import::load(store, &args.province, import::Secrets::Generate).await?;
        write_private(&logins, &loaded.logins_text()).map_err(Failure::io(logins.display().to_string()))?;
        sample::place(store, keys).await?;
    }
    match std::fs::read_to_string(&logins) {
        Ok(text) => print(&format!("Demo logins (also in {}):\n{text}", logins.display())),
        Err(_) => print(&format!("The demo logins were in {}; it is gone.", logins.display())),
    }
    for page in sample::pages(store, keys).await? {
        print(&format!("A citizen's page: {}{page}", config.public_url));
    }
    Ok(())
}

/// Writes a file that only its owner may read.
fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
