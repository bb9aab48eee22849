//! Measurements: written through the `metrics` facade, read at `/metrics`.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// Where measurements go and come from.
#[derive(Clone, Debug)]
pub struct Metrics {
    handle: PrometheusHandle,
    /// Set when this service does not use the process's recorder, as in a test that runs several.
    local: Option<Arc<PrometheusRecorder>>,
    /// By route, as many as there are, then by method and status.
    requests: Arc<RwLock<HashMap<String, OfRoute>>>,
}

/// The series of one route, by method and status.
type OfRoute = HashMap<(&'static str, u16), Series>;

/// What is measured about the requests of one route that ended alike.
#[derive(Clone)]
struct Series {
    count: metrics::Counter,
    seconds: metrics::Histogram,
}

impl Series {
    fn record(&self, took: Duration) {
        self.count.increment(1);
        self.seconds.record(took.as_secs_f64());
    }
}

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Series")
    }
}

/// Upper bounds of the duration buckets, in seconds: from a page out of memory to the longest request.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 25.0];

fn builder() -> PrometheusBuilder {
    PrometheusBuilder::new()
        .set_buckets(&SECONDS)
        .expect("the list of buckets is not empty")
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// The recorder of this process, for everything in it. Falls back to one of its own when the process has one already.
    pub fn new() -> Self {
        match builder().install_recorder() {
            Ok(handle) => Self {
                handle,
                local: None,
                requests: Arc::default(),
            },
            Err(_another_is_installed) => Self::local(),
        }
    }

    /// A recorder only this service writes to.
    pub fn local() -> Self {
        let recorder = builder().build_recorder();
        Self {
            handle: recorder.handle(),
            local: Some(Arc::new(recorder)),
            requests: Arc::default(),
        }
    }

    /// Writes measurements.
    pub(crate) fn record(&self, measure: impl FnOnce()) {
        match &self.local {
            Some(recorder) => metrics::with_local_recorder(recorder.as_ref(), measure),
            None => measure(),
        }
    }

    /// One request, once it is answered.
    pub(crate) fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let known = self.requests.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = known.get(route).and_then(|of_route| of_route.get(&(method, status))) {
            series.record(took);
            return;
        }
        drop(known);
        let series = self.series(method, route, status);
        series.record(took);
        let mut known = self.requests.write().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(route.to_owned())
            .or_default()
            .insert((method, status), series);
    }

    /// The series of one route; asking the recorder for it costs more than everything else about a small request.
    fn series(&self, method: &'static str, route: &str, status: u16) -> Series {
        let labels = [("method", method.to_owned()), ("route", route.to_owned())];
        let mut made = None;
        self.record(|| {
            made = Some(Series {
                count: metrics::counter!("http_requests_total", "method" => method, "route" => route.to_owned(),
                    "status" => status.to_string()),
                seconds: metrics::histogram!("http_request_seconds", &labels),
            });
        });
        made.expect("the measuring is done at once")
    }

    /// Everything measured so far, in the Prometheus text format.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Moves finished samples into their buckets; `serve` does it every few seconds.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}
