//! Measurements: written through the `metrics` facade, read at `/metrics`.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::sync::Arc;
use std::time::Duration;

/// Where measurements go and come from.
#[derive(Clone, Debug)]
pub struct Metrics {
    handle: PrometheusHandle,
    /// Set when this service does not use the process's recorder, as in a test that runs several.
    local: Option<Arc<PrometheusRecorder>>,
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
            Ok(handle) => Self { handle, local: None },
            Err(_another_is_installed) => Self::local(),
        }
    }

    /// A recorder only this service writes to.
    pub fn local() -> Self {
        let recorder = builder().build_recorder();
        Self {
            handle: recorder.handle(),
            local: Some(Arc::new(recorder)),
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
    pub(crate) fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = [("method", method.to_owned()), ("route", route.to_owned())];
        self.record(|| {
            metrics::counter!("http_requests_total", "method" => method.to_owned(), "route" => route.to_owned(),
                "status" => status.to_string())
            .increment(1);
            metrics::histogram!("http_request_seconds", &labels).record(took.as_secs_f64());
        });
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
