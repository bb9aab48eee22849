//! Traces, for those who collect them: off unless the standard `OTEL_*` variables name a collector.
//!
//! One span for each request and each job, with the route's template, the status and ids; nothing personal. They leave over
//! OTLP (protobuf over plain HTTP), from a thread of their own; a collector that is away costs spans, never requests.

use crate::cli::Failure;
use crate::config::Config;
use opentelemetry::global;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::time::Duration;

/// How long a collector may take for one parcel; the SDK's own default.
const PATIENCE: Duration = Duration::from_secs(10);

/// Traces on their way; what is left of them goes out when this goes.
#[derive(Debug)]
pub(crate) struct Traces(Option<SdkTracerProvider>);

/// Begins to trace when a collector was named.
///
/// # Errors
/// When the exporter cannot be made of the settings.
pub(crate) fn start(config: &Config) -> Result<Traces, Failure> {
    if !config.traces {
        return Ok(Traces(None));
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Courier::new())
        .build()
        .map_err(|error| Failure::Refused(format!("OTEL_EXPORTER_OTLP_ENDPOINT: {error}")))?;
    let mut resource = Resource::builder();
    if !config.settings.iter().any(|one| one.key == "OTEL_SERVICE_NAME") {
        resource = resource.with_service_name("traotay");
    }
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .build();
    global::set_text_map_propagator(TraceContextPropagator::new());
    global::set_tracer_provider(provider.clone());
    Ok(Traces(Some(provider)))
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.0.take().map(|provider| provider.shutdown()) {
            tracing::warn!(error = %error, "the last traces did not reach the collector");
        }
    }
}

/// Carries parcels to the collector. It blocks: the SDK gives it a thread of its own.
#[derive(Debug)]
struct Courier(ureq::Agent);

impl Courier {
    fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        Self(config.into())
    }
}

#[async_trait::async_trait]
impl HttpClient for Courier {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let response = self.0.run(request.map(|body| body.to_vec()))?;
        let (parts, mut body) = response.into_parts();
        let body = Bytes::from(body.read_to_vec()?);
        Ok(Response::from_parts(parts, body))
    }
}
