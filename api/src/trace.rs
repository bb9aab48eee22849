//! One span for each request, when somebody collects traces. A caller's `traceparent` is taken on.

use axum::http::HeaderMap;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::{Span, SpanKind, Status, Tracer};
use opentelemetry::{KeyValue, global};

/// A request that is being traced.
pub(crate) struct Traced(global::BoxedSpan);

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        // Only the two standard headers are asked for, by name.
        Vec::new()
    }
}

/// Begins; `route` is the template, never the path.
pub(crate) fn begin(headers: &HeaderMap, method: &'static str, route: &str) -> Traced {
    let parent = global::get_text_map_propagator(|known| known.extract(&Headers(headers)));
    let tracer = global::tracer("traotay");
    let span = tracer
        .span_builder(format!("{method} {route}"))
        .with_kind(SpanKind::Server)
        .with_attributes([
            KeyValue::new("http.request.method", method),
            KeyValue::new("http.route", route.to_owned()),
        ])
        .start_with_context(&tracer, &parent);
    Traced(span)
}

impl Traced {
    /// The trace it belongs to, for the log.
    pub(crate) fn id(&self) -> String {
        self.0.span_context().trace_id().to_string()
    }

    /// It was answered.
    pub(crate) fn end(mut self, request_id: &str, status: u16) {
        self.0
            .set_attribute(KeyValue::new("http.response.status_code", i64::from(status)));
        self.0.set_attribute(KeyValue::new("request.id", request_id.to_owned()));
        if status >= 500 {
            self.0.set_status(Status::error(""));
        }
        self.0.end();
    }
}
